//! Connections that cost too much.

use std::time::Instant;

use naftiko_host::HostLimits;
use tokio::io::AsyncWriteExt;
use tokio::time::{sleep, timeout};

use crate::harness::{PATIENCE, Server, ms, short};

#[tokio::test]
async fn a_header_that_trickles_is_cut_at_the_limit() {
    let server = Server::start(short(), PATIENCE).await;
    // Nothing at all, a bit of the first request, and a bit of the second.
    for (first, answered) in [("", false), ("GET /", false), ("GET / HTTP/1.1\r\n", true)] {
        let mut client = server.client().await;
        if answered {
            client.get("/").await;
            client.until("hello").await;
        }
        let start = Instant::now();
        client.send(first).await;
        let (mut read, mut write) = client.0.into_split();
        let trickle = tokio::spawn(async move {
            while !first.is_empty() && write.write_all(b"X").await.is_ok() {
                sleep(ms(50)).await;
            }
            // The socket stays open on this side.
            sleep(PATIENCE).await;
        });
        let mut sink = Vec::new();
        let end = tokio::io::AsyncReadExt::read_to_end(&mut read, &mut sink);
        let _ = timeout(PATIENCE, end).await.expect("not closed");
        let took = start.elapsed();
        assert!(took >= ms(250) && took < ms(550), "{first:?} {took:?}");
        assert_eq!(sink, b"");
        trickle.abort();
    }
}

#[tokio::test]
async fn a_kept_connection_outlives_the_header_limit_but_not_the_idle_limit() {
    let server = Server::start(short(), PATIENCE).await;
    let mut client = server.client().await;
    for _ in 0..2 {
        client.get("/").await;
        client.until("hello").await;
        assert!(client.silent(ms(450)).await, "closed by the header limit");
    }
    client.get("/").await;
    client.until("hello").await;
    let start = Instant::now();
    let (more, reset) = client.rest().await;
    let took = start.elapsed();
    assert!(more.is_empty() && !reset);
    assert!(took >= ms(550) && took < ms(1000), "{took:?}");
}

#[tokio::test]
async fn a_request_in_flight_is_not_idle() {
    let server = Server::start(short(), PATIENCE).await;
    let mut client = server.client().await;
    client.get("/slow/1400").await;
    client.until("slow").await;
}

#[tokio::test]
async fn headers_that_are_too_large() {
    let server = Server::start(short(), PATIENCE).await;
    let head = "GET / HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\nX: ";
    for (size, status) in [(60_000, "200"), (100_000, "431")] {
        let mut client = server.client().await;
        client.send(head).await;
        client.send(&"x".repeat(size)).await;
        // The server may be gone by now.
        let _ = client.0.write_all(b"\r\n\r\n").await;
        let answer = client.until("\r\n\r\n").await;
        assert_eq!(answer.split(' ').nth(1), Some(status), "{size}");
    }
    let mut client = server.client().await;
    client
        .send(&format!("{head}1\r\n{}\r\n", "A: b\r\n".repeat(200)))
        .await;
    let answer = client.until("\r\n\r\n").await;
    assert_eq!(answer.split(' ').nth(1), Some("431"));
}

#[tokio::test]
async fn connections_past_the_limit_wait_for_their_turn() {
    let limits = HostLimits {
        connections: 2,
        ..HostLimits::default()
    };
    let server = Server::start(limits, PATIENCE).await;
    let mut held = Vec::new();
    for _ in 0..2 {
        let mut client = server.client().await;
        client.get("/").await;
        client.until("hello").await;
        held.push(client);
    }
    let mut waiting = Vec::new();
    for _ in 0..3 {
        let mut client = server.client().await;
        client.get("/").await;
        waiting.push(client);
    }
    for client in &mut waiting {
        assert!(client.silent(ms(80)).await, "served past the limit");
    }
    held.clear();
    for mut client in waiting {
        client.until("hello").await;
    }
}

#[tokio::test]
async fn a_body_that_stalls_is_an_error_to_its_reader() {
    let server = Server::start(short(), PATIENCE).await;
    let mut client = server.client().await;
    client
        .send("POST /read/1000 HTTP/1.1\r\nHost: localhost\r\nContent-Length: 100\r\n\r\nabc")
        .await;
    // As long as something comes, it goes on.
    for _ in 0..4 {
        sleep(ms(300)).await;
        client.send("d").await;
    }
    let start = Instant::now();
    let head = client.until("\r\n\r\n").await;
    assert!(head.starts_with("HTTP/1.1 408"), "{head}");
    let took = start.elapsed();
    assert!(took >= ms(550) && took < ms(900), "{took:?}");
}

#[tokio::test]
async fn a_body_that_is_too_large_gets_its_answer() {
    let server = Server::start(short(), PATIENCE).await;
    for framing in ["Content-Length: 100000000", "Transfer-Encoding: chunked"] {
        let client = server.client().await;
        let (mut read, mut write) = client.0.into_split();
        let upload = tokio::spawn(async move {
            let head =
                format!("POST /read/100000 HTTP/1.1\r\nHost: localhost\r\n{framing}\r\n\r\n");
            write.write_all(head.as_bytes()).await.unwrap();
            // All of it, without a look at the answer, as simple clients do.
            let mut chunk = vec![b'x'; 64 * 1024];
            if framing.contains("chunked") {
                chunk.splice(..0, *b"10000\r\n");
                chunk.extend(*b"\r\n");
            }
            for _ in 0..1525 {
                if write.write_all(&chunk).await.is_err() {
                    return false;
                }
            }
            true
        });
        assert!(upload.await.unwrap(), "cut while it was sending");
        let mut answer = Vec::new();
        let _ = tokio::io::AsyncReadExt::read_to_end(&mut read, &mut answer).await;
        let answer = String::from_utf8_lossy(&answer);
        assert!(
            answer.starts_with("HTTP/1.1 413") && answer.contains("TooLarge"),
            "{answer}"
        );
    }
}

#[tokio::test]
async fn an_answer_that_nobody_takes_is_broken_off() {
    let server = Server::start(short(), PATIENCE).await;
    for path in ["/endless", "/big/50000000"] {
        let mut client = server.client().await;
        client.get(path).await;
        sleep(ms(1500)).await;
        let mut most = vec![0; 50_000_000];
        let mut taken = 0;
        let drain = async {
            while let Ok(n @ 1..) = tokio::io::AsyncReadExt::read(&mut client.0, &mut most).await {
                taken += n;
            }
        };
        timeout(PATIENCE, drain)
            .await
            .unwrap_or_else(|_| panic!("{path} goes on"));
        assert!(taken < 50_000_000, "{path}: {taken}");
    }
}

#[tokio::test]
async fn an_answer_that_is_taken_slowly_arrives() {
    let server = Server::start(short(), PATIENCE).await;
    let mut client = server.client().await;
    client.get("/big/8000000").await;
    client.until("\r\n\r\n").await;
    let mut piece = vec![0; 800_000];
    for _ in 0..10 {
        sleep(ms(120)).await;
        let read = tokio::io::AsyncReadExt::read_exact(&mut client.0, &mut piece);
        timeout(PATIENCE, read).await.unwrap().unwrap();
    }
}
