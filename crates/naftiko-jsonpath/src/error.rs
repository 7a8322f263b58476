//! The one error of this crate: a path that does not compile.

use std::fmt;

/// Why a path was refused, and where in its text.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PathError {
    /// Byte offset into the path's text, always on a character boundary and at most its length.
    pub position: usize,
    /// One sentence for the author, without a full stop.
    pub message: String,
}

impl PathError {
    pub(crate) fn new(position: usize, message: impl Into<String>) -> Self {
        Self {
            position,
            message: message.into(),
        }
    }
}

impl fmt::Display for PathError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} (at byte {})", self.message, self.position)
    }
}

impl std::error::Error for PathError {}
