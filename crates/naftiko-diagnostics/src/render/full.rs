//! Findings with their source, drawn by miette. This file alone knows that library.

use std::fmt;

use miette::{
    GraphicalReportHandler, GraphicalTheme, LabeledSpan, MietteError, SourceCode, SourceSpan,
    SpanContents,
};

use crate::code::Severity;
use crate::diagnostic::Diagnostic;
use crate::source::SourceMap;

use super::excerpt::{Chunk, Excerpt};
use super::{MESSAGE, clipped};

/// Narrower than this nothing can be drawn.
const NARROWEST: usize = 40;

/// Adds one finding to `out`.
pub(super) fn render(
    out: &mut String,
    diagnostic: &Diagnostic,
    sources: &SourceMap,
    color: bool,
    width: usize,
) {
    let theme = if color {
        GraphicalTheme::unicode()
    } else {
        GraphicalTheme::unicode_nocolor()
    };
    let handler = GraphicalReportHandler::new_themed(theme)
        .with_width(width.max(NARROWEST))
        .with_urls(false)
        // Names have hyphens: a line never breaks inside one.
        .with_break_words(false)
        .with_word_splitter(textwrap::WordSplitter::NoHyphenation)
        .with_word_separator(textwrap::WordSeparator::AsciiSpace)
        .without_syntax_highlighting();
    let report = Report::new(diagnostic, sources);
    // Writing to a string cannot fail; miette fails when it cannot read a label, and then the finding still must be
    // said.
    let before = out.len();
    if handler.render_report(out, &report).is_err() {
        out.truncate(before);
        super::concise::render(out, diagnostic, sources);
    }
}

/// One finding in the shape that miette wants.
#[derive(Debug)]
struct Report<'a> {
    diagnostic: &'a Diagnostic,
    excerpt: Excerpt,
}

impl<'a> Report<'a> {
    fn new(diagnostic: &'a Diagnostic, sources: &SourceMap) -> Self {
        Self {
            diagnostic,
            excerpt: Excerpt::new(diagnostic, sources),
        }
    }
}

impl fmt::Display for Report<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&clipped(&self.diagnostic.message, MESSAGE))
    }
}

impl std::error::Error for Report<'_> {}

impl miette::Diagnostic for Report<'_> {
    fn code<'b>(&'b self) -> Option<Box<dyn fmt::Display + 'b>> {
        Some(Box::new(format!(
            "{}[{}]",
            self.diagnostic.severity, self.diagnostic.code.id
        )))
    }

    fn severity(&self) -> Option<miette::Severity> {
        Some(match self.diagnostic.severity {
            Severity::Error => miette::Severity::Error,
            Severity::Warning => miette::Severity::Warning,
            Severity::Hint => miette::Severity::Advice,
        })
    }

    fn help<'b>(&'b self) -> Option<Box<dyn fmt::Display + 'b>> {
        // Lines of a help are meant; they stay, indented below it.
        let help = self.diagnostic.help.as_deref()?;
        let lines: Vec<_> = help.lines().map(|line| clipped(line, MESSAGE)).collect();
        Some(Box::new(lines.join("\n")))
    }

    fn source_code(&self) -> Option<&dyn SourceCode> {
        if self.excerpt.chunks.is_empty() {
            None
        } else {
            Some(&self.excerpt)
        }
    }

    fn labels(&self) -> Option<Box<dyn Iterator<Item = LabeledSpan> + '_>> {
        Some(Box::new(self.excerpt.labels.iter().map(|label| {
            let text = (!label.text.is_empty()).then(|| label.text.clone());
            let span = (label.start, label.end - label.start);
            if label.primary {
                LabeledSpan::new_primary_with_span(text, span)
            } else {
                LabeledSpan::new_with_span(text, span)
            }
        })))
    }
}

impl SourceCode for Excerpt {
    /// The whole chunk that holds `span`. Spans of two chunks have nothing in common, which keeps miette from drawing
    /// them as one; without context lines it asks where a label begins.
    fn read_span<'a>(
        &'a self,
        span: &SourceSpan,
        context_lines_before: usize,
        context_lines_after: usize,
    ) -> Result<Box<dyn SpanContents<'a> + 'a>, MietteError> {
        let (start, end) = (span.offset(), span.offset() + span.len());
        let chunk = self
            .chunks
            .iter()
            .find(|chunk| chunk.start <= start && end <= chunk.end)
            .ok_or(MietteError::OutOfBounds)?;
        let place = if context_lines_before + context_lines_after == 0 {
            self.labels
                .iter()
                .find(|label| label.start == start && label.end == end)
                .map(|label| (label.line, label.column))
        } else {
            None
        };
        let data = self.text.get(chunk.start..chunk.end).unwrap_or_default();
        let (line, column) = place.unwrap_or((chunk.line, 0));
        let span = (chunk.start, chunk.end - chunk.start).into();
        Ok(Box::new(Contents {
            chunk,
            data,
            span,
            line,
            column,
        }))
    }
}

struct Contents<'a> {
    chunk: &'a Chunk,
    data: &'a str,
    span: SourceSpan,
    line: usize,
    column: usize,
}

impl<'a> SpanContents<'a> for Contents<'a> {
    fn data(&self) -> &'a [u8] {
        self.data.as_bytes()
    }

    fn span(&self) -> &SourceSpan {
        &self.span
    }

    fn name(&self) -> Option<&str> {
        Some(&self.chunk.name)
    }

    fn line(&self) -> usize {
        self.line
    }

    fn column(&self) -> usize {
        self.column
    }

    fn line_count(&self) -> usize {
        self.chunk.lines
    }
}
