//! The kind `mcp`.

use std::sync::Arc;

use naftiko_expose::{BuildError, Exposer, ExposerKind, ExposureContext, Home, StreamServer};
use naftiko_plan::{DecodedExposure, Transport};
use naftiko_spec::{Context, Exposure};

use crate::decode::decode;
use crate::front::Front;
use crate::server::Server;

/// Serves units as MCP tools, beside resources and prompts: `type: mcp`.
#[derive(Clone, Copy, Debug, Default)]
pub struct McpExposer;

impl ExposerKind for McpExposer {
    fn kind(&self) -> &'static str {
        "mcp"
    }

    fn path(&self) -> &'static str {
        "/mcp"
    }

    fn decode(&self, exposure: &Exposure, cx: &mut Context<'_>) -> DecodedExposure {
        decode(exposure, None, cx)
    }

    fn decode_at(&self, exposure: &Exposure, home: &Home, cx: &mut Context<'_>) -> DecodedExposure {
        decode(exposure, Some(home), cx)
    }

    fn build(&self, context: &ExposureContext) -> Result<Exposer, BuildError> {
        let front = Arc::new(Front::new(Server::new(context)?));
        Ok(match context.plan()?.transport {
            Transport::Http => Exposer::Http(front.into_service()),
            Transport::Stdio => Exposer::Stdio(front),
        })
    }

    fn build_stdio(&self, context: &ExposureContext) -> Result<Arc<dyn StreamServer>, BuildError> {
        Ok(Arc::new(Front::new(Server::new(context)?)))
    }
}
