//! What a connection may cost.

use std::time::Duration;

/// Bounds of listeners and connections (decisions, section 8). Each is an option of the operator.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct HostLimits {
    /// How long a request's line and headers may take: from the opening of a connection for its first request, from the
    /// first byte for those that follow (HTTP/1.1). Past it the connection is closed.
    pub header_read: Duration,
    /// How long nothing may happen: a connection without a request in flight is closed; a request's body that makes no
    /// progress while it is read is an error to its reader; an answer that the caller does not take is broken off.
    pub idle: Duration,
    /// The most bytes of a request's line and headers: status 431. At least 8 KiB are allowed, whatever is asked for.
    pub header_bytes: usize,
    /// The most connections at a time, over all listeners. More are left waiting, not refused: a caller that reconnects
    /// after a refusal costs more than one that waits, and a connection is free again after [`HostLimits::idle`].
    pub connections: usize,
}

impl Default for HostLimits {
    fn default() -> Self {
        Self {
            header_read: Duration::from_secs(10),
            idle: Duration::from_mins(1),
            header_bytes: 64 * 1024,
            connections: 10_000,
        }
    }
}
