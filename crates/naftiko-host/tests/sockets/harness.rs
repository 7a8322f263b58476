//! A host on a port of the system's choice, with a service of the test's making, and a raw client.

use std::convert::Infallible;
use std::net::SocketAddr;
use std::time::Duration;

use bytes::Bytes;
use http::{Request, Response, StatusCode};
use http_body_util::{BodyExt, StreamBody};
use naftiko_engine::{Body, UpstreamError, UpstreamErrorKind, full};
use naftiko_expose::{BodyProblem, HttpService, IncomingBody, read_body};
use naftiko_host::{Binding, Host, HostLimits, ListenAddress, Report, Swap};
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpStream;
use tokio::sync::oneshot;
use tokio::task::JoinHandle;
use tokio::time::timeout;

/// Longer than anything takes that works.
pub(crate) const PATIENCE: Duration = Duration::from_secs(5);

pub(crate) fn ms(ms: u64) -> Duration {
    Duration::from_millis(ms)
}

/// Short limits: 300 ms for a header, 600 ms of nothing.
pub(crate) fn short() -> HostLimits {
    HostLimits {
        header_read: ms(300),
        idle: ms(600),
        ..HostLimits::default()
    }
}

pub(crate) struct Server {
    pub(crate) address: SocketAddr,
    pub(crate) swap: Swap,
    stop: oneshot::Sender<()>,
    task: JoinHandle<Report>,
}

impl Server {
    pub(crate) async fn start(limits: HostLimits, grace: Duration) -> Self {
        let binding = Binding::new("test", ListenAddress::loopback(0), service());
        let host = Host::bind(vec![binding], limits).await.unwrap();
        let address = host.local_addrs()[0];
        let swap = host.exposures()[0].service.clone();
        let (stop, stopped) = oneshot::channel::<()>();
        let stopped = async move {
            let _ = stopped.await;
        };
        let task = tokio::spawn(host.serve(stopped, grace));
        Self {
            address,
            swap,
            stop,
            task,
        }
    }

    pub(crate) fn url(&self, path: &str) -> String {
        format!("http://{}{path}", self.address)
    }

    pub(crate) async fn client(&self) -> Client {
        Client(TcpStream::connect(self.address).await.unwrap())
    }

    /// Tells it to stop, without waiting for it.
    pub(crate) fn stop(self) -> JoinHandle<Report> {
        let _ = self.stop.send(());
        self.task
    }
}

/// What the tests ask for, by path.
fn service() -> HttpService {
    HttpService::new(tower::service_fn(
        async |request: Request<IncomingBody>| -> Result<Response<Body>, Infallible> {
            let (parts, body) = request.into_parts();
            let path = parts.uri.path();
            let number = path.rsplit('/').next().and_then(|n| n.parse::<u64>().ok());
            let number = number.unwrap_or(0);
            Ok(Response::new(match path.split('/').nth(1).unwrap_or("") {
                "slow" => {
                    tokio::time::sleep(ms(number)).await;
                    full("slow")
                }
                "big" => full(vec![b'x'; usize::try_from(number).unwrap()]),
                "endless" => chunks(usize::MAX, false),
                "break" => chunks(3, true),
                "break-sized" => {
                    let mut response = Response::new(chunks(3, true));
                    let headers = response.headers_mut();
                    headers.insert("content-length", "100000".parse().unwrap());
                    return Ok(response);
                }
                "panic" => panic!("as asked for"),
                "panic-body" => {
                    StreamBody::new(futures_util::stream::poll_fn(|_| panic!("as asked for")))
                        .boxed_unsync()
                }
                "read" => match read_body(body, usize::try_from(number).unwrap()).await {
                    Ok(bytes) => full(bytes.len().to_string()),
                    Err(problem) => {
                        let mut response = Response::new(full(format!("{problem:?}")));
                        *response.status_mut() = match problem {
                            BodyProblem::TooLarge => StatusCode::PAYLOAD_TOO_LARGE,
                            BodyProblem::Broken => StatusCode::REQUEST_TIMEOUT,
                        };
                        return Ok(response);
                    }
                },
                _ => full("hello"),
            }))
        },
    ))
}

/// So many chunks of 1,000 bytes, and then perhaps an upstream that breaks off.
fn chunks(count: usize, breaks: bool) -> Body {
    use http_body::Frame;
    let frames = (0..count).map(|_| Ok(Frame::data(Bytes::from(vec![b'y'; 1000]))));
    let error = UpstreamError::new(UpstreamErrorKind::Broken, "gone\u{1b}[2J");
    let last = breaks.then_some(Err(error));
    let mut frames = frames.chain(last);
    // Each comes in its own poll of the runtime, as from a network.
    let mut ready = false;
    StreamBody::new(futures_util::stream::poll_fn(move |cx| {
        ready = !ready;
        if ready {
            cx.waker().wake_by_ref();
            return std::task::Poll::Pending;
        }
        std::task::Poll::Ready(frames.next())
    }))
    .boxed_unsync()
}

/// A socket.
pub(crate) struct Client(pub(crate) TcpStream);

impl Client {
    pub(crate) async fn send(&mut self, text: &str) {
        self.0.write_all(text.as_bytes()).await.unwrap();
    }

    pub(crate) async fn get(&mut self, path: &str) {
        self.send(&format!("GET {path} HTTP/1.1\r\nHost: localhost\r\n\r\n"))
            .await;
    }

    /// What comes until the text `end` does.
    pub(crate) async fn until(&mut self, end: &str) -> String {
        let mut all = Vec::new();
        let mut byte = [0; 1];
        let read = async {
            while !all.ends_with(end.as_bytes()) {
                match self.0.read(&mut byte).await {
                    Ok(1) => all.push(byte[0]),
                    other => panic!("{other:?} after {:?}", String::from_utf8_lossy(&all)),
                }
            }
        };
        let came = timeout(PATIENCE, read).await;
        let text = String::from_utf8_lossy(&all).into_owned();
        came.unwrap_or_else(|_| panic!("no {end:?} in {text:?}"));
        text
    }

    /// Everything until the server closes; the flag tells a reset.
    pub(crate) async fn rest(&mut self) -> (String, bool) {
        let mut all = Vec::new();
        let end = timeout(PATIENCE, self.0.read_to_end(&mut all)).await;
        let end = end.unwrap_or_else(|_| panic!("not closed after {} bytes", all.len()));
        (String::from_utf8_lossy(&all).into_owned(), end.is_err())
    }

    /// Whether nothing comes, and no end either, for that time.
    pub(crate) async fn silent(&mut self, time: Duration) -> bool {
        timeout(time, self.0.read(&mut [0; 1])).await.is_err()
    }
}
