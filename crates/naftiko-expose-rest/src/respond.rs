//! Answers: what a flow gave, as HTTP (decisions, section 6).

use http::{HeaderMap, HeaderName, HeaderValue, Response, StatusCode, header};
use http_body::Body as _;
use naftiko_engine::{Body, FlowOutput, empty, full};

use crate::encoding::accepted;
use crate::rescue::Problem;

/// Headers of an upstream's answer that are passed on; `RateLimit-*` besides. All others are the upstream's own business:
/// cookies, challenges, cross-origin grants, the connection.
const PASSED: [HeaderName; 9] = [
    header::CONTENT_TYPE,
    header::CONTENT_LANGUAGE,
    header::CONTENT_DISPOSITION,
    header::CONTENT_ENCODING,
    header::ETAG,
    header::LAST_MODIFIED,
    header::CACHE_CONTROL,
    header::RETRY_AFTER,
    header::LINK,
];

/// Forbids browsers to guess that an answer is another kind of content than it says.
pub(crate) fn nosniff(headers: &mut HeaderMap) {
    headers.insert(
        header::X_CONTENT_TYPE_OPTIONS,
        HeaderValue::from_static("nosniff"),
    );
}

/// The answer to a request with the headers `request`.
pub(crate) fn answer(output: FlowOutput, request: &HeaderMap) -> Result<Response<Body>, Problem> {
    match output {
        FlowOutput::Relay { response, .. } => relay(response, request),
        FlowOutput::Value { status, bytes } => {
            let mut response = Response::new(full(bytes));
            *response.status_mut() = match status {
                // These promise that there is no body, or only a part of one.
                StatusCode::NO_CONTENT
                | StatusCode::RESET_CONTENT
                | StatusCode::PARTIAL_CONTENT => StatusCode::OK,
                status => status,
            };
            let headers = response.headers_mut();
            headers.insert(
                header::CONTENT_TYPE,
                HeaderValue::from_static("application/json"),
            );
            nosniff(headers);
            Ok(response)
        }
        FlowOutput::Empty { status } => {
            let mut response = Response::new(empty());
            *response.status_mut() = status;
            nosniff(response.headers_mut());
            Ok(response)
        }
    }
}

/// Passes an upstream's answer on, its body as a stream.
fn relay(upstream: Response<Body>, request: &HeaderMap) -> Result<Response<Body>, Problem> {
    let status = upstream.status();
    // A server that writes 101 hands its connection over.
    if status.is_informational() {
        return Err(Problem::no_answer());
    }
    if !accepted(request, upstream.headers()) {
        return Err(Problem::not_decodable(status));
    }
    let (parts, body) = upstream.into_parts();
    let mut response = Response::new(body);
    *response.status_mut() = status;
    let headers = response.headers_mut();
    for (name, value) in &parts.headers {
        if PASSED.contains(name) || is_rate_limit(name) {
            headers.append(name.clone(), value.clone());
        }
    }
    nosniff(headers);
    Ok(response)
}

fn is_rate_limit(name: &HeaderName) -> bool {
    name.as_str()
        .strip_prefix("ratelimit")
        .is_some_and(|rest| rest.is_empty() || rest.starts_with('-'))
}

/// The answer to HEAD: the headers of GET, and no body.
pub(crate) fn without_body(mut response: Response<Body>) -> Response<Body> {
    let length = response.body().size_hint().exact();
    if let Some(length) = length.filter(|_| may_have_length(response.status())) {
        response
            .headers_mut()
            .insert(header::CONTENT_LENGTH, HeaderValue::from(length));
    }
    *response.body_mut() = empty();
    response
}

fn may_have_length(status: StatusCode) -> bool {
    !matches!(status, StatusCode::NO_CONTENT | StatusCode::NOT_MODIFIED)
}
