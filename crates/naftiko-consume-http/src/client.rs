//! The client: connections that are kept, and what it adds to requests.

use std::fmt;
use std::sync::Arc;

use bytes::Bytes;
use http::uri::Scheme;
use http::{HeaderValue, Request, Response, header};
use http_body_util::Full;
use hyper::body::Incoming;
use hyper_util::client::legacy::{Client as Pooled, Error};
use hyper_util::client::proxy::matcher::Matcher;
use hyper_util::rt::{TokioExecutor, TokioTimer};
use rustls::ClientConfig;
use tower::Service as _;
use tower_http::decompression::{Decompression, DecompressionBody};

use crate::connect::Connector;
use crate::limits::HttpLimits;

const USER_AGENT: HeaderValue =
    HeaderValue::from_static(concat!("naftiko/", env!("CARGO_PKG_VERSION")));

/// How often a request is sent that servers refused before they looked at it.
const ATTEMPTS: usize = 3;

/// Sends requests. Clones share the connections.
#[derive(Clone)]
pub(crate) struct Client {
    pooled: Pooled<Connector, Full<Bytes>>,
    proxies: Option<Arc<Matcher>>,
}

impl fmt::Debug for Client {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        // The addresses of proxies may hold passwords.
        f.write_str("Client")
    }
}

impl Client {
    pub(crate) fn new(tls: ClientConfig, proxies: Option<Matcher>, limits: &HttpLimits) -> Self {
        let headers = u32::try_from(limits.headers).unwrap_or(u32::MAX);
        let proxies = proxies.map(Arc::new);
        let connector = Connector::new(tls, proxies.clone(), limits.connect);
        let pooled = Pooled::builder(TokioExecutor::new())
            .timer(TokioTimer::new())
            .pool_timer(TokioTimer::new())
            .pool_idle_timeout(limits.idle)
            .http2_max_header_list_size(headers)
            .build(connector);
        Self { pooled, proxies }
    }

    /// Adds what the client says of itself, unless the request says it.
    pub(crate) fn complete(&self, parts: &mut http::request::Parts) {
        let headers = &mut parts.headers;
        headers.entry(header::USER_AGENT).or_insert(USER_AGENT);
        let Some(proxies) = &self.proxies else { return };
        // A tunnel has its own; a proxy that is sent requests wants it on each.
        if parts.uri.scheme() == Some(&Scheme::HTTP)
            && let Some(proxy) = proxies.intercept(&parts.uri)
            && let Some(credential) = proxy.basic_auth()
        {
            headers.insert(header::PROXY_AUTHORIZATION, credential.clone());
        }
    }

    /// Sends a request; gzip is asked for and decoded, unless the request asks for other codings.
    ///
    /// # Errors
    /// There is no answer.
    pub(crate) async fn send(
        &self,
        parts: &http::request::Parts,
        body: &Bytes,
    ) -> Result<Response<DecompressionBody<Incoming>>, Error> {
        let mut attempt = 1;
        loop {
            let request = Request::from_parts(parts.clone(), Full::new(body.clone()));
            let sent = Decompression::new(&self.pooled).call(request).await;
            match sent {
                Err(error) if attempt < ATTEMPTS && was_not_looked_at(&error) => attempt += 1,
                result => return result,
            }
        }
    }
}

/// Whether a server of HTTP/2 said that it did nothing: it goes away in good order (RFC 9113, section 6.8), or has too much
/// to do (section 8.7). Requests that never left are sent again by the client itself.
fn was_not_looked_at(error: &Error) -> bool {
    let mut next = std::error::Error::source(error);
    while let Some(cause) = next {
        if let Some(error) = cause.downcast_ref::<h2::Error>() {
            let reason = error.reason();
            return error.is_remote()
                && (error.is_go_away() && reason == Some(h2::Reason::NO_ERROR)
                    || error.is_reset() && reason == Some(h2::Reason::REFUSED_STREAM));
        }
        next = cause.source();
    }
    false
}
