//! JSON as text: coercion of scalars, splicing, and the depth of what is not parsed.

use std::borrow::Cow;

use serde_json::{Number, Value};

use crate::shape::Kind;

/// Arrays and objects inside one another: this many are refused, as `serde_json` does.
pub(crate) const MAX_DEPTH: usize = 128;

/// Writes `raw`, one JSON value, as `kind` wants it, and says whether it fits. Only scalars are
/// converted, and only without loss; what does not fit is written as it is. Null fits every kind.
pub(crate) fn write_as(kind: Kind, raw: &str, out: &mut Vec<u8>) -> bool {
    let first = raw.bytes().next().unwrap_or_default();
    if first == b'n' {
        splice(raw, out);
        return true;
    }
    let is_number = first == b'-' || first.is_ascii_digit();
    let converted = match kind {
        Kind::String if is_number || matches!(first, b't' | b'f') => {
            out.push(b'"');
            out.extend_from_slice(raw.as_bytes());
            out.push(b'"');
            return true;
        }
        Kind::Number | Kind::Integer | Kind::Boolean if first == b'"' => unquoted(kind, raw),
        _ => None,
    };
    if let Some(text) = converted {
        out.extend_from_slice(text.as_bytes());
        return true;
    }
    splice(raw, out);
    match kind {
        Kind::Any => true,
        Kind::String => first == b'"',
        Kind::Number => is_number,
        Kind::Integer => is_number && is_whole(raw),
        Kind::Boolean => matches!(first, b't' | b'f'),
        Kind::Object => first == b'{',
        Kind::Array => first == b'[',
    }
}

/// The number or boolean that a quoted text spells exactly as JSON would.
fn unquoted(kind: Kind, raw: &str) -> Option<Cow<'_, str>> {
    let inner = raw.strip_prefix('"')?.strip_suffix('"')?;
    let text: Cow<'_, str> = if inner.contains('\\') {
        Cow::Owned(serde_json::from_str(raw).ok()?)
    } else {
        Cow::Borrowed(inner)
    };
    let fits = match kind {
        Kind::Boolean => matches!(&*text, "true" | "false"),
        Kind::Integer => text.parse::<Number>().is_ok() && !text.contains(['.', 'e', 'E']),
        _ => text.parse::<Number>().is_ok(),
    };
    fits.then_some(text)
}

/// Whether a number has no fraction.
fn is_whole(raw: &str) -> bool {
    !raw.contains(['.', 'e', 'E']) || raw.parse::<f64>().is_ok_and(|n| n.fract() == 0.0)
}

/// Writes a JSON value without the spaces between its parts.
pub(crate) fn splice(raw: &str, out: &mut Vec<u8>) {
    if !raw.starts_with(['{', '[']) {
        out.extend_from_slice(raw.as_bytes());
        return;
    }
    let mut rest = raw.as_bytes();
    while !rest.is_empty() {
        // Up to and with the next quote is outside of strings, then a string follows.
        let outside = rest
            .iter()
            .position(|&b| b == b'"')
            .map_or(rest.len(), |at| at + 1);
        let (before, after) = rest.split_at(outside);
        for run in before.split(u8::is_ascii_whitespace) {
            out.extend_from_slice(run);
        }
        let (string, after) = after.split_at(string_end(after));
        out.extend_from_slice(string);
        rest = after;
    }
}

/// The length of a string's rest, closing quote included.
fn string_end(text: &[u8]) -> usize {
    let mut at = 0;
    while let Some(rest) = text.get(at..) {
        match rest.iter().position(|&b| b == b'"' || b == b'\\') {
            Some(found) if rest.get(found) == Some(&b'\\') => at += found + 2,
            Some(found) => return at + found + 1,
            None => break,
        }
    }
    text.len()
}

/// Whether a JSON value inside `depth` arrays and objects keeps the limit. What `serde_json`
/// skips or hands over as text it does not check for depth itself.
pub(crate) fn keeps_depth(raw: &str, depth: usize) -> bool {
    let allowed = (MAX_DEPTH - 1).saturating_sub(depth);
    // Each level takes two bytes, so most values need no look.
    if raw.len() < 2 * (allowed + 1) || !raw.starts_with(['{', '[']) {
        return true;
    }
    let (bytes, mut at, mut level) = (raw.as_bytes(), 0, 0_usize);
    while let Some(byte) = bytes.get(at) {
        at += 1;
        match byte {
            b'{' | b'[' => {
                level += 1;
                if level > allowed {
                    return false;
                }
            }
            b'}' | b']' => level = level.saturating_sub(1),
            b'"' => at += string_end(bytes.get(at..).unwrap_or_default()),
            _ => {}
        }
    }
    true
}

/// Writes a string as JSON.
pub(crate) fn write_string(text: &str, out: &mut Vec<u8>) {
    out.extend_from_slice(Value::from(text).to_string().as_bytes());
}
