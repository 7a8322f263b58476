//! Raw upstreams and the calls that reach them.

use std::future::Future;
use std::net::SocketAddr;
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::Duration;

use bytes::Bytes;
use http::{Method, Request, Response};
use naftiko_consume_http::{HttpLimits, HttpUpstream};
use naftiko_engine::{
    Body, UpstreamContext, UpstreamError, UpstreamKind, UpstreamService, collect,
};
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::{TcpListener, TcpStream};
use tower::ServiceExt;

/// A capability's secret, as a query credential has it. No error may show it.
pub(crate) const SECRET: &str = "s3cr3t-of-the-operator";

/// Bounds that no test waits long for.
pub(crate) fn limits() -> HttpLimits {
    HttpLimits {
        connect: Duration::from_secs(2),
        total: Duration::from_secs(4),
        ..HttpLimits::default()
    }
}

/// Bounds that run out at once.
pub(crate) fn short() -> HttpLimits {
    HttpLimits {
        total: Duration::from_millis(250),
        ..limits()
    }
}

/// An upstream and the number of connections that it got.
#[derive(Clone)]
pub(crate) struct Upstream {
    pub(crate) address: SocketAddr,
    pub(crate) connections: Arc<AtomicUsize>,
}

impl Upstream {
    /// Gives each connection to `serve`.
    pub(crate) async fn start<F, Fut>(serve: F) -> Self
    where
        F: Fn(TcpStream) -> Fut + Send + 'static,
        Fut: Future<Output = ()> + Send + 'static,
    {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let address = listener.local_addr().unwrap();
        let connections = Arc::new(AtomicUsize::new(0));
        let count = Arc::clone(&connections);
        tokio::spawn(async move {
            while let Ok((stream, _)) = listener.accept().await {
                count.fetch_add(1, Ordering::SeqCst);
                tokio::spawn(serve(stream));
            }
        });
        Self {
            address,
            connections,
        }
    }

    /// Reads one request of each connection, says `answer` and closes.
    pub(crate) async fn says(answer: impl Into<Vec<u8>>) -> Self {
        let answer: Arc<Vec<u8>> = Arc::new(answer.into());
        Self::start(move |mut stream| {
            let answer = Arc::clone(&answer);
            async move {
                read_head(&mut stream).await;
                // A client that has read enough closes.
                let _ = stream.write_all(&answer).await;
                let _ = stream.shutdown().await;
            }
        })
        .await
    }

    /// Answers each request by what `answer` makes of its head; connections stay open.
    pub(crate) async fn answers<F>(answer: F) -> Self
    where
        F: Fn(&str) -> String + Send + Sync + 'static,
    {
        let answer = Arc::new(answer);
        Self::start(move |mut stream| {
            let answer = Arc::clone(&answer);
            async move {
                loop {
                    let head = read_head(&mut stream).await;
                    if head.is_empty() {
                        return;
                    }
                    let _ = stream.write_all(answer(&head).as_bytes()).await;
                }
            }
        })
        .await
    }

    pub(crate) fn count(&self) -> usize {
        self.connections.load(Ordering::SeqCst)
    }

    pub(crate) fn base(&self) -> String {
        format!("http://{}", self.address)
    }

    pub(crate) fn service(&self, limits: HttpLimits) -> UpstreamService {
        service(&HttpUpstream::new(limits), &self.base())
    }

    /// Sends a GET with the secret in its query.
    pub(crate) async fn get(&self, limits: HttpLimits) -> Result<Response<Body>, UpstreamError> {
        let uri = format!("{}/a?key={SECRET}", self.base());
        call(&self.service(limits), Method::GET, &uri).await
    }
}

pub(crate) fn service(kind: &HttpUpstream, base: &str) -> UpstreamService {
    let context = UpstreamContext {
        kind: "http".to_owned(),
        namespace: "test".to_owned(),
        base: base.parse().unwrap(),
    };
    kind.build(context).unwrap()
}

pub(crate) async fn call(
    service: &UpstreamService,
    method: Method,
    uri: &str,
) -> Result<Response<Body>, UpstreamError> {
    let request = Request::builder()
        .method(method)
        .uri(uri)
        .body(Bytes::new());
    service.clone().oneshot(request.unwrap()).await
}

/// The whole body of an answer.
pub(crate) async fn text(answer: Response<Body>) -> Result<String, UpstreamError> {
    let bytes = collect(answer.into_body(), 1 << 20).await?;
    Ok(String::from_utf8(bytes.to_vec()).unwrap())
}

/// The next request of a connection to the end of its headers; empty when there is none.
pub(crate) async fn read_head(stream: &mut TcpStream) -> String {
    let mut head = Vec::new();
    let mut byte = [0];
    while !head.ends_with(b"\r\n\r\n") {
        match stream.read(&mut byte).await {
            Ok(1) => head.push(byte[0]),
            _ => return String::new(),
        }
    }
    String::from_utf8(head).unwrap()
}

/// A complete answer that leaves the connection open.
pub(crate) fn ok(body: &str) -> String {
    format!(
        "HTTP/1.1 200 OK\r\nContent-Length: {}\r\n\r\n{body}",
        body.len()
    )
}
