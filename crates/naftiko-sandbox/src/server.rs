//! The socket: one loopback listener for all namespaces, each below `/{namespace}`.
//!
//! One listener, and not one for each namespace: a run has one port to name, one place for
//! limits and one thing to stop, and a capability with thirty namespaces costs no thirty
//! sockets. An upstream's base may have a path anyhow (`https://host/v2`), so the engine's
//! joining of base and path is exercised as in real life. Two capabilities that consume the same
//! namespace need two sandboxes, since their operations and fixtures differ.

use std::collections::BTreeMap;
use std::io::{self, Cursor};
use std::net::{Ipv4Addr, SocketAddr};
use std::sync::Arc;
use std::time::Duration;

use hyper::service::service_fn;
use hyper_util::rt::{TokioExecutor, TokioIo, TokioTimer};
use hyper_util::server::conn::auto::Builder;
use hyper_util::server::graceful::{GracefulShutdown, Watcher};
use percent_encoding::{AsciiSet, NON_ALPHANUMERIC, utf8_percent_encode};
use tokio::io::AsyncReadExt as _;
use tokio::net::{TcpListener, TcpStream};
use tokio::sync::{OwnedSemaphorePermit, Semaphore, oneshot, watch};
use tokio::task::{JoinHandle, JoinSet};

use crate::namespace::Namespace;
use crate::service::Service;

/// How long a connection may take to show its protocol, and a header to arrive.
const HEADER_TIME: Duration = Duration::from_secs(30);
/// The most bytes of a request's line and headers.
const MAX_HEADER_BYTES: u32 = 64 * 1024;
/// The most connections at a time; more wait to be accepted.
const MAX_CONNECTIONS: usize = 4096;
/// The most requests at a time on one HTTP/2 connection.
const MAX_STREAMS: u32 = 256;
/// The pause after a failed accept, which mostly means that file descriptors ran out.
const ACCEPT_PAUSE: Duration = Duration::from_millis(50);

/// What a connection that speaks HTTP/2 begins with (RFC 9113, section 3.4).
const PREFACE: &[u8] = b"PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n";

/// The characters of a namespace that its prefix spells as they are.
const PREFIX: &AsciiSet = &NON_ALPHANUMERIC
    .remove(b'-')
    .remove(b'.')
    .remove(b'_')
    .remove(b'~');

/// A running embedded upstream. Dropping it stops it at once; [`Self::shutdown`] lets requests
/// in flight finish.
#[derive(Debug)]
pub struct Sandbox {
    address: SocketAddr,
    bases: BTreeMap<String, String>,
    stop: oneshot::Sender<Duration>,
    task: JoinHandle<()>,
}

impl Sandbox {
    /// Binds a port of 127.0.0.1 that the system chooses, and answers from now on. Needs a
    /// tokio runtime with its I/O and time enabled.
    ///
    /// # Errors
    /// [`io::ErrorKind::InvalidInput`] for a namespace name that is empty, `.`, `..` or there
    /// twice; else what binding the socket says.
    pub async fn start(namespaces: Vec<Namespace>) -> io::Result<Self> {
        let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, 0)).await?;
        let address = listener.local_addr()?;
        let mut bases = BTreeMap::new();
        for namespace in &namespaces {
            let name = &namespace.name;
            if matches!(name.as_str(), "" | "." | "..") {
                let message = format!("`{name}` cannot be the name of a sandbox's namespace");
                return Err(io::Error::new(io::ErrorKind::InvalidInput, message));
            }
            let base = format!("http://{address}/{}", utf8_percent_encode(name, PREFIX));
            if bases.insert(name.clone(), base).is_some() {
                let message = format!("the namespace `{name}` is given to the sandbox twice");
                return Err(io::Error::new(io::ErrorKind::InvalidInput, message));
            }
        }
        let service = Arc::new(Service::new(namespaces));
        let (stop, stopped) = oneshot::channel();
        let task = tokio::spawn(serve(listener, service, stopped));
        Ok(Self {
            address,
            bases,
            stop,
            task,
        })
    }

    /// The base to call in place of the namespace's own, without a slash at its end:
    /// `http://127.0.0.1:PORT/{namespace}`; nothing for a namespace that is not served.
    pub fn base_url(&self, namespace: &str) -> Option<&str> {
        self.bases.get(namespace).map(String::as_str)
    }

    /// Every namespace with its base, in the order of the names.
    pub fn base_urls(&self) -> impl Iterator<Item = (&str, &str)> {
        self.bases
            .iter()
            .map(|(name, base)| (name.as_str(), base.as_str()))
    }

    /// The address that is listened on.
    pub fn address(&self) -> SocketAddr {
        self.address
    }

    /// Accepts no more, lets requests in flight finish for as long as `grace`, and then closes
    /// what is left.
    pub async fn shutdown(self, grace: Duration) {
        // A task that is gone already has nothing left to stop.
        let _ = self.stop.send(grace);
        let _ = self.task.await;
    }
}

