//! Replaces a capability while its server answers: no request fails, no connection closes.
#![allow(clippy::print_stdout, reason = "a program for a terminal")]

mod support;

use std::net::SocketAddr;
use std::process::ExitCode;

use tokio::sync::watch;

use crate::support::{books, caller, checking, exit, port};

// [imports]
use std::time::Duration;

use naftiko::Kinds;
use naftiko::diagnostics::render::Format;
use naftiko::expose::HttpService;
use naftiko_consume_http::HttpUpstream;
use naftiko_expose_rest::RestExposer;
use naftiko_host::{Binding, Host, HostLimits, ListenAddress};
use tokio::sync::oneshot;

type Error = Box<dyn std::error::Error + Send + Sync>;
// [/imports]

// [version]
/// The service of one version of the document.
fn version(kinds: &Kinds, text: &str, base: &str) -> Result<HttpService, Error> {
    let loaded = kinds.load_text("bookshop.yaml", text);
    if loaded.findings.has_errors() {
        // The version that serves goes on serving.
        return Err(loaded.report(Format::Full).into());
    }
    let starter = kinds.starter().with_upstream("books", base);
    Ok(starter.start(&loaded, kinds.upstreams())?.service("shop")?)
}
// [/version]

#[tokio::main]
async fn main() -> ExitCode {
    exit(run().await)
}

async fn run() -> Result<(), Error> {
    let base = books().await?;
    let kinds = Kinds::new()
        .exposer(RestExposer)
        .upstream(HttpUpstream::default());
    let first = include_str!("../capability.yaml");
    let second = first.replace(
        "title: {type: string, mapping: \"$.title\"}",
        "name: {type: string, mapping: \"$.title\"}",
    );

    let port = port(8080);
    // [host]
    let address = ListenAddress::new("127.0.0.1".to_owned(), port);
    let binding = Binding::new("shop", address, version(&kinds, first, &base)?);
    let limits = HostLimits {
        connections: 1_000,
        ..HostLimits::default()
    };
    let host = Host::bind(vec![binding], limits).await?;
    // What listens, in the order of the bindings: the address, and the place of the service.
    let [bound] = host.exposures() else {
        return Err("one server was bound".into());
    };
    let (address, place) = (bound.address, bound.service.clone());
    let (stop, stopped) = oneshot::channel::<()>();
    let shutdown = async { drop(stopped.await) };
    // What is in flight when it is told to stop has ten seconds.
    let serving = tokio::spawn(host.serve(shutdown, Duration::from_secs(10)));
    // [/host]

    let callers = Callers::start(address, if checking() { 4 } else { 1 });
    tokio::time::sleep(Duration::from_millis(300)).await;
    // A version with errors never gets to the place.
    assert!(
        version(
            &kinds,
            "naftiko: \"1.0.0-alpha2\"\ncapability: {exposes: 7}",
            &base
        )
        .is_err()
    );
    // [swap]
    place.replace(version(&kinds, &second, &base)?);
    // [/swap]
    tokio::time::sleep(Duration::from_millis(300)).await;

    let (before, after) = callers.stop().await?;
    println!("{before} answers of the first version, {after} of the second, none failed");
    assert!(before > 0 && after > 0);
    let _ = stop.send(());
    let report = serving.await?;
    assert_eq!(report.cut, 0, "every request ended by itself");
    if checking() {
        println!("fine");
    }
    Ok(())
}

/// Programs that call without a pause, each over one connection.
struct Callers {
    stop: watch::Sender<bool>,
    tasks: Vec<tokio::task::JoinHandle<Result<(usize, usize), Error>>>,
}

impl Callers {
    fn start(address: SocketAddr, count: usize) -> Self {
        let (stop, stopping) = watch::channel(false);
        let one = |_| tokio::spawn(call(address, stopping.clone()));
        Self {
            stop,
            tasks: (0..count).map(one).collect(),
        }
    }

    /// How many answers came from each version.
    async fn stop(self) -> Result<(usize, usize), Error> {
        self.stop.send_replace(true);
        let mut all = (0, 0);
        for task in self.tasks {
            let (before, after) = task.await??;
            all = (all.0 + before, all.1 + after);
        }
        Ok(all)
    }
}

async fn call(
    address: SocketAddr,
    stopping: watch::Receiver<bool>,
) -> Result<(usize, usize), Error> {
    let caller = caller()?;
    let (mut before, mut after) = (0, 0);
    while !*stopping.borrow() {
        let answer = caller
            .get(format!("http://{address}/v1/books"))
            .send()
            .await?;
        let text = answer.error_for_status()?.text().await?;
        match text.as_str() {
            r#"[{"id":1,"title":"Emma"},{"id":2,"title":"Persuasion"}]"# if after == 0 => {
                before += 1;
            }
            r#"[{"id":1,"name":"Emma"},{"id":2,"name":"Persuasion"}]"# => after += 1,
            other => return Err(format!("neither version answers {other}").into()),
        }
    }
    Ok((before, after))
}
