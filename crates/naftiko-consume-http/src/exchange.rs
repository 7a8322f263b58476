//! One call: a request, the redirects that it meets, an answer; all within one time limit.

use std::pin::pin;

use bytes::Bytes;
use futures_util::future::{Either, select};
use http::header::{CONTENT_LENGTH, HeaderValue};
use http::{Method, Request, Response};
use naftiko_engine::{Body, UpstreamError};
use tokio::time::sleep;

use crate::answer::answer;
use crate::client::Client;
use crate::failure::{failure, too_late};
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
        let (mut parts, body) = request.into_parts();
        self.origin.check(&parts.uri)?;
        self.client.complete(&mut parts);
        if body.is_empty() && matches!(parts.method, Method::POST | Method::PUT | Method::PATCH) {
            // The client leaves it out, and some servers then answer 411 (RFC 9110, section 8.6).
            parts
                .headers
                .insert(CONTENT_LENGTH, HeaderValue::from_static("0"));
        }
        // It covers redirects, and the body of the answer.
        let mut timer = Box::pin(sleep(self.limits.total));
        let safe = matches!(parts.method, Method::GET | Method::HEAD);
        let mut left = Vec::new();
        loop {
            let response = match select(pin!(self.client.send(&parts, &body)), &mut timer).await {
                Either::Left((sent, _)) => sent.map_err(|error| failure(&error))?,
                Either::Right(_) => return Err(too_late(self.limits.total)),
            };
            let next = if safe && left.len() < self.limits.redirects {
                redirect::next(response.status(), response.headers(), &parts.uri)
            } else {
                None
            };
            match next {
                // The same request cannot lead elsewhere the second time: there are no cookies.
                Some(next) if next != parts.uri && !left.contains(&next) => {
                    left.push(std::mem::replace(&mut parts.uri, next));
                }
                _ => return answer(&parts.method, response, timer, &self.limits),
            }
        }
    }
}
