//! TLS: who is trusted, and how it fails.

use std::io::Write;
use std::process::Command;
use std::sync::Arc;
use std::time::Duration;

use http::Method;
use naftiko_consume_http::{HttpLimits, HttpUpstream};
use naftiko_engine::{UpstreamContext, UpstreamErrorKind as Kind, UpstreamKind};
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio_rustls::TlsAcceptor;
use tokio_rustls::rustls::ServerConfig;
use tokio_rustls::rustls::pki_types::{PrivateKeyDer, PrivatePkcs8KeyDer};

use crate::support::{SECRET, Upstream, call, limits, service, text};

/// Says where an upstream is to the test that runs in a process of its own.
pub(crate) const CHILD: &str = "NAFTIKO_TEST_TLS_UPSTREAM";

/// A server's TLS for `name`, and the PEM text of its certificate.
pub(crate) fn acceptor(name: &str, protocols: &[&[u8]]) -> (TlsAcceptor, String) {
    let made = rcgen::generate_simple_self_signed([name.to_owned()]).unwrap();
    let key = PrivatePkcs8KeyDer::from(made.signing_key.serialize_der());
    let mut config = ServerConfig::builder()
        .with_no_client_auth()
        .with_single_cert(vec![made.cert.der().clone()], PrivateKeyDer::Pkcs8(key))
        .unwrap();
    config.alpn_protocols = protocols.iter().map(|name| name.to_vec()).collect();
    (TlsAcceptor::from(Arc::new(config)), made.cert.pem())
}

/// An upstream for `name` and the PEM text of its certificate.
pub(crate) async fn secure(name: &str) -> (Upstream, String) {
    let (acceptor, pem) = acceptor(name, &[]);
    let upstream = Upstream::start(move |stream| {
        let acceptor = acceptor.clone();
        async move {
            let Ok(mut stream) = acceptor.accept(stream).await else {
                return;
            };
            let mut head = [0; 4096];
            let _ = stream.read(&mut head).await;
            let _ = stream
                .write_all(b"HTTP/1.1 200 OK\r\nContent-Length: 6\r\n\r\nsecure")
                .await;
            let _ = stream.shutdown().await;
        }
    })
    .await;
    (upstream, pem)
}

/// A kind that trusts the certificate too.
pub(crate) fn trusting(pem: &str) -> HttpUpstream {
    HttpUpstream::new(limits())
        .trusting(pem.as_bytes())
        .unwrap()
}

pub(crate) fn localhost(upstream: &Upstream) -> String {
    format!("https://localhost:{}", upstream.address.port())
}

async fn error(kind: &HttpUpstream, base: &str) -> (Kind, String) {
    let uri = format!("{base}/a?key={SECRET}");
    let error = call(&service(kind, base), Method::GET, &uri)
        .await
        .unwrap_err();
    assert!(!error.detail.contains(SECRET), "{}", error.detail);
    (error.kind, error.detail)
}

#[tokio::test]
async fn a_certificate_is_trusted_when_told_so() {
    let (upstream, pem) = secure("localhost").await;
    let kind = trusting(&pem);
    let base = localhost(&upstream);
    let answer = call(&service(&kind, &base), Method::GET, &format!("{base}/a"))
        .await
        .unwrap();
    assert_eq!(text(answer).await.unwrap(), "secure");
}

#[tokio::test]
async fn strangers_are_not() {
    let (upstream, _) = secure("localhost").await;
    let (kind, detail) = error(&HttpUpstream::new(limits()), &localhost(&upstream)).await;
    assert_eq!(kind, Kind::Tls, "{detail}");
    assert!(detail.contains("SSL_CERT_FILE can name who is"), "{detail}");
}

#[tokio::test]
async fn certificates_of_other_names_are_not() {
    let (upstream, pem) = secure("other.example").await;
    let kind = trusting(&pem);
    let (kind, detail) = error(&kind, &localhost(&upstream)).await;
    assert_eq!(kind, Kind::Tls, "{detail}");
}

#[tokio::test]
async fn tls_to_a_port_without_it() {
    let limits = HttpLimits {
        connect: Duration::from_millis(300),
        ..limits()
    };
    let kind = HttpUpstream::new(limits);
    let speaks = Upstream::start(|mut stream| async move {
        let _ = stream.read(&mut [0; 16]).await;
        let _ = stream.write_all(b"HTTP/1.1 400 Bad Request\r\n\r\n").await;
    });
    let closes = Upstream::start(|stream| async move { drop(stream) });
    let listens = Upstream::answers(|_| String::new());
    let mut spoken = 0;
    for (upstream, expected) in [
        (speaks.await, Kind::Tls),
        (closes.await, Kind::Tls),
        (listens.await, Kind::TimedOut),
    ] {
        let base = format!("https://{}", upstream.address);
        let (kind, detail) = error(&kind, &base).await;
        assert_eq!(kind, expected, "{detail}");
        if detail.contains("does not speak TLS") {
            spoken += 1;
        }
    }
    assert_eq!(
        spoken, 1,
        "who speaks, but not TLS, is told from who closes"
    );
}

