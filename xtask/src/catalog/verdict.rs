//! What became of a document, of its units and of their calls: plain data, written as JSON as it is.

use serde::Serialize;

/// One document.
#[derive(Debug, Default, Serialize)]
pub(super) struct Report {
    /// The path below the folder.
    pub(super) name: String,
    /// What the oracle takes the file for: `exposes`, `exposes nothing`, `no capability`, `no YAML`.
    pub(super) kind: &'static str,
    /// Whether the oracle finds no broken unit.
    pub(super) sound: bool,
    /// Whether it serves without `--allow-partial`; not asked for in a sandbox.
    pub(super) serves: bool,
    /// Whether it serves with `--allow-partial`.
    pub(super) serves_partly: bool,
    /// Findings of errors, when it does not serve whole.
    pub(super) findings: Vec<Finding>,
    /// Its exposed units.
    pub(super) units: Vec<Unit>,
    /// What does not belong to a unit: the program ended, a panic.
    pub(super) trouble: Vec<String>,
}

/// One error that the program reports.
#[derive(Debug, Clone, Serialize)]
pub(super) struct Finding {
    pub(super) code: String,
    pub(super) message: String,
}

/// One call of an exposed unit, or why there was none.
#[derive(Debug, Serialize)]
pub(super) struct Unit {
    /// `GET /path` or `tool name`.
    pub(super) name: String,
    /// Whether it is a tool.
    pub(super) tool: bool,
    /// Which inputs were given: `all` or `required`.
    pub(super) inputs: &'static str,
    pub(super) outcome: Outcome,
}

/// How a call ended.
#[derive(Debug, Serialize)]
#[serde(tag = "outcome", content = "why", rename_all = "kebab-case")]
pub(super) enum Outcome {
    /// As the oracle says.
    Right,
    /// Not as the oracle says: each difference.
    Wrong(Vec<String>),
    /// Refused, as the oracle wants: the oracle's code.
    Refused(String),
    /// Refused where the contract allows a refusal.
    Doubtful(String),
    /// The oracle wants it refused for this reason, but it is served.
    ServedThoughBroken(String),
    /// Nothing of its kind is served.
    NoServer,
    /// The oracle does not judge it.
    Unjudged(String),
    /// The document does not serve.
    NotServed,
}

impl Report {
    /// Whether it serves and every REST operation that is not broken was right.
    pub(super) fn is_whole(&self) -> bool {
        let judged = |unit: &&Unit| {
            !unit.tool && !matches!(unit.outcome, Outcome::Refused(_) | Outcome::Doubtful(_))
        };
        let rest: Vec<&Unit> = self.units.iter().filter(judged).collect();
        self.serves_partly
            && !rest.is_empty()
            && rest
                .iter()
                .all(|unit| matches!(unit.outcome, Outcome::Right))
    }
}

impl Unit {
    /// Whether the unit was called, or should have been.
    pub(super) fn is_call(&self) -> bool {
        matches!(self.outcome, Outcome::Right | Outcome::Wrong(_))
    }
}
