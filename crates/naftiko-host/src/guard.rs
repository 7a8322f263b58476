//! The Host and Origin checks as a `tower` layer.

use std::future::{Ready, ready};
use std::sync::Arc;
use std::task::{Context, Poll};

use futures_util::future::Either;
use http::{Request, Response};
use naftiko_diagnostics::render::escape;
use naftiko_engine::Body;
use tower::{Layer, Service};

use crate::policy::HostPolicy;

/// A service that a [`HostPolicy`] stands in front of: what it refuses is answered with a problem document, and the
/// service does not see it.
#[derive(Clone, Debug)]
pub struct HostGuard<S> {
    policy: Arc<HostPolicy>,
    inner: S,
}

impl<S> HostGuard<S> {
    /// Puts `policy` in front of `inner`.
    pub fn new(policy: impl Into<Arc<HostPolicy>>, inner: S) -> Self {
        Self {
            policy: policy.into(),
            inner,
        }
    }
}

impl<S, B> Service<Request<B>> for HostGuard<S>
where
    S: Service<Request<B>, Response = Response<Body>>,
{
    type Response = Response<Body>;
    type Error = S::Error;
    type Future = Either<Ready<Result<Response<Body>, S::Error>>, S::Future>;

    fn poll_ready(&mut self, cx: &mut Context<'_>) -> Poll<Result<(), S::Error>> {
        self.inner.poll_ready(cx)
    }

    fn call(&mut self, request: Request<B>) -> Self::Future {
        match self.policy.check(&request) {
            Ok(()) => Either::Right(self.inner.call(request)),
            Err(refusal) => {
                let reason = refusal.to_string();
                tracing::debug!(
                    target: "naftiko::host",
                    status = refusal.status().as_u16(),
                    method = %escape(request.method().as_str()),
                    path = %escape(request.uri().path()),
                    "refused: {reason}"
                );
                Either::Left(ready(Ok(refusal.response())))
            }
        }
    }
}

/// Makes [`HostGuard`]s.
#[derive(Clone, Debug)]
pub struct HostGuardLayer {
    policy: Arc<HostPolicy>,
}

impl HostGuardLayer {
    /// Guards with that policy.
    pub fn new(policy: impl Into<Arc<HostPolicy>>) -> Self {
        Self {
            policy: policy.into(),
        }
    }
}

impl<S> Layer<S> for HostGuardLayer {
    type Service = HostGuard<S>;

    fn layer(&self, inner: S) -> HostGuard<S> {
        HostGuard::new(Arc::clone(&self.policy), inner)
    }
}
