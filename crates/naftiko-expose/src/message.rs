//! Requests and answers of exposers that speak HTTP.

use std::convert::Infallible;
use std::error::Error;

use bytes::{Bytes, BytesMut};
use http::{Request, Response};
use http_body_util::BodyExt;
use http_body_util::combinators::UnsyncBoxBody;
use naftiko_engine::Body;
use tower::util::BoxCloneSyncService;

/// An exposer as a service. It always answers; an error inside the body of an answer means that the upstream broke off
/// in the middle, and whoever writes the answer must break off too.
pub type HttpService = BoxCloneSyncService<Request<IncomingBody>, Response<Body>, Infallible>;

/// The body of a caller's request, whatever server it came through.
pub type IncomingBody = UnsyncBoxBody<Bytes, Box<dyn Error + Send + Sync>>;

/// Makes any body an [`IncomingBody`]: for gateways that mount an exposer.
pub fn incoming<B>(body: B) -> IncomingBody
where
    B: http_body::Body<Data = Bytes> + Send + 'static,
    B::Error: Into<Box<dyn Error + Send + Sync>>,
{
    body.map_err(Into::into).boxed_unsync()
}

/// Why a body cannot be read.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum BodyProblem {
    /// It is longer than allowed: status 413.
    TooLarge,
    /// The caller broke off.
    Broken,
}

/// The whole body, when it is at most `limit` bytes long. Nothing past the limit is kept or waited for.
///
/// # Errors
/// Too large, or broken off.
pub async fn read_body(mut body: IncomingBody, limit: usize) -> Result<Bytes, BodyProblem> {
    let announced = http_body::Body::size_hint(&body).lower();
    if announced > limit as u64 {
        return Err(BodyProblem::TooLarge);
    }
    let mut whole = BytesMut::with_capacity(usize::try_from(announced).unwrap_or(0));
    while let Some(frame) = body.frame().await {
        let Ok(data) = frame.map_err(|_| BodyProblem::Broken)?.into_data() else {
            continue;
        };
        if whole.len() + data.len() > limit {
            return Err(BodyProblem::TooLarge);
        }
        whole.extend_from_slice(&data);
    }
    Ok(whole.freeze())
}
