//! Findings as one JSON array, for programs.

use std::fmt::Write as _;

use serde_json::{Map, Value, json};

use crate::collector::Diagnostics;
use crate::diagnostic::{Diagnostic, Label};
use crate::source::SourceMap;

use super::escape::steers;

/// Adds all findings to `out`. Lines and columns count from 1, columns count characters, the end is exclusive.
pub(super) fn render(out: &mut String, diagnostics: &Diagnostics, sources: &SourceMap) {
    let all = Value::Array(diagnostics.iter().map(|d| value(d, sources)).collect());
    // The alternate form of a JSON value is indented. JSON itself escapes only some control characters.
    for c in format!("{all:#}").chars() {
        if steers(c) && c != '\n' {
            let mut units = [0; 2];
            for unit in c.encode_utf16(&mut units) {
                // Writing to a string cannot fail.
                let _ = write!(out, "\\u{unit:04x}");
            }
        } else {
            out.push(c);
        }
    }
    out.push('\n');
}

fn value(diagnostic: &Diagnostic, sources: &SourceMap) -> Value {
    let mut object = Map::new();
    object.insert("code".into(), json!(diagnostic.code.id));
    object.insert("severity".into(), json!(diagnostic.severity.as_str()));
    object.insert("message".into(), json!(diagnostic.message));
    for (key, value) in place(diagnostic.primary.as_ref(), sources) {
        object.insert(key.into(), value);
    }
    let primary = diagnostic.primary.iter().map(|label| (label, true));
    let secondary = diagnostic.secondary.iter().map(|label| (label, false));
    let labels = primary.chain(secondary).map(|(label, primary)| {
        let mut object = Map::new();
        for (key, value) in place(Some(label), sources) {
            object.insert(key.into(), value);
        }
        object.insert("text".into(), json!(label.text));
        object.insert("primary".into(), json!(primary));
        Value::Object(object)
    });
    object.insert("labels".into(), labels.collect());
    object.insert("help".into(), json!(diagnostic.help));
    Value::Object(object)
}

fn place(label: Option<&Label>, sources: &SourceMap) -> [(&'static str, Value); 5] {
    let found = label.and_then(|label| sources.get(label.span.file).map(|file| (label.span, file)));
    match found {
        Some((span, file)) => {
            let start = file.position(span.start as usize);
            let end = file.position(span.end as usize);
            [
                ("file", json!(file.name)),
                ("line", json!(start.line)),
                ("column", json!(start.column)),
                ("endLine", json!(end.line)),
                ("endColumn", json!(end.column)),
            ]
        }
        None => ["file", "line", "column", "endLine", "endColumn"].map(|key| (key, Value::Null)),
    }
}
