//! Proxies that the environment names, where the operator wants them.

use std::io::Write as _;

use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _, copy_bidirectional};
use tokio::net::TcpStream;
use tokio::sync::mpsc::{UnboundedReceiver, unbounded_channel};

use naftiko_consume_http::HttpUpstream;

use crate::support::{Upstream, limits};
use crate::tls::{CHILD, child, in_process, localhost, secure};

/// A proxy that tunnels to whatever it is asked for, and answers other requests itself; it tells the heads that it got.
async fn proxy() -> (Upstream, UnboundedReceiver<String>) {
    let (heads, got) = unbounded_channel();
    let proxy = Upstream::start(move |mut stream| {
        let heads = heads.clone();
        async move {
            let mut head = vec![0; 4096];
            let read = stream.read(&mut head).await.unwrap();
            let head = String::from_utf8_lossy(&head[..read]).into_owned();
            let _ = heads.send(head.clone());
            let Some(to) = head.strip_prefix("CONNECT ") else {
                let answer = b"HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\nproxy";
                let _ = stream.write_all(answer).await;
                return;
            };
            let to = to.split(' ').next().unwrap();
            let mut upstream = TcpStream::connect(to).await.unwrap();
            let _ = stream.write_all(b"HTTP/1.1 200 OK\r\n\r\n").await;
            let _ = copy_bidirectional(&mut stream, &mut upstream).await;
        }
    })
    .await;
    (proxy, got)
}

/// The address of a proxy, with a name and a password.
fn with_password(proxy: &Upstream) -> String {
    format!("http://me:secret@{}", proxy.address)
}

#[tokio::test]
async fn a_secure_upstream_is_reached_through_a_tunnel() {
    let (upstream, pem) = secure("localhost").await;
    let mut file = tempfile::NamedTempFile::new().unwrap();
    file.write_all(pem.as_bytes()).unwrap();
    let (proxy, mut got) = proxy().await;
    let variables = [
        (CHILD, localhost(&upstream)),
        ("SSL_CERT_FILE", file.path().display().to_string()),
        ("HTTPS_PROXY", with_password(&proxy)),
    ];
    in_process("proxy::child_tunnels", &variables).await;
    let head = got.recv().await.unwrap();
    let port = upstream.address.port();
    assert!(
        head.starts_with(&format!("CONNECT localhost:{port} HTTP/1.1\r\n")),
        "{head}"
    );
    assert!(head.contains("Basic bWU6c2VjcmV0\r\n"), "{head}");
    assert_eq!(upstream.count(), 1);
}

#[tokio::test]
async fn a_proxy_is_sent_plain_requests_with_the_address_and_its_password() {
    let (proxy, mut got) = proxy().await;
    let variables = [
        (CHILD, "http://upstream.invalid".to_owned()),
        ("HTTP_PROXY", with_password(&proxy)),
    ];
    in_process("proxy::child_sends_to_the_proxy", &variables).await;
    let head = got.recv().await.unwrap();
    assert!(
        head.starts_with("GET http://upstream.invalid/a HTTP/1.1\r\n"),
        "{head}"
    );
    assert!(
        head.contains("proxy-authorization: Basic bWU6c2VjcmV0\r\n"),
        "{head}"
    );
}

fn kind() -> HttpUpstream {
    HttpUpstream::new(limits()).with_environment_proxy()
}

#[tokio::test]
#[ignore = "runs in a process of its own"]
async fn child_tunnels() {
    assert_eq!(child(&kind()).await, "secure");
}

#[tokio::test]
#[ignore = "runs in a process of its own"]
async fn child_sends_to_the_proxy() {
    assert_eq!(child(&kind()).await, "proxy");
}
