//! The lines around the labels of one finding, ready to be shown.
//!
//! An excerpt is a text of its own: control characters are escaped, long lines are cut around what they are shown for, and
//! a label that spans lines is cut to its first. Lines that do not follow each other, or lie in different files, form
//! separate chunks. Labels are byte ranges of the text of the excerpt.

use crate::diagnostic::{Diagnostic, Label};
use crate::source::{FileId, SourceMap};

use super::{MESSAGE, clipped, escape};

/// Lines longer than this many characters are cut; this many stay before a label.
const LINE: usize = 160;
const LEAD: usize = 60;

/// Everything to show for one finding.
#[derive(Debug, Default)]
pub(super) struct Excerpt {
    /// The text of all chunks.
    pub(super) text: String,
    /// The chunks, in the order in which they are shown.
    pub(super) chunks: Vec<Chunk>,
    /// The labels, in no order.
    pub(super) labels: Vec<Shown>,
}

/// Lines that follow each other.
#[derive(Debug)]
pub(super) struct Chunk {
    /// The name of the file.
    pub(super) name: String,
    /// The bytes of the excerpt's text.
    pub(super) start: usize,
    pub(super) end: usize,
    /// The number of the first line, from 0.
    pub(super) line: usize,
    /// How many lines there are.
    pub(super) lines: usize,
}

/// One label.
#[derive(Debug)]
pub(super) struct Shown {
    /// The bytes of the excerpt's text.
    pub(super) start: usize,
    pub(super) end: usize,
    pub(super) text: String,
    pub(super) primary: bool,
    /// Where it begins in its file, both from 0.
    pub(super) line: usize,
    pub(super) column: usize,
}

/// One line of a file.
#[derive(Clone, Copy)]
struct Line {
    number: usize,
    start: usize,
    end: usize,
}

/// A label with the line that it begins on.
struct Placed<'a> {
    label: &'a Label,
    primary: bool,
    line: Line,
    column: usize,
}

impl Excerpt {
    /// The excerpt for a finding; empty when it has no place in `sources`.
    pub(super) fn new(diagnostic: &Diagnostic, sources: &SourceMap) -> Excerpt {
        let mut excerpt = Excerpt::default();
        let all = || diagnostic.primary.iter().chain(&diagnostic.secondary);
        let mut files: Vec<FileId> = Vec::new();
        for label in all() {
            if !files.contains(&label.span.file) {
                files.push(label.span.file);
            }
        }
        for file in files {
            let Some(source) = sources.get(file) else {
                continue;
            };
            let mut placed: Vec<Placed<'_>> = all()
                .enumerate()
                .filter(|(_, label)| label.span.file == file)
                .map(|(number, label)| {
                    let at = source.position(label.span.start as usize);
                    let line = line_at(&source.text, label.span.start as usize, at.line - 1);
                    let primary = number == 0 && diagnostic.primary.is_some();
                    Placed {
                        label,
                        primary,
                        line,
                        column: at.column - 1,
                    }
                })
                .collect();
            placed.sort_by_key(|p| (p.line.number, p.label.span.start));
            excerpt.add_file(&escape(&source.name), &source.text, &placed);
        }
        excerpt
    }

