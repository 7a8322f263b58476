//! Input that no client of ours sends: nothing panics, hangs or grows.

use std::time::Duration;

use naftiko_sandbox::MAX_BODY_BYTES;
use serde_json::{Value, json};
use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use tokio::net::TcpStream;

use crate::client::{Api, fixture, operation, read};

async fn api() -> Api {
    let operations = vec![
        operation("get", "GET", "/a/{x}", Value::Null),
        operation("post", "POST", "/a", Value::Null),
        operation("odd\nname", "GET", "/odd", json!(1)),
    ];
    Api::start(operations, Some(fixture("tests/data/plain.yaml")), None).await
}

/// Sends bytes as they are and reads until the peer closes.
async fn raw(api: &Api, bytes: &[u8]) -> String {
    let mut stream = TcpStream::connect(api.sandbox.address()).await.unwrap();
    // The peer may refuse before it has read everything.
    let _ = stream.write_all(bytes).await;
    let mut answer = Vec::new();
    let read = stream.read_to_end(&mut answer);
    let _ = tokio::time::timeout(Duration::from_secs(20), read)
        .await
        .expect("no hang");
    String::from_utf8_lossy(&answer).into_owned()
}

async fn raw_get(api: &Api, target: &str) -> String {
    let request = format!("GET {target} HTTP/1.1\r\nhost: x\r\nconnection: close\r\n\r\n");
    raw(api, request.as_bytes()).await
}

#[tokio::test]
async fn paths_cannot_leave_their_namespace() {
    let api = api().await;
    for target in [
        "/api/../x",
        "/api/a/..",
        "/api/a/%2e%2e",
        "/api/./a/1",
        "/api/a/%2E",
    ] {
        let answer = raw_get(&api, target).await;
        assert!(answer.starts_with("HTTP/1.1 400"), "{target}: {answer}");
        assert!(answer.contains("bad_path"));
    }
    assert!(
        raw_get(&api, "/api/a/%ff")
            .await
            .starts_with("HTTP/1.1 400")
    );
    assert!(raw_get(&api, "/%ff/a").await.starts_with("HTTP/1.1 404"));
    assert!(
        raw_get(&api, "/../api/a/1")
            .await
            .starts_with("HTTP/1.1 404")
    );
    assert!(raw_get(&api, "//api/a/1").await.starts_with("HTTP/1.1 404"));
    let zero = raw_get(&api, "/api/a/%00").await;
    assert!(
        zero.starts_with("HTTP/1.1 200") && zero.contains(r#"{"x":"\u0000"}"#),
        "{zero}"
    );
    let broken = raw_get(&api, "/api/a/%zz%").await;
    assert!(broken.starts_with("HTTP/1.1 200") && broken.contains(r#""x":"%zz%""#));
    let absolute = raw_get(&api, "http://elsewhere/api/a/1").await;
    assert!(absolute.starts_with("HTTP/1.1 200"));
}

#[tokio::test]
async fn bodies_that_are_too_large_are_413() {
    let api = api().await;
    let send = |size: usize| read(api.request("POST", "/a").body(vec![b'x'; size]));
    let fits = send(MAX_BODY_BYTES).await;
    assert_eq!(fits.status, 200);
    assert_eq!(
        fits.body["request"]["body"],
        json!({"bytes": MAX_BODY_BYTES})
    );
    let large = send(MAX_BODY_BYTES + 1).await;
    assert_eq!(
        (large.status, &large.body["error"]),
        (413, &json!("body_too_large"))
    );
    let huge = raw(
        &api,
        b"POST /api/a HTTP/1.1\r\nhost: x\r\ncontent-length: 99999999999\r\n\r\nxx",
    );
    assert!(huge.await.starts_with("HTTP/1.1 413"));
    assert_eq!(send(1).await.status, 200);
}

#[tokio::test]
async fn long_queries_are_read_and_longer_ones_refused() {
    let api = api().await;
    let long = format!("/a/1?{}", "x=1&".repeat(5_000));
    let answer = api.get(&long).await;
    assert_eq!(answer.status, 200);
    assert_eq!(
        answer.body["request"]["query"]["x"]
            .as_array()
            .unwrap()
            .len(),
        5_000
    );
    let longer = raw_get(&api, &format!("/api/a/1?{}", "x".repeat(200_000))).await;
    assert!(
        longer.starts_with("HTTP/1.1 4"),
        "{}",
        &longer[..longer.len().min(80)]
    );
}

#[tokio::test]
async fn what_is_no_http_is_closed() {
    let api = api().await;
    for bytes in [
        &b"\0\xff\xfe\r\n\r\n"[..],
        b"GET\r\n\r\n",
        b"PRI * HTTP/2.0\r\n\r\nXX\r\n\r\n",
    ] {
        let answer = raw(&api, bytes).await;
        assert!(!answer.starts_with("HTTP/1.1 200"), "{answer}");
    }
    let broken_off = raw(
        &api,
        b"POST /api/a HTTP/1.1\r\nhost: x\r\ntransfer-encoding: chunked\r\n\r\nZZ\r\n",
    );
    assert!(broken_off.await.starts_with("HTTP/1.1 400"));
    assert_eq!(api.get("/a/1").await.status, 200);
}

#[tokio::test]
async fn a_name_that_no_header_can_carry_is_left_out() {
    let api = api().await;
    let answer = api.get("/odd").await;
    assert_eq!(answer.status, 200);
    assert!(!answer.headers.contains_key("x-sandbox-operation"));
}

#[tokio::test]
async fn half_a_header_and_a_silent_connection_are_closed() {
    let api = api().await;
    let mut streams = Vec::new();
    for bytes in [
        &b""[..],
        b"PRI * HT",
        b"GET /api/odd HTTP/1.1\r\nhost: x\r\nx-slow: ",
    ] {
        let mut stream = TcpStream::connect(api.sandbox.address()).await.unwrap();
        stream.write_all(bytes).await.unwrap();
        streams.push(stream);
    }
    // Once the server waits for the rest, time leaps from timer to timer.
    tokio::time::sleep(Duration::from_millis(200)).await;
    tokio::time::pause();
    for mut stream in streams {
        let mut answer = Vec::new();
        let read = stream.read_to_end(&mut answer);
        let _ = tokio::time::timeout(Duration::from_mins(10), read)
            .await
            .expect("no hang");
        assert!(!answer.starts_with(b"HTTP/1.1 200"));
    }
}
