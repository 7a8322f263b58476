//! Why bytes are not of a format.

use std::fmt;

/// Why bytes cannot be read as a format. The text is for logs: it may quote what came.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct FormatError(pub String);

impl fmt::Display for FormatError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

impl std::error::Error for FormatError {}

pub(crate) fn error<E: fmt::Display>(why: E) -> FormatError {
    FormatError(why.to_string())
}
