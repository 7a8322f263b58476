//! Connections: a name, TCP, a proxy where the operator wants one, TLS; all of it within one time limit.
//!
//! Each step is a library's. Here they are put on top of each other:
//!
//! ```text
//! Connector   the time limit
//!   TLS       where the address begins with https; HTTP/2 where both sides know it
//!     Dial    TCP, or a connection through the proxy that the environment names
//! ```

use std::error::Error;
use std::fmt;
use std::future::Future;
use std::io;
use std::pin::Pin;
use std::sync::Arc;
use std::task::{Context, Poll};
use std::time::Duration;

use http::Uri;
use http::uri::Scheme;
use hyper::rt::{Read, ReadBufCursor, Write};
use hyper_rustls::{HttpsConnector, MaybeHttpsStream};
use hyper_util::client::legacy::connect::dns::GaiResolver;
use hyper_util::client::legacy::connect::proxy::Tunnel;
use hyper_util::client::legacy::connect::{Connected, Connection, HttpConnector};
use hyper_util::client::proxy::matcher::Matcher;
use hyper_util::rt::TokioIo;
use rustls::ClientConfig;
use tokio::net::TcpStream;
use tower::Service;
use tower::util::{MapErr, ServiceExt as _};

type BoxError = Box<dyn Error + Send + Sync>;
type Connecting<T> = Pin<Box<dyn Future<Output = Result<T, BoxError>> + Send>>;

/// The name of a host has no address.
#[derive(Debug)]
pub(crate) struct NoAddress(io::Error);

impl fmt::Display for NoAddress {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("no address was found")
    }
}

impl Error for NoAddress {
    fn source(&self) -> Option<&(dyn Error + 'static)> {
        Some(&self.0)
    }
}

/// A time limit has passed.
#[derive(Debug)]
pub(crate) struct TooLate {
    /// What is not there.
    pub(crate) missing: &'static str,
    pub(crate) limit: Duration,
}

impl fmt::Display for TooLate {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} within {:?}", self.missing, self.limit)
    }
}

impl Error for TooLate {}

/// Finds addresses as the platform does.
type Names = MapErr<GaiResolver, fn(io::Error) -> NoAddress>;
type Tcp = HttpConnector<Names>;

/// Opens connections.
#[derive(Clone)]
pub(crate) struct Connector {
    secured: HttpsConnector<Dial>,
    limit: Duration,
}

impl Connector {
    /// `tls` is for upstreams, and knows HTTP/2 or not; `proxies` are used where they are meant for an address.
    pub(crate) fn new(tls: ClientConfig, proxies: Option<Arc<Matcher>>, limit: Duration) -> Self {
        let names: Names = GaiResolver::new().map_err(NoAddress);
        let mut tcp = HttpConnector::new_with_resolver(names);
        tcp.enforce_http(false);
        // A request is written at once, and its caller waits for it.
        tcp.set_nodelay(true);
        let proxies = proxies.map(|matcher| {
            // HTTP/2 to a proxy is another protocol than a tunnel.
            let mut tls = tls.clone();
            tls.alpn_protocols = Vec::new();
            let way = HttpsConnector::from((tcp.clone(), tls));
            (matcher, way)
        });
        Self {
            secured: HttpsConnector::from((Dial { tcp, proxies }, tls)),
            limit,
        }
    }
}

impl Service<Uri> for Connector {
    type Response = MaybeHttpsStream<Dialed>;
    type Error = BoxError;
    type Future = Connecting<Self::Response>;

    fn poll_ready(&mut self, cx: &mut Context<'_>) -> Poll<Result<(), BoxError>> {
        self.secured.poll_ready(cx)
    }

    fn call(&mut self, to: Uri) -> Self::Future {
        let connecting = self.secured.call(to);
        let limit = self.limit;
        Box::pin(async move {
            let connected = tokio::time::timeout(limit, connecting).await;
            let missing = "no connection";
            connected.unwrap_or_else(|_| Err(Box::new(TooLate { missing, limit })))
        })
    }
}

/// TCP to an upstream, or to the proxy in front of it.
#[derive(Clone)]
struct Dial {
    tcp: Tcp,
    /// Which addresses have a proxy, and the way to one.
    proxies: Option<(Arc<Matcher>, HttpsConnector<Tcp>)>,
}

impl Service<Uri> for Dial {
    type Response = Dialed;
    type Error = BoxError;
    type Future = Connecting<Dialed>;

    fn poll_ready(&mut self, cx: &mut Context<'_>) -> Poll<Result<(), BoxError>> {
        self.tcp.poll_ready(cx).map_err(Into::into)
    }

    fn call(&mut self, to: Uri) -> Self::Future {
        let found = self.proxies.as_ref().and_then(|(matcher, way)| {
            let proxy = matcher.intercept(&to)?;
            Some((proxy, way.clone()))
        });
        let Some((proxy, mut way)) = found else {
            let direct = self.tcp.call(to);
            return Box::pin(async move {
                Ok(Dialed {
                    stream: MaybeHttpsStream::Http(direct.await?),
                    proxied: false,
                })
            });
        };
        let tunnelled = to.scheme() == Some(&Scheme::HTTPS);
        Box::pin(async move {
            let stream = if tunnelled {
                let mut tunnel = Tunnel::new(proxy.uri().clone(), way);
                if let Some(credential) = proxy.basic_auth() {
                    tunnel = tunnel.with_auth(credential.clone());
                }
                tunnel.ready().await?.call(to).await?
            } else {
                way.ready().await?.call(proxy.uri().clone()).await?
            };
            Ok(Dialed {
                stream,
                // The other end of a tunnel is the upstream itself.
                proxied: !tunnelled,
            })
        })
    }
}

/// A stream to an upstream, or to a proxy that is sent requests for it.
pub(crate) struct Dialed {
    stream: MaybeHttpsStream<TokioIo<TcpStream>>,
    proxied: bool,
}

impl Connection for Dialed {
    fn connected(&self) -> Connected {
        // Requests to a proxy name the upstream in their first line.
        self.stream.connected().proxy(self.proxied)
    }
}

impl Read for Dialed {
    fn poll_read(
        mut self: Pin<&mut Self>,
        cx: &mut Context<'_>,
        buffer: ReadBufCursor<'_>,
    ) -> Poll<io::Result<()>> {
        Pin::new(&mut self.stream).poll_read(cx, buffer)
    }
}

impl Write for Dialed {
    fn poll_write(
        mut self: Pin<&mut Self>,
        cx: &mut Context<'_>,
        bytes: &[u8],
    ) -> Poll<io::Result<usize>> {
        Pin::new(&mut self.stream).poll_write(cx, bytes)
    }

    fn poll_flush(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<io::Result<()>> {
        Pin::new(&mut self.stream).poll_flush(cx)
    }

    fn poll_shutdown(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<io::Result<()>> {
        Pin::new(&mut self.stream).poll_shutdown(cx)
    }

    fn is_write_vectored(&self) -> bool {
        self.stream.is_write_vectored()
    }

    fn poll_write_vectored(
        mut self: Pin<&mut Self>,
        cx: &mut Context<'_>,
        parts: &[io::IoSlice<'_>],
    ) -> Poll<io::Result<usize>> {
        Pin::new(&mut self.stream).poll_write_vectored(cx, parts)
    }
}
