//! One segment of a path: what it is written as, and whether a text fits it.

/// A segment of an exposed path. Placeholders have no names here, so equal segments answer the same requests.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub(crate) enum Segment {
    /// Text, decoded.
    Literal(String),
    /// One placeholder.
    Any,
    /// Text and placeholders: `{topic}:publish`. Two placeholders are never neighbours.
    Partial(Vec<Piece>),
}

/// A piece of a [`Segment::Partial`].
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub(crate) enum Piece {
    /// Text, decoded.
    Text(String),
    /// A placeholder.
    Slot,
}

impl Segment {
    /// How much of it is text: of two paths that fit a request, the one with more text is meant.
    pub(crate) fn weight(&self) -> usize {
        match self {
            Segment::Literal(text) => text.len(),
            Segment::Any => 0,
            Segment::Partial(pieces) => pieces
                .iter()
                .map(|piece| match piece {
                    Piece::Text(text) => text.len(),
                    Piece::Slot => 0,
                })
                .sum(),
        }
    }
}

/// Matches `text` with the pieces of a segment and hands over the value of each placeholder, in order. Every placeholder
/// takes at least one character, and as few as possible.
pub(crate) fn fits<'t>(pieces: &[Piece], text: &'t str, mut value: impl FnMut(&'t str)) -> bool {
    let mut rest = text;
    let mut pieces = pieces.iter().peekable();
    while let Some(piece) = pieces.next() {
        match piece {
            Piece::Text(literal) => match rest.strip_prefix(literal.as_str()) {
                Some(after) => rest = after,
                None => return false,
            },
            Piece::Slot => {
                let Some(first) = rest.chars().next().map(char::len_utf8) else {
                    return false;
                };
                let end = match pieces.next() {
                    // The last placeholder takes what is left.
                    None | Some(Piece::Slot) => rest.len(),
                    Some(Piece::Text(literal)) => {
                        let tail = rest.get(first..).unwrap_or_default();
                        // The last text must stand at the end; an earlier one is found where it comes first.
                        let found = if pieces.peek().is_none() {
                            tail.strip_suffix(literal.as_str()).map(str::len)
                        } else {
                            tail.find(literal.as_str())
                        };
                        let Some(at) = found else { return false };
                        let end = first + at;
                        value(rest.get(..end).unwrap_or_default());
                        rest = rest.get(end + literal.len()..).unwrap_or_default();
                        continue;
                    }
                };
                value(rest.get(..end).unwrap_or_default());
                rest = rest.get(end..).unwrap_or_default();
            }
        }
    }
    rest.is_empty()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(pattern: &str, text: &str) -> Option<Vec<String>> {
        let pieces: Vec<Piece> = pattern
            .split_inclusive('*')
            .flat_map(|run| match run.strip_suffix('*') {
                Some("") => vec![Piece::Slot],
                Some(text) => vec![Piece::Text(text.to_owned()), Piece::Slot],
                None => vec![Piece::Text(run.to_owned())],
            })
            .collect();
        let mut values = Vec::new();
        fits(&pieces, text, |value| values.push(value.to_owned())).then_some(values)
    }

    #[test]
    fn placeholders_take_what_stands_between_texts() {
        let some = |values: &[&str]| Some(values.iter().map(ToString::to_string).collect());
        assert_eq!(read("*:publish", "news:publish"), some(&["news"]));
        assert_eq!(read("*:publish", "a:publish:publish"), some(&["a:publish"]));
        assert_eq!(read("*:publish", ":publish"), None);
        assert_eq!(read("*:publish", "news"), None);
        assert_eq!(read("items(*)", "items(7)"), some(&["7"]));
        assert_eq!(read("items(*)", "items()"), None);
        assert_eq!(read("v*", "v2"), some(&["2"]));
        assert_eq!(read("*-*-*", "2024-01-02"), some(&["2024", "01", "02"]));
        assert_eq!(read("*-*", "x--y"), some(&["x", "-y"]));
        assert_eq!(read("*.json", "é.json"), some(&["é"]));
        assert_eq!(read("*-*.x", "a-.x"), None);
    }
}
