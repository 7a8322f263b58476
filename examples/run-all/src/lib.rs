//! Builds the programs that the tests of the examples run.

#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::missing_panics_doc,
    reason = "all of this package is tests"
)]

use std::path::PathBuf;
use std::process::{Command, Stdio};

/// Builds `packages` at once, in the profile of the caller, and returns where `programs` of theirs are.
pub fn build(packages: &[String], programs: &[String]) -> Vec<PathBuf> {
    let mut cargo = Command::new(option_env!("CARGO").unwrap_or("cargo"));
    cargo.current_dir(env!("CARGO_MANIFEST_DIR"));
    cargo.args([
        "build",
        "--bins",
        "--message-format",
        "json-render-diagnostics",
    ]);
    if !cfg!(debug_assertions) {
        cargo.arg("--release");
    }
    for package in packages {
        cargo.args(["--package", package]);
    }
    let output = cargo.stderr(Stdio::inherit()).output().unwrap();
    assert!(output.status.success(), "the programs cannot be built");
    let text = String::from_utf8(output.stdout).unwrap();
    let built: Vec<serde_json::Value> = text
        .lines()
        .filter_map(|line| serde_json::from_str(line).ok())
        .collect();
    let program = |name: &String| {
        let found = built.iter().find_map(|message| {
            let is_it = message.pointer("/target/name")?.as_str()? == name;
            message.get("executable")?.as_str().filter(|_| is_it)
        });
        PathBuf::from(found.unwrap_or_else(|| panic!("cargo does not say where {name} is")))
    };
    programs.iter().map(program).collect()
}
