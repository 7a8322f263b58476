//! Answers: status, headers and a body that streams.

use std::future::Future as _;
use std::pin::Pin;
use std::task::{Context, Poll, ready};
use std::time::Duration;

use bytes::Bytes;
use http::{HeaderMap, Method, Response, StatusCode};
use http_body::{Frame, SizeHint};
use http_body_util::BodyExt;
use hyper::body::Incoming;
use naftiko_engine::{Body, UpstreamError, UpstreamErrorKind, empty};
use tokio::time::Sleep;
use tower_http::decompression::DecompressionBody;

use crate::failure::{failure, too_late};
use crate::limits::HttpLimits;

/// The answer to a request of `method`, whose body is to be there before `timer` ends; `limits` say how long that
/// is, and how many bytes its headers may have.
pub(crate) fn answer(
    method: &Method,
    response: Response<DecompressionBody<Incoming>>,
    timer: Pin<Box<Sleep>>,
    limits: &HttpLimits,
) -> Result<Response<Body>, UpstreamError> {
    let (parts, body) = response.into_parts();
    // 101 is the only one below 200 that gets here. Nobody asked for another protocol.
    if parts.status.is_informational() {
        return Err(UpstreamError::new(
            UpstreamErrorKind::Broken,
            "the answer switches to another protocol",
        ));
    }
    // The client buffers more than this of a head, but not much: a head of hundreds of kilobytes fails in it.
    if size(&parts.headers) > limits.headers {
        return Err(UpstreamError::new(
            UpstreamErrorKind::TooLarge,
            format!("more than {} bytes of headers", limits.headers),
        ));
    }
    let bodiless = method == Method::HEAD
        || matches!(
            parts.status,
            StatusCode::NO_CONTENT | StatusCode::RESET_CONTENT | StatusCode::NOT_MODIFIED
        );
    let body = if bodiless {
        empty()
    } else {
        AnswerBody {
            inner: Some(body),
            timer,
            total: limits.total,
        }
        .boxed_unsync()
    };
    // The extensions stay behind: they know addresses.
    let mut answer = Response::new(body);
    *answer.status_mut() = parts.status;
    *answer.version_mut() = parts.version;
    *answer.headers_mut() = parts.headers;
    Ok(answer)
}

/// The bytes of headers as HTTP/1.1 writes them.
fn size(headers: &HeaderMap) -> usize {
    headers
        .iter()
        .map(|(name, value)| name.as_str().len() + value.len() + 4)
        .sum()
}

/// The data of a body, without trailers. Its client is given up with the first error, so that no connection outlives
/// what cannot be read.
struct AnswerBody {
    inner: Option<DecompressionBody<Incoming>>,
    timer: Pin<Box<Sleep>>,
    total: Duration,
}

impl http_body::Body for AnswerBody {
    type Data = Bytes;
    type Error = UpstreamError;

    fn poll_frame(
        mut self: Pin<&mut Self>,
        cx: &mut Context<'_>,
    ) -> Poll<Option<Result<Frame<Bytes>, UpstreamError>>> {
        loop {
            let this = &mut *self;
            let Some(inner) = &mut this.inner else {
                return Poll::Ready(None);
            };
            let frame = match Pin::new(inner).poll_frame(cx) {
                Poll::Ready(frame) => frame,
                Poll::Pending => {
                    ready!(this.timer.as_mut().poll(cx));
                    this.inner = None;
                    return Poll::Ready(Some(Err(too_late(this.total))));
                }
            };
            match frame {
                Some(Ok(frame)) if frame.is_data() => return Poll::Ready(Some(Ok(frame))),
                Some(Ok(_)) => {}
                Some(Err(error)) => {
                    self.inner = None;
                    return Poll::Ready(Some(Err(failure(&*error))));
                }
                None => {
                    self.inner = None;
                    return Poll::Ready(None);
                }
            }
        }
    }

    fn size_hint(&self) -> SizeHint {
        self.inner
            .as_ref()
            .map_or_else(|| SizeHint::with_exact(0), http_body::Body::size_hint)
    }

    fn is_end_stream(&self) -> bool {
        self.inner
            .as_ref()
            .is_none_or(http_body::Body::is_end_stream)
    }
}
