//! Bounds of what an upstream may take and give.

use std::time::Duration;

/// Bounds of one exchange with an upstream (decisions, section 8). The defaults are those of the contract.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct HttpLimits {
    /// Time to resolve the name, connect and secure the connection.
    pub connect: Duration,
    /// Time of a whole call: redirects, and the body of the answer to its last byte.
    pub total: Duration,
    /// Time that a connection without a call stays open.
    pub idle: Duration,
    /// Bytes of the headers of an answer, names and values.
    pub headers: usize,
    /// Redirects that one call follows.
    pub redirects: usize,
}

impl Default for HttpLimits {
    fn default() -> Self {
        Self {
            connect: Duration::from_secs(10),
            total: Duration::from_mins(1),
            idle: Duration::from_mins(1),
            headers: 64 * 1024,
            redirects: 5,
        }
    }
}
