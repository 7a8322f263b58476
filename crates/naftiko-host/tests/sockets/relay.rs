//! Answers that break: an upstream that breaks off, a service that panics.

use crate::harness::{PATIENCE, Server, short};

#[tokio::test]
async fn a_broken_answer_does_not_look_whole() {
    let server = Server::start(short(), PATIENCE).await;
    let mut client = server.client().await;
    client.get("/break").await;
    let (answer, _) = client.rest().await;
    assert!(answer.contains("transfer-encoding: chunked"), "{answer}");
    assert!(
        answer.contains("yyy") && !answer.ends_with("0\r\n\r\n"),
        "{answer}"
    );

    let mut client = server.client().await;
    client.get("/break-sized").await;
    let (answer, _) = client.rest().await;
    assert!(
        answer.contains("content-length: 100000") && answer.len() < 10_000,
        "{answer}"
    );

    // Here the end of the connection is the end of the body: only a reset tells.
    let mut client = server.client().await;
    client.send("GET /break HTTP/1.0\r\n\r\n").await;
    let (answer, reset) = client.rest().await;
    assert!(reset, "{answer}");
    for path in ["/break", "/break-sized"] {
        let answer = reqwest::get(server.url(path)).await.unwrap();
        assert_eq!(answer.status(), 200);
        answer.bytes().await.unwrap_err();
    }
}

#[tokio::test]
async fn a_panic_is_the_end_of_one_request_only() {
    let server = Server::start(short(), PATIENCE).await;
    let mut client = server.client().await;
    client.get("/panic").await;
    let head = client.until("\r\n\r\n").await;
    assert!(
        head.starts_with("HTTP/1.1 500") && head.contains("problem+json"),
        "{head}"
    );
    let body = client.until("}").await;
    assert!(!body.contains("as asked for"), "{body}");
    // The same connection goes on.
    client.get("/").await;
    client.until("hello").await;
    client.get("/panic-body").await;
    let (answer, _) = client.rest().await;
    assert!(!answer.ends_with("0\r\n\r\n"), "{answer}");
    let mut client = server.client().await;
    client.get("/").await;
    client.until("hello").await;
}
