//! One line for each finding, for editors and for searching.

use std::fmt::Write as _;

use crate::diagnostic::Diagnostic;
use crate::source::SourceMap;

use super::{MESSAGE, clipped, escape};

/// Adds one finding to `out`.
pub(super) fn render(out: &mut String, diagnostic: &Diagnostic, sources: &SourceMap) {
    let place = diagnostic
        .primary
        .as_ref()
        .map(|label| sources.locate(label.span));
    if let Some(place) = place {
        out.push_str(&escape(&place));
        out.push_str(": ");
    }
    // Writing to a string cannot fail.
    let Diagnostic {
        severity,
        code,
        message,
        ..
    } = diagnostic;
    let _ = write!(
        out,
        "{severity}[{}]: {}",
        code.id,
        clipped(message, MESSAGE)
    );
    if let Some(help) = &diagnostic.help {
        let lines: Vec<&str> = help
            .lines()
            .map(str::trim)
            .filter(|line| !line.is_empty())
            .collect();
        let _ = write!(out, " (help: {})", clipped(&lines.join(" "), MESSAGE));
    }
    out.push('\n');
}
