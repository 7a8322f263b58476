//! What the benchmarks of calls share: an upstream in memory, and what it answers. The crates of servers link to this folder.

use std::fmt::Write as _;
use std::future::ready;

use bytes::Bytes;
use http::{HeaderMap, HeaderValue, Request, Response, StatusCode, header};
use naftiko_engine::{UpstreamContext, UpstreamError, UpstreamKind, UpstreamService, full};

/// Answers from memory, at once, with the usual headers: with `status` and `body` where the path is `path`, and with 500
/// elsewhere, so that a request that went the wrong way is seen.
#[derive(Clone, Debug)]
pub(crate) struct Memory {
    pub(crate) path: &'static str,
    pub(crate) status: StatusCode,
    pub(crate) body: Bytes,
}

impl UpstreamKind for Memory {
    fn kind(&self) -> &'static str {
        "http"
    }

    fn build(&self, _: UpstreamContext) -> Result<UpstreamService, UpstreamError> {
        let this = self.clone();
        let mut headers = HeaderMap::new();
        for (name, value) in [
            (header::CONTENT_TYPE, "application/json"),
            (header::DATE, "Mon, 23 Nov 2026 06:30:00 GMT"),
            (header::SERVER, "memory"),
            (header::ETAG, "\"5d8c72a5edda\""),
        ] {
            headers.insert(name, HeaderValue::from_static(value));
        }
        headers.insert(header::CONTENT_LENGTH, HeaderValue::from(this.body.len()));
        Ok(UpstreamService::new(tower::service_fn(
            move |request: Request<Bytes>| {
                let mut response = Response::new(full(this.body.clone()));
                response.headers_mut().clone_from(&headers);
                let meant = request.uri().path() == this.path;
                *response.status_mut() = if meant {
                    this.status
                } else {
                    StatusCode::INTERNAL_SERVER_ERROR
                };
                ready(Ok(response))
            },
        )))
    }
}

/// A list as APIs answer it, of about `bytes` bytes.
pub(crate) fn list(bytes: usize) -> Bytes {
    let mut json = String::from("{\"code\":0,\"data\":{\"items\":[");
    for n in 0.. {
        let comma = if n == 0 { "" } else { "," };
        // Writing to a string cannot fail.
        let _ = write!(
            json,
            "{comma}{{\"id\":{n},\"name\":\"item {n}\",\"owner\":{{\"login\":\"user{n}\",\"admin\":false}},\
             \"stars\":{},\"tags\":[\"a\",\"bc\"],\"text\":\"some \\\"text\\\" that nobody asked for\"}}",
            n * 7
        );
        if json.len() >= bytes {
            break;
        }
    }
    json.push_str("]},\"message\":\"ok\"}");
    Bytes::from(json)
}
