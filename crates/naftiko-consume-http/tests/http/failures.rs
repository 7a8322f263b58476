//! Upstreams that give no answer, or none that can be used: each is told apart, none shows the address.

use std::time::{Duration, Instant};

use http::Method;
use naftiko_consume_http::{HttpLimits, HttpUpstream};
use naftiko_engine::{UpstreamError, UpstreamErrorKind as Kind};
use tokio::io::AsyncWriteExt;
use tokio::net::TcpListener;

use crate::support::{SECRET, Upstream, call, limits, read_head, service, short, text};

#[track_caller]
fn assert_is(error: &UpstreamError, kind: Kind) {
    assert_eq!(error.kind, kind, "{}", error.detail);
    assert!(!error.detail.contains(SECRET), "{}", error.detail);
    assert!(!error.detail.contains("key="), "{}", error.detail);
    assert!(!error.detail.contains(char::is_control), "{}", error.detail);
}

/// The error of a call whose answer cannot be had, or whose body cannot.
async fn error(upstream: &Upstream, limits: HttpLimits) -> UpstreamError {
    match upstream.get(limits).await {
        Err(error) => error,
        Ok(answer) => text(answer).await.unwrap_err(),
    }
}

#[tokio::test]
async fn refuses() {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let base = format!("http://{}", listener.local_addr().unwrap());
    drop(listener);
    let service = service(&HttpUpstream::new(limits()), &base);
    let error = call(&service, Method::GET, &format!("{base}/a?key={SECRET}"))
        .await
        .unwrap_err();
    assert_is(&error, Kind::Unreachable);
    assert!(error.detail.contains("refused"), "{}", error.detail);
}

#[tokio::test]
async fn has_no_address() {
    let base = "http://no-such-host.invalid";
    // A resolver without a network takes its time.
    let service = service(&HttpUpstream::default(), base);
    let error = call(&service, Method::GET, &format!("{base}/a?key={SECRET}"))
        .await
        .unwrap_err();
    assert_is(&error, Kind::NameNotResolved);
}

#[tokio::test]
async fn accepts_and_closes() {
    let upstream = Upstream::start(|stream| async move { drop(stream) }).await;
    assert_is(&error(&upstream, limits()).await, Kind::Broken);
    let upstream = Upstream::says("").await;
    assert_is(&error(&upstream, limits()).await, Kind::Broken);
}

#[tokio::test]
async fn breaks_off() {
    for answer in [
        "HTTP/1.1 2",
        "HTTP/1.1 200 OK\r\nContent-Type: text/",
        "HTTP/1.1 200 OK\r\nContent-Length: 10\r\n\r\nhalf",
        "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n5\r\nhello\r\n",
        "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n5\r\nhel",
        "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n5\r\nhello\r\nzz\r\n",
        "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\nfffffffffffffffff\r\n",
    ] {
        let upstream = Upstream::says(answer).await;
        assert_is(&error(&upstream, limits()).await, Kind::Broken);
    }
}

#[tokio::test]
async fn does_not_speak_http() {
    for answer in [
        "SSH-2.0-OpenSSH_9.9\r\n",
        "\0\u{1}\u{2}\u{3}",
        "HTTP/1.1 abc OK\r\n\r\n",
        "HTTP/1.1 99 Low\r\n\r\n",
        "HTTP/1.1 200 OK\r\nno colon\r\n\r\n",
        "HTTP/1.1 200 OK\r\nA: b\r\n c\r\n\r\n",
        "HTTP/1.1 200 OK\r\nContent-Length: x\r\n\r\n",
        "HTTP/1.1 200 OK\r\nContent-Length: 1\r\nContent-Length: 2\r\n\r\nab",
        "<html>HTTP/0.9</html>",
        "HTTP/1.1 101 Switching Protocols\r\nUpgrade: x\r\nConnection: upgrade\r\n\r\n",
    ] {
        let upstream = Upstream::says(answer).await;
        assert_is(&error(&upstream, limits()).await, Kind::Broken);
    }
}

