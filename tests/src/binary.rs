//! The command itself: built once per run of the tests, so that it is never older than its sources.

use std::path::{Path, PathBuf};
use std::process::Command;
use std::sync::OnceLock;

use crate::workspace;

/// The `naftiko` binary. `NAFTIKO_BIN` names one that is built already.
pub fn naftiko() -> &'static Path {
    static BINARY: OnceLock<PathBuf> = OnceLock::new();
    BINARY.get_or_init(|| match std::env::var_os("NAFTIKO_BIN") {
        Some(path) => PathBuf::from(path),
        None => build(),
    })
}

fn build() -> PathBuf {
    let cargo = std::env::var_os("CARGO").unwrap_or_else(|| "cargo".into());
    let mut command = Command::new(cargo);
    command.current_dir(workspace()).args([
        "build",
        "--quiet",
        "--package=naftiko-cli",
        "--bin=naftiko",
        "--message-format=json-render-diagnostics",
    ]);
    let ours = std::env::current_exe().expect("a test knows its own file");
    if ours.iter().any(|part| part == "release") {
        command.arg("--release");
    }
    let output = command.output().expect("cargo runs");
    assert!(
        output.status.success(),
        "the command cannot be built:\n{}",
        String::from_utf8_lossy(&output.stderr)
    );
    let lines = String::from_utf8_lossy(&output.stdout).into_owned();
    let messages = lines
        .lines()
        .filter_map(|line| serde_json::from_str::<serde_json::Value>(line).ok());
    let executables: Vec<PathBuf> = messages
        .filter_map(|message| message["executable"].as_str().map(PathBuf::from))
        .collect();
    executables
        .last()
        .expect("cargo says where the command is")
        .clone()
}
