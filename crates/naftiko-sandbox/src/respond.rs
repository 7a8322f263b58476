//! Responses: JSON, and what is said about requests that mean no operation.

use bytes::Bytes;
use http::{HeaderValue, Response, StatusCode, header};
use http_body_util::Full;
use serde_json::{Value, json};

/// The most operations that a 404 lists.
const MAX_LISTED: usize = 200;

/// A response with a JSON body.
pub(crate) fn json_bytes(status: u16, body: Vec<u8>) -> Response<Full<Bytes>> {
    let mut response = Response::new(Full::new(Bytes::from(body)));
    *response.status_mut() = StatusCode::from_u16(status).unwrap_or(StatusCode::OK);
    let headers = response.headers_mut();
    headers.insert(
        header::CONTENT_TYPE,
        HeaderValue::from_static("application/json"),
    );
    headers.insert(
        header::X_CONTENT_TYPE_OPTIONS,
        HeaderValue::from_static("nosniff"),
    );
    response
}

/// A response with a JSON value.
pub(crate) fn json_value(status: u16, body: &Value) -> Response<Full<Bytes>> {
    json_bytes(status, body.to_string().into_bytes())
}

/// A refusal: a stable name and a sentence.
pub(crate) fn refused(status: u16, error: &str, message: &str) -> Response<Full<Bytes>> {
    json_value(status, &json!({"error": error, "message": message}))
}

/// 404 with a list of what there is.
pub(crate) fn unknown(
    message: &str,
    listing: impl Iterator<Item = String>,
) -> Response<Full<Bytes>> {
    let mut available: Vec<String> = listing.collect();
    let left_out = available.len().saturating_sub(MAX_LISTED);
    available.truncate(MAX_LISTED);
    let mut body = json!({"error": "not_found", "message": message, "available": available});
    if let (Some(body), true) = (body.as_object_mut(), left_out > 0) {
        body.insert("left_out".to_owned(), Value::from(left_out));
    }
    json_value(404, &body)
}

/// 405 with the methods that the path has.
pub(crate) fn wrong_method(mut methods: Vec<&str>) -> Response<Full<Bytes>> {
    if methods.contains(&"GET") && !methods.contains(&"HEAD") {
        methods.push("HEAD");
    }
    methods.sort_unstable();
    methods.dedup();
    let allow = methods.join(", ");
    let message = format!("this path takes {allow}");
    let mut response = refused(405, "method_not_allowed", &message);
    if let Ok(allow) = HeaderValue::from_str(&allow) {
        response.headers_mut().insert(header::ALLOW, allow);
    }
    response
}
