//! Answers: status, headers and a body that streams.

use std::pin::Pin;
use std::task::{Context, Poll, ready};

use bytes::Bytes;
use http::{HeaderMap, Method, Response, StatusCode};
use http_body::{Frame, SizeHint};
use http_body_util::BodyExt;
use naftiko_engine::{Body, UpstreamError, UpstreamErrorKind, empty};

use crate::failure::failure;

/// The answer to a request of `method`; its headers are at most `limit` bytes.
pub(crate) fn answer(
    method: &Method,
    response: reqwest::Response,
    limit: usize,
) -> Result<Response<Body>, UpstreamError> {
    let (parts, body) = http::Response::from(response).into_parts();
    // 101 is the only one below 200 that gets here. Nobody asked for another protocol.
    if parts.status.is_informational() {
        return Err(UpstreamError::new(
            UpstreamErrorKind::Broken,
            "the answer switches to another protocol",
        ));
    }
    // The client buffers more than this of a head, but not much: a head of hundreds of kilobytes fails in it.
    if size(&parts.headers) > limit {
        return Err(UpstreamError::new(
            UpstreamErrorKind::TooLarge,
            format!("more than {limit} bytes of headers"),
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
        AnswerBody { inner: Some(body) }.boxed_unsync()
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
    inner: Option<reqwest::Body>,
}

impl http_body::Body for AnswerBody {
    type Data = Bytes;
    type Error = UpstreamError;

    fn poll_frame(
        mut self: Pin<&mut Self>,
        cx: &mut Context<'_>,
    ) -> Poll<Option<Result<Frame<Bytes>, UpstreamError>>> {
        loop {
            let Some(inner) = &mut self.inner else {
                return Poll::Ready(None);
            };
            match ready!(Pin::new(inner).poll_frame(cx)) {
                Some(Ok(frame)) if frame.is_data() => return Poll::Ready(Some(Ok(frame))),
                Some(Ok(_)) => {}
                Some(Err(error)) => {
                    self.inner = None;
                    return Poll::Ready(Some(Err(failure(error))));
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
            .map_or_else(|| SizeHint::with_exact(0), reqwest::Body::size_hint)
    }

    fn is_end_stream(&self) -> bool {
        self.inner.as_ref().is_none_or(reqwest::Body::is_end_stream)
    }
}
