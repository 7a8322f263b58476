//! What the program `naftiko` serves and consumes: a plain list.

use std::time::Duration;

use naftiko::Kinds;
use naftiko_consume_http::{HttpLimits, HttpUpstream};
use naftiko_expose_mcp::McpExposer;
use naftiko_expose_rest::RestExposer;

/// What the command line says of calls to upstreams: what kinds of consumed APIs are made from.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct UpstreamLimits {
    /// Time to connect (`--connect-timeout`; 10 seconds).
    pub connect: Duration,
    /// Time for a whole call (`--upstream-timeout`; 60 seconds).
    pub total: Duration,
}

impl Default for UpstreamLimits {
    fn default() -> Self {
        let limits = HttpLimits::default();
        Self {
            connect: limits.connect,
            total: limits.total,
        }
    }
}

/// The kinds of the program `naftiko`: `rest` and `mcp` servers, `http` APIs.
pub fn stock(limits: &UpstreamLimits) -> Kinds {
    Kinds::new()
        .exposer(RestExposer)
        .exposer(McpExposer)
        .upstream(http(limits))
}

/// The kind `http`, which the sandbox is called by too.
pub(crate) fn http(limits: &UpstreamLimits) -> HttpUpstream {
    HttpUpstream::new(HttpLimits {
        connect: limits.connect,
        total: limits.total,
        ..HttpLimits::default()
    })
}
