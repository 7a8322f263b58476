//! Answers that the host gives itself: problem documents (RFC 9457).

use http::header::{CACHE_CONTROL, CONTENT_TYPE, X_CONTENT_TYPE_OPTIONS};
use http::{HeaderValue, Response, StatusCode};
use naftiko_engine::{Body, full};

/// A problem document of the stable type `word`. `detail` may hold what a caller wrote: it is escaped as JSON and typed as JSON.
pub(crate) fn problem(status: StatusCode, word: &str, detail: &str) -> Response<Body> {
    let document = serde_json::json!({
        "type": format!("urn:naftiko:problem:{word}"),
        "title": status.canonical_reason().unwrap_or("Error"),
        "status": status.as_u16(),
        "detail": detail,
    });
    let mut response = Response::new(full(document.to_string()));
    *response.status_mut() = status;
    let headers = response.headers_mut();
    headers.insert(
        CONTENT_TYPE,
        HeaderValue::from_static("application/problem+json"),
    );
    headers.insert(X_CONTENT_TYPE_OPTIONS, HeaderValue::from_static("nosniff"));
    headers.insert(CACHE_CONTROL, HeaderValue::from_static("no-store"));
    response
}
