//! Control characters of other people's text, made visible.

use std::borrow::Cow;
use std::fmt::Write as _;

/// Replaces each character that could steer a terminal, forge a line or reorder what is read by `\u{…}` (`\n`, `\r` and
/// `\t` by these names).
pub fn escape(text: &str) -> Cow<'_, str> {
    if !text.chars().any(steers) {
        return Cow::Borrowed(text);
    }
    let mut out = String::with_capacity(text.len() + 16);
    for c in text.chars() {
        push(&mut out, c);
    }
    Cow::Owned(out)
}

/// The same, cut behind `most` characters: a name in a document can be as long as the document.
pub(super) fn clipped(text: &str, most: usize) -> Cow<'_, str> {
    match text.char_indices().nth(most) {
        Some((end, _)) => Cow::Owned(format!("{}…", escape(text.get(..end).unwrap_or(text)))),
        None => escape(text),
    }
}

/// Adds one character, escaped if need be.
pub(super) fn push(out: &mut String, c: char) {
    match c {
        '\n' => out.push_str("\\n"),
        '\r' => out.push_str("\\r"),
        '\t' => out.push_str("\\t"),
        c if steers(c) => {
            // Writing to a string cannot fail.
            let _ = write!(out, "\\u{{{:x}}}", u32::from(c));
        }
        c => out.push(c),
    }
}

/// Whether a character does something else than show itself: C0 and C1 controls, line and paragraph separators, marks
/// that change the direction of text, and the byte order mark.
pub(super) fn steers(c: char) -> bool {
    c.is_control()
        || matches!(c, '\u{200e}' | '\u{200f}' | '\u{2028}'..='\u{202e}' | '\u{2066}'..='\u{2069}' | '\u{feff}')
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn steering_characters_are_shown_and_others_left() {
        assert_eq!(escape("a\u{1b}[31mb\u{9b}c"), "a\\u{1b}[31mb\\u{9b}c");
        assert_eq!(escape("one\ntwo\r\t"), "one\\ntwo\\r\\t");
        assert_eq!(escape("x\u{202e}y\u{2028}"), "x\\u{202e}y\\u{2028}");
        assert!(matches!(
            escape("schön – 日本"),
            Cow::Borrowed("schön – 日本")
        ));
    }
}
