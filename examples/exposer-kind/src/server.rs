//! JSON-RPC 2.0 over HTTP POST: requests, notifications and batches, within bounds.

use std::collections::BTreeMap;
use std::sync::Arc;

use bytes::Bytes;
use http::header::{ALLOW, CONTENT_TYPE, HeaderValue};
use http::{Method, Request, Response, StatusCode};
use naftiko::engine::{Body, Engine, FlowError, FlowOutput, collect, empty, full};
use naftiko::expose::{BodyProblem, ExposureLimits, IncomingBody, read_body};
use naftiko::plan::{Broken, FlowId};
use naftiko::{CallError, by_name};
use serde::Serialize;
use serde_json::value::RawValue;
use serde_json::{Map, Value};

/// How many requests one batch may hold; each is a call of an upstream.
const BATCH: usize = 20;

/// One server.
#[derive(Debug)]
pub(crate) struct Server {
    pub(crate) engine: Arc<Engine>,
    /// What each method runs, or why it cannot.
    pub(crate) methods: BTreeMap<String, Result<FlowId, Broken>>,
    pub(crate) batches: bool,
    pub(crate) limits: ExposureLimits,
}

/// What a request gets back, unless it is a notification.
#[derive(Debug, Serialize)]
struct Reply {
    jsonrpc: &'static str,
    #[serde(flatten)]
    outcome: Outcome,
    id: Value,
}

#[derive(Debug, Serialize)]
#[serde(rename_all = "lowercase")]
enum Outcome {
    Result(Box<RawValue>),
    Error { code: i32, message: String },
}

impl Outcome {
    fn error(code: i32, message: impl Into<String>) -> Self {
        let message = message.into();
        Outcome::Error { code, message }
    }

    fn with(self, id: Value) -> Reply {
        Reply {
            jsonrpc: "2.0",
            outcome: self,
            id,
        }
    }
}

impl Server {
    /// Answers an HTTP request, whatever it is.
    pub(crate) async fn answer(&self, request: Request<IncomingBody>) -> Response<Body> {
        if request.method() != Method::POST {
            let mut response = status(StatusCode::METHOD_NOT_ALLOWED);
            response
                .headers_mut()
                .insert(ALLOW, HeaderValue::from_static("POST"));
            return response;
        }
        let body = match read_body(request.into_body(), self.limits.request_body).await {
            Ok(body) => body,
            Err(BodyProblem::TooLarge) => return status(StatusCode::PAYLOAD_TOO_LARGE),
            Err(BodyProblem::Broken) => return status(StatusCode::BAD_REQUEST),
        };
        let replies = match serde_json::from_slice(&body) {
            Ok(Value::Array(batch)) if self.batches => self.batch(batch).await,
            Ok(one) => self.one(one).await.as_ref().map(text),
            Err(_) => Some(text(
                &Outcome::error(-32700, "the body is no JSON").with(Value::Null),
            )),
        };
        let Some(replies) = replies else {
            return status(StatusCode::NO_CONTENT);
        };
        let mut response = Response::new(full(replies));
        let json = HeaderValue::from_static("application/json");
        response.headers_mut().insert(CONTENT_TYPE, json);
        response
    }

    /// One after the other: a caller gets no more of an upstream at a time by writing a batch.
    async fn batch(&self, batch: Vec<Value>) -> Option<Vec<u8>> {
        if batch.is_empty() || batch.len() > BATCH {
            let error = Outcome::error(-32600, format!("a batch holds 1 to {BATCH} requests"));
            return Some(text(&error.with(Value::Null)));
        }
        let mut replies = Vec::new();
        for request in batch {
            replies.extend(self.one(request).await);
        }
        (!replies.is_empty()).then(|| text(&replies))
    }

    /// The reply to a request; none to a notification.
    async fn one(&self, request: Value) -> Option<Reply> {
        let Value::Object(mut request) = request else {
            return Some(Outcome::error(-32600, "a request is an object").with(Value::Null));
        };
        let id = request.remove("id");
        let valid = matches!(
            id,
            None | Some(Value::Null | Value::String(_) | Value::Number(_))
        );
        let version = request.get("jsonrpc").and_then(Value::as_str);
        let (Some(Value::String(method)), Some("2.0"), true) =
            (request.get("method"), version, valid)
        else {
            return Some(Outcome::error(-32600, "no request of JSON-RPC 2.0").with(Value::Null));
        };
        let outcome = match self.methods.get(method) {
            None => Outcome::error(-32601, "there is no such method"),
            Some(Err(broken)) => Outcome::error(-32601, broken.message.as_str()),
            Some(Ok(flow)) => {
                let params = request.remove("params");
                self.run(*flow, params)
                    .await
                    .unwrap_or_else(|error| outcome_of(&error))
            }
        };
        id.map(|id| outcome.with(id))
    }

    async fn run(&self, id: FlowId, params: Option<Value>) -> Result<Outcome, CallError> {
        let flow = self.engine.plan().flow(id).ok_or(FlowError::NoSuchFlow)?;
        let members = match params {
            None => Map::new(),
            Some(Value::Object(members)) => members,
            Some(_) => return Err(CallError::NotAnObject),
        };
        let arguments = by_name(flow, members)?;
        let body = match self.engine.run(id, &arguments).await? {
            FlowOutput::Value { bytes, .. } => bytes,
            FlowOutput::Empty { .. } => Bytes::from_static(b"null"),
            FlowOutput::Relay { success, response } => {
                if !success {
                    let told = format!("the upstream API answered {}", response.status());
                    return Ok(Outcome::error(-32000, told));
                }
                let body = collect(response.into_body(), self.limits.relayed).await;
                body.map_err(FlowError::Upstream)?
            }
        };
        Ok(match serde_json::from_slice(&body) {
            Ok(raw) => Outcome::Result(raw),
            Err(_) => Outcome::error(-32000, "the upstream API answered no JSON"),
        })
    }
}

/// Says what callers may know: the sentences name inputs, never an address or a secret.
fn outcome_of(error: &CallError) -> Outcome {
    let code = match error {
        CallError::NotAnObject | CallError::UnknownArgument { .. } => -32602,
        CallError::Flow(FlowError::Input(_) | FlowError::Request(_)) => -32602,
        _ => -32000,
    };
    Outcome::error(code, error.to_string())
}

fn text(reply: &impl Serialize) -> Vec<u8> {
    // Maps with text keys, texts and JSON: nothing of it can fail.
    serde_json::to_vec(reply).unwrap_or_default()
}

fn status(status: StatusCode) -> Response<Body> {
    let mut response = Response::new(empty());
    *response.status_mut() = status;
    response
}
