//! Exit codes (decisions, section 7).

use std::process::ExitCode;

/// How a command ended.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Exit {
    /// Fine, or stopped by a signal.
    Fine = 0,
    /// There are findings.
    Findings = 1,
    /// The command line is wrong, or a file cannot be read.
    Usage = 2,
    /// It could not start.
    NotStarted = 3,
    /// The called upstream failed.
    Upstream = 4,
}

impl Exit {
    pub(crate) fn code(self) -> ExitCode {
        ExitCode::from(self as u8)
    }
}
