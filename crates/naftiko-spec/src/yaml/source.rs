//! The text being read: places in it, and the mends that let reading go on after a mistake.
//!
//! A mend covers a few bytes with harmless ones, so that every place stays what it was.

use std::borrow::Cow;

use granit_parser::Span as Place;
use naftiko_diagnostics::{FileId, Span};

/// What covers a mistake.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Cover {
    /// Letters: the bytes become a part of a text.
    Text,
    /// Blanks: the bytes vanish.
    Blank,
}

/// Bytes to cover.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Mend {
    pub(super) start: usize,
    pub(super) end: usize,
    pub(super) cover: Cover,
}

/// One text with its mends.
pub(super) struct Source<'a> {
    file: FileId,
    original: &'a str,
    text: Cow<'a, str>,
    mends: Vec<Mend>,
}

impl<'a> Source<'a> {
    pub(super) fn new(file: FileId, text: &'a str) -> Self {
        Self {
            file,
            original: text,
            text: Cow::Borrowed(text),
            mends: Vec::new(),
        }
    }

    /// The text to parse.
    pub(super) fn text(&self) -> &str {
        &self.text
    }

    /// What the author wrote at `span`.
    pub(super) fn original(&self, span: Span) -> &'a str {
        self.original
            .get(span.start as usize..span.end as usize)
            .unwrap_or_default()
    }

    /// What the author wrote from byte `start` on.
    pub(super) fn at(&self, start: usize) -> &'a str {
        self.original.get(start..).unwrap_or_default()
    }

    /// What the author wrote before byte `end`.
    pub(super) fn before(&self, end: usize) -> &'a str {
        self.original.get(..end).unwrap_or_default()
    }

    /// The line that holds byte `at`, without its end, and the byte at which it begins.
    pub(super) fn line(&self, at: usize) -> (usize, &'a str) {
        let start = self.before(at).rfind('\n').map_or(0, |n| n + 1);
        let line = self.at(start);
        (start, line.split(['\r', '\n']).next().unwrap_or(line))
    }

    /// The place of a token.
    pub(super) fn span(&self, place: Place) -> Span {
        let start = place.start.byte_offset().unwrap_or(0);
        self.range(start, place.end.byte_offset().unwrap_or(start))
    }

    /// The bytes `start..end`, cut at the end of the text.
    pub(super) fn range(&self, start: usize, end: usize) -> Span {
        let len = self.original.len();
        Span::new(self.file, start.min(len), end.min(len))
    }

    /// The one character at byte `at`, or the end of the text.
    pub(super) fn character(&self, at: usize) -> Span {
        let len = self.at(at).chars().next().map_or(0, char::len_utf8);
        self.range(at, at + len)
    }

    /// The whole text.
    pub(super) fn whole(&self) -> Span {
        self.range(0, self.original.len())
    }

    /// The place of a value that was left out, behind the colon or dash that announces it.
    pub(super) fn behind_colon(&self, span: Span) -> Span {
        let at = span.start as usize;
        let rest = self.at(at);
        let colon = rest.trim_start_matches([' ', '\t']);
        if colon.starts_with(':') {
            let at = at + rest.len() - colon.len() + 1;
            return self.range(at, at);
        }
        span
    }

    /// The place of a block scalar with its header (`|`, `>-`), without the line ends behind it. The parser tells the
    /// place of the content alone; `last_end` is where the token before the header ended.
    pub(super) fn block_scalar(&self, content: Span, last_end: usize) -> Span {
        let before = self.before(content.start as usize);
        let from = last_end.min(before.len());
        let gap = before.get(from..).unwrap_or_default();
        let header = gap.match_indices(['|', '>']).map(|(at, _)| at).find(|at| {
            let word = gap
                .get(at + 1..)
                .unwrap_or_default()
                .split([' ', '\t', '\r', '\n'])
                .next();
            word.unwrap_or_default()
                .chars()
                .all(|c| c.is_ascii_digit() || c == '+' || c == '-')
        });
        let start = header.map_or(content.start as usize, |at| from + at);
        let whole = self.range(start, content.end as usize);
        self.range(start, start + self.original(whole).trim_end().len())
    }

    /// How often the text was mended.
    pub(super) fn mends(&self) -> usize {
        self.mends.len()
    }

    /// What the author wrote at `span`, if a mend covers a part of it.
    pub(super) fn mended(&self, span: Span) -> Option<&'a str> {
        let touches = |m: &Mend| {
            m.cover == Cover::Text && m.start < span.end as usize && m.end > span.start as usize
        };
        self.mends.iter().any(touches).then(|| self.original(span))
    }

    /// Covers the bytes of `mend`; false if that changes nothing, so that trying again would be useless.
    pub(super) fn mend(&mut self, mend: Mend) -> bool {
        let Some(covered) = self.text.get(mend.start..mend.end) else {
            return false;
        };
        let cover = match mend.cover {
            Cover::Text => "x",
            Cover::Blank => " ",
        };
        let cover = cover.repeat(covered.len());
        if covered == cover {
            return false;
        }
        self.text
            .to_mut()
            .replace_range(mend.start..mend.end, &cover);
        self.mends.push(mend);
        true
    }
}
