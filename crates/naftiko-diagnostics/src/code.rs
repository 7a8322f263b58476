//! The identity of a kind of finding.

use std::fmt;

/// How much a finding matters (decisions, section 1).
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Severity {
    /// Cannot be run as meant.
    Error,
    /// Runs, but deviates from the declared dialect or is probably a mistake.
    Warning,
    /// Could be better.
    Hint,
}

impl Severity {
    /// `error`, `warning` or `hint`.
    pub fn as_str(self) -> &'static str {
        match self {
            Severity::Error => "error",
            Severity::Warning => "warning",
            Severity::Hint => "hint",
        }
    }
}

impl fmt::Display for Severity {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}

/// A kind of finding: its stable name, its usual severity and its documentation.
///
/// Each code has one file under `codes/` that holds this value, the constructor of its message and its prose.
#[derive(Debug)]
pub struct Code {
    /// The stable name in kebab case, such as `unknown-operation`.
    pub id: &'static str,
    /// The severity unless a finding says otherwise.
    pub severity: Severity,
    /// What `naftiko explain` prints: why it matters, an example, what to write instead. Markdown.
    pub docs: &'static str,
}

impl PartialEq for Code {
    fn eq(&self, other: &Self) -> bool {
        self.id == other.id
    }
}

impl Eq for Code {}
