//! The stop.

use std::time::{Duration, Instant};

use naftiko_host::HostLimits;
use tokio::net::TcpStream;
use tokio::time::{sleep, timeout};

use crate::harness::{PATIENCE, Server, ms};

#[tokio::test]
async fn requests_in_flight_finish_and_idle_connections_close() {
    let server = Server::start(HostLimits::default(), PATIENCE).await;
    let address = server.address;
    let mut idle = server.client().await;
    idle.get("/").await;
    idle.until("hello").await;
    let mut silent = server.client().await;
    let mut busy = server.client().await;
    busy.get("/slow/500").await;
    sleep(ms(100)).await;
    let start = Instant::now();
    let stopped = server.stop();
    assert_eq!(idle.rest().await, (String::new(), false));
    assert_eq!(silent.rest().await, (String::new(), false));
    assert!(start.elapsed() < ms(300), "{:?}", start.elapsed());
    assert!(TcpStream::connect(address).await.is_err(), "still accepts");
    let (answer, _) = busy.rest().await;
    assert!(answer.ends_with("slow"), "{answer}");
    assert!(answer.contains("connection: close"), "{answer}");
    let report = timeout(PATIENCE, stopped).await.unwrap().unwrap();
    assert_eq!(report.cut, 0);
    assert!(start.elapsed() < ms(900), "{:?}", start.elapsed());
}

#[tokio::test]
async fn what_is_too_slow_is_cut() {
    let server = Server::start(HostLimits::default(), ms(300)).await;
    let mut slow = Vec::new();
    for _ in 0..2 {
        let mut client = server.client().await;
        client.get("/slow/20000").await;
        slow.push(client);
    }
    let mut endless = server.client().await;
    endless.get("/endless").await;
    endless.until("yyy").await;
    let start = Instant::now();
    let report = timeout(PATIENCE, server.stop()).await.unwrap().unwrap();
    let took = start.elapsed();
    assert!(took >= ms(300) && took < ms(1000), "{took:?}");
    assert_eq!(report.cut, 3);
    for mut client in slow {
        assert_eq!(client.rest().await.0, "");
    }
}

#[tokio::test]
async fn an_answer_that_is_being_taken_is_not_lost() {
    for connection in ["keep-alive", "close"] {
        let server = Server::start(HostLimits::default(), PATIENCE).await;
        let mut client = server.client().await;
        client
            .send(&format!(
                "GET /big/20000000 HTTP/1.1\r\nHost: localhost\r\nConnection: {connection}\r\n\r\n"
            ))
            .await;
        client.until("\r\n\r\n").await;
        sleep(ms(200)).await;
        let stopped = server.stop();
        sleep(ms(200)).await;
        let (body, reset) = client.rest().await;
        assert_eq!((body.len(), reset), (20_000_000, false), "{connection}");
        let report = timeout(PATIENCE, stopped).await.unwrap().unwrap();
        assert_eq!(report.cut, 0);
    }
}

#[tokio::test]
async fn no_grace_means_at_once() {
    let server = Server::start(HostLimits::default(), Duration::ZERO).await;
    let mut client = server.client().await;
    client.get("/slow/20000").await;
    sleep(ms(100)).await;
    let start = Instant::now();
    let report = timeout(PATIENCE, server.stop()).await.unwrap().unwrap();
    assert!(start.elapsed() < ms(500), "{:?}", start.elapsed());
    assert_eq!(report.cut, 1);
}
