//! Accepting connections, and stopping without breaking what is in flight.

use std::future::Future;
use std::io;
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::Duration;

use naftiko_diagnostics::render::escape;
use tokio::net::{TcpListener, TcpStream};
use tokio::sync::{OwnedSemaphorePermit, Semaphore, watch};
use tokio::task::JoinSet;
use tokio::time::{sleep, timeout};

use crate::bind::{BoundHost, Listener};
use crate::connection::{self, Setup, Stage};

/// The pauses after failed accepts, doubled while they fail.
const FIRST_PAUSE: Duration = Duration::from_millis(10);
const LONGEST_PAUSE: Duration = Duration::from_secs(1);
/// How long connections that are told to end at once may take to be gone.
const LAST_MOMENT: Duration = Duration::from_secs(1);

/// How a host stopped.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Report {
    /// Connections with a request in flight that did not end within the grace period, and were closed.
    pub cut: usize,
}

impl BoundHost {
    /// Serves until `shutdown` ends. Then no more connections are accepted, those without a request in flight are
    /// closed, and the others may finish for as long as `grace`; what is left then is closed. Dropping the future closes
    /// everything at once.
    pub async fn serve(self, shutdown: impl Future<Output = ()>, grace: Duration) -> Report {
        let (stage, watched) = watch::channel(Stage::Serving);
        let slots = Arc::new(Semaphore::new(
            self.limits.connections.clamp(1, Semaphore::MAX_PERMITS),
        ));
        let cut = Arc::new(AtomicUsize::new(0));
        let mut accepting = JoinSet::new();
        let protocol = connection::protocol(&self.limits);
        for listener in self.listeners {
            let Listener {
                socket,
                label,
                service,
            } = listener;
            let acceptor = Acceptor {
                socket,
                label,
                setup: Arc::new(Setup {
                    protocol: protocol.clone(),
                    limits: self.limits,
                    service,
                }),
                slots: Arc::clone(&slots),
                cut: Arc::clone(&cut),
            };
            accepting.spawn(acceptor.run(watched.clone()));
        }
        drop(watched);
        shutdown.await;

        tracing::info!(target: "naftiko::host", grace_seconds = grace.as_secs(), "stopping");
        stage.send_replace(Stage::Draining);
        // The listeners close with the tasks that own them.
        while accepting.join_next().await.is_some() {}
        // Every connection holds a receiver: all are gone when nobody listens.
        if timeout(grace, stage.closed()).await.is_err() {
            stage.send_replace(Stage::Aborting);
            let _ = timeout(LAST_MOMENT, stage.closed()).await;
        }
        let report = Report {
            cut: cut.load(Ordering::Acquire),
        };
        tracing::info!(target: "naftiko::host", cut = report.cut, "stopped");
        report
    }
}

/// A listener at work.
struct Acceptor {
    socket: TcpListener,
    label: String,
    setup: Arc<Setup>,
    slots: Arc<Semaphore>,
    cut: Arc<AtomicUsize>,
}

impl Acceptor {
    /// Accepts until the host stops.
    async fn run(self, stage: watch::Receiver<Stage>) {
        let mut stopping = stage.clone();
        let stopping = async move {
            let _ = stopping.changed().await;
        };
        tokio::select! {
            biased;
            () = stopping => {}
            () = self.accept(&stage) => {}
        }
    }

    async fn accept(&self, stage: &watch::Receiver<Stage>) {
        let mut pause = FIRST_PAUSE;
        loop {
            match self.socket.accept().await {
                Ok((stream, _)) => {
                    pause = FIRST_PAUSE;
                    let Some(slot) = self.slot().await else {
                        return;
                    };
                    self.spawn(stream, slot, stage.clone());
                }
                // The caller gave up before it was accepted.
                Err(error) if is_of_the_caller(&error) => {}
                // Mostly that no file descriptor is left: trying again at once would only burn the processor.
                Err(error) => {
                    let reason = error.to_string();
                    tracing::warn!(
                        target: "naftiko::host",
                        listener = %escape(&self.label),
                        "no connection can be accepted for now: {}",
                        escape(&reason)
                    );
                    sleep(pause).await;
                    pause = pause.saturating_mul(2).min(LONGEST_PAUSE);
                }
            }
        }
    }

    /// Waits until there may be one more connection. The one that is accepted already waits with its listener; those
    /// behind it wait in the system's queue.
    async fn slot(&self) -> Option<OwnedSemaphorePermit> {
        if let Ok(slot) = Arc::clone(&self.slots).try_acquire_owned() {
            return Some(slot);
        }
        tracing::warn!(
            target: "naftiko::host",
            listener = %escape(&self.label),
            most = self.setup.limits.connections,
            "as many connections as are allowed: more have to wait"
        );
        Arc::clone(&self.slots).acquire_owned().await.ok()
    }

    fn spawn(&self, stream: TcpStream, slot: OwnedSemaphorePermit, stage: watch::Receiver<Stage>) {
        let setup = Arc::clone(&self.setup);
        let cut = Arc::clone(&self.cut);
        tokio::spawn(async move {
            if connection::serve(stream, &setup, stage).await {
                cut.fetch_add(1, Ordering::AcqRel);
            }
            drop(slot);
        });
    }
}

fn is_of_the_caller(error: &io::Error) -> bool {
    matches!(
        error.kind(),
        io::ErrorKind::ConnectionAborted
            | io::ErrorKind::ConnectionReset
            | io::ErrorKind::ConnectionRefused
            | io::ErrorKind::Interrupted
    )
}