    fn add_file(&mut self, name: &str, text: &str, placed: &[Placed<'_>]) {
        let mut shown: Option<usize> = None;
        for (index, p) in placed.iter().enumerate() {
            if index > 0 && shown.is_some_and(|number| number > p.line.number) {
                // Shown already as a line with an earlier label; its own labels were added with it.
                continue;
            }
            if index > 0
                && placed
                    .get(index - 1)
                    .is_some_and(|before| before.line.number == p.line.number)
            {
                continue;
            }
            let next = placed
                .iter()
                .skip(index)
                .map(|p| p.line.number)
                .find(|n| *n > p.line.number);
            let before = previous(text, p.line).filter(|l| shown.is_none_or(|s| l.number > s));
            let follows = shown.is_some_and(|s| before.unwrap_or(p.line).number <= s + 1);
            if !follows {
                let line = before.unwrap_or(p.line).number;
                let at = self.text.len();
                self.chunks.push(Chunk {
                    name: name.to_owned(),
                    start: at,
                    end: at,
                    line,
                    lines: 0,
                });
            }
            if let Some(before) = before {
                self.add_line(text, before, &[]);
            }
            let here: Vec<&Placed<'_>> = placed
                .iter()
                .filter(|other| other.line.number == p.line.number)
                .collect();
            self.add_line(text, p.line, &here);
            shown = Some(p.line.number);
            if let Some(after) = following(text, p.line).filter(|l| Some(l.number) != next) {
                self.add_line(text, after, &[]);
                shown = Some(after.number);
            }
        }
    }

    /// Adds one line to the last chunk.
    fn add_line(&mut self, text: &str, line: Line, labels: &[&Placed<'_>]) {
        let written = text.get(line.start..line.end).unwrap_or_default();
        let first = labels.iter().map(|p| p.column).min().unwrap_or(0);
        let from = first.saturating_sub(LEAD);
        let cut_before = from > 0 && written.chars().nth(LINE).is_some();
        let from = if cut_before { from } else { 0 };
        if cut_before {
            self.text.push('…');
        }
        // Where each byte offset at which a label begins or ends comes to stand.
        let begin = self.text.len();
        let mut places: Vec<(usize, usize)> = Vec::new();
        let mut cut_behind = false;
        for (count, (at, c)) in written.char_indices().enumerate() {
            if count < from {
                continue;
            }
            if count >= from + LINE {
                cut_behind = true;
                break;
            }
            places.push((line.start + at, self.text.len()));
            if c == '\t' {
                self.text.push(c);
            } else {
                escape::push(&mut self.text, c);
            }
        }
        let end = self.text.len();
        if cut_behind {
            self.text.push('…');
        }
        if self.text.len() == begin && !cut_before {
            // A label on an empty line needs something to stand below.
            self.text.push(' ');
        }
        self.text.push('\n');
        let place = |offset: usize| {
            let index = places.partition_point(|(at, _)| *at < offset);
            places.get(index).map_or(end, |(_, shown)| *shown)
        };
        for p in labels {
            let start = place(p.label.span.start as usize);
            let stop = (p.label.span.end as usize).min(line.end);
            self.labels.push(Shown {
                start,
                end: place(stop).max(start),
                text: clipped(&p.label.text, MESSAGE).into_owned(),
                primary: p.primary,
                line: p.line.number,
                column: p.column,
            });
        }
        let end = self.text.len();
        if let Some(chunk) = self.chunks.last_mut() {
            chunk.end = end;
            chunk.lines += 1;
        }
    }
}

/// The line that holds byte `at`.
fn line_at(text: &str, at: usize, number: usize) -> Line {
    let mut at = at.min(text.len());
    while !text.is_char_boundary(at) {
        at -= 1;
    }
    let (before, behind) = text.split_at(at);
    let start = before.rfind('\n').map_or(0, |n| n + 1);
    let end = behind.find('\n').map_or(text.len(), |n| at + n);
    Line {
        number,
        start,
        end: without_return(text, start, end),
    }
}

fn without_return(text: &str, start: usize, end: usize) -> usize {
    if text
        .get(start..end)
        .is_some_and(|line| line.ends_with('\r'))
    {
        end - 1
    } else {
        end
    }
}

fn previous(text: &str, line: Line) -> Option<Line> {
    Some(line_at(
        text,
        line.start.checked_sub(1)?,
        line.number.checked_sub(1)?,
    ))
}

fn following(text: &str, line: Line) -> Option<Line> {
    let start = line.end + text.get(line.end..)?.find('\n')? + 1;
    (start < text.len()).then(|| line_at(text, start, line.number + 1))
}