#[tokio::test]
async fn has_a_head_that_is_too_large() {
    let line = format!("A: {}\r\n", "a".repeat(1000));
    for (times, what) in [(70, "just over"), (1000, "a megabyte")] {
        let head = format!("HTTP/1.1 200 OK\r\n{}\r\n", line.repeat(times));
        let upstream = Upstream::says(head).await;
        let error = error(&upstream, limits()).await;
        assert_eq!(error.kind, Kind::TooLarge, "{what}: {}", error.detail);
    }
    // One endless line never reaches the end of a header.
    let upstream = Upstream::says(format!("HTTP/1.1 200 OK\r\nA: {}", "a".repeat(1 << 20))).await;
    assert_is(&error(&upstream, limits()).await, Kind::TooLarge);
    // What fits is taken.
    let head = format!("HTTP/1.1 200 OK\r\n{}\r\n", line.repeat(60));
    let upstream = Upstream::says(head).await;
    assert!(upstream.get(limits()).await.is_ok());
}

#[tokio::test]
async fn never_answers() {
    let upstream = Upstream::start(|mut stream| async move {
        read_head(&mut stream).await;
        read_head(&mut stream).await;
    })
    .await;
    let begun = Instant::now();
    assert_is(&error(&upstream, short()).await, Kind::TimedOut);
    assert!(begun.elapsed() < Duration::from_secs(2));
}

#[tokio::test]
async fn drips() {
    // Each byte is on time, the whole is not: in the head, in interim answers, in the body.
    for start in [
        "HTTP/1.1 200 OK\r\nA: ",
        "HTTP/1.1 200 OK\r\n\r\n",
        "HTTP/1.1 200 OK\r\nContent-Length: 1000000\r\n\r\n",
    ] {
        let upstream = Upstream::start(move |mut stream| async move {
            read_head(&mut stream).await;
            stream.write_all(start.as_bytes()).await.unwrap();
            while stream.write_all(b"a").await.is_ok() {
                tokio::time::sleep(Duration::from_millis(10)).await;
            }
        })
        .await;
        let begun = Instant::now();
        assert_is(&error(&upstream, short()).await, Kind::TimedOut);
        assert!(begun.elapsed() < Duration::from_secs(2));
    }
    let upstream = Upstream::start(move |mut stream| async move {
        read_head(&mut stream).await;
        while stream
            .write_all(b"HTTP/1.1 103 Early\r\n\r\n")
            .await
            .is_ok()
        {
            tokio::time::sleep(Duration::from_millis(10)).await;
        }
    })
    .await;
    assert_is(&error(&upstream, short()).await, Kind::TimedOut);
}

#[tokio::test]
async fn does_not_accept() {
    // The queue of a listener that nobody serves fills up; then connecting itself hangs.
    let socket = tokio::net::TcpSocket::new_v4().unwrap();
    socket.bind("127.0.0.1:0".parse().unwrap()).unwrap();
    let listener = socket.listen(1).unwrap();
    let address = listener.local_addr().unwrap();
    let mut queue = Vec::new();
    for _ in 0..8 {
        let connect = tokio::net::TcpStream::connect(address);
        match tokio::time::timeout(Duration::from_millis(50), connect).await {
            Ok(stream) => queue.push(stream),
            Err(_) => break,
        }
    }
    let base = format!("http://{address}");
    let limits = HttpLimits {
        connect: Duration::from_millis(200),
        ..limits()
    };
    let service = service(&HttpUpstream::new(limits), &base);
    let begun = Instant::now();
    let error = call(&service, Method::GET, &format!("{base}/a?key={SECRET}"))
        .await
        .unwrap_err();
    assert_is(&error, Kind::TimedOut);
    assert!(begun.elapsed() < Duration::from_secs(2));
}
