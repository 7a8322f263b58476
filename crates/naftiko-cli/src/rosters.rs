//! What this program serves: plain lists.

use std::sync::Arc;
use std::time::Duration;

use naftiko::expose::Registry;
use naftiko_consume_http::{HttpLimits, HttpUpstream};
use naftiko_expose_mcp::McpExposer;
use naftiko_expose_rest::RestExposer;

use crate::args::LimitArgs;

/// The kinds of servers.
pub(crate) fn exposers() -> Registry {
    Registry::new()
        .with(Arc::new(RestExposer))
        .with(Arc::new(McpExposer))
}

/// The kind of consumed APIs.
pub(crate) fn upstreams(limits: &LimitArgs) -> HttpUpstream {
    HttpUpstream::new(HttpLimits {
        connect: Duration::from_secs_f64(limits.connect_timeout),
        total: Duration::from_secs_f64(limits.upstream_timeout),
        ..HttpLimits::default()
    })
}
