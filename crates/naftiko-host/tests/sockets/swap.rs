//! Services that are replaced while they serve.

use std::convert::Infallible;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};

use http::{Request, Response};
use naftiko_engine::{Body, full};
use naftiko_expose::{HttpService, IncomingBody};
use naftiko_host::HostLimits;

use crate::harness::{PATIENCE, Server, ms};

fn says(word: String) -> HttpService {
    HttpService::new(tower::service_fn(move |_: Request<IncomingBody>| {
        let word = word.clone();
        async move { Ok::<Response<Body>, Infallible>(Response::new(full(word))) }
    }))
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn no_request_fails_and_no_connection_ends() {
    let server = Server::start(HostLimits::default(), PATIENCE).await;
    server.swap.replace(says(String::from("v0.")));
    let done = Arc::new(AtomicBool::new(false));
    let mut callers = Vec::new();
    for _ in 0..8 {
        let mut client = server.client().await;
        let done = Arc::clone(&done);
        callers.push(tokio::spawn(async move {
            let mut calls = 0;
            let mut last = 0;
            while !done.load(Ordering::Relaxed) {
                client.get("/").await;
                client.until("\r\n\r\n").await;
                let word = client.until(".").await;
                let version: u32 = word.trim_matches(['v', '.']).parse().unwrap();
                assert!(version >= last, "{version} after {last}");
                last = version;
                calls += 1;
            }
            (calls, last)
        }));
    }
    for version in 1..=100 {
        server.swap.replace(says(format!("v{version}.")));
        tokio::time::sleep(ms(5)).await;
    }
    done.store(true, Ordering::Relaxed);
    for caller in callers {
        let (calls, last) = caller.await.unwrap();
        assert!(calls > 100 && last >= 99, "{calls} calls, {last}");
    }
}

#[tokio::test]
async fn a_request_ends_with_the_service_it_began_with() {
    let server = Server::start(HostLimits::default(), PATIENCE).await;
    let mut client = server.client().await;
    client.get("/slow/200").await;
    tokio::time::sleep(ms(50)).await;
    server.swap.replace(says(String::from("new.")));
    client.until("slow").await;
    client.get("/slow/200").await;
    client.until("new.").await;
}
