//! Path templates: compiled once, matched against the decoded segments of a request's path.
//!
//! A placeholder may fill a part of a segment (`/{topic}:publish`). Text is compared after
//! percent-decoding on both sides, so a template that spells a space as `%20` and a client that
//! spells it otherwise agree; a `%2F` inside a segment never splits it.

use std::cmp::Ordering;

use percent_encoding::percent_decode_str;

/// A compiled path template, with the query that may be written behind it.
#[derive(Debug, Clone)]
pub(crate) struct Pattern {
    text: String,
    segments: Vec<Vec<Piece>>,
    query: Vec<(String, Option<String>)>,
}

/// A stretch of one segment.
#[derive(Debug, Clone, PartialEq, Eq)]
enum Piece {
    Literal(String),
    Slot(String),
}

/// The values that a path gave to a template's placeholders, in their order.
pub(crate) type Captures = Vec<(String, String)>;

/// Why a request's path is refused before any template is tried.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum BadPath {
    /// A segment is `.` or `..`, plainly or percent-encoded.
    DotSegment,
    /// A segment is not UTF-8 after percent-decoding.
    NotText,
}

impl BadPath {
    /// The reason as a sentence for a person.
    pub(crate) fn explain(self) -> &'static str {
        match self {
            Self::DotSegment => "the path has a segment `.` or `..`",
            Self::NotText => "the path is not UTF-8 after percent-decoding",
        }
    }
}

/// Splits a raw path into decoded segments; `/` and the empty path have none.
pub(crate) fn segments(raw: &str) -> Result<Vec<String>, BadPath> {
    let below = raw.strip_prefix('/').unwrap_or(raw);
    if below.is_empty() {
        return Ok(Vec::new());
    }
    below
        .split('/')
        .map(|segment| {
            let decoded = percent_decode_str(segment)
                .decode_utf8()
                .map_err(|_| BadPath::NotText)?;
            if matches!(&*decoded, "." | "..") {
                return Err(BadPath::DotSegment);
            }
            Ok(decoded.into_owned())
        })
        .collect()
}

impl Pattern {
    /// Compiles a template. Every text is a template: an unclosed brace is literal text.
    pub(crate) fn new(text: &str) -> Self {
        let (path, query) = text.split_once('?').unwrap_or((text, ""));
        let below = path.strip_prefix('/').unwrap_or(path);
        let segments = if below.is_empty() {
            Vec::new()
        } else {
            below.split('/').map(pieces).collect()
        };
        let query = crate::request::query_pairs(query)
            .into_iter()
            .map(|(name, value)| {
                let literal = (!value.contains('{')).then_some(value);
                (name, literal)
            })
            .collect();
        Self {
            text: text.to_owned(),
            segments,
            query,
        }
    }

    /// The template as it was written.
    pub(crate) fn text(&self) -> &str {
        &self.text
    }

    /// The names of the placeholders in the path.
    pub(crate) fn placeholders(&self) -> Vec<&str> {
        let pieces = self.segments.iter().flatten();
        pieces
            .filter_map(|piece| match piece {
                Piece::Slot(name) => Some(name.as_str()),
                Piece::Literal(_) => None,
            })
            .collect()
    }

    /// The values of the placeholders, or nothing when the path is another one.
    pub(crate) fn capture(&self, path: &[String]) -> Option<Captures> {
        if path.len() != self.segments.len() {
            return None;
        }
        let mut captures = Vec::new();
        for (pieces, text) in self.segments.iter().zip(path) {
            capture_segment(pieces, text, &mut captures)?;
        }
        Some(captures)
    }

    /// Whether the literal pairs of the written query are all in the request's.
    pub(crate) fn accepts_query(&self, query: &[(String, String)]) -> bool {
        self.query.iter().all(|(name, value)| match value {
            Some(value) => query.iter().any(|(n, v)| n == name && v == value),
            None => true,
        })
    }

    /// Orders templates so that the one with more literal text comes first: segment by segment
    /// from the left, and last by the literal pairs of the query.
    pub(crate) fn by_literal_text(&self, other: &Self) -> Ordering {
        let ours = self.segments.iter().map(|pieces| literal_rank(pieces));
        let theirs = other.segments.iter().map(|pieces| literal_rank(pieces));
        let literal_pairs = |p: &Self| p.query.iter().filter(|(_, v)| v.is_some()).count();
        theirs
            .cmp(ours)
            .then_with(|| literal_pairs(other).cmp(&literal_pairs(self)))
    }
}

/// The pieces of one segment of a template; neighbouring literals are one.
fn pieces(segment: &str) -> Vec<Piece> {
    let mut pieces = Vec::new();
    let mut literal = String::new();
    let mut rest = segment;
    while let Some((before, inside, after)) = next_slot(rest) {
        literal.push_str(before);
        if !literal.is_empty() {
            pieces.push(Piece::Literal(decode(&literal)));
            literal.clear();
        }
        pieces.push(Piece::Slot(inside.to_owned()));
        rest = after;
    }
    literal.push_str(rest);
    if !literal.is_empty() || pieces.is_empty() {
        pieces.push(Piece::Literal(decode(&literal)));
    }
    pieces
}

fn next_slot(text: &str) -> Option<(&str, &str, &str)> {
    let (before, behind) = text.split_once('{')?;
    let (inside, after) = behind.split_once('}')?;
    Some((before, inside, after))
}

