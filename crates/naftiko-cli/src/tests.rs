//! Kinds of a program's own reach every command: a consumed API and a source of variables that nobody else knows.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex};
use std::time::Duration;

use bytes::Bytes;
use clap::Parser;
use http::header::AUTHORIZATION;
use http::{Request, Response};
use naftiko::bindings::{BindProvider, ProviderError};
use naftiko::engine::{UpstreamContext, UpstreamError, UpstreamKind, UpstreamService, full};
use naftiko::imports::SourceLoader;

use super::*;

const DOCUMENT: &str = r#"
naftiko: "1.0.0-alpha2"
info: {label: Post, description: By pigeon}
binds:
  - {namespace: keys, location: "loft://keys", keys: {PIGEON_TOKEN: token}}
capability:
  consumes:
    - type: pigeon
      namespace: post
      baseUri: "http://loft.example"
      authentication: {type: bearer, token: "{{PIGEON_TOKEN}}"}
      resources:
        - {name: news, path: /news, operations: [{name: read, method: GET}]}
  exposes:
    - type: rest
      namespace: desk
      port: 8080
      resources:
        - {name: news, path: /news, operations: [{name: read, method: GET, call: post.read}]}
"#;

/// Notes what it is made and asked for.
#[derive(Clone, Debug, Default)]
struct Pigeon {
    flown: Arc<Mutex<Vec<String>>>,
}

impl UpstreamKind for Pigeon {
    fn kind(&self) -> &'static str {
        "pigeon"
    }

    fn build(&self, _: UpstreamContext) -> Result<UpstreamService, UpstreamError> {
        let flown = Arc::clone(&self.flown);
        Ok(UpstreamService::new(tower::service_fn(
            move |request: Request<Bytes>| {
                let token = request.headers().get(AUTHORIZATION);
                let token = token.and_then(|token| token.to_str().ok());
                let line = format!("{} {}", request.uri(), token.unwrap_or_default());
                flown.lock().unwrap().push(line);
                std::future::ready(Ok(Response::new(full("{}"))))
            },
        )))
    }
}

/// A source of one variable.
#[derive(Debug)]
struct Loft;

impl BindProvider for Loft {
    fn scheme(&self) -> &'static str {
        "loft"
    }

    fn read(
        &self,
        _: &str,
        _: &Path,
        _: &dyn SourceLoader,
    ) -> Result<BTreeMap<String, String>, ProviderError> {
        Ok([("token".to_owned(), "coo".to_owned())].into())
    }
}

/// A file with the document, which goes when the test ends.
struct File(PathBuf);

impl File {
    fn new(test: &str) -> Self {
        let name = format!("naftiko-cli-{test}-{}.yaml", std::process::id());
        let path = std::env::temp_dir().join(name);
        std::fs::write(&path, DOCUMENT).unwrap();
        Self(path)
    }

    fn execute(
        &self,
        command: &str,
        more: &[&str],
        kinds: impl FnOnce(&UpstreamLimits) -> Kinds,
    ) -> Exit {
        let path = self.0.to_str().unwrap();
        let arguments = ["naftiko", command, path]
            .into_iter()
            .chain(more.iter().copied());
        execute(&Cli::try_parse_from(arguments).unwrap().command, kinds)
    }
}

impl Drop for File {
    fn drop(&mut self) {
        let _ = std::fs::remove_file(&self.0);
    }
}

#[test]
fn an_upstream_and_a_provider_of_ones_own_are_called() {
    let file = File::new("own");
    let pigeon = Pigeon::default();
    let own = |limits: &UpstreamLimits| stock(limits).upstream(pigeon.clone()).provider(Loft);
    assert_eq!(file.execute("validate", &[], own), Exit::Fine);
    assert_eq!(file.execute("validate", &["--strict"], own), Exit::Fine);
    assert_eq!(file.execute("call", &["desk.read"], own), Exit::Fine);
    let flown = pigeon.flown.lock().unwrap().clone();
    assert_eq!(flown, ["http://loft.example/news Bearer coo"]);

    // The sandbox stands for what is consumed, of whatever kind.
    assert_eq!(
        file.execute("call", &["desk.read", "--sandbox"], own),
        Exit::Fine
    );
    assert_eq!(pigeon.flown.lock().unwrap().len(), 1);

    // Nobody else knows the kind, and without the provider there is no variable.
    assert_eq!(file.execute("validate", &[], stock), Exit::Findings);
    let unprovided = |limits: &UpstreamLimits| stock(limits).upstream(pigeon.clone());
    assert_eq!(
        file.execute("call", &["desk.read"], unprovided),
        Exit::NotStarted
    );
}

#[test]
fn kinds_are_made_from_the_command_line() {
    let file = File::new("limits");
    let limits = |command, more: &[&str]| {
        let mut seen = None;
        file.execute(command, more, |limits| {
            seen = Some(*limits);
            stock(limits)
        });
        seen.unwrap()
    };
    assert_eq!(limits("validate", &[]), UpstreamLimits::default());
    assert_eq!(limits("call", &["desk.read"]), UpstreamLimits::default());
    let options = [
        "desk.read",
        "--connect-timeout",
        "0.5",
        "--upstream-timeout",
        "7",
    ];
    let given = limits("call", &options);
    assert_eq!(given.connect, Duration::from_millis(500));
    assert_eq!(given.total, Duration::from_secs(7));
}
