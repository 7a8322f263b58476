//! Bodies: they stream, they are decoded when the client asked for their encoding, and dropping them ends the exchange.

use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::Duration;

use http::Method;
use http_body_util::BodyExt;
use naftiko_engine::UpstreamErrorKind;
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::sync::oneshot;

use crate::support::{Upstream, call, limits, read_head, text};

/// "hello, hello, hello"
const GZIP: &[u8] = &[
    31, 139, 8, 0, 0, 0, 0, 0, 2, 3, 203, 72, 205, 201, 201, 215, 81, 200, 64, 162, 0, 159, 161,
    202, 9, 19, 0, 0, 0,
];

/// An answer of `headers` and `body`, with its length.
fn answer(headers: &str, body: &[u8]) -> Vec<u8> {
    let head = format!(
        "HTTP/1.1 200 OK\r\n{headers}Content-Length: {}\r\n\r\n",
        body.len()
    );
    [head.as_bytes(), body].concat()
}

#[tokio::test]
async fn any_type_is_an_answer() {
    let html = b"<html><h1>502</h1></html>";
    let upstream = Upstream::says(answer("Content-Type: text/html\r\nX-A: 1\r\n", html)).await;
    let answer = upstream.get(limits()).await.unwrap();
    assert_eq!(answer.status(), 200);
    assert_eq!(answer.headers()["content-type"], "text/html");
    assert_eq!(answer.headers()["x-a"], "1");
    assert_eq!(http_body::Body::size_hint(answer.body()).exact(), Some(25));
    // Extensions of the client know the address.
    assert!(answer.extensions().is_empty());
    assert_eq!(text(answer).await.unwrap().as_bytes(), html);
}

#[tokio::test]
async fn gzip_is_decoded() {
    let upstream = Upstream::says(answer("Content-Encoding: gzip\r\n", GZIP)).await;
    let answer = upstream.get(limits()).await.unwrap();
    assert!(!answer.headers().contains_key("content-encoding"));
    assert!(!answer.headers().contains_key("content-length"));
    assert_eq!(text(answer).await.unwrap(), "hello, hello, hello");
}

#[tokio::test]
async fn half_a_gzip_is_broken() {
    for body in [&GZIP[..GZIP.len() - 1], &GZIP[..12], b"no gzip at all"] {
        let upstream = Upstream::says(answer("Content-Encoding: gzip\r\n", body)).await;
        let answer = upstream.get(limits()).await.unwrap();
        let error = text(answer).await.unwrap_err();
        assert_eq!(error.kind, UpstreamErrorKind::Broken, "{}", error.detail);
    }
}

#[tokio::test]
async fn other_encodings_are_passed_on() {
    for encoding in ["br", "zstd", "deflate", "compress", "identity"] {
        let headers = format!("Content-Encoding: {encoding}\r\n");
        let upstream = Upstream::says(answer(&headers, b"whatever")).await;
        let answer = upstream.get(limits()).await.unwrap();
        assert_eq!(answer.headers()["content-encoding"], encoding);
        assert_eq!(answer.headers()["content-length"], "8");
        assert_eq!(text(answer).await.unwrap(), "whatever");
    }
}

#[tokio::test]
async fn answers_without_a_body_are_complete() {
    for (method, head) in [
        (
            Method::HEAD,
            "200 OK\r\nContent-Length: 99\r\nContent-Encoding: gzip",
        ),
        (Method::HEAD, "200 OK\r\nTransfer-Encoding: chunked"),
        (Method::GET, "204 No Content\r\nContent-Encoding: gzip"),
        (
            Method::GET,
            "304 Not Modified\r\nContent-Encoding: gzip\r\nContent-Length: 99",
        ),
        (Method::GET, "200 OK\r\nContent-Length: 0"),
        (
            Method::GET,
            "200 OK\r\nContent-Length: 0\r\nContent-Encoding: gzip",
        ),
    ] {
        let upstream = Upstream::answers(move |_| format!("HTTP/1.1 {head}\r\n\r\n")).await;
        let service = upstream.service(limits());
        let uri = format!("{}/a", upstream.base());
        for _ in 0..2 {
            let answer = call(&service, method.clone(), &uri).await.unwrap();
            assert_eq!(text(answer).await.unwrap(), "", "{head}");
        }
        assert_eq!(upstream.count(), 1, "{head}");
    }
}

