//! The words of messages. Whatever a document says goes through [`quoted`].

use serde_json::Value;

use super::deviation::Segment;

/// The most characters of a document that a message repeats at once.
const QUOTED_CHARS: usize = 60;

/// Text of the document: in backticks, without control characters, and cut.
pub(crate) fn quoted(text: &str) -> String {
    let mut shown: String = text
        .chars()
        .take(QUOTED_CHARS)
        .flat_map(printable)
        .collect();
    if text.chars().nth(QUOTED_CHARS).is_some() {
        shown.push('…');
    }
    format!("`{shown}`")
}

/// Control characters, and those that turn the direction of text, are escaped.
fn printable(c: char) -> Vec<char> {
    let invisible = matches!(c, '\u{200b}'..='\u{200f}' | '\u{2028}'..='\u{202e}' | '\u{2066}'..='\u{2069}' | '\u{feff}');
    match c {
        '`' => vec!['\''],
        c if c.is_control() || invisible => c.escape_unicode().collect(),
        c => vec![c],
    }
}

/// A value of the document, where it is short enough to be said.
pub(crate) fn value(value: &Value) -> String {
    match value {
        Value::String(text) => quoted(text),
        Value::Number(number) => quoted(&number.to_string()),
        Value::Bool(flag) => quoted(&flag.to_string()),
        other => type_of(other).to_owned(),
    }
}

/// `a`, `b` or `c`.
pub(crate) fn one_of<S: AsRef<str>>(words: &[S]) -> String {
    joined(words, "or")
}

/// `a`, `b` and `c`.
pub(crate) fn all_of<S: AsRef<str>>(words: &[S]) -> String {
    joined(words, "and")
}

fn joined<S: AsRef<str>>(words: &[S], last: &str) -> String {
    let words: Vec<String> = words.iter().map(|word| quoted(word.as_ref())).collect();
    match words.split_last() {
        None => String::new(),
        Some((only, [])) => only.clone(),
        Some((end, rest)) => format!("{} {last} {end}", rest.join(", ")),
    }
}

/// What a path points at.
pub(crate) fn subject(path: &[Segment]) -> String {
    match path.last() {
        Some(Segment::Key(key)) => quoted(key),
        Some(Segment::Index(_)) => "this entry".to_owned(),
        None => "the document".to_owned(),
    }
}

/// The type of a value, with its article.
pub(crate) fn type_of(value: &Value) -> &'static str {
    match value {
        Value::Null => "nothing",
        Value::Bool(_) => "a boolean",
        Value::Number(_) => "a number",
        Value::String(_) => "a string",
        Value::Array(_) => "a list",
        Value::Object(_) => "a map",
    }
}

/// A type as JSON Schema calls it, in the words of YAML.
pub(crate) fn type_named(name: &str) -> &'static str {
    match name {
        "string" => "a string",
        "number" => "a number",
        "integer" => "an integer",
        "boolean" => "a boolean",
        "array" => "a list",
        "object" => "a map",
        _ => "nothing",
    }
}

/// "a string, a number or a map", without repetition.
pub(crate) fn types(names: &[&str]) -> String {
    let mut words: Vec<&str> = Vec::new();
    for word in names.iter().map(|name| type_named(name)) {
        if !words.contains(&word) {
            words.push(word);
        }
    }
    match words.split_last() {
        None => String::new(),
        Some((only, [])) => (*only).to_owned(),
        Some((end, rest)) => format!("{} or {end}", rest.join(", ")),
    }
}
