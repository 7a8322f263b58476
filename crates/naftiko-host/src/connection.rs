//! One connection, from its first byte to its last.

use std::convert::Infallible;
use std::future::{Future, ready};
use std::panic::AssertUnwindSafe;
use std::pin::pin;
use std::sync::Arc;
use std::time::Duration;

use futures_util::FutureExt as _;
use futures_util::future::Either;
use http::{Request, Response, StatusCode};
use hyper::body::Incoming;
use hyper::service::service_fn;
use hyper_util::rt::{TokioExecutor, TokioIo, TokioTimer};
use hyper_util::server::conn::auto;
use naftiko_diagnostics::render::escape;
use naftiko_engine::Body;
use tokio::net::TcpStream;
use tokio::sync::watch;
use tokio::time::{Instant, sleep};
use tower::Service as _;

use crate::activity::{Activity, Verdict};
use crate::body::{ResponseBody, request_body};
use crate::guard::HostGuard;
use crate::limits::HostLimits;
use crate::linger::linger;
use crate::problem::problem;
use crate::swap::Swap;

/// The most requests at a time on one HTTP/2 connection.
const STREAMS: u32 = 200;
/// The least that hyper takes as the size of a buffer.
const LEAST_BUFFER: usize = 8 * 1024;
/// How long a peer may take to agree to the end of an HTTP/2 connection that nobody uses.
const FAREWELL: Duration = Duration::from_secs(1);

/// How far the host is on its way to a stop.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Stage {
    /// Not on its way.
    Serving,
    /// What is in flight may finish.
    Draining,
    /// Nothing may.
    Aborting,
}

/// HTTP/1.1 and HTTP/2 with those limits.
pub(crate) fn protocol(limits: &HostLimits) -> auto::Builder<TokioExecutor> {
    let header_bytes = limits.header_bytes.max(LEAST_BUFFER);
    let mut builder = auto::Builder::new(TokioExecutor::new());
    // The header clock is `Activity`: this one also runs while a connection is merely kept alive.
    builder
        .http1()
        .timer(TokioTimer::new())
        .header_read_timeout(None)
        .max_buf_size(header_bytes);
    builder
        .http2()
        .timer(TokioTimer::new())
        .max_header_list_size(u32::try_from(header_bytes).unwrap_or(u32::MAX))
        .max_concurrent_streams(STREAMS);
    builder
}

/// What the connections of a listener share.
#[derive(Debug)]
pub(crate) struct Setup {
    pub(crate) protocol: auto::Builder<TokioExecutor>,
    pub(crate) limits: HostLimits,
    pub(crate) service: HostGuard<Swap>,
}

/// Serves a connection to its end. True when the end broke something off because the host stops.
pub(crate) async fn serve(
    stream: TcpStream,
    setup: &Setup,
    mut stage: watch::Receiver<Stage>,
) -> bool {
    // A socket without it works as well, only slower.
    let _ = stream.set_nodelay(true);
    let activity = Activity::new();
    let cut = converse(stream, setup, &activity, &mut stage).await;
    if let Some(stream) = activity.take_socket() {
        if activity.must_reset() {
            let _ = stream.set_zero_linger();
        } else if activity.has_unread() && *stage.borrow() != Stage::Aborting {
            linger(stream).await;
        }
    }
    cut
}

/// Speaks HTTP until the caller, a limit or the host ends it.
async fn converse(
    stream: TcpStream,
    setup: &Setup,
    activity: &Arc<Activity>,
    stage: &mut watch::Receiver<Stage>,
) -> bool {
    let limits = &setup.limits;
    let io = TokioIo::new(crate::watched::Watched::new(stream, Arc::clone(activity)));
    let service =
        service_fn(|request| answer(request, setup.service.clone(), activity, limits.idle));
    let mut connection = pin!(setup.protocol.serve_connection(io, service));
    let mut timer = pin!(sleep(limits.header_read.min(limits.idle)));
    let mut leaving = false;
    loop {
        tokio::select! {
            biased;
            end = connection.as_mut() => {
                if let Err(error) = end {
                    let reason = error.to_string();
                    tracing::debug!(target: "naftiko::host", "connection ended: {}", escape(&reason));
                }
                return false;
            }
            changed = stage.changed() => {
                // A host that is gone aborts.
                if changed.is_err() || *stage.borrow_and_update() == Stage::Aborting {
                    return activity.is_busy();
                }
            }
            () = &mut timer => {}
        }
        let draining = *stage.borrow() == Stage::Draining;
        let verdict = activity.verdict(limits);
        let unused = verdict == Verdict::Idle || (draining && !activity.is_busy());
        let wait = match verdict {
            Verdict::Cut(reason) => {
                tracing::debug!(target: "naftiko::host", "connection cut: {reason}");
                return false;
            }
            // It had its time to say goodbye.
            _ if unused && leaving => return false,
            Verdict::Wait(wait) if !unused => wait,
            _ => FAREWELL,
        };
        if (unused || draining) && !leaving {
            leaving = true;
            connection.as_mut().graceful_shutdown();
        }
        let now = Instant::now();
        timer.as_mut().reset(now.checked_add(wait).unwrap_or(now));
    }
}

/// Answers a request. A panic in a service is the end of its request, not of the connection and its other requests.
///
/// Combinators and not an async block: of the latter rustc cannot tell that it is `Send` (rust-lang issue 102211), and
/// a box for it would be one more for each request.
fn answer(
    request: Request<Incoming>,
    mut service: HostGuard<Swap>,
    activity: &Arc<Activity>,
    stall: Duration,
) -> impl Future<Output = Result<Response<ResponseBody>, Infallible>> + Send + use<> {
    let call = activity.begin(request.version());
    let request = request.map(|body| request_body(body, activity, stall));
    let finish = |response: Response<Body>| Ok(response.map(|body| ResponseBody::new(body, call)));
    let called = std::panic::catch_unwind(AssertUnwindSafe(|| service.call(request)));
    match called {
        Ok(answer) => Either::Left(AssertUnwindSafe(answer).catch_unwind().map(|answered| {
            finish(match answered {
                Ok(Ok(response)) => response,
                Ok(Err(never)) => match never {},
                Err(_) => panicked(),
            })
        })),
        Err(_) => Either::Right(ready(finish(panicked()))),
    }
}

fn panicked() -> Response<Body> {
    tracing::error!(target: "naftiko::host", "a service panicked");
    problem(
        StatusCode::INTERNAL_SERVER_ERROR,
        "internal",
        "the server failed while it answered this request",
    )
}
