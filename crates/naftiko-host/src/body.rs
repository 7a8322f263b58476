//! Bodies on their way through a connection: requests that may not stall, answers that are in flight until they end.

use std::error::Error;
use std::fmt;
use std::pin::Pin;
use std::sync::Arc;
use std::task::{Context, Poll};
use std::time::Duration;

use bytes::Bytes;
use http_body::{Body as _, Frame, SizeHint};
use http_body_util::Empty;
use hyper::body::Incoming;
use naftiko_diagnostics::render::escape;
use naftiko_engine::{Body, UpstreamError};
use naftiko_expose::{IncomingBody, incoming};
use tokio::time::{Instant, Sleep, sleep};

use crate::activity::{Activity, Call};

/// The caller did not send the rest of a body in time.
#[derive(Debug)]
struct Stalled;

impl fmt::Display for Stalled {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("the request's body stalled")
    }
}

impl Error for Stalled {}

/// The body of a request, which is an error to its reader when nothing comes for `limit`.
pub(crate) fn request_body(
    body: Incoming,
    activity: &Arc<Activity>,
    limit: Duration,
) -> IncomingBody {
    if body.is_end_stream() {
        return incoming(Empty::new());
    }
    incoming(RequestBody {
        inner: body,
        activity: Arc::clone(activity),
        limit,
        timer: None,
        waiting: false,
        done: false,
    })
}

struct RequestBody {
    inner: Incoming,
    activity: Arc<Activity>,
    limit: Duration,
    /// Made when the body is first waited for: most come with their header.
    timer: Option<Pin<Box<Sleep>>>,
    waiting: bool,
    done: bool,
}

impl http_body::Body for RequestBody {
    type Data = Bytes;
    type Error = Box<dyn Error + Send + Sync>;

    fn poll_frame(
        mut self: Pin<&mut Self>,
        cx: &mut Context<'_>,
    ) -> Poll<Option<Result<Frame<Bytes>, Self::Error>>> {
        let this = &mut *self;
        if let Poll::Ready(frame) = Pin::new(&mut this.inner).poll_frame(cx) {
            this.waiting = false;
            this.done = frame.is_none() || this.inner.is_end_stream();
            return Poll::Ready(frame.map(|frame| frame.map_err(Into::into)));
        }
        let limit = this.limit;
        let timer = this.timer.get_or_insert_with(|| Box::pin(sleep(limit)));
        if !this.waiting {
            this.waiting = true;
            let now = Instant::now();
            timer.as_mut().reset(now.checked_add(limit).unwrap_or(now));
        }
        timer
            .as_mut()
            .poll(cx)
            .map(|()| Some(Err(Box::from(Stalled))))
    }

    fn is_end_stream(&self) -> bool {
        self.inner.is_end_stream()
    }

    fn size_hint(&self) -> SizeHint {
        self.inner.size_hint()
    }
}

impl Drop for RequestBody {
    fn drop(&mut self) {
        if !self.done && !self.inner.is_end_stream() {
            self.activity.leave_unread();
        }
    }
}

/// The body of an answer. Its request is in flight as long as this lives.
pub(crate) struct ResponseBody {
    inner: Body,
    call: Call,
    handed_over: bool,
}

impl ResponseBody {
    pub(crate) fn new(inner: Body, call: Call) -> Self {
        Self {
            inner,
            call,
            handed_over: false,
        }
    }
}

impl http_body::Body for ResponseBody {
    type Data = Bytes;
    type Error = UpstreamError;

    fn poll_frame(
        mut self: Pin<&mut Self>,
        cx: &mut Context<'_>,
    ) -> Poll<Option<Result<Frame<Bytes>, UpstreamError>>> {
        let this = &mut *self;
        if std::mem::take(&mut this.handed_over) {
            this.call.hand_back();
        }
        let polled = Pin::new(&mut this.inner).poll_frame(cx);
        match &polled {
            Poll::Ready(Some(Ok(_))) => {
                this.handed_over = true;
                this.call.hand_over();
            }
            Poll::Ready(Some(Err(error))) => {
                this.call.break_off();
                let reason = error.to_string();
                tracing::warn!(target: "naftiko::host", "answer broken off: {}", escape(&reason));
            }
            _ => {}
        }
        polled
    }

    fn is_end_stream(&self) -> bool {
        self.inner.is_end_stream()
    }

    fn size_hint(&self) -> SizeHint {
        self.inner.size_hint()
    }
}

impl Drop for ResponseBody {
    fn drop(&mut self) {
        if self.handed_over {
            self.call.hand_back();
        }
    }
}
