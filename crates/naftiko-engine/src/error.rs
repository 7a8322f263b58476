//! Why a flow gives no output.

use std::fmt;

use crate::arguments::InputProblem;
use crate::render::RequestProblem;
use crate::upstream::{UpstreamError, UpstreamErrorKind};

/// Why a flow gives no output. An exposer's rescue turns it into an answer of its own kind.
#[derive(Debug)]
pub enum FlowError {
    /// An input is missing or bad.
    Input(InputProblem),
    /// The inputs make no request that may be sent.
    Request(RequestProblem),
    /// The upstream did not answer.
    Upstream(UpstreamError),
    /// The upstream's answer cannot be shaped; the text is for logs.
    Unshapable(String),
    /// There is no such flow: the caller of the engine is at fault.
    NoSuchFlow,
}

/// Whose fault a failure is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Origin {
    /// The caller's.
    Caller,
    /// The upstream's, or the way to it.
    Upstream,
    /// Ours.
    Internal,
}

impl FlowError {
    /// Whose fault it is.
    pub fn origin(&self) -> Origin {
        match self {
            FlowError::Input(_) | FlowError::Request(_) => Origin::Caller,
            FlowError::Upstream(_) | FlowError::Unshapable(_) => Origin::Upstream,
            FlowError::NoSuchFlow => Origin::Internal,
        }
    }

    /// Whether the upstream took too long.
    pub fn timed_out(&self) -> bool {
        matches!(self, FlowError::Upstream(error) if error.kind == UpstreamErrorKind::TimedOut)
    }

    /// A stable word for problem types and logs.
    pub fn word(&self) -> &'static str {
        match self {
            FlowError::Input(_) => "invalid-input",
            FlowError::Request(_) => "invalid-request",
            FlowError::Upstream(error) => error.kind.as_str(),
            FlowError::Unshapable(_) => "upstream-answer-unusable",
            FlowError::NoSuchFlow => "internal",
        }
    }

    /// One sentence for callers: it names inputs, never an address, a secret or an internal text.
    pub fn sentence(&self) -> String {
        match self {
            FlowError::Input(problem) => problem.to_string(),
            FlowError::Request(problem) => problem.to_string(),
            FlowError::Upstream(error) => error.kind.sentence().to_owned(),
            FlowError::Unshapable(_) => {
                String::from("the upstream API answered something that cannot be used")
            }
            FlowError::NoSuchFlow => String::from("the operation cannot be run"),
        }
    }
}

impl fmt::Display for FlowError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            FlowError::Upstream(error) => error.fmt(f),
            FlowError::Unshapable(why) => write!(f, "{}: {why}", self.word()),
            _ => write!(f, "{}: {}", self.word(), self.sentence()),
        }
    }
}

impl std::error::Error for FlowError {}

impl From<UpstreamError> for FlowError {
    fn from(error: UpstreamError) -> Self {
        FlowError::Upstream(error)
    }
}

impl From<InputProblem> for FlowError {
    fn from(problem: InputProblem) -> Self {
        FlowError::Input(problem)
    }
}

impl From<RequestProblem> for FlowError {
    fn from(problem: RequestProblem) -> Self {
        FlowError::Request(problem)
    }
}
