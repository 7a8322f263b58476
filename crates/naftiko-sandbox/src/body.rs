//! Reads a request's body within limits of size and time.

use std::time::Duration;

use bytes::{Bytes, BytesMut};
use http::Response;
use http_body::Body;
use http_body_util::{BodyExt, Full};

use crate::{MAX_BODY_BYTES, respond};

/// How long a body may take to arrive.
const BODY_TIME: Duration = Duration::from_mins(1);
/// How much of a body that is too large is read and dropped, so that its sender reads the 413
/// instead of a reset connection.
const MAX_DROPPED_BYTES: usize = 8 * MAX_BODY_BYTES;

/// Why a body was not read.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum BodyProblem {
    /// It has more than [`MAX_BODY_BYTES`].
    TooLarge,
    /// It broke off, or is no body at all.
    Broken,
    /// It took longer than it may.
    TooSlow,
}

impl BodyProblem {
    /// What the sender is told.
    pub(crate) fn response(self) -> Response<Full<Bytes>> {
        match self {
            Self::TooLarge => {
                let message = format!("the body has more than {MAX_BODY_BYTES} bytes");
                respond::refused(413, "body_too_large", &message)
            }
            Self::Broken => respond::refused(400, "bad_body", "the body broke off"),
            Self::TooSlow => respond::refused(408, "body_too_slow", "the body took too long"),
        }
    }
}

/// Reads a whole body.
pub(crate) async fn read<B>(body: B) -> Result<Bytes, BodyProblem>
where
    B: Body<Data = Bytes> + Unpin,
{
    if body.size_hint().lower() > MAX_DROPPED_BYTES as u64 {
        return Err(BodyProblem::TooLarge);
    }
    tokio::time::timeout(BODY_TIME, collect(body))
        .await
        .unwrap_or(Err(BodyProblem::TooSlow))
}

async fn collect<B>(mut body: B) -> Result<Bytes, BodyProblem>
where
    B: Body<Data = Bytes> + Unpin,
{
    let mut whole = BytesMut::new();
    let mut size = 0_usize;
    while let Some(frame) = body.frame().await {
        let frame = frame.map_err(|_| BodyProblem::Broken)?;
        // Trailers are nothing that an answer depends on.
        let Ok(data) = frame.into_data() else {
            continue;
        };
        size = size.saturating_add(data.len());
        if size <= MAX_BODY_BYTES {
            whole.extend_from_slice(&data);
        } else {
            whole = BytesMut::new();
        }
        if size > MAX_DROPPED_BYTES {
            break;
        }
    }
    if size > MAX_BODY_BYTES {
        Err(BodyProblem::TooLarge)
    } else {
        Ok(whole.freeze())
    }
}

#[cfg(test)]
mod tests {
    use std::convert::Infallible;
    use std::pin::Pin;
    use std::task::{Context, Poll};

    use http_body::Frame;

    use super::*;

    /// A body that never comes.
    struct Silent;

    impl Body for Silent {
        type Data = Bytes;
        type Error = Infallible;

        fn poll_frame(
            self: Pin<&mut Self>,
            _: &mut Context<'_>,
        ) -> Poll<Option<Result<Frame<Bytes>, Infallible>>> {
            Poll::Pending
        }
    }

    #[tokio::test(start_paused = true)]
    async fn a_body_that_never_comes_is_given_up() {
        assert_eq!(read(Silent).await, Err(BodyProblem::TooSlow));
        assert_eq!(
            read(Full::new(Bytes::from_static(b"ab"))).await,
            Ok("ab".into())
        );
    }
}
