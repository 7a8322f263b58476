//! The one error of this crate: an answer that is not JSON.

use std::fmt;

/// Why an answer cannot be shaped. The caller answers 502; the text is for logs and never quotes
/// the answer.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub enum MappingError {
    /// Not UTF-8, from this byte on.
    NotUtf8 {
        /// Byte offset of the first wrong byte.
        position: usize,
    },
    /// Not JSON.
    NotJson {
        /// Line, from 1; 0 if unknown.
        line: usize,
        /// Column in bytes, from 1; 0 if unknown.
        column: usize,
    },
    /// Arrays and objects inside one another beyond the limit.
    TooDeep,
}

impl From<serde_json::Error> for MappingError {
    fn from(error: serde_json::Error) -> Self {
        // serde_json has its own limit on depth and no category for it.
        let text = error.to_string();
        if text.starts_with("recursion limit exceeded") || text.starts_with(TOO_DEEP) {
            return Self::TooDeep;
        }
        Self::NotJson {
            line: error.line(),
            column: error.column(),
        }
    }
}

/// What our own visitors raise; `serde` carries errors of visitors as text.
pub(crate) const TOO_DEEP: &str = "nested too deep";

impl fmt::Display for MappingError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::NotUtf8 { position } => write!(f, "the answer is not UTF-8 (byte {position})"),
            Self::NotJson { line: 0, .. } => write!(f, "the answer is not JSON"),
            Self::NotJson { line, column } => {
                write!(f, "the answer is not JSON (line {line}, column {column})")
            }
            Self::TooDeep => write!(f, "the answer is nested too deep"),
        }
    }
}

impl std::error::Error for MappingError {}
