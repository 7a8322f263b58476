//! That requests pass the guard before they meet a service. The matrix itself is beside the policy.

use crate::harness::{PATIENCE, Server, short};

#[tokio::test]
async fn foreign_hosts_and_pages_are_refused() {
    let server = Server::start(short(), PATIENCE).await;
    let cases = [
        ("GET / HTTP/1.1\r\nHost: localhost\r\n\r\n", "200"),
        ("GET / HTTP/1.1\r\n\r\n", "400"),
        ("GET / HTTP/1.0\r\n\r\n", "200"),
        ("GET / HTTP/1.1\r\nHost: evil.example\r\n\r\n", "403"),
        (
            "GET / HTTP/1.1\r\nHost: localhost\r\nHost: evil.example\r\n\r\n",
            "400",
        ),
        (
            "GET http://evil.example/ HTTP/1.1\r\nHost: localhost\r\n\r\n",
            "403",
        ),
        (
            "GET / HTTP/1.1\r\nHost: localhost\r\nOrigin: null\r\n\r\n",
            "403",
        ),
        (
            "GET / HTTP/1.1\r\nHost: localhost\r\nSec-Fetch-Site: cross-site\r\n\r\n",
            "403",
        ),
        (
            "CONNECT evil.example:443 HTTP/1.1\r\nHost: evil.example:443\r\n\r\n",
            "403",
        ),
    ];
    for (request, status) in cases {
        let mut client = server.client().await;
        client.send(request).await;
        let head = client.until("\r\n\r\n").await;
        assert_eq!(head.split(' ').nth(1), Some(status), "{request:?}: {head}");
        let is_problem = head.contains("application/problem+json");
        assert_eq!(is_problem, status != "200", "{head}");
    }
}

#[tokio::test]
async fn a_refusal_says_what_to_do() {
    let server = Server::start(short(), PATIENCE).await;
    let mut client = server.client().await;
    client
        .send("GET / HTTP/1.1\r\nHost: shop.example\r\nConnection: close\r\n\r\n")
        .await;
    let (answer, _) = client.rest().await;
    let problem = answer.split_once("\r\n\r\n").unwrap().1;
    let problem: serde_json::Value = serde_json::from_str(problem).unwrap();
    assert_eq!(problem["status"], 403);
    let detail = problem["detail"].as_str().unwrap();
    assert!(
        detail.contains("`shop.example`") && detail.contains("--allow-host"),
        "{detail}"
    );
}
