//! One call: a request, the redirects that it meets, an answer; all within one time limit.

use std::time::Instant;

use bytes::Bytes;
use http::header::{CONTENT_LENGTH, HeaderValue};
use http::{Method, Request, Response, request};
use naftiko_engine::{Body, UpstreamError};
use reqwest::{Client, Url};

use crate::answer::answer;
use crate::failure::failure;
use crate::limits::HttpLimits;
use crate::redirect;
use crate::target::Origin;

/// What the calls of one upstream share.
#[derive(Debug)]
pub(crate) struct Exchange {
    client: Client,
    origin: Origin,
    limits: HttpLimits,
}

impl Exchange {
    pub(crate) fn new(client: Client, origin: Origin, limits: HttpLimits) -> Self {
        Self {
            client,
            origin,
            limits,
        }
    }

    /// Sends a request and gives the answer at the end of its redirects. Dropping the future, or the body of the
    /// answer, closes the connection or resets the stream.
    pub(crate) async fn run(
        &self,
        request: Request<Bytes>,
    ) -> Result<Response<Body>, UpstreamError> {
        let begun = Instant::now();
        let (parts, body) = request.into_parts();
        let mut url = self.origin.target(&parts.uri)?;
        let safe = matches!(parts.method, Method::GET | Method::HEAD);
        let mut left = Vec::new();
        loop {
            let response = self.send(&parts, url, &body, begun).await?;
            let from = response.url();
            let next = if safe && left.len() < self.limits.redirects {
                redirect::next(response.status(), response.headers(), from)
            } else {
                None
            };
            match next {
                // The same request cannot lead elsewhere the second time: there are no cookies.
                Some(next) if next != *from && !left.contains(&next) => {
                    left.push(from.clone());
                    url = next;
                }
                _ => return answer(&parts.method, response, self.limits.headers),
            }
        }
    }

    async fn send(
        &self,
        parts: &request::Parts,
        url: Url,
        body: &Bytes,
        begun: Instant,
    ) -> Result<reqwest::Response, UpstreamError> {
        let mut request = reqwest::Request::new(parts.method.clone(), url);
        *request.headers_mut() = parts.headers.clone();
        // What earlier redirects left of the time. It covers the body of the answer too.
        *request.timeout_mut() = Some(self.limits.total.saturating_sub(begun.elapsed()));
        if !body.is_empty() {
            *request.body_mut() = Some(body.clone().into());
        } else if matches!(parts.method, Method::POST | Method::PUT | Method::PATCH) {
            // The client leaves it out, and some servers then answer 411 (RFC 9110, section 8.6).
            let headers = request.headers_mut();
            headers.insert(CONTENT_LENGTH, HeaderValue::from_static("0"));
        }
        self.client.execute(request).await.map_err(failure)
    }
}
