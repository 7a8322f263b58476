//! An axum router: `/health` is its own, what is below `/shop` and `/old/shop` is the REST server of a capability, and
//! `/mcp` its MCP server.
#![allow(clippy::print_stdout, reason = "a program for a terminal")]

mod agents;
mod support;

use std::net::SocketAddr;
use std::process::ExitCode;

use crate::support::{Error, books, checking, exit};

// [imports]
use std::sync::Arc;

use axum::Router;
use axum::routing::get;
use naftiko::Kinds;
use naftiko::diagnostics::render::Format;
use naftiko::expose::Mounted;
use naftiko_consume_http::HttpUpstream;
use naftiko_expose_mcp::McpExposer;
use naftiko_expose_rest::RestExposer;
use naftiko_host::{HostGuard, HostPolicy};
use tokio::net::TcpListener;
// [/imports]

#[tokio::main]
async fn main() -> ExitCode {
    exit(run().await)
}

async fn run() -> Result<(), Error> {
    let upstream = books().await?;
    let kinds = Kinds::new()
        .exposer(RestExposer)
        .exposer(McpExposer)
        .upstream(HttpUpstream::default());
    let loaded = kinds.load_text("bookshop.yaml", include_str!("../capability.yaml"));
    if loaded.findings.has_errors() {
        return Err(loaded.report(Format::Full).into());
    }
    let starter = kinds.starter().with_upstream("books", upstream);
    let bookshop = starter.start(&loaded, kinds.upstreams())?;

    // [router]
    let service = bookshop.service("shop")?;
    let policy = Arc::new(HostPolicy::default());
    // `nest_service` strips the path itself, so the service is mounted at the root; `route_service` leaves it.
    let at_root = Mounted::new("/", service.clone())?;
    let below = Mounted::new("/old/shop", service)?;
    let app = Router::new()
        .route("/health", get(async || "fine\n"))
        .nest_service("/shop", HostGuard::new(Arc::clone(&policy), at_root))
        .route_service(
            "/old/shop/{*rest}",
            HostGuard::new(Arc::clone(&policy), below),
        );
    // [/router]
    // [mcp]
    // The endpoint of an MCP server is the path that it is mounted under.
    let tools = Mounted::new("/", bookshop.service("shop-tools")?)?;
    let app = app.nest_service("/mcp", HostGuard::new(policy, tools));
    // [/mcp]

    if checking() {
        let listener = TcpListener::bind("127.0.0.1:0").await?;
        let address = listener.local_addr()?;
        tokio::spawn(async move { axum::serve(listener, app).await });
        return check(address).await;
    }
    println!("http://127.0.0.1:8080/health, /shop/v1/books and /mcp");
    // [listen]
    let listener = TcpListener::bind("127.0.0.1:8080").await?;
    axum::serve(listener, app).await?;
    // [/listen]
    Ok(())
}

async fn check(address: SocketAddr) -> Result<(), Error> {
    use crate::support::get;

    assert_eq!(get(address, "/health").await?, (200, "fine\n".into()));
    let books = r#"[{"id":1,"title":"Emma"},{"id":2,"title":"Persuasion"}]"#;
    for prefix in ["/shop", "/old/shop"] {
        let target = format!("{prefix}/v1/books");
        assert_eq!(
            get(address, &target).await?,
            (200, books.into()),
            "{target}"
        );
        assert_eq!(get(address, &format!("{prefix}/v1/books/3")).await?.0, 404);
    }
    assert_eq!(get(address, "/v1/books").await?.0, 404);
    let caller = support::caller()?;
    for (target, status) in [("/shop/v1/books", 403), ("/health", 200)] {
        let request = caller.get(format!("http://{address}{target}"));
        let answer = request.header("host", "evil.example").send().await?;
        assert_eq!(answer.status(), status, "{target}");
    }
    agents::check(&format!("http://{address}/mcp")).await?;
    println!("fine");
    Ok(())
}
