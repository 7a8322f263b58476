//! Every example checks itself: it calls itself over loopback, judges what comes and ends with 0.

#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::indexing_slicing,
    clippy::panic,
    clippy::print_stdout,
    reason = "all of this file is a test"
)]

use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::time::{Duration, Instant};

/// This folder, and an example with tests of its own.
const OTHERS: [&str; 2] = ["run-all", "first"];
/// How long an example may take to check itself.
const LONGEST: Duration = Duration::from_mins(1);

fn examples() -> Vec<String> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).parent().unwrap();
    let entries = std::fs::read_dir(folder)
        .unwrap()
        .map(|entry| entry.unwrap());
    let folders = entries.filter(|entry| entry.path().is_dir());
    let mut names: Vec<String> = folders
        .map(|entry| entry.file_name().into_string().unwrap())
        .collect();
    names.retain(|name| !OTHERS.contains(&name.as_str()));
    names.sort();
    names
}

/// Builds all examples at once, in the profile of this test, and returns where their programs are.
fn build(names: &[String]) -> Vec<(String, PathBuf)> {
    let mut cargo = Command::new(option_env!("CARGO").unwrap_or("cargo"));
    cargo.current_dir(env!("CARGO_MANIFEST_DIR"));
    cargo.args(["build", "--message-format", "json-render-diagnostics"]);
    if !cfg!(debug_assertions) {
        cargo.arg("--release");
    }
    for name in names {
        cargo.args(["--package", &format!("naftiko-example-{name}")]);
    }
    let output = cargo.stderr(Stdio::inherit()).output().unwrap();
    assert!(output.status.success(), "the examples cannot be built");
    let text = String::from_utf8(output.stdout).unwrap();
    let built: Vec<serde_json::Value> = text
        .lines()
        .filter_map(|line| serde_json::from_str(line).ok())
        .collect();
    let program = |name: &String| {
        let target = format!("naftiko-example-{name}");
        let found = built.iter().find_map(|message| {
            let is_it = message["target"]["name"] == target.as_str();
            message["executable"].as_str().filter(|_| is_it)
        });
        (name.clone(), PathBuf::from(found.expect(&target)))
    };
    names.iter().map(program).collect()
}

#[test]
fn every_example_checks_itself() {
    let names = examples();
    assert!(names.len() >= 7, "{names:?}");
    for (name, program) in build(&names) {
        let started = Instant::now();
        let mut child = Command::new(program)
            .arg("--check")
            .stdin(Stdio::null())
            .stdout(Stdio::piped())
            .stderr(Stdio::piped())
            .spawn()
            .unwrap();
        while child.try_wait().unwrap().is_none() {
            if started.elapsed() > LONGEST {
                child.kill().unwrap();
                break;
            }
            std::thread::sleep(Duration::from_millis(20));
        }
        let output = child.wait_with_output().unwrap();
        let told = String::from_utf8_lossy(&output.stdout);
        let wrong = String::from_utf8_lossy(&output.stderr);
        assert!(
            output.status.success(),
            "{name}: {}\n{told}\n{wrong}",
            output.status
        );
        assert!(
            told.ends_with("fine\n"),
            "{name} did not check itself:\n{told}\n{wrong}"
        );
        println!("{name}: fine in {} ms", started.elapsed().as_millis());
    }
}
