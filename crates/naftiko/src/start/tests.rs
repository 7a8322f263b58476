//! What starting reads, and how often.

use std::path::Path;
use std::sync::atomic::{AtomicUsize, Ordering};

use naftiko_bindings::ProviderError;
use naftiko_engine::{UpstreamContext, UpstreamError, UpstreamService};
use naftiko_imports::SourceLoader;

use super::*;
use crate::Kinds;
use crate::call::tests::{TEXT, Units};

/// Has `USER` and `PASSWORD`, and counts how often it is asked.
#[derive(Debug, Default)]
struct Store(Arc<AtomicUsize>);

impl BindProvider for Store {
    fn scheme(&self) -> &'static str {
        "store"
    }

    fn read(
        &self,
        _: &str,
        _: &Path,
        _: &dyn SourceLoader,
    ) -> Result<BTreeMap<String, String>, ProviderError> {
        self.0.fetch_add(1, Ordering::Relaxed);
        let values = [("USER", "u5er-name"), ("PASSWORD", "pa55-word")];
        Ok(values.map(|(key, value)| (key.into(), value.into())).into())
    }
}

/// Never called.
#[derive(Debug)]
struct Silent;

impl UpstreamKind for Silent {
    fn kind(&self) -> &'static str {
        "memory"
    }

    fn build(&self, _: UpstreamContext) -> Result<UpstreamService, UpstreamError> {
        Ok(UpstreamService::new(tower::service_fn(|_| {
            std::future::pending()
        })))
    }
}

fn document(keys: &str) -> String {
    TEXT.replace(
        "- namespace: env",
        "- namespace: store\n    location: \"store:x\"",
    )
    .replace("{TOKEN: BOOK_TOKEN}", keys)
    .replace(
        "{type: bearer, token: \"{{TOKEN}}\"}",
        "{type: basic, username: \"{{NAME}}\", password: \"{{PASS}}\"}",
    )
}

fn start(keys: &str, made_up: bool) -> (Result<Started, Failure>, usize) {
    let asked = Arc::new(AtomicUsize::new(0));
    let kinds = Kinds::new()
        .exposer(Units)
        .upstream(Silent)
        .provider(Store(Arc::clone(&asked)));
    let loaded = kinds.load_text("books.yaml", &document(keys));
    let given = Starter {
        made_up,
        ..kinds.starter()
    };
    let started = given.start(&loaded, kinds.upstreams());
    (started, asked.load(Ordering::Relaxed))
}

#[test]
fn a_source_is_asked_once() {
    let (started, asked) = start("{NAME: USER, PASS: PASSWORD}", false);
    let text = started.unwrap().engine.masker().mask("u5er-name pa55-word");
    assert!(!text.contains("u5er") && !text.contains("pa55"), "{text}");
    assert_eq!(asked, 1);
}

#[test]
fn everything_that_is_missing_is_told_at_once() {
    let (started, _) = start("{NAME: NOPE, PASS: NEITHER}", false);
    let told = started.unwrap_err().to_string();
    for part in [
        "NAME: ",
        "PASS: ",
        "store:x: NOPE",
        "store:x: NEITHER",
        "books.yaml:",
    ] {
        assert!(told.contains(part), "{part}: {told}");
    }
}

#[test]
fn made_up_values_stand_for_missing_ones_alone() {
    let (started, _) = start("{NAME: USER, PASS: NOPE}", true);
    let masked = started
        .unwrap()
        .engine
        .masker()
        .mask("u5er-name pa55-word sandbox-PASS");
    assert!(masked.contains("pa55-word"), "{masked}");
    assert!(
        !masked.contains("u5er-name") && !masked.contains("sandbox-PASS"),
        "{masked}"
    );
}
