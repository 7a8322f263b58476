//! The front behind HTTP: one endpoint for clients of every revision.

use std::convert::Infallible;
use std::sync::Arc;

use bytes::Bytes;
use http::header::{ALLOW, CACHE_CONTROL, CONTENT_TYPE};
use http::{HeaderMap, HeaderName, HeaderValue, Method, Request, Response, StatusCode};
use naftiko_engine::{Body, empty, full};
use naftiko_expose::{BodyProblem, HttpService, IncomingBody, read_body};

use super::message::{Era, Message};
use super::reply::{INVALID_REQUEST, PARSE_ERROR, REFUSED, Reply, SESSION_NOT_FOUND};
use super::{Front, SESSION, accept};

/// Where clients find the server.
const PATHS: [&str; 3] = ["/mcp", "/mcp/", "/"];

/// Headers that the protocol reads; no other reaches it.
const READ: [&str; 3] = ["mcp-protocol-version", "mcp-method", "mcp-name"];

/// Headers of parameters, which the protocol reads too.
const PARAMETER: &str = "mcp-param-";

impl Front {
    /// The front as a service.
    pub(crate) fn into_service(self: Arc<Self>) -> HttpService {
        HttpService::new(tower::service_fn(move |request| {
            let front = Arc::clone(&self);
            async move { Ok::<_, Infallible>(front.serve(request).await) }
        }))
    }

    async fn serve(&self, request: Request<IncomingBody>) -> Response<Body> {
        if !PATHS.contains(&request.uri().path()) {
            return refusal(StatusCode::NOT_FOUND, "the MCP endpoint is `/mcp`");
        }
        match *request.method() {
            Method::POST => self.post(request).await,
            Method::DELETE => self.delete(request.headers()),
            // Nothing is ever sent that was not asked for, so that there is no stream to open.
            _ => not_allowed(),
        }
    }

    async fn post(&self, request: Request<IncomingBody>) -> Response<Body> {
        let (parts, body) = request.into_parts();
        if !accept::takes_json(&parts.headers) {
            return refusal(
                StatusCode::NOT_ACCEPTABLE,
                "answers are `application/json`: accept it",
            );
        }
        if !accept::sends_json(&parts.headers) {
            return refusal(
                StatusCode::UNSUPPORTED_MEDIA_TYPE,
                "messages are `application/json`: say so in Content-Type",
            );
        }
        let body = match read_body(body, self.limit).await {
            Ok(body) => body,
            Err(BodyProblem::TooLarge) => {
                let text = format!("the message is longer than {} bytes", self.limit);
                let reply =
                    Reply::error(StatusCode::PAYLOAD_TOO_LARGE, None, INVALID_REQUEST, &text);
                return written(reply);
            }
            Err(BodyProblem::Broken) => {
                let text = "the message broke off";
                let reply = Reply::error(StatusCode::BAD_REQUEST, None, PARSE_ERROR, text);
                return written(reply);
            }
        };
        self.message(body, &parts.headers)
            .await
            .unwrap_or_else(written)
    }

    async fn message(&self, body: Bytes, headers: &HeaderMap) -> Result<Response<Body>, Reply> {
        let message = Message::read(&body, headers)?;
        let session = self.session(&message, headers)?;
        let reply = self
            .answer(&message, body.clone(), protocol_headers(headers), session)
            .await;
        let starts = message.era == Era::Legacy && message.method == "initialize";
        let starts = starts && reply.is_result();
        let mut response = written(reply);
        if starts && let Ok(id) = HeaderValue::try_from(self.sessions.start()) {
            response
                .headers_mut()
                .insert(HeaderName::from_static(SESSION), id);
        }
        Ok(response)
    }

    fn delete(&self, headers: &HeaderMap) -> Response<Body> {
        let Some(session) = headers.get(SESSION) else {
            return not_allowed();
        };
        if session.to_str().is_ok_and(|id| self.sessions.end(id)) {
            let mut response = Response::new(empty());
            *response.status_mut() = StatusCode::NO_CONTENT;
            return response;
        }
        let text = "there is no such session";
        written(Reply::error(
            StatusCode::NOT_FOUND,
            None,
            SESSION_NOT_FOUND,
            text,
        ))
    }
}

/// The headers that the protocol reads.
fn protocol_headers(headers: &HeaderMap) -> HeaderMap {
    let mut kept = HeaderMap::new();
    for (name, value) in headers {
        if READ.contains(&name.as_str()) || name.as_str().starts_with(PARAMETER) {
            kept.append(name, value.clone());
        }
    }
    kept
}

fn not_allowed() -> Response<Body> {
    let mut response = refusal(
        StatusCode::METHOD_NOT_ALLOWED,
        "send messages with POST, end a session with DELETE",
    );
    response
        .headers_mut()
        .insert(ALLOW, HeaderValue::from_static("POST, DELETE"));
    response
}

/// A refusal of the transport, before any message is looked at.
fn refusal(status: StatusCode, text: &str) -> Response<Body> {
    written(Reply::error(status, None, REFUSED, text))
}

fn written(reply: Reply) -> Response<Body> {
    let body = if reply.body.is_empty() {
        empty()
    } else {
        full(reply.body)
    };
    let has_body = !http_body::Body::is_end_stream(&body);
    let mut response = Response::new(body);
    *response.status_mut() = reply.status;
    if has_body {
        let headers = response.headers_mut();
        headers.insert(CONTENT_TYPE, HeaderValue::from_static("application/json"));
        headers.insert(CACHE_CONTROL, HeaderValue::from_static("no-store"));
    }
    response
}
