//! What a connection is doing, and how long it may go on so.
//!
//! hyper's own header clock also runs while a connection is merely kept alive, and it has none for HTTP/2, so the three
//! limits (a header that does not end, a connection that nobody uses, an answer that nobody takes) are kept here, as
//! plain numbers that the socket, the requests and the answers of a connection write and one timer reads.

use std::sync::atomic::{AtomicBool, AtomicU64, AtomicUsize, Ordering};
use std::sync::{Arc, Mutex, PoisonError};
use std::time::{Duration, Instant};

use http::Version;
use tokio::net::TcpStream;

use crate::limits::HostLimits;

/// What the timer of a connection should do.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Verdict {
    /// Look again after that time.
    Wait(Duration),
    /// Nobody uses it: close it politely.
    Idle,
    /// It breaks a limit: close it at once.
    Cut(&'static str),
}

/// The state of one connection. Times are milliseconds since it was opened.
#[derive(Debug)]
pub(crate) struct Activity {
    opened: Instant,
    in_flight: AtomicUsize,
    /// Answers that handed over a part of their body and were not asked for more since.
    untaken: AtomicUsize,
    served: AtomicBool,
    multiplexed: AtomicBool,
    idle_since: AtomicU64,
    /// When the first byte came after the last request; 0 before it.
    head_since: AtomicU64,
    /// When the caller last took something.
    taken_at: AtomicU64,
    write_blocked: AtomicBool,
    unread: AtomicBool,
    reset: AtomicBool,
    socket: Mutex<Option<TcpStream>>,
}

impl Activity {
    pub(crate) fn new() -> Arc<Self> {
        Arc::new(Self {
            opened: Instant::now(),
            in_flight: AtomicUsize::new(0),
            untaken: AtomicUsize::new(0),
            served: AtomicBool::new(false),
            multiplexed: AtomicBool::new(false),
            idle_since: AtomicU64::new(0),
            head_since: AtomicU64::new(0),
            taken_at: AtomicU64::new(0),
            write_blocked: AtomicBool::new(false),
            unread: AtomicBool::new(false),
            reset: AtomicBool::new(false),
            socket: Mutex::new(None),
        })
    }

    /// Never 0, which stands for "not yet".
    fn now(&self) -> u64 {
        u64::try_from(self.opened.elapsed().as_millis())
            .unwrap_or(u64::MAX)
            .max(1)
    }

    /// A request came in; it is in flight until the [`Call`] is dropped.
    pub(crate) fn begin(self: &Arc<Self>, version: Version) -> Call {
        self.in_flight.fetch_add(1, Ordering::AcqRel);
        self.served.store(true, Ordering::Release);
        self.head_since.store(0, Ordering::Release);
        self.unread.store(false, Ordering::Release);
        if version == Version::HTTP_2 {
            self.multiplexed.store(true, Ordering::Release);
        }
        Call {
            activity: Arc::clone(self),
            version,
        }
    }

    /// The socket gave bytes.
    pub(crate) fn bytes_read(&self) {
        if self.in_flight.load(Ordering::Acquire) == 0 && self.served.load(Ordering::Acquire) {
            let now = self.now();
            let _ = self
                .head_since
                .compare_exchange(0, now, Ordering::AcqRel, Ordering::Acquire);
        }
    }

    /// The socket took bytes, or an answer was asked for more.
    pub(crate) fn taken(&self) {
        self.taken_at.store(self.now(), Ordering::Release);
    }

    /// Whether the socket is waiting for the caller to read.
    pub(crate) fn set_write_blocked(&self, blocked: bool) {
        self.write_blocked.store(blocked, Ordering::Release);
    }

    /// Whether bytes that were written are still here, not with the system.
    pub(crate) fn write_blocked(&self) -> bool {
        self.write_blocked.load(Ordering::Acquire)
    }

    /// Whether closing would break something off.
    pub(crate) fn is_busy(&self) -> bool {
        self.in_flight.load(Ordering::Acquire) > 0 || self.write_blocked()
    }

    /// A request's body was left before its end.
    pub(crate) fn leave_unread(&self) {
        self.unread.store(true, Ordering::Release);
    }

