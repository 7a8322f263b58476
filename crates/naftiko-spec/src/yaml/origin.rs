//! How the text of a scalar lies in the source, so that a finding can point into the middle of it.

use naftiko_diagnostics::Span;

/// Where the text of a scalar is found in the source.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Origin {
    /// Not there as it stands: it holds escapes or folded lines.
    Elsewhere,
    /// There as it stands, from this byte on.
    Verbatim(u32),
    /// There line by line: the byte at which each line of the text begins.
    Lines(Box<[u32]>),
}

impl Origin {
    /// Finds `value` in `source`, the text of the scalar at `span` including its quotes or block header.
    pub(super) fn find(value: &str, source: &str, span: Span) -> Origin {
        if source == value {
            return Origin::Verbatim(span.start);
        }
        let quoted = source
            .strip_prefix(['"', '\''])
            .and_then(|s| s.strip_suffix(['"', '\'']));
        if quoted == Some(value) {
            return Origin::Verbatim(span.start.saturating_add(1));
        }
        if source.starts_with('|') {
            literal(value, source, span)
        } else {
            Origin::Elsewhere
        }
    }

    /// The place of `len` bytes from byte `offset` of `value`, or `whole` when it is not known.
    pub(super) fn part(&self, value: &str, whole: Span, offset: usize, len: usize) -> Span {
        match self {
            Origin::Elsewhere => whole,
            Origin::Verbatim(start) => {
                let end = value.len();
                let from = offset.min(end);
                let to = offset.saturating_add(len).min(end);
                Span::new(whole.file, *start as usize + from, *start as usize + to)
            }
            Origin::Lines(starts) => {
                // Bytes, because the last byte of a part may lie inside a character.
                let place = |at: usize| {
                    let before = value.as_bytes().get(..at)?;
                    let line = before.split(|b| *b == b'\n').count() - 1;
                    let column = before.iter().rev().take_while(|b| **b != b'\n').count();
                    starts.get(line).map(|start| *start as usize + column)
                };
                // The end is one past the last byte, found from that byte: it may stand at the end of a line.
                match (place(offset), place(offset.saturating_add(len.max(1)) - 1)) {
                    (Some(from), Some(last)) => {
                        Span::new(whole.file, from, if len == 0 { from } else { last + 1 })
                    }
                    _ => whole,
                }
            }
        }
    }
}

/// The lines of a literal block: each begins in the source where its text does, behind the indentation.
fn literal(value: &str, source: &str, span: Span) -> Origin {
    let mut starts = Vec::new();
    let mut lines = value.lines();
    let mut offset = 0;
    for (number, raw) in source.split_inclusive('\n').enumerate() {
        if number > 0 {
            let Some(line) = lines.next() else { break };
            let written = raw.trim_end_matches(['\r', '\n']);
            let Some(indent) = written.len().checked_sub(line.len()) else {
                return Origin::Elsewhere;
            };
            if !written.ends_with(line) {
                return Origin::Elsewhere;
            }
            starts.push(
                span.start
                    .saturating_add(u32::try_from(offset + indent).unwrap_or(u32::MAX)),
            );
        }
        offset += raw.len();
    }
    if lines.next().is_some() {
        Origin::Elsewhere
    } else {
        Origin::Lines(starts.into())
    }
}
