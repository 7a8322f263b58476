//! Renderers of diagnostics: what a person or a program sees.
//!
//! Text that comes from documents, callers and upstreams passes [`escape()`] in every format, so that no control
//! character of theirs reaches a terminal or a log.

mod concise;
mod escape;
mod excerpt;
mod full;
mod github;
mod json;

use std::fmt::Write as _;

pub use escape::escape;

use escape::clipped;

use crate::code::Severity;
use crate::collector::Diagnostics;
use crate::source::SourceMap;

/// How many characters of a message, a label or a line of help are shown in text formats.
const MESSAGE: usize = 1000;

/// How findings are written.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Format {
    /// With the source, the labels and the help; for a person at a terminal.
    #[default]
    Full,
    /// One line for each: `file:line:column: severity[code]: message (help: …)`.
    Concise,
    /// One JSON array.
    Json,
    /// Workflow commands that GitHub Actions shows at the lines of a change.
    Github,
}

impl Format {
    /// Every format, in the order in which help texts list them.
    pub const ALL: [Format; 4] = [Format::Full, Format::Concise, Format::Json, Format::Github];

    /// The word for it on a command line.
    pub fn as_str(self) -> &'static str {
        match self {
            Format::Full => "full",
            Format::Concise => "concise",
            Format::Json => "json",
            Format::Github => "github",
        }
    }
}

impl std::str::FromStr for Format {
    type Err = String;

    /// Reads the word for a format; the error says which there are.
    fn from_str(word: &str) -> Result<Self, Self::Err> {
        Self::ALL
            .into_iter()
            .find(|format| format.as_str() == word)
            .ok_or_else(|| {
                format!(
                    "expected one of {}",
                    crate::list(Self::ALL.iter().map(|f| f.as_str()))
                )
            })
    }
}

/// The findings in the order in which they were collected. `color` and `width` (columns) matter to [`Format::Full`]
/// alone. The text ends with a line end, or is empty when there is nothing to say; JSON is an array even then.
pub fn render(
    diagnostics: &Diagnostics,
    sources: &SourceMap,
    format: Format,
    color: bool,
    width: usize,
) -> String {
    let mut out = String::new();
    match format {
        Format::Full => {
            for diagnostic in diagnostics.iter() {
                full::render(&mut out, diagnostic, sources, color, width);
                out.push('\n');
            }
        }
        Format::Concise => {
            for diagnostic in diagnostics.iter() {
                concise::render(&mut out, diagnostic, sources);
            }
        }
        Format::Json => json::render(&mut out, diagnostics, sources),
        Format::Github => {
            for diagnostic in diagnostics.iter() {
                github::render(&mut out, diagnostic, sources);
            }
        }
    }
    out
}

/// How many findings there are: `2 errors, 1 warning`, or `no findings`.
pub fn summary(diagnostics: &Diagnostics) -> String {
    let mut out = String::new();
    for severity in [Severity::Error, Severity::Warning, Severity::Hint] {
        let count = diagnostics.count(severity);
        if count > 0 {
            let comma = if out.is_empty() { "" } else { ", " };
            let plural = if count == 1 { "" } else { "s" };
            // Writing to a string cannot fail.
            let _ = write!(out, "{comma}{count} {severity}{plural}");
        }
    }
    if out.is_empty() {
        String::from("no findings")
    } else {
        out
    }
}

#[cfg(test)]
mod tests;
