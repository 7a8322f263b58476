//! All findings of a check.

use crate::code::Severity;
use crate::diagnostic::Diagnostic;
use crate::span::Span;

/// Collects findings; a check adds to it and goes on.
#[derive(Clone, Debug, Default)]
pub struct Diagnostics {
    found: Vec<Diagnostic>,
}

impl Diagnostics {
    /// None yet.
    pub fn new() -> Self {
        Self::default()
    }

    /// Adds one finding. The same finding at the same place counts once: two units that share a broken part find the
    /// same thing.
    pub fn push(&mut self, diagnostic: Diagnostic) {
        if !self.found.contains(&diagnostic) {
            self.found.push(diagnostic);
        }
    }

    /// The findings in the order in which they were added.
    pub fn iter(&self) -> impl Iterator<Item = &Diagnostic> {
        self.found.iter()
    }

    /// Whether nothing was found.
    pub fn is_empty(&self) -> bool {
        self.found.is_empty()
    }

    /// How many findings there are.
    pub fn len(&self) -> usize {
        self.found.len()
    }

    /// Whether there is an error among them.
    pub fn has_errors(&self) -> bool {
        self.found.iter().any(Diagnostic::is_error)
    }

    /// How many findings have that severity.
    pub fn count(&self, severity: Severity) -> usize {
        self.found.iter().filter(|d| d.severity == severity).count()
    }

    /// The errors that point into `span`: what makes that part of a document unusable.
    pub fn errors_within(&self, span: Span) -> impl Iterator<Item = &Diagnostic> {
        self.found.iter().filter(move |d| {
            d.is_error()
                && d.primary
                    .as_ref()
                    .is_some_and(|label| span.contains(label.span))
        })
    }

    /// Orders the findings by place: file, then offset; those without a place first.
    pub fn sort(&mut self) {
        self.found
            .sort_by_key(|d| d.primary.as_ref().map(|l| (l.span.file, l.span.start)));
    }
}

impl IntoIterator for Diagnostics {
    type Item = Diagnostic;
    type IntoIter = std::vec::IntoIter<Diagnostic>;

    fn into_iter(self) -> Self::IntoIter {
        self.found.into_iter()
    }
}

impl Extend<Diagnostic> for Diagnostics {
    fn extend<I: IntoIterator<Item = Diagnostic>>(&mut self, iter: I) {
        for diagnostic in iter {
            self.push(diagnostic);
        }
    }
}

impl FromIterator<Diagnostic> for Diagnostics {
    fn from_iter<I: IntoIterator<Item = Diagnostic>>(iter: I) -> Self {
        let mut all = Self::new();
        all.extend(iter);
        all
    }
}
