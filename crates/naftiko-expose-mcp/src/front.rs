//! What stands between a transport and the protocol: the checks and answers that the protocol's library leaves open.
//!
//! A [`Front`] takes one message with its headers, whatever transport it came through, refuses what is no message, keeps
//! track of sessions and of the calls in flight, and gives everything else to [`Protocol`]. `http` puts it behind HTTP and
//! `stdio` behind a pair of streams.

mod accept;
mod calls;
pub(crate) mod http;
mod message;
mod reply;
mod sessions;
pub(crate) mod stdio;

use std::sync::Arc;

use ::http::{HeaderMap, Request, StatusCode};
use bytes::Bytes;

use crate::protocol::Protocol;
use crate::server::Server;
use calls::Calls;
use message::{Era, Kind, Message};
use reply::{Reply, SESSION_NOT_FOUND};
use sessions::Sessions;

/// The header that names a session of a client before 2026-07-28.
pub(super) const SESSION: &str = "mcp-session-id";

/// Answers messages of clients.
pub(crate) struct Front {
    protocol: Protocol,
    sessions: Sessions,
    calls: Calls,
    limit: usize,
}

impl Front {
    pub(crate) fn new(server: Server) -> Self {
        Self {
            limit: server.limits.request_body,
            protocol: Protocol::new(Arc::new(server)),
            sessions: Sessions::new(),
            calls: Calls::default(),
        }
    }

    /// Answers a message of `session`, the client that it came from, as far as that is known.
    async fn answer(
        &self,
        message: &Message<'_>,
        body: Bytes,
        headers: HeaderMap,
        session: Option<&str>,
    ) -> Reply {
        match &message.kind {
            // Nothing is asked of clients, so that there is nothing to do with an answer.
            Kind::Response => Reply::accepted(),
            Kind::Notification => {
                if message.method == "notifications/cancelled"
                    && let (Some(session), Some(id)) = (session, message.cancels())
                {
                    self.calls.cancel(session, id);
                }
                self.forward(body, headers).await
            }
            Kind::Request { id } => match session {
                Some(session) => {
                    let call = self.calls.enter(session, id);
                    tokio::select! {
                        biased;
                        // A cancelled request has no answer; dropping the other branch cancels it.
                        () = call.cancelled() => Reply::accepted(),
                        reply = self.forward(body, headers) => reply.for_id(id),
                    }
                }
                None => self.forward(body, headers).await.for_id(id),
            },
        }
    }

    async fn forward(&self, body: Bytes, headers: HeaderMap) -> Reply {
        let mut request = Request::new(body);
        *request.method_mut() = ::http::Method::POST;
        *request.headers_mut() = headers;
        Reply::of(self.protocol.answer(request).await)
    }

    /// The session that a message belongs to.
    ///
    /// # Errors
    /// It names one that this server does not know, or knows to be over.
    fn session<'h>(
        &self,
        message: &Message<'_>,
        headers: &'h HeaderMap,
    ) -> Result<Option<&'h str>, Reply> {
        // The new era has no sessions: the header means nothing there.
        if message.era == Era::Modern || message.method == "initialize" {
            return Ok(None);
        }
        let Some(named) = headers.get(SESSION) else {
            return Ok(None);
        };
        match named.to_str().ok().filter(|id| self.sessions.knows(id)) {
            Some(id) => Ok(Some(id)),
            None => Err(Reply::error(
                StatusCode::NOT_FOUND,
                message.id(),
                SESSION_NOT_FOUND,
                "there is no such session; start one with `initialize`",
            )),
        }
    }
}
