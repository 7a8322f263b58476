//! Every example checks itself: it calls itself over loopback, judges what comes and ends with 0.

#![allow(
    clippy::unwrap_used,
    clippy::print_stdout,
    reason = "all of this file is a test"
)]

use std::path::Path;
use std::process::{Command, Stdio};
use std::time::{Duration, Instant};

use naftiko_examples_run_all::build;

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

#[test]
fn every_example_checks_itself() {
    let names = examples();
    assert!(names.len() >= 7, "{names:?}");
    let package = |name: &String| format!("naftiko-example-{name}");
    let packages: Vec<String> = names.iter().map(package).collect();
    let programs = build(&packages, &packages);
    for (name, program) in names.iter().zip(programs) {
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