    /// Whether the caller may still be sending what nobody will read. Streams of HTTP/2 have a reset of their own.
    pub(crate) fn has_unread(&self) -> bool {
        self.unread.load(Ordering::Acquire) && !self.multiplexed.load(Ordering::Acquire)
    }

    /// Whether an end of the connection would look like the end of an answer that was broken off.
    pub(crate) fn must_reset(&self) -> bool {
        self.reset.load(Ordering::Acquire)
    }

    /// Keeps the socket for what is left to do with it after HTTP.
    pub(crate) fn keep_socket(&self, stream: TcpStream) {
        let mut socket = self.socket.lock().unwrap_or_else(PoisonError::into_inner);
        *socket = Some(stream);
    }

    /// The socket, once HTTP is done with it.
    pub(crate) fn take_socket(&self) -> Option<TcpStream> {
        let mut socket = self.socket.lock().unwrap_or_else(PoisonError::into_inner);
        socket.take()
    }

    /// What to do now.
    pub(crate) fn verdict(&self, limits: &HostLimits) -> Verdict {
        let now = self.now();
        let in_flight = self.in_flight.load(Ordering::Acquire);
        let taken_at = self.taken_at.load(Ordering::Acquire);
        if in_flight > 0 {
            // An answer that waits for its upstream is the business of whoever calls the upstream.
            if self.untaken.load(Ordering::Acquire) < in_flight {
                return Verdict::Wait(limits.header_read.min(limits.idle));
            }
            let stalled = until(now, taken_at, limits.idle);
            return stalled.map_or(Verdict::Cut("the answer is not taken"), |left| {
                Verdict::Wait(left.min(limits.header_read))
            });
        }
        if !self.served.load(Ordering::Acquire) {
            let left = until(now, 0, limits.header_read);
            return left.map_or(Verdict::Cut("no request in time"), Verdict::Wait);
        }
        let idle_since = self.idle_since.load(Ordering::Acquire);
        // What is read and written between the requests of HTTP/2 is housekeeping, which anybody can keep up for ever.
        if self.multiplexed.load(Ordering::Acquire) {
            return until(now, idle_since, limits.idle).map_or(Verdict::Idle, |left| {
                Verdict::Wait(left.min(limits.header_read))
            });
        }
        let head_since = self.head_since.load(Ordering::Acquire);
        if head_since > 0 {
            let left = until(now, head_since, limits.header_read);
            return left.map_or(Verdict::Cut("the header does not end"), Verdict::Wait);
        }
        let left = until(now, idle_since.max(taken_at), limits.idle);
        match left {
            Some(left) => Verdict::Wait(left.min(limits.header_read)),
            None if self.write_blocked() => Verdict::Cut("the answer is not taken"),
            None => Verdict::Idle,
        }
    }
}

/// What is left of `limit` since `since`; nothing when it is over.
fn until(now: u64, since: u64, limit: Duration) -> Option<Duration> {
    let spent = Duration::from_millis(now.saturating_sub(since));
    limit.checked_sub(spent).filter(|left| !left.is_zero())
}

/// A request in flight: until its answer is written or given up.
#[derive(Debug)]
pub(crate) struct Call {
    activity: Arc<Activity>,
    version: Version,
}

impl Call {
    /// A part of the answer's body was handed over.
    pub(crate) fn hand_over(&self) {
        self.activity.untaken.fetch_add(1, Ordering::AcqRel);
    }

    /// The part that was handed over is with the socket.
    pub(crate) fn hand_back(&self) {
        self.activity.untaken.fetch_sub(1, Ordering::AcqRel);
        self.activity.taken();
    }

    /// The answer is broken off. Before HTTP/1.1 an answer of unknown length ends with its connection: only a reset
    /// tells that this was not its end.
    pub(crate) fn break_off(&self) {
        if self.version < Version::HTTP_11 {
            self.activity.reset.store(true, Ordering::Release);
        }
    }
}

impl Drop for Call {
    fn drop(&mut self) {
        let activity = &self.activity;
        activity.idle_since.store(activity.now(), Ordering::Release);
        activity.in_flight.fetch_sub(1, Ordering::AcqRel);
    }
}
