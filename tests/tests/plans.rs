//! What a document means: `plans/<rule>.yaml` and, beside it, the plan that it lowers to.
//!
//! Each document shows one rule. In the snapshot `<x>` is an input of the caller, `$X` a variable, `nothing` a value that
//! never is; everything else stands for itself.

mod text;

use std::path::PathBuf;
use std::sync::Arc;

use naftiko::Loader;
use naftiko::expose::Registry;
use naftiko_expose_mcp::McpExposer;
use naftiko_expose_rest::RestExposer;
use naftiko_tests::data;

use crate::snapshot::{assert_same, each};

#[test]
fn documents_lower_to_what_they_mean() {
    let mut cases: Vec<PathBuf> = std::fs::read_dir(data("plans"))
        .unwrap()
        .map(|entry| entry.unwrap().path())
        .filter(|path| {
            path.extension()
                .is_some_and(|extension| extension == "yaml")
        })
        .collect();
    cases.sort();
    assert!(cases.len() >= 40, "only {} cases were found", cases.len());
    let registry = Registry::new()
        .with(Arc::new(RestExposer))
        .with(Arc::new(McpExposer));
    let loader = Loader::new(registry);
    each(&cases, |path| {
        let found = loader
            .load(path)
            .unwrap_or_else(|error| panic!("{}: {}", path.display(), error.error));
        let case = path.file_stem().unwrap().to_string_lossy().into_owned();
        assert_same(
            &path.with_extension("snap"),
            &case,
            &text::shown(&found, &path.display().to_string()),
            &case,
        );
    });
}
