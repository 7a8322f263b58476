//! The one place where something that went wrong becomes an answer: `application/problem+json` (RFC 9457).
//!
//! A problem names inputs and codes of the document. It never holds an address, a secret or an internal text, and of what
//! a caller sent only short, escaped beginnings.

use http::{HeaderValue, Response, StatusCode, header};
use naftiko_engine::{Body, FlowError, Origin, RequestProblem, empty, full};
use naftiko_plan::Broken;
use serde_json::{Map, Value};

use crate::respond::nosniff;

/// Why a request has no other answer.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Problem {
    status: StatusCode,
    word: &'static str,
    detail: String,
    input: Option<String>,
    allow: Option<String>,
}

impl Problem {
    /// A problem; `word` is the stable end of its `type`.
    pub(crate) fn new(status: StatusCode, word: &'static str, detail: impl Into<String>) -> Self {
        Self {
            status,
            word,
            detail: detail.into(),
            input: None,
            allow: None,
        }
    }

    /// Names the input that it is about.
    #[must_use]
    pub(crate) fn about(mut self, input: &str) -> Self {
        self.input = Some(input.to_owned());
        self
    }

    /// No operation has the path.
    pub(crate) fn not_found() -> Self {
        Self::new(
            StatusCode::NOT_FOUND,
            "not-found",
            "there is nothing at this path",
        )
    }

    /// No operation of the path has the method.
    pub(crate) fn method_not_allowed(allow: String) -> Self {
        let detail = format!("this path answers {allow}");
        let mut problem = Self::new(StatusCode::METHOD_NOT_ALLOWED, "method-not-allowed", detail);
        problem.allow = Some(allow);
        problem
    }

    /// The path is no text.
    pub(crate) fn bad_path() -> Self {
        let detail = "the path is not UTF-8 text after percent-decoding";
        Self::new(StatusCode::BAD_REQUEST, "invalid-path", detail)
    }

    /// The operation cannot be served.
    pub(crate) fn broken(broken: &Broken) -> Self {
        let detail = format!(
            "this operation has an error (`{}`) and is left out, as the operator allows with `--allow-partial`",
            broken.code
        );
        Self::new(StatusCode::NOT_IMPLEMENTED, "operation-not-served", detail)
    }

    /// The upstream's answer is encoded as the caller does not accept.
    pub(crate) fn not_decodable(upstream: StatusCode) -> Self {
        let status = if upstream.is_client_error() || upstream.is_server_error() {
            upstream
        } else {
            StatusCode::BAD_GATEWAY
        };
        let detail =
            "the upstream API answered with a content coding that `Accept-Encoding` does not list";
        Self::new(status, "upstream-content-encoding", detail)
    }

    /// The upstream answered with a status that cannot be passed on.
    pub(crate) fn no_answer() -> Self {
        let detail = "the upstream API answered something that cannot be used";
        Self::new(StatusCode::BAD_GATEWAY, "upstream-answer-unusable", detail)
    }

    /// The status that it is answered with.
    #[cfg(test)]
    pub(crate) fn status(&self) -> StatusCode {
        self.status
    }

    /// Its stable name.
    pub(crate) fn word(&self) -> &'static str {
        self.word
    }

    /// The answer.
    pub(crate) fn into_response(self) -> Response<Body> {
        let mut document = Map::new();
        document.insert(
            "type".into(),
            format!("urn:naftiko:problem:{}", self.word).into(),
        );
        let title = self.status.canonical_reason().unwrap_or("Error");
        document.insert("title".into(), title.into());
        document.insert("status".into(), self.status.as_u16().into());
        document.insert("detail".into(), self.detail.into());
        if let Some(input) = self.input {
            document.insert("input".into(), input.into());
        }
        let bytes = Value::Object(document).to_string();
        let mut response = Response::new(full(bytes));
        *response.status_mut() = self.status;
        let headers = response.headers_mut();
        headers.insert(
            header::CONTENT_TYPE,
            HeaderValue::from_static("application/problem+json"),
        );
        nosniff(headers);
        if let Some(allow) = self
            .allow
            .and_then(|allow| HeaderValue::try_from(allow).ok())
        {
            headers.insert(header::ALLOW, allow);
        }
        response
    }
}

/// The answer to `OPTIONS`.
pub(crate) fn options(allow: String) -> Response<Body> {
    let mut response = Response::new(empty());
    *response.status_mut() = StatusCode::NO_CONTENT;
    if let Ok(allow) = HeaderValue::try_from(allow) {
        response.headers_mut().insert(header::ALLOW, allow);
    }
    response
}

impl From<FlowError> for Problem {
    fn from(error: FlowError) -> Self {
        let status = match error.origin() {
            Origin::Caller => StatusCode::BAD_REQUEST,
            Origin::Upstream if error.timed_out() => StatusCode::GATEWAY_TIMEOUT,
            Origin::Upstream => StatusCode::BAD_GATEWAY,
            Origin::Internal => StatusCode::INTERNAL_SERVER_ERROR,
        };
        let problem = Self::new(status, error.word(), error.sentence());
        match &error {
            FlowError::Input(input) => problem.about(input.input()),
            FlowError::Request(
                RequestProblem::MissingPathValue(name)
                | RequestProblem::PathSegment(name)
                | RequestProblem::HeaderValue(name),
            ) => problem.about(name),
            FlowError::Request(RequestProblem::Unsendable)
            | FlowError::Upstream(_)
            | FlowError::Unshapable(_)
            | FlowError::NoSuchFlow => problem,
        }
    }
}
