//! Secrets from a store of the program's own: documents name it as `vault://PATH`.
#![allow(clippy::print_stdout, reason = "a program for a terminal")]

mod support;

use std::process::ExitCode;

use naftiko::Failure;
use naftiko::diagnostics::render::Format;

use crate::support::{Error, checking, exit, json, upstream};

// [imports]
use std::collections::BTreeMap;
use std::fmt;
use std::path::Path;

use naftiko::Kinds;
use naftiko::bindings::{BindProvider, ProviderError};
use naftiko::imports::SourceLoader;
use naftiko_consume_http::HttpUpstream;
use naftiko_expose_rest::RestExposer;
// [/imports]

// [provider]
/// Secrets by path and key. A real one asks a server: at start, once for each location.
struct Vault {
    secrets: BTreeMap<String, BTreeMap<String, String>>,
}

impl fmt::Debug for Vault {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        // Paths alone: a debug print of a starter must not show a value.
        f.debug_set().entries(self.secrets.keys()).finish()
    }
}

impl BindProvider for Vault {
    fn scheme(&self) -> &'static str {
        "vault"
    }

    fn read(
        &self,
        location: &str,
        _dir: &Path,
        _loader: &dyn SourceLoader,
    ) -> Result<BTreeMap<String, String>, ProviderError> {
        let path = location.strip_prefix("vault://").unwrap_or_default();
        let found = self.secrets.get(path).cloned();
        found.ok_or_else(|| ProviderError(format!("the vault has no secret `{path}`")))
    }
}
// [/provider]

/// A vault with one secret.
fn vault_of(path: &str) -> Vault {
    let secret = BTreeMap::from([("token".to_owned(), "blue-van-s3cret".to_owned())]);
    Vault {
        secrets: BTreeMap::from([(path.to_owned(), secret)]),
    }
}

/// Tells whether it was shown the token; a refusal repeats what it was shown, as some do.
async fn carrier() -> Result<String, Error> {
    upstream(|request| async move {
        let shown = request.headers().get("authorization").cloned();
        let shown = shown
            .as_ref()
            .and_then(|value| value.to_str().ok())
            .unwrap_or("nothing");
        match request.uri().path() {
            "/parcels/7" if shown == "Bearer blue-van-s3cret" => json(200, r#"{"place":"Lille"}"#),
            _ => json(404, format!(r#"{{"shown":"{shown}"}}"#)),
        }
    })
    .await
}

#[tokio::main]
async fn main() -> ExitCode {
    exit(run().await)
}

async fn run() -> Result<(), Error> {
    let base = carrier().await?;
    let vault = vault_of("carriers/blue-van");
    // [register]
    let kinds = Kinds::new()
        .exposer(RestExposer)
        .upstream(HttpUpstream::default())
        .provider(vault);
    // [/register]
    let loaded = kinds.load_text("parcels.yaml", include_str!("../capability.yaml"));
    if loaded.findings.has_errors() {
        return Err(loaded.report(Format::Full).into());
    }
    let starter = kinds.starter().with_upstream("carrier", base.as_str());
    let parcels = starter.start(&loaded, kinds.upstreams())?;
    let answer = parcels
        .call("where-is", serde_json::json!({"number": "7"}))
        .await?;
    println!("{}", String::from_utf8_lossy(&answer.body));
    if !checking() {
        return Ok(());
    }

    assert_eq!(&answer.body[..], br#"{"place":"Lille"}"#);
    // What came from the vault is a secret like any other: it is masked in the errors of an upstream.
    let refused = parcels
        .call("where-is", serde_json::json!({"number": "8"}))
        .await;
    let Err(naftiko::CallError::Status(refused)) = refused else {
        return Err("the carrier knows no parcel 8".into());
    };
    let text = String::from_utf8_lossy(&refused.body).into_owned();
    assert!(text.contains("shown") && !text.contains("s3cret"), "{text}");
    assert!(!format!("{starter:?} {parcels:?}").contains("s3cret"));
    // What the vault does not have is told at start, with the place in the document.
    for (kinds, told) in [
        (
            kinds.clone().provider(vault_of("carriers/red-van")),
            "has no secret `carriers/blue-van`",
        ),
        (
            Kinds::new()
                .exposer(RestExposer)
                .upstream(HttpUpstream::default()),
            "no provider for `vault:`",
        ),
    ] {
        let failed = kinds.starter().with_upstream("carrier", base.as_str());
        let Err(failure @ Failure::Variables(_)) = failed.start(&loaded, kinds.upstreams()) else {
            return Err("it must not start".into());
        };
        let text = failure.to_string();
        assert!(
            text.contains(told) && text.contains("parcels.yaml:"),
            "{text}"
        );
    }
    println!("fine");
    Ok(())
}
