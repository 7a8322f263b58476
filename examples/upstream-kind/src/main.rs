//! Consumed APIs of a kind of the program's own beside those over HTTP, and a layer around HTTP.
#![allow(clippy::print_stdout, reason = "a program for a terminal")]

mod support;

use std::process::ExitCode;

use naftiko::diagnostics::render::Format;
use serde_json::Value;

use crate::support::{Error, books, checking, exit};

// [imports]
use std::collections::BTreeMap;
use std::future::ready;
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};

use bytes::Bytes;
use http::{Request, Response, StatusCode};
use naftiko::Kinds;
use naftiko::engine::{
    UpstreamContext, UpstreamError, UpstreamErrorKind, UpstreamKind, UpstreamService, empty, full,
};
use naftiko_consume_http::HttpUpstream;
use naftiko_expose_rest::RestExposer;
use serde_json::json;
use tower::ServiceExt;
// [/imports]

// [kind]
/// Answers `GET /shelves/{id}` from memory: `type: warehouse`, with a hall as base.
#[derive(Debug)]
struct Warehouse {
    halls: BTreeMap<String, Arc<BTreeMap<String, u32>>>,
}

impl UpstreamKind for Warehouse {
    fn kind(&self) -> &'static str {
        "warehouse"
    }

    fn build(&self, context: UpstreamContext) -> Result<UpstreamService, UpstreamError> {
        let hall = context.base.host().and_then(|hall| self.halls.get(hall));
        let hall = Arc::clone(hall.ok_or_else(|| {
            UpstreamError::new(UpstreamErrorKind::Misconfigured, "there is no such hall")
        })?);
        let answer = move |request: Request<Bytes>| {
            let asked = request.uri().path().strip_prefix("/shelves/");
            let mut response = Response::new(empty());
            match asked.and_then(|shelf| hall.get(shelf)) {
                Some(count) => *response.body_mut() = full(json!({"count": count}).to_string()),
                None => *response.status_mut() = StatusCode::NOT_FOUND,
            }
            ready(Ok(response))
        };
        Ok(UpstreamService::new(tower::service_fn(answer)))
    }
}
// [/kind]

// [layer]
/// Counts the requests of a kind: the way in which retry, caching and the like come around it.
#[derive(Debug)]
struct Counted<K> {
    kind: K,
    requests: Arc<AtomicUsize>,
}

impl<K: UpstreamKind> UpstreamKind for Counted<K> {
    fn kind(&self) -> &str {
        self.kind.kind()
    }

    fn build(&self, context: UpstreamContext) -> Result<UpstreamService, UpstreamError> {
        let requests = Arc::clone(&self.requests);
        let counted = self.kind.build(context)?.map_request(move |request| {
            requests.fetch_add(1, Ordering::Relaxed);
            request
        });
        Ok(UpstreamService::new(counted))
    }
}
// [/layer]

#[tokio::main]
async fn main() -> ExitCode {
    exit(run().await)
}

async fn run() -> Result<(), Error> {
    let base = books().await?;
    let requests = Arc::new(AtomicUsize::new(0));
    let shelves = BTreeMap::from([("1".to_owned(), 12)]);
    let warehouse = Warehouse {
        halls: BTreeMap::from([("main-hall".to_owned(), Arc::new(shelves))]),
    };
    // [register]
    let http = Counted {
        kind: HttpUpstream::default(),
        requests: Arc::clone(&requests),
    };
    let kinds = Kinds::new()
        .exposer(RestExposer)
        .upstream(http)
        .upstream(warehouse);
    // [/register]
    let document = include_str!("../capability.yaml");
    let loaded = kinds.load_text("stock.yaml", document);
    if !loaded.findings.is_empty() {
        return Err(loaded.report(Format::Full).into());
    }
    let starter = kinds.starter().with_upstream("books", base);
    let stock = starter.start(&loaded, kinds.upstreams())?;
    let book: Value = stock.call("get-book", json!({"id": 1})).await?.json()?;
    let count: Value = stock.call("count-books", json!({"id": 1})).await?.json()?;
    println!("{book}\n{count}");
    if !checking() {
        return Ok(());
    }

    assert_eq!(book.pointer("/title"), Some(&json!("Emma")));
    assert_eq!(count, json!({"left": 12}));
    assert_eq!(
        requests.load(Ordering::Relaxed),
        1,
        "one of them was over HTTP"
    );
    assert!(stock.call("count-books", json!({"id": 2})).await.is_err());
    // Who does not register the kind is told where it is used.
    let others = Kinds::new()
        .exposer(RestExposer)
        .upstream(HttpUpstream::default());
    let report = others
        .load_text("stock.yaml", document)
        .report(Format::Concise);
    assert!(
        report.contains("stock.yaml:20:13: error[unsupported-kind]"),
        "{report}"
    );
    // What the kind itself cannot use is told at start.
    let other = starter.with_upstream("stock", "http://side-hall");
    let failed = other.start(&loaded, kinds.upstreams());
    assert!(failed.is_err_and(|failure| failure.to_string().contains("there is no such hall")));
    println!("fine");
    Ok(())
}
