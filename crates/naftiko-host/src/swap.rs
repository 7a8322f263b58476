//! A service that can be replaced while it serves.

use std::convert::Infallible;
use std::fmt;
use std::sync::Arc;
use std::task::{Context, Poll};

use arc_swap::ArcSwap;
use http::{Request, Response};
use naftiko_engine::Body;
use naftiko_expose::{HttpService, IncomingBody};
use tower::util::Oneshot;
use tower::{Service, ServiceExt};

/// A place for a service, and a service itself. Clones share the place: one is put behind a listener or mounted, another
/// is kept to [replace](Swap::replace) what is in it. Requests in flight end with the service they began with, those
/// that come later meet the new one; connections stay open, and the path of a request takes no lock.
#[derive(Clone)]
pub struct Swap {
    place: Arc<ArcSwap<HttpService>>,
}

impl Swap {
    /// A place with that service in it.
    pub fn new(service: HttpService) -> Self {
        Self {
            place: Arc::new(ArcSwap::from_pointee(service)),
        }
    }

    /// Puts another service in its place.
    pub fn replace(&self, service: HttpService) {
        self.place.store(Arc::new(service));
    }
}

impl fmt::Debug for Swap {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Swap")
    }
}

impl Service<Request<IncomingBody>> for Swap {
    type Response = Response<Body>;
    type Error = Infallible;
    type Future = Oneshot<HttpService, Request<IncomingBody>>;

    fn poll_ready(&mut self, _: &mut Context<'_>) -> Poll<Result<(), Infallible>> {
        // The clone that gets the request waits for its own readiness.
        Poll::Ready(Ok(()))
    }

    fn call(&mut self, request: Request<IncomingBody>) -> Self::Future {
        let service = HttpService::clone(&self.place.load());
        service.oneshot(request)
    }
}
