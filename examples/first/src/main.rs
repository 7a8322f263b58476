//! A gateway: a route of its own, and a capability below `/shop`.
#![allow(clippy::print_stderr, reason = "a program for a terminal")]

// [walk]
use std::error::Error;
use std::path::Path;
use std::process::ExitCode;

use axum::Router;
use axum::routing::get;
use naftiko::Kinds;
use naftiko::bindings::ProcessEnvironment;
use naftiko::diagnostics::render::Format;
use naftiko::expose::Mounted;
use naftiko_consume_http::HttpUpstream;
use naftiko_expose_rest::RestExposer;
use naftiko_host::{HostGuard, HostPolicy};

fn gateway(document: &Path) -> Result<Router, Box<dyn Error>> {
    // What documents may expose and consume.
    let kinds = Kinds::new()
        .exposer(RestExposer)
        .upstream(HttpUpstream::default());

    // Everything that is wrong with the document is found at once, and nothing is opened yet.
    let loaded = kinds.load(document)?;
    if loaded.findings.has_errors() {
        return Err(loaded.report(Format::Full).into());
    }

    // Variables are read, bases and credentials are made.
    let starter = kinds.starter().with_environment(ProcessEnvironment);
    let bookshop = starter.start(&loaded, kinds.upstreams())?;

    // The exposed server `shop`, as a service: axum strips `/shop`, so it stands at the root.
    let shop = Mounted::new("/", bookshop.service("shop")?)?;
    let guarded = HostGuard::new(HostPolicy::default(), shop);
    Ok(Router::new()
        .route("/health", get(async || "fine\n"))
        .nest_service("/shop", guarded))
}

async fn run() -> Result<(), Box<dyn Error>> {
    let app = gateway(Path::new("capability.yaml"))?;
    let listener = tokio::net::TcpListener::bind("127.0.0.1:8080").await?;
    axum::serve(listener, app).await?;
    Ok(())
}

#[tokio::main]
async fn main() -> ExitCode {
    // A `main` that returns the error prints it with `Debug`: a report of many lines in one.
    if let Err(error) = run().await {
        eprintln!("{error}");
        return ExitCode::FAILURE;
    }
    ExitCode::SUCCESS
}
// [/walk]

#[cfg(test)]
mod tests {
    use axum::body::Body;
    use axum::http::Request;
    use http_body_util::BodyExt;
    use tower::ServiceExt;

    use super::*;

    async fn ask(target: &str, host: &str) -> (u16, String) {
        let app = gateway(Path::new("capability.yaml")).unwrap();
        let request = Request::get(target).header("host", host);
        let answer = app
            .oneshot(request.body(Body::empty()).unwrap())
            .await
            .unwrap();
        let status = answer.status().as_u16();
        let body = answer.into_body().collect().await.unwrap().to_bytes();
        (status, String::from_utf8(body.to_vec()).unwrap())
    }

    /// Without the network: up to where the upstream would be called.
    #[tokio::test]
    async fn it_is_mounted() {
        assert_eq!(ask("/health", "evil.example").await, (200, "fine\n".into()));
        let (status, text) = ask("/shop/v1/books/x", "localhost").await;
        assert!(
            status == 400 && text.contains("must be an integer"),
            "{status} {text}"
        );
        assert_eq!(ask("/shop/v1/magazines", "localhost").await.0, 404);
        assert_eq!(ask("/v1/books/x", "localhost").await.0, 404);
        assert_eq!(ask("/shop/v1/books/x", "evil.example").await.0, 403);
    }

    #[test]
    fn a_broken_document_is_told() {
        let folder = std::env::temp_dir().join(format!("naftiko-first-{}", std::process::id()));
        std::fs::create_dir_all(&folder).unwrap();
        let path = folder.join("broken.yaml");
        let text = include_str!("../capability.yaml").replace("books.get-book", "books.get-bok");
        std::fs::write(&path, text).unwrap();
        let told = gateway(&path).unwrap_err().to_string();
        std::fs::remove_dir_all(&folder).unwrap();
        assert!(told.contains("has no operation `get-bok`"), "{told}");
    }
}