fn decode(text: &str) -> String {
    percent_decode_str(text).decode_utf8_lossy().into_owned()
}

/// A literal segment outranks one that is partly so, which outranks a bare placeholder.
fn literal_rank(pieces: &[Piece]) -> (bool, usize) {
    let all = pieces
        .iter()
        .all(|piece| matches!(piece, Piece::Literal(_)));
    let text = pieces.iter().map(|piece| match piece {
        Piece::Literal(text) => text.len(),
        Piece::Slot(_) => 0,
    });
    (all, text.sum())
}

/// Matches one segment. A placeholder takes the shortest text that lets the rest match, and
/// never nothing. Taking the leftmost occurrence of each literal is enough, and linear, since
/// only the last one is anchored.
fn capture_segment(pieces: &[Piece], text: &str, captures: &mut Captures) -> Option<()> {
    let mut rest = text;
    let mut open: Option<&str> = None;
    let mut left = pieces.len();
    for piece in pieces {
        left -= 1;
        match (piece, open.take()) {
            (Piece::Literal(literal), None) => rest = rest.strip_prefix(literal.as_str())?,
            (Piece::Literal(literal), Some(name)) => {
                let first = rest.chars().next()?.len_utf8();
                let at = if left == 0 {
                    rest.len()
                        .checked_sub(literal.len())
                        .filter(|at| *at >= first)?
                } else {
                    first + rest.get(first..)?.find(literal.as_str())?
                };
                let value = rest.get(..at)?;
                rest = rest.get(at..)?.strip_prefix(literal.as_str())?;
                captures.push((name.to_owned(), value.to_owned()));
            }
            (Piece::Slot(name), None) => open = Some(name),
            (Piece::Slot(name), Some(before)) => {
                let (value, behind) = rest.split_at(rest.chars().next()?.len_utf8());
                captures.push((before.to_owned(), value.to_owned()));
                rest = behind;
                open = Some(name);
            }
        }
    }
    match open {
        Some(_) if rest.is_empty() => None,
        Some(name) => {
            captures.push((name.to_owned(), rest.to_owned()));
            Some(())
        }
        None => rest.is_empty().then_some(()),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn captured(template: &str, path: &str) -> Option<Vec<String>> {
        let path = segments(path).unwrap();
        let captures = Pattern::new(template).capture(&path)?;
        Some(
            captures
                .into_iter()
                .map(|(name, value)| format!("{name}={value}"))
                .collect(),
        )
    }

    #[test]
    fn templates_capture_whole_and_partial_segments() {
        #[rustfmt::skip]
        let cases: &[(&str, &str, Option<&[&str]>)] = &[
            ("/a/{id}", "/a/7", Some(&["id=7"])),
            ("/a/{id}", "/a/", None),
            ("/a/{id}", "/a/7/", None),
            ("/a/", "/a/", Some(&[])),
            ("/a/", "/a", None),
            ("", "/", Some(&[])),
            ("/", "", Some(&[])),
            ("/a/{id}", "/a/x%2Fy", Some(&["id=x/y"])),
            ("/a/{id}", "/a/%00", Some(&["id=\0"])),
            ("/{topic}:publish", "/news:publish", Some(&["topic=news"])),
            ("/{topic}:publish", "/:publish", None),
            ("/{topic}:publish", "/a:publish:publish", Some(&["topic=a:publish"])),
            ("/Users('{id}')", "/Users('4')", Some(&["id=4"])),
            ("/{from}-{to}.json", "/a-b-c.json", Some(&["from=a", "to=b-c"])),
            ("/{a}{b}", "/xyz", Some(&["a=x", "b=yz"])),
            ("/{a}{b}", "/x", None),
            ("/a b", "/a%20b", Some(&[])),
            ("/a%20b", "/a%20b", Some(&[])),
            ("/{open", "/%7Bopen", Some(&[])),
            ("/s?x=1", "/s", Some(&[])),
            ("/é{x}é", "/é1é", Some(&["x=1"])),
        ];
        for (template, path, expected) in cases {
            let got = captured(template, path);
            let got = got
                .as_deref()
                .map(|g| g.iter().map(String::as_str).collect::<Vec<_>>());
            assert_eq!(got.as_deref(), *expected, "{template} against {path}");
        }
    }

    #[test]
    fn dot_segments_and_broken_text_are_refused_however_they_are_spelled() {
        for path in ["/a/../b", "/a/%2e%2E/b", "/./a", "/.."] {
            assert_eq!(segments(path), Err(BadPath::DotSegment), "{path}");
        }
        assert_eq!(segments("/a/%ff"), Err(BadPath::NotText));
        assert_eq!(segments("/a/..."), Ok(vec!["a".into(), "...".into()]));
        assert_eq!(segments("/a/%zz"), Ok(vec!["a".into(), "%zz".into()]));
    }

    #[test]
    fn more_literal_text_comes_first() {
        let mut texts = [
            "/{x}/{y}",
            "/{x}/all",
            "/a/{y}:go",
            "/a/{y}",
            "/a/all",
            "/a/all?k=1",
        ];
        texts.sort_by(|a, b| Pattern::new(a).by_literal_text(&Pattern::new(b)));
        assert_eq!(
            texts,
            [
                "/a/all?k=1",
                "/a/all",
                "/a/{y}:go",
                "/a/{y}",
                "/{x}/all",
                "/{x}/{y}"
            ]
        );
    }
}