#[tokio::test]
async fn interim_answers_and_trailers_are_left_out() {
    let upstream = Upstream::says(
        "HTTP/1.1 100 Continue\r\n\r\nHTTP/1.1 103 Early Hints\r\nLink: </a>\r\n\r\n\
         HTTP/1.1 200 OK\r\nTrailer: X-T\r\nTransfer-Encoding: chunked\r\n\r\n\
         2\r\nhi\r\n0\r\nX-T: 1\r\n\r\n",
    )
    .await;
    let answer = upstream.get(limits()).await.unwrap();
    assert_eq!(answer.status(), 200);
    assert!(!answer.headers().contains_key("link"));
    let body = answer.into_body().collect().await.unwrap();
    assert!(body.trailers().is_none());
    assert_eq!(body.to_bytes(), "hi");
}

#[tokio::test]
async fn a_large_body_waits_for_its_reader() {
    const LENGTH: u64 = 100 * 1024 * 1024;
    let written = Arc::new(AtomicU64::new(0));
    let count = Arc::clone(&written);
    let upstream = Upstream::start(move |mut stream| {
        let count = Arc::clone(&count);
        async move {
            read_head(&mut stream).await;
            let head = format!("HTTP/1.1 200 OK\r\nContent-Length: {LENGTH}\r\n\r\n");
            stream.write_all(head.as_bytes()).await.unwrap();
            let chunk = vec![b'a'; 64 * 1024];
            while count.load(Ordering::SeqCst) < LENGTH {
                if stream.write_all(&chunk).await.is_err() {
                    return;
                }
                count.fetch_add(chunk.len() as u64, Ordering::SeqCst);
            }
        }
    })
    .await;
    let limits = naftiko_consume_http::HttpLimits::default();
    let mut body = upstream.get(limits).await.unwrap().into_body();
    let mut read = body
        .frame()
        .await
        .unwrap()
        .unwrap()
        .into_data()
        .unwrap()
        .len() as u64;
    let mut largest = 0;
    // What nobody reads stays with the upstream, but for the buffers of the sockets.
    tokio::time::sleep(Duration::from_millis(300)).await;
    let ahead = written.load(Ordering::SeqCst);
    assert!(ahead < 20 * 1024 * 1024, "{ahead} bytes were taken unread");
    while let Some(frame) = body.frame().await {
        let length = frame.unwrap().into_data().unwrap().len() as u64;
        largest = largest.max(length);
        read += length;
    }
    assert_eq!(read, LENGTH);
    assert!(largest <= 1024 * 1024, "a frame of {largest} bytes");
}

/// An upstream that tells when its connection was closed after it said `start`.
async fn watched(start: &'static str) -> (Upstream, oneshot::Receiver<()>, oneshot::Receiver<()>) {
    let (asked_tx, asked) = oneshot::channel();
    let (closed_tx, closed) = oneshot::channel();
    let senders = std::sync::Mutex::new(Some((asked_tx, closed_tx)));
    let upstream = Upstream::start(move |mut stream| {
        let senders = senders.lock().unwrap().take();
        async move {
            let Some((asked, closed)) = senders else {
                return;
            };
            read_head(&mut stream).await;
            stream.write_all(start.as_bytes()).await.unwrap();
            let _ = asked.send(());
            // The end of the stream, or a reset.
            while matches!(stream.read(&mut [0; 64]).await, Ok(n) if n > 0) {}
            let _ = closed.send(());
        }
    })
    .await;
    (upstream, asked, closed)
}

#[tokio::test]
async fn dropping_the_call_closes_the_connection() {
    let (upstream, asked, closed) = watched("").await;
    let call = tokio::spawn(async move { upstream.get(limits()).await.map(|_| ()) });
    asked.await.unwrap();
    call.abort();
    let closed = tokio::time::timeout(Duration::from_secs(2), closed).await;
    closed.expect("the upstream saw no end").unwrap();
}

#[tokio::test]
async fn dropping_the_body_closes_the_connection() {
    for start in [
        "HTTP/1.1 200 OK\r\nContent-Length: 1000000\r\n\r\nbegin",
        "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n5\r\nbegin\r\n",
        "HTTP/1.1 200 OK\r\n\r\nbegin",
    ] {
        let (upstream, _asked, closed) = watched(start).await;
        let mut body = upstream.get(limits()).await.unwrap().into_body();
        let frame = body.frame().await.unwrap().unwrap();
        assert_eq!(frame.into_data().unwrap(), "begin");
        drop(body);
        let closed = tokio::time::timeout(Duration::from_secs(2), closed).await;
        closed.expect("the upstream saw no end").unwrap();
    }
}
