//! Bodies of answers: streams that are read only as far as somebody wants them.

use std::pin::Pin;
use std::sync::Arc;
use std::task::{Context, Poll, ready};

use bytes::Bytes;
use http_body::Frame;
use http_body_util::combinators::UnsyncBoxBody;
use http_body_util::{BodyExt, Full};
use naftiko_bindings::{MaskStream, Masker};

use crate::upstream::{UpstreamError, UpstreamErrorKind};

/// The body of an answer. An error in it means that the upstream broke off: whoever relays it must break off too.
pub type Body = UnsyncBoxBody<Bytes, UpstreamError>;

/// A body that is there already.
pub fn full(bytes: impl Into<Bytes>) -> Body {
    Full::new(bytes.into())
        .map_err(|never| match never {})
        .boxed_unsync()
}

/// A body of nothing.
pub fn empty() -> Body {
    full(Bytes::new())
}

/// The whole of `body`, when it is at most `limit` bytes long.
///
/// # Errors
/// [`UpstreamErrorKind::TooLarge`] past the limit; whatever breaks the body.
pub async fn collect(mut body: Body, limit: usize) -> Result<Bytes, UpstreamError> {
    let expected = http_body::Body::size_hint(&body).exact().unwrap_or(0);
    let too_large = || {
        UpstreamError::new(
            UpstreamErrorKind::TooLarge,
            format!("more than {limit} bytes"),
        )
    };
    if expected > limit as u64 {
        return Err(too_large());
    }
    let mut first: Option<Bytes> = None;
    let mut rest: Vec<u8> = Vec::new();
    while let Some(frame) = body.frame().await {
        let Ok(data) = frame?.into_data() else {
            continue;
        };
        if first.as_ref().map_or(0, Bytes::len) + rest.len() + data.len() > limit {
            return Err(too_large());
        }
        // Most answers are one frame: it is passed on without a copy.
        if first.is_none() && rest.is_empty() {
            first = Some(data);
        } else {
            if let Some(first) = first.take() {
                rest.reserve(
                    usize::try_from(expected)
                        .unwrap_or(0)
                        .max(first.len() + data.len()),
                );
                rest.extend_from_slice(&first);
            }
            rest.extend_from_slice(&data);
        }
    }
    Ok(first.unwrap_or_else(|| Bytes::from(rest)))
}

/// `body` without secrets.
pub fn mask(body: Body, masker: &Arc<Masker>) -> Body {
    if masker.is_empty() {
        return body;
    }
    MaskBody {
        inner: body,
        masker: Arc::clone(masker),
        stream: Some(MaskStream::default()),
    }
    .boxed_unsync()
}

struct MaskBody {
    inner: Body,
    masker: Arc<Masker>,
    stream: Option<MaskStream>,
}

impl http_body::Body for MaskBody {
    type Data = Bytes;
    type Error = UpstreamError;

    fn poll_frame(
        mut self: Pin<&mut Self>,
        cx: &mut Context<'_>,
    ) -> Poll<Option<Result<Frame<Bytes>, UpstreamError>>> {
        loop {
            let next = ready!(Pin::new(&mut self.inner).poll_frame(cx));
            let this = &mut *self;
            let frame = match next {
                Some(Ok(frame)) => frame,
                Some(Err(error)) => return Poll::Ready(Some(Err(error))),
                None => {
                    let Some(stream) = this.stream.take() else {
                        return Poll::Ready(None);
                    };
                    let rest = this.masker.finish(stream);
                    if rest.is_empty() {
                        return Poll::Ready(None);
                    }
                    return Poll::Ready(Some(Ok(Frame::data(Bytes::from(rest)))));
                }
            };
            let Ok(data) = frame.into_data() else {
                continue;
            };
            let Some(stream) = &mut this.stream else {
                continue;
            };
            let out = this.masker.push(stream, &data);
            if !out.is_empty() {
                return Poll::Ready(Some(Ok(Frame::data(Bytes::from(out)))));
            }
        }
    }
}