#[tokio::test]
async fn a_secure_port_that_refuses_is_unreachable() {
    let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
    let base = format!("https://{}", listener.local_addr().unwrap());
    drop(listener);
    let (kind, detail) = error(&HttpUpstream::new(limits()), &base).await;
    assert_eq!(kind, Kind::Unreachable, "{detail}");
}

#[tokio::test]
async fn plain_http_to_a_secure_port_is_broken() {
    let (upstream, _) = secure("localhost").await;
    let error = upstream.get(limits()).await.unwrap_err();
    assert_eq!(error.kind, Kind::Broken, "{}", error.detail);
}

#[test]
fn no_certificate_is_an_error() {
    for pem in [
        "",
        "hello",
        "-----BEGIN CERTIFICATE-----\n!\n-----END CERTIFICATE-----\n",
    ] {
        let error = HttpUpstream::default()
            .trusting(pem.as_bytes())
            .unwrap_err();
        assert_eq!(error.kind, Kind::Misconfigured, "{pem}");
    }
}

/// Runs `name`, a test of this file, in a process with other variables.
pub(crate) async fn in_process(name: &str, variables: &[(&str, String)]) {
    let mut command = Command::new(std::env::current_exe().unwrap());
    command.args(["--exact", "--ignored", "--nocapture", name]);
    for clear in ["SSL_CERT_FILE", "SSL_CERT_DIR", "NO_PROXY", "no_proxy"] {
        command.env_remove(clear);
    }
    command.envs(variables.iter().map(|(name, value)| (name, value)));
    let output = tokio::task::spawn_blocking(move || command.output().unwrap())
        .await
        .unwrap();
    let said = String::from_utf8_lossy(&output.stdout);
    assert!(
        output.status.success() && said.contains("1 passed"),
        "{said}"
    );
}

#[tokio::test]
async fn the_environment_names_who_is_trusted_and_no_proxy() {
    let (upstream, pem) = secure("localhost").await;
    let mut file = tempfile::NamedTempFile::new().unwrap();
    file.write_all(pem.as_bytes()).unwrap();
    let proxy = Upstream::says("HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\nproxy").await;
    let variables = [
        (CHILD, localhost(&upstream)),
        ("SSL_CERT_FILE", file.path().display().to_string()),
        ("HTTPS_PROXY", proxy.base()),
        ("HTTP_PROXY", proxy.base()),
        ("ALL_PROXY", proxy.base()),
    ];
    in_process("tls::child_trusts_the_environment", &variables).await;
    assert_eq!(proxy.count(), 0);
    let variables = [
        (CHILD, "http://upstream.invalid".to_owned()),
        ("HTTP_PROXY", proxy.base()),
    ];
    in_process("tls::child_takes_the_proxy", &variables).await;
    assert_eq!(proxy.count(), 1);
    let plain = Upstream::says("HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\nplain").await;
    let variables = [
        (CHILD, plain.base()),
        ("SSL_CERT_FILE", "/nonexistent".to_owned()),
    ];
    in_process("tls::child_needs_no_store", &variables).await;
}

pub(crate) async fn child(kind: &HttpUpstream) -> String {
    let base = std::env::var(CHILD).unwrap();
    let answer = call(&service(kind, &base), Method::GET, &format!("{base}/a")).await;
    text(answer.unwrap()).await.unwrap()
}

#[tokio::test]
#[ignore = "runs in a process of its own"]
async fn child_trusts_the_environment() {
    assert_eq!(child(&HttpUpstream::new(limits())).await, "secure");
}

#[tokio::test]
#[ignore = "runs in a process of its own"]
async fn child_takes_the_proxy() {
    let kind = HttpUpstream::new(limits()).with_environment_proxy();
    assert_eq!(child(&kind).await, "proxy");
}

#[tokio::test]
#[ignore = "runs in a process of its own"]
async fn child_needs_no_store() {
    let kind = HttpUpstream::new(limits());
    assert_eq!(child(&kind).await, "plain");
    let context = UpstreamContext {
        kind: "http".to_owned(),
        namespace: "test".to_owned(),
        base: "https://localhost".parse().unwrap(),
    };
    let error = kind.build(context).unwrap_err();
    assert_eq!(error.kind, Kind::Misconfigured);
}
