//! An exposer below a path of another gateway.

use std::convert::Infallible;
use std::error::Error;
use std::fmt;
use std::future::{Ready, ready};
use std::task::{Context, Poll};

use bytes::Bytes;
use futures_util::future::Either;
use http::header::{CONTENT_TYPE, HeaderValue};
use http::uri::PathAndQuery;
use http::{Request, Response, StatusCode, Uri};
use naftiko_engine::{Body, full};
use tower::util::Oneshot;
use tower::{Service, ServiceExt};

use crate::message::{HttpService, IncomingBody, incoming};

const NOT_FOUND: &str = r#"{"type":"urn:naftiko:problem:not-found","title":"Not Found","status":404,"detail":"there is nothing at this path"}"#;

/// A service that is mounted under a path: it sees requests as if it stood at the root, and what is outside of the
/// path is answered with 404. Bodies may be of any kind, so that it fits every server and router.
///
/// The prefix is compared segment by segment as it is written: `/shop` covers `/shop`, `/shop/` and `/shop/v1`, and
/// neither `/shopping` nor `/%73hop`.
#[derive(Clone)]
pub struct Mounted {
    /// Without a slash at the end: empty for the root.
    prefix: String,
    inner: HttpService,
}

/// A path that nothing can be mounted under.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct InvalidPrefix(pub String);

impl fmt::Display for InvalidPrefix {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(
            f,
            "`{}` is no path to mount under: write it as `/shop` or `/api/shop`",
            self.0.escape_debug()
        )
    }
}

impl Error for InvalidPrefix {}

impl Mounted {
    /// Mounts `inner` under `prefix`: `/shop`, or `/` for the root, where another router has stripped the path already.
    ///
    /// # Errors
    /// It does not begin with `/`, has an empty segment or `.` or `..`, or is no path at all.
    pub fn new(prefix: &str, inner: HttpService) -> Result<Self, InvalidPrefix> {
        let invalid = || InvalidPrefix(prefix.to_owned());
        let path = prefix.strip_suffix('/').unwrap_or(prefix);
        let segments = path.strip_prefix('/');
        let odd = |segment: &str| matches!(segment, "" | "." | "..");
        match segments {
            None if prefix == "/" => {}
            Some(segments) if !segments.split('/').any(odd) => {
                let parsed: PathAndQuery = path.parse().map_err(|_| invalid())?;
                // A query or a fragment would be no part of the path.
                if parsed.path() != path {
                    return Err(invalid());
                }
            }
            _ => return Err(invalid()),
        }
        Ok(Self {
            prefix: path.to_owned(),
            inner,
        })
    }

    /// The target without the prefix, when it is below.
    fn strip(&self, uri: &Uri) -> Option<Uri> {
        let rest = uri.path().strip_prefix(self.prefix.as_str())?;
        let path = match rest.as_bytes().first() {
            None => "/",
            Some(b'/') => rest,
            Some(_) => return None,
        };
        let target = match uri.query() {
            Some(query) => format!("{path}?{query}"),
            None => path.to_owned(),
        };
        let mut parts = uri.clone().into_parts();
        parts.path_and_query = Some(PathAndQuery::try_from(target).ok()?);
        Uri::from_parts(parts).ok()
    }
}

impl fmt::Debug for Mounted {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Mounted")
            .field("prefix", &self.prefix)
            .finish_non_exhaustive()
    }
}

impl<B> Service<Request<B>> for Mounted
where
    B: http_body::Body<Data = Bytes> + Send + 'static,
    B::Error: Into<Box<dyn Error + Send + Sync>>,
{
    type Response = Response<Body>;
    type Error = Infallible;
    type Future = Either<
        Oneshot<HttpService, Request<IncomingBody>>,
        Ready<Result<Response<Body>, Infallible>>,
    >;

    fn poll_ready(&mut self, _: &mut Context<'_>) -> Poll<Result<(), Infallible>> {
        // The clone that gets the request waits for its own readiness.
        Poll::Ready(Ok(()))
    }

    fn call(&mut self, mut request: Request<B>) -> Self::Future {
        if !self.prefix.is_empty() {
            match self.strip(request.uri()) {
                Some(uri) => *request.uri_mut() = uri,
                None => return Either::Right(ready(Ok(not_found()))),
            }
        }
        Either::Left(self.inner.clone().oneshot(request.map(incoming)))
    }
}

fn not_found() -> Response<Body> {
    let mut response = Response::new(full(NOT_FOUND));
    *response.status_mut() = StatusCode::NOT_FOUND;
    let json = HeaderValue::from_static("application/problem+json");
    response.headers_mut().insert(CONTENT_TYPE, json);
    response
}

#[cfg(test)]
mod tests {
    use http_body_util::{BodyExt, Full};

    use super::*;

    /// Answers with the target that it sees.
    fn echo() -> HttpService {
        HttpService::new(tower::service_fn(
            |request: Request<IncomingBody>| async move {
                Ok::<_, Infallible>(Response::new(full(request.uri().to_string())))
            },
        ))
    }

    fn seen(prefix: &str, target: &str) -> (u16, String) {
        let mounted = Mounted::new(prefix, echo()).unwrap();
        let request = Request::get(target).body(Full::new(Bytes::new())).unwrap();
        let runtime = tokio::runtime::Builder::new_current_thread()
            .build()
            .unwrap();
        runtime.block_on(async {
            let response = mounted.oneshot(request).await.unwrap();
            let status = response.status().as_u16();
            let body = response.into_body().collect().await.unwrap().to_bytes();
            (status, String::from_utf8(body.to_vec()).unwrap())
        })
    }

    #[test]
    fn the_prefix_is_stripped_by_segments() {
        for (prefix, target, inside) in [
            ("/shop", "/shop", "/"),
            ("/shop", "/shop/", "/"),
            ("/shop", "/shop?a=/shop", "/?a=/shop"),
            ("/shop/", "/shop/v1/x%2Fy?q=1", "/v1/x%2Fy?q=1"),
            ("/shop", "/shop//v1", "//v1"),
            ("/api/shop", "/api/shop/v1", "/v1"),
            ("/shop", "http://host:1/shop/v1", "http://host:1/v1"),
            ("/", "/shop/v1?q", "/shop/v1?q"),
        ] {
            assert_eq!(seen(prefix, target), (200, inside.to_owned()), "{target}");
        }
        for target in [
            "/",
            "/shopping",
            "/%73hop",
            "/SHOP/v1",
            "/x/shop",
            "//shop",
            "*",
        ] {
            let (status, body) = seen("/shop", target);
            assert_eq!(status, 404, "{target}");
            assert_eq!(body, NOT_FOUND);
        }
    }

    #[test]
    fn odd_prefixes_are_refused() {
        for prefix in [
            "", "shop", "//", "/a//b", "/a/../b", "/a?b", "/a#b", "/a b", "/a/./",
        ] {
            assert!(Mounted::new(prefix, echo()).is_err(), "{prefix}");
        }
    }

    #[test]
    fn the_refusal_is_json() {
        let read: std::collections::BTreeMap<String, serde_json::Value> =
            serde_json::from_str(NOT_FOUND).unwrap();
        assert_eq!(read["status"], 404);
    }
}