/// Accepts until told to stop, or until the [`Sandbox`] is dropped.
async fn serve(
    listener: TcpListener,
    service: Arc<Service>,
    mut stopped: oneshot::Receiver<Duration>,
) {
    let graceful = GracefulShutdown::new();
    let (stop_opening, stopping) = watch::channel(());
    let slots = Arc::new(Semaphore::new(MAX_CONNECTIONS));
    // Dropping the set, which every way out does, closes the connections that are left.
    let mut connections = JoinSet::new();
    let grace = loop {
        while connections.try_join_next().is_some() {}
        let accepted = async {
            let slot = Arc::clone(&slots).acquire_owned().await;
            (slot, listener.accept().await)
        };
        tokio::select! {
            biased;
            grace = &mut stopped => break grace.ok(),
            accepted = accepted => match accepted {
                (Ok(slot), Ok((stream, _))) => {
                    let service = Arc::clone(&service);
                    connections.spawn(connection(stream, service, graceful.watcher(), stopping.clone(), slot));
                }
                _ => tokio::time::sleep(ACCEPT_PAUSE).await,
            },
        }
    };
    drop(listener);
    drop(stop_opening);
    if let Some(grace) = grace {
        // What does not finish in time is closed.
        let _ = tokio::time::timeout(grace, graceful.shutdown()).await;
    }
}

/// Serves one connection, HTTP/1.1 or HTTP/2 as its first bytes say.
async fn connection(
    mut stream: TcpStream,
    service: Arc<Service>,
    watcher: Watcher,
    mut stopping: watch::Receiver<()>,
    _slot: OwnedSemaphorePermit,
) {
    // Small answers should not wait for an acknowledgement; that it failed changes nothing else.
    let _ = stream.set_nodelay(true);
    let opening = tokio::select! {
        opening = tokio::time::timeout(HEADER_TIME, opening(&mut stream)) => opening,
        // Nothing is in flight yet that a stop would have to wait for.
        _ = stopping.changed() => return,
    };
    let Ok(Ok(opening)) = opening else { return };
    let (read, write) = stream.into_split();
    let stream = tokio::io::join(Cursor::new(opening).chain(read), write);
    let mut builder = Builder::new(TokioExecutor::new());
    builder
        .http1()
        .timer(TokioTimer::new())
        .header_read_timeout(HEADER_TIME)
        .max_buf_size(MAX_HEADER_BYTES as usize);
    builder
        .http2()
        .timer(TokioTimer::new())
        .keep_alive_interval(HEADER_TIME)
        .max_header_list_size(MAX_HEADER_BYTES)
        .max_concurrent_streams(MAX_STREAMS);
    let answer = service_fn(move |request| {
        let service = Arc::clone(&service);
        async move { Ok::<_, std::convert::Infallible>(service.answer(request).await) }
    });
    let connection = builder
        .serve_connection(TokioIo::new(stream), answer)
        .into_owned();
    // A peer that breaks off is its own business.
    let _ = watcher.watch(connection).await;
}

/// Reads until it is clear which protocol is spoken. hyper finds that out itself, but without a
/// timer: a peer that is silent, or stops within the preface, would stay for ever.
async fn opening(stream: &mut TcpStream) -> io::Result<Vec<u8>> {
    let mut opening = Vec::with_capacity(PREFACE.len());
    while opening.len() < PREFACE.len() && PREFACE.starts_with(&opening) {
        let left = PREFACE.len() - opening.len();
        if stream.take(left as u64).read_buf(&mut opening).await? == 0 {
            return Err(io::ErrorKind::UnexpectedEof.into());
        }
    }
    Ok(opening)
}
