//! A plain hyper server: `/health` is its own, and what is below `/shop` is the capability's.
#![allow(clippy::print_stdout, reason = "a program for a terminal")]

mod support;

use std::net::SocketAddr;
use std::process::ExitCode;

use crate::support::{books, checking, exit, get};

// [imports]
use std::convert::Infallible;

use http::{Request, Response};
use hyper::body::Incoming;
use hyper::service::service_fn;
use hyper_util::rt::{TokioIo, TokioTimer};
use naftiko::Kinds;
use naftiko::diagnostics::render::Format;
use naftiko::engine::{Body, full};
use naftiko::expose::Mounted;
use naftiko_consume_http::HttpUpstream;
use naftiko_expose_rest::RestExposer;
use naftiko_host::{HostGuard, HostPolicy};
use tokio::net::TcpListener;
use tower::ServiceExt;

type Error = Box<dyn std::error::Error + Send + Sync>;
// [/imports]

#[tokio::main]
async fn main() -> ExitCode {
    exit(run().await)
}

async fn run() -> Result<(), Error> {
    // The API of somebody else; a real program leaves the base to the document.
    let upstream = books().await?;

    // [load]
    let kinds = Kinds::new()
        .exposer(RestExposer)
        .upstream(HttpUpstream::default());
    let loaded = kinds.load_text("bookshop.yaml", include_str!("../capability.yaml"));
    if loaded.findings.has_errors() {
        return Err(loaded.report(Format::Full).into());
    }
    // [/load]

    // [start]
    let starter = kinds.starter().with_upstream("books", upstream);
    let bookshop = starter.start(&loaded, kinds.upstreams())?;
    // [/start]

    // [mount]
    let policy = HostPolicy::default().allow_host("gateway.example.com")?;
    let shop = HostGuard::new(policy, Mounted::new("/shop", bookshop.service("shop")?)?);
    // [/mount]
    if checking() {
        let listener = TcpListener::bind("127.0.0.1:0").await?;
        let address = listener.local_addr()?;
        tokio::spawn(serve(listener, shop));
        return check(address).await;
    }
    println!("http://127.0.0.1:8080/health and http://127.0.0.1:8080/shop/v1/books");
    // [listen]
    let listener = TcpListener::bind("127.0.0.1:8080").await?;
    serve(listener, shop).await
    // [/listen]
}

// [serve]
/// A route of the gateway's own; everything else is the mounted service's, which answers 404 outside of `/shop`.
async fn answer(
    shop: HostGuard<Mounted>,
    request: Request<Incoming>,
) -> Result<Response<Body>, Infallible> {
    match request.uri().path() {
        "/health" => Ok(Response::new(full("fine\n"))),
        _ => shop.oneshot(request).await,
    }
}

async fn serve(listener: TcpListener, shop: HostGuard<Mounted>) -> Result<(), Error> {
    loop {
        let (stream, _) = listener.accept().await?;
        let shop = shop.clone();
        let service = service_fn(move |request| answer(shop.clone(), request));
        tokio::spawn(async move {
            let mut server = hyper::server::conn::http1::Builder::new();
            server.timer(TokioTimer::new());
            // An answer that the upstream broke off ends the connection: its caller must not take it for whole.
            let _ = server.serve_connection(TokioIo::new(stream), service).await;
        });
    }
}
// [/serve]

async fn check(address: SocketAddr) -> Result<(), Error> {
    assert_eq!(get(address, "/health").await?, (200, "fine\n".into()));
    let books = r#"[{"id":1,"title":"Emma"},{"id":2,"title":"Persuasion"}]"#;
    assert_eq!(get(address, "/shop/v1/books").await?, (200, books.into()));
    assert_eq!(get(address, "/shop/v1/books/1").await?.0, 200);
    assert_eq!(get(address, "/shop/v1/books/x").await?.0, 400);
    assert_eq!(get(address, "/shop/v1/books/3").await?.0, 404);
    for outside in ["/v1/books", "/shopping/v1/books", "/"] {
        assert_eq!(get(address, outside).await?.0, 404, "{outside}");
    }
    // A page whose name was made to resolve to this machine.
    let caller = support::caller()?;
    let request = caller.get(format!("http://{address}/shop/v1/books"));
    let refused = request.header("host", "evil.example").send().await?;
    assert_eq!(refused.status(), 403);
    let request = caller.get(format!("http://{address}/shop/v1/books"));
    let allowed = request.header("host", "gateway.example.com").send().await?;
    assert_eq!(allowed.status(), 200);
    println!("fine");
    Ok(())
}
