//! Findings as workflow commands of GitHub Actions, which shows them at the changed lines.

use std::fmt::Write as _;

use crate::code::Severity;
use crate::diagnostic::Diagnostic;
use crate::source::SourceMap;

use super::{MESSAGE, clipped};

/// Adds one finding to `out`.
pub(super) fn render(out: &mut String, diagnostic: &Diagnostic, sources: &SourceMap) {
    let command = match diagnostic.severity {
        Severity::Error => "error",
        Severity::Warning => "warning",
        Severity::Hint => "notice",
    };
    // Writing to a string cannot fail.
    let _ = write!(out, "::{command} ");
    let place = diagnostic.primary.as_ref().map(|label| label.span);
    if let Some((span, file)) =
        place.and_then(|span| sources.get(span.file).map(|file| (span, file)))
    {
        let start = file.position(span.start as usize);
        let end = file.position(span.end as usize);
        let _ = write!(out, "file={},line={}", property(&file.name), start.line);
        // Columns are taken for a single line only.
        if start.line == end.line {
            let _ = write!(out, ",col={},endColumn={}", start.column, end.column);
        } else {
            let _ = write!(out, ",endLine={}", end.line);
        }
        out.push(',');
    }
    let _ = write!(
        out,
        "title={}::{}",
        property(diagnostic.code.id),
        data(&diagnostic.message)
    );
    if let Some(help) = &diagnostic.help {
        let _ = write!(
            out,
            "%0Ahelp: {}",
            help.lines().map(data).collect::<Vec<_>>().join("%0A")
        );
    }
    out.push('\n');
}

/// The text behind the double colon.
fn data(text: &str) -> String {
    clipped(text, MESSAGE).replace('%', "%25")
}

/// A value between the command and the double colon.
fn property(text: &str) -> String {
    data(text).replace(':', "%3A").replace(',', "%2C")
}
