//! The protocol itself, as the library `rmcp` speaks it: the one place that knows the library.
//!
//! `rmcp` knows the messages of every revision, negotiates versions, checks the headers and metadata of 2026-07-28 and
//! shapes results for older clients. Here it answers one message at a time, without sessions and without sockets; what it
//! leaves open stands in `front`.

mod about;
mod convert;
mod handler;
mod splice;
#[cfg(test)]
mod tests;

use std::sync::Arc;

use bytes::Bytes;
use http::{HeaderValue, Request, Response};
use http_body_util::{BodyExt, Full};
use rmcp::transport::streamable_http_server::session::never::NeverSessionManager;
use rmcp::transport::streamable_http_server::{StreamableHttpServerConfig, StreamableHttpService};

use crate::server::Server;
use handler::Handler;
use splice::Slot;

/// Answers messages.
#[derive(Clone)]
pub(crate) struct Protocol {
    service: StreamableHttpService<Arc<Handler>, NeverSessionManager>,
}

impl Protocol {
    /// Speaks for `server`.
    pub(crate) fn new(server: Arc<Server>) -> Self {
        // The bodies that come here are already read and bounded, Host and Origin already checked.
        let mut config = StreamableHttpServerConfig::default()
            .with_legacy_session_mode(false)
            .with_json_response(true)
            .disable_allowed_hosts()
            .disable_allowed_origins()
            .with_max_request_body_bytes(usize::MAX);
        config.sse_keep_alive = None;
        let handler = Arc::new(Handler::new(server));
        let factory = move || Ok(Arc::clone(&handler));
        let sessions = Arc::new(NeverSessionManager::default());
        Self {
            service: StreamableHttpService::new(factory, sessions, config),
        }
    }

    /// Answers one message: `request` is a POST with the message's own headers. Dropping the future cancels the call.
    pub(crate) async fn answer(&self, mut request: Request<Bytes>) -> Response<Bytes> {
        use http::header::{ACCEPT, CONTENT_TYPE, HOST};
        let headers = request.headers_mut();
        // The library wants some name there, though it checks none.
        headers.insert(HOST, HeaderValue::from_static("localhost"));
        // The library wants both types; with JSON answers it sends only one, which every client takes.
        headers.insert(
            ACCEPT,
            HeaderValue::from_static("application/json, text/event-stream"),
        );
        headers.insert(CONTENT_TYPE, HeaderValue::from_static("application/json"));
        let slot = Slot::default();
        request.extensions_mut().insert(slot.clone());
        let answer = self.service.handle(request.map(Full::new)).await;
        let (parts, body) = answer.into_parts();
        let body = match body.collect().await {
            Ok(body) => body.to_bytes(),
            Err(never) => match never {},
        };
        Response::from_parts(parts, slot.fill(body))
    }
}
