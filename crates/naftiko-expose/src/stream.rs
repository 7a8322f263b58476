//! Servers that talk over a pair of streams instead of HTTP: a child process and the program that started it.

use std::future::Future;
use std::io;
use std::pin::Pin;
use std::sync::Arc;

use tokio::io::{AsyncRead, AsyncWrite};

/// Where messages come from: the standard input of the process, or any stream.
pub type Reader = Pin<Box<dyn AsyncRead + Send>>;

/// Where messages go: the standard output of the process, or any stream.
pub type Writer = Pin<Box<dyn AsyncWrite + Send>>;

/// A server at work. It ends at the end of its input, when everything that was asked is answered; dropping it gives up
/// what is in flight.
pub type Serving = Pin<Box<dyn Future<Output = io::Result<()>> + Send>>;

/// A server over a pair of streams. It writes its protocol and nothing else.
pub trait StreamServer: Send + Sync {
    /// Serves one client to the end of `reader`.
    fn serve(self: Arc<Self>, reader: Reader, writer: Writer) -> Serving;
}
