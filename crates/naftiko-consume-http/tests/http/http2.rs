//! HTTP/2, where TLS negotiates it.

use std::convert::Infallible;
use std::pin::Pin;
use std::task::{Context, Poll};
use std::time::Duration;

use bytes::Bytes;
use http::{Method, Request, Response};
use http_body::Frame;
use http_body_util::combinators::UnsyncBoxBody;
use http_body_util::{BodyExt, Full};
use hyper_util::rt::{TokioExecutor, TokioIo};
use naftiko_engine::UpstreamErrorKind as Kind;
use tokio::io::{AsyncReadExt, AsyncWriteExt};

use crate::support::{SECRET, Upstream, call, service, text};
use crate::tls::{acceptor, localhost, trusting};

#[tokio::test]
async fn http_2_shares_a_connection_and_resets_what_nobody_wants() {
    let (closed_tx, mut closed) = tokio::sync::mpsc::unbounded_channel();
    let (acceptor, pem) = acceptor("localhost", &[b"h2"]);
    let upstream = Upstream::start(move |stream| {
        let (acceptor, closed) = (acceptor.clone(), closed_tx.clone());
        async move {
            let stream = acceptor.accept(stream).await.unwrap();
            let serve = hyper::service::service_fn(move |request| {
                let answer = answer(&request, closed.clone());
                async { Ok::<_, Infallible>(answer) }
            });
            let _ = hyper::server::conn::http2::Builder::new(TokioExecutor::new())
                .serve_connection(TokioIo::new(stream), serve)
                .await;
        }
    })
    .await;
    let kind = trusting(&pem);
    let base = localhost(&upstream);
    let service = service(&kind, &base);
    for _ in 0..2 {
        let answer = call(&service, Method::GET, &format!("{base}/it%27s?a=|"))
            .await
            .unwrap();
        assert_eq!(answer.version(), http::Version::HTTP_2);
        assert_eq!(text(answer).await.unwrap(), "/it%27s?a=|");
    }
    // The headers are refused, the connection stays.
    let error = call(&service, Method::GET, &format!("{base}/large?key={SECRET}"))
        .await
        .unwrap_err();
    assert!(!error.detail.contains(SECRET));
    assert_eq!(error.kind, Kind::Broken, "{}", error.detail);
    let answer = call(&service, Method::GET, &format!("{base}/endless"))
        .await
        .unwrap();
    drop(answer);
    let reset = tokio::time::timeout(Duration::from_secs(2), closed.recv()).await;
    reset.expect("the stream was not reset").unwrap();
    assert_eq!(upstream.count(), 1);
}

type Sink = tokio::sync::mpsc::UnboundedSender<()>;

/// Bytes without end, whose drop is told.
struct Endless(Sink);

impl Drop for Endless {
    fn drop(&mut self) {
        let _ = self.0.send(());
    }
}

impl http_body::Body for Endless {
    type Data = Bytes;
    type Error = Infallible;

    fn poll_frame(
        self: Pin<&mut Self>,
        _: &mut Context<'_>,
    ) -> Poll<Option<Result<Frame<Bytes>, Self::Error>>> {
        Poll::Ready(Some(Ok(Frame::data(Bytes::from_static(&[b'a'; 1024])))))
    }
}

/// The target of the request, more headers than are taken, or more body than anybody reads.
fn answer(
    request: &Request<hyper::body::Incoming>,
    closed: Sink,
) -> Response<UnsyncBoxBody<Bytes, Infallible>> {
    let target = request.uri().path_and_query().unwrap().to_string();
    if target == "/endless" {
        return Response::new(Endless(closed).boxed_unsync());
    }
    let large = if target.starts_with("/large") {
        100_000
    } else {
        1
    };
    let body = Full::new(Bytes::from(target)).boxed_unsync();
    let mut answer = Response::new(body);
    answer
        .headers_mut()
        .insert("x-a", "a".repeat(large).parse().unwrap());
    answer
}

#[tokio::test]
async fn what_an_upstream_says_as_it_goes_away_is_not_repeated() {
    let (acceptor, pem) = acceptor("localhost", &[b"h2"]);
    let upstream = Upstream::start(move |stream| {
        let acceptor = acceptor.clone();
        async move {
            let mut stream = acceptor.accept(stream).await.unwrap();
            let _ = stream.read(&mut [0; 4096]).await;
            // SETTINGS, then GOAWAY: no stream was served, ENHANCE_YOUR_CALM, and what the request held.
            let length = u8::try_from(8 + SECRET.len()).unwrap();
            let settings = [0, 0, 0, 4, 0, 0, 0, 0, 0];
            let goaway = [0, 0, length, 7, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 11];
            let frames = [&settings[..], &goaway[..], SECRET.as_bytes()].concat();
            let _ = stream.write_all(&frames).await;
            let _ = stream.read(&mut [0; 4096]).await;
        }
    })
    .await;
    let kind = trusting(&pem);
    let base = localhost(&upstream);
    let error = call(&service(&kind, &base), Method::GET, &format!("{base}/a"))
        .await
        .unwrap_err();
    assert_eq!(error.kind, Kind::Broken, "{}", error.detail);
    assert!(error.detail.contains("http2 error"), "{}", error.detail);
    assert!(!error.detail.contains(SECRET), "{}", error.detail);
}

#[tokio::test]
async fn what_an_upstream_did_not_look_at_is_sent_again() {
    let (acceptor, pem) = acceptor("localhost", &[b"h2"]);
    let upstream = Upstream::start(move |stream| {
        let acceptor = acceptor.clone();
        async move {
            let stream = acceptor.accept(stream).await.unwrap();
            let mut connection = h2::server::handshake(stream).await.unwrap();
            let mut streams = 0;
            while let Some(Ok((request, mut respond))) = connection.accept().await {
                streams += 1;
                let endless = request.uri().path() == "/never";
                if streams == 1 || endless {
                    respond.send_reset(h2::Reason::REFUSED_STREAM);
                    continue;
                }
                let mut body = respond.send_response(Response::new(()), false).unwrap();
                body.send_data(Bytes::from(streams.to_string()), true)
                    .unwrap();
            }
        }
    })
    .await;
    let kind = trusting(&pem);
    let base = localhost(&upstream);
    let service = service(&kind, &base);
    let answer = call(&service, Method::POST, &format!("{base}/a")).await;
    assert_eq!(text(answer.unwrap()).await.unwrap(), "2");
    // An upstream that always refuses is not asked without end: this call was streams 3 to 5.
    let error = call(&service, Method::POST, &format!("{base}/never")).await;
    assert_eq!(error.unwrap_err().kind, Kind::Broken);
    let answer = call(&service, Method::GET, &format!("{base}/a")).await;
    assert_eq!(text(answer.unwrap()).await.unwrap(), "6");
}
