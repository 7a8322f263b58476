//! Calls a capability that was loaded from memory, with no server and no port.
#![allow(clippy::print_stdout, reason = "a program for a terminal")]

mod support;

use std::process::ExitCode;
use std::sync::Arc;

use naftiko::engine::EngineLimits;
use naftiko::{CallError, Started};
use tokio::sync::Notify;

use crate::support::{Error, books, checking, exit, json, upstream};

// [imports]
use std::time::Duration;

use naftiko::Kinds;
use naftiko::diagnostics::render::Format;
use naftiko_consume_http::HttpUpstream;
use naftiko_expose_rest::RestExposer;
use serde_json::json;
use tokio::time::timeout;
// [/imports]

// [typed]
#[derive(Debug, PartialEq, serde::Deserialize)]
struct Book {
    id: u32,
    title: String,
}
// [/typed]

/// The capability of this example, with another base and other bounds.
fn start(base: String, limits: EngineLimits) -> Result<Started, Error> {
    // [memory]
    let kinds = Kinds::new()
        .exposer(RestExposer)
        .upstream(HttpUpstream::default());
    let loaded = kinds.load_text("bookshop.yaml", include_str!("../capability.yaml"));
    if loaded.findings.has_errors() {
        return Err(loaded.report(Format::Full).into());
    }
    let starter = kinds
        .starter()
        .with_upstream("books", base)
        .with_limits(limits);
    let bookshop = starter.start(&loaded, kinds.upstreams())?;
    // [/memory]
    Ok(bookshop)
}

#[tokio::main(flavor = "current_thread")]
async fn main() -> ExitCode {
    exit(run().await)
}

async fn run() -> Result<(), Error> {
    let bookshop = start(books().await?, EngineLimits::default())?;
    // [call]
    let answer = bookshop.call("shop.list-books", json!({})).await?;
    let list: Vec<Book> = answer.json()?;
    let one = bookshop.call("get-book", json!({"id": 1})).await?;
    println!("{list:?}\n{}", one.json::<serde_json::Value>()?);
    // [/call]
    if checking() {
        check(&bookshop, &list).await?;
        dropped_calls_are_given_up().await?;
        answers_are_bounded().await?;
        println!("fine");
    }
    Ok(())
}

async fn check(bookshop: &Started, list: &[Book]) -> Result<(), Error> {
    let titles: Vec<&str> = list.iter().map(|book| book.title.as_str()).collect();
    assert_eq!(titles, ["Emma", "Persuasion"]);
    let told = async |name, arguments| match bookshop.call(name, arguments).await {
        Ok(_) => Err(Error::from("an answer")),
        Err(error) => Ok(error.to_string()),
    };
    assert!(
        told("get-bok", json!({}))
            .await?
            .contains("there is no unit `get-bok`")
    );
    assert!(
        told("get-book", json!({"id": "x"}))
            .await?
            .contains("must be an integer")
    );
    assert!(
        told("get-book", json!({}))
            .await?
            .contains("`id` is required")
    );
    assert!(
        told("get-book", json!({"ID": 1}))
            .await?
            .contains("did you mean `id`?")
    );
    assert!(told("get-book", json!({"id": 3})).await?.contains("404"));
    Ok(())
}

/// Tells when it goes out of scope.
struct Gone(Arc<Notify>);

impl Drop for Gone {
    fn drop(&mut self) {
        self.0.notify_one();
    }
}

/// Dropping the future of a call closes its connection: the upstream stops working for nobody.
async fn dropped_calls_are_given_up() -> Result<(), Error> {
    let (asked, gone) = (Arc::new(Notify::new()), Arc::new(Notify::new()));
    let (tell_asked, tell_gone) = (Arc::clone(&asked), Arc::clone(&gone));
    let base = upstream(move |_| {
        let (asked, gone) = (Arc::clone(&tell_asked), Gone(Arc::clone(&tell_gone)));
        async move {
            asked.notify_one();
            std::future::pending::<()>().await;
            drop(gone);
            json(200, "null")
        }
    })
    .await?;
    let bookshop = start(base, EngineLimits::default())?;
    // [drop]
    let call = bookshop.call("list-books", json!({}));
    let late = timeout(Duration::from_millis(300), call).await;
    // [/drop]
    assert!(late.is_err(), "nothing answers");
    timeout(Duration::from_secs(5), asked.notified()).await?;
    timeout(Duration::from_secs(5), gone.notified()).await?;
    Ok(())
}

/// No upstream makes the program keep more than it allows.
async fn answers_are_bounded() -> Result<(), Error> {
    let base = upstream(async |_| json(200, vec![b' '; 1_000_000])).await?;
    let bookshop = start(base, EngineLimits { shaped: 100_000 })?;
    for unit in ["list-books", "get-book"] {
        let arguments = if unit == "get-book" {
            json!({"id": 1})
        } else {
            json!({})
        };
        let Err(CallError::Flow(error)) = bookshop.call(unit, arguments).await else {
            return Err("too much was kept".into());
        };
        assert_eq!(error.word(), "upstream-answer-too-large", "{unit}");
    }
    Ok(())
}
