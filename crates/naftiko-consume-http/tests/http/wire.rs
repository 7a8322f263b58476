//! What reaches the upstream.

use std::sync::{Arc, Mutex};
use std::time::Duration;

use bytes::Bytes;
use http::{Method, Request};
use naftiko_consume_http::HttpUpstream;
use naftiko_engine::{UpstreamErrorKind, UpstreamKind};
use tower::ServiceExt;

use crate::support::{Upstream, call, limits, ok, service, text};

/// An upstream that answers with the head it got.
async fn echo() -> Upstream {
    Upstream::answers(ok).await
}

#[tokio::test]
async fn targets_are_sent_byte_for_byte() {
    let upstream = echo().await;
    let service = upstream.service(limits());
    for target in [
        "/",
        "/?",
        "/a?",
        "//a//b//",
        "/a%2Fb%2f%00%25%7B%7D%22%20%c3%a9%5c%2e.",
        "/it's;v=1,(2)/[a]/^/a|b/$@!*+:=&",
        "/a%2eb/..c/.../~",
        "/a?x=[1]&x=2&&=&y=|^`{}\\/?:@!$()*+,;=%27%2e%2e/../.",
        "/a?q=a%20b+c%2Bd",
        "/it's?q='a'",
    ] {
        let uri = format!("{}{target}", upstream.base());
        let head = text(call(&service, Method::GET, &uri).await.unwrap())
            .await
            .unwrap();
        assert_eq!(
            head.lines().next().unwrap(),
            format!("GET {target} HTTP/1.1")
        );
    }
}

#[tokio::test]
async fn targets_that_servers_disagree_on_are_not_sent() {
    let upstream = echo().await;
    let service = upstream.service(limits());
    for target in ["/a/%2e%2e/admin", "/a/../admin", "/%2E/a", "/a/.%2e"] {
        let uri = format!("{}{target}", upstream.base());
        let error = call(&service, Method::GET, &uri).await.unwrap_err();
        assert_eq!(error.kind, UpstreamErrorKind::Misconfigured);
    }
    let error = call(&service, Method::GET, "http://127.0.0.1:1/a")
        .await
        .unwrap_err();
    assert_eq!(error.kind, UpstreamErrorKind::Misconfigured);
    assert_eq!(upstream.count(), 0);
}

#[tokio::test]
async fn nothing_is_added_but_what_http_needs() {
    let upstream = echo().await;
    let uri = format!("{}/a", upstream.base());
    let request = Request::get(&uri)
        .header("accept", "application/json")
        .header("cookie", "a=b")
        .header("x-list", "1")
        .header("x-list", "2");
    let answer = upstream
        .service(limits())
        .oneshot(request.body(Bytes::new()).unwrap())
        .await
        .unwrap();
    let head = text(answer).await.unwrap();
    let mut lines: Vec<&str> = head.lines().skip(1).filter(|l| !l.is_empty()).collect();
    lines.sort_unstable();
    let host = format!("host: {}", upstream.address);
    let agent = concat!("user-agent: naftiko/", env!("CARGO_PKG_VERSION"));
    let expected = [
        "accept-encoding: gzip",
        "accept: application/json",
        "cookie: a=b",
        &host,
        agent,
        "x-list: 1",
        "x-list: 2",
    ];
    assert_eq!(lines, expected);
}

#[tokio::test]
async fn a_request_names_its_own_agent_and_encodings() {
    let upstream = echo().await;
    let request = Request::get(format!("{}/a", upstream.base()))
        .header("user-agent", "me")
        .header("accept-encoding", "identity");
    let answer = upstream
        .service(limits())
        .oneshot(request.body(Bytes::new()).unwrap())
        .await
        .unwrap();
    let head = text(answer).await.unwrap();
    assert!(head.contains("user-agent: me\r\n"), "{head}");
    assert!(head.contains("accept-encoding: identity\r\n"), "{head}");
    assert!(!head.contains("naftiko"), "{head}");
}

#[tokio::test]
async fn bodies_have_a_length() {
    let got = Arc::new(Mutex::new(Vec::new()));
    let heads = Arc::clone(&got);
    let upstream = Upstream::answers(move |head| {
        heads.lock().unwrap().push(head.to_ascii_lowercase());
        ok("")
    })
    .await;
    let base = upstream.base();
    for (method, body) in [("POST", ""), ("GET", ""), ("DELETE", ""), ("POST", "{}")] {
        // One client each: the bodies stay unread.
        let request = Request::builder().method(method).uri(format!("{base}/a"));
        let answer = upstream
            .service(limits())
            .oneshot(request.body(Bytes::from(body)).unwrap())
            .await
            .unwrap();
        assert_eq!(answer.status(), 200);
    }
    let heads = got.lock().unwrap();
    assert!(heads[0].contains("content-length: 0\r\n"), "{}", heads[0]);
    assert!(!heads[1].contains("content-length"), "{}", heads[1]);
    assert!(!heads[2].contains("content-length"), "{}", heads[2]);
    assert!(heads[3].contains("content-length: 2\r\n"), "{}", heads[3]);
    assert!(heads.iter().all(|head| !head.contains("transfer-encoding")));
}

#[tokio::test]
async fn connections_are_pooled_across_upstreams() {
    let upstream = Upstream::answers(|_| ok("{}")).await;
    let kind = HttpUpstream::new(limits());
    let uri = format!("{}/a", upstream.base());
    let (one, two) = (
        service(&kind, &upstream.base()),
        service(&kind, &upstream.base()),
    );
    for service in [&one, &one, &two] {
        let answer = call(service, Method::GET, &uri).await.unwrap();
        assert_eq!(text(answer).await.unwrap(), "{}");
    }
    assert_eq!(upstream.count(), 1);
}

#[tokio::test]
async fn a_connection_that_the_upstream_closed_is_not_used_again() {
    let upstream = Upstream::says(ok("{}")).await;
    let service = upstream.service(limits());
    let uri = format!("{}/a", upstream.base());
    for calls in 1..=3 {
        let answer = call(&service, Method::POST, &uri).await.unwrap();
        assert_eq!(text(answer).await.unwrap(), "{}");
        assert_eq!(upstream.count(), calls);
        tokio::time::sleep(Duration::from_millis(100)).await;
    }
}

#[tokio::test]
async fn bases_are_checked_at_start() {
    let kind = HttpUpstream::default();
    assert_eq!(kind.kind(), "http");
    for base in ["/a", "ftp://x/", "http://u:p@x/"] {
        let context = naftiko_engine::UpstreamContext {
            kind: "http".to_owned(),
            namespace: "test".to_owned(),
            base: base.parse().unwrap(),
        };
        let error = kind.build(context).unwrap_err();
        assert_eq!(error.kind, UpstreamErrorKind::Misconfigured);
        assert!(!error.detail.contains("u:p"));
    }
}
