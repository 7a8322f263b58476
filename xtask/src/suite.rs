//! `cargo xtask test`: every test there is, those included that plain `cargo test --workspace` leaves out.
//!
//! Tests that need more than the project are marked `#[ignore = "needs …"]`. Here they run when the machine has what
//! they need, and it is printed when it does not; with `CI` set, Python and Node have to be there. A test that needs
//! `../shared` prints `read N documents`; none read, while the folder is there, is a failure.

mod ignored;
mod watch;

use std::path::PathBuf;
use std::process::Command;
use std::time::Instant;

use clap::Args;

use self::ignored::{Need, Test};
use self::watch::Tests;
use crate::{binary, project};

/// What is run.
#[derive(Debug, Args)]
pub(crate) struct Options {
    /// Also run tests that take many minutes
    #[arg(long)]
    long: bool,
    /// Leave out tests that install packages of Python and Node
    #[arg(long)]
    no_install: bool,
}

/// Runs the stages, prints what each took, and says whether everything passed.
pub(crate) fn run(options: &Options) -> Result<bool, String> {
    let mut stages = Stages::default();
    let program = stages.run("build", binary::with_tests)?;
    let all = ignored::find(&project::root())?;
    let mut total = stages.run("tests", || watch::run(cargo_test(&program), false))?;
    if !total.finished && total.passed == 0 {
        // Nothing was built, so nothing more can run.
        stages.print();
        return Ok(false);
    }
    for need in [Need::Shared, Need::Python, Need::Node, Need::Time] {
        let tests: Vec<&Test> = all.iter().filter(|test| test.need == need).collect();
        if tests.is_empty() {
            println!("nothing {}", need.words());
            continue;
        }
        match ready(need, options) {
            Ok(()) => {
                let ran = stages.run(need.words(), || {
                    let mut command = cargo_test(&program);
                    command.args(["--", "--ignored", "--nocapture", "--test-threads=1"]);
                    command.args(tests.iter().map(|test| test.name.as_str()));
                    watch::run(command, true)
                })?;
                total.failed += problems(need, &tests, &ran);
                total.add(&ran);
            }
            Err(why) if project::in_ci() && matches!(need, Need::Python | Need::Node) => {
                println!("FAILED: {} tests cannot run: {why}", tests.len());
                total.failed += tests.len();
            }
            Err(why) => println!("skipped: {why} ({} tests)", tests.len()),
        }
    }
    stages.print();
    println!("{} passed, {} failed", total.passed, total.failed);
    Ok(total.failed == 0 && total.finished)
}

/// `cargo test` for the whole workspace: naming a package would change features and build dependencies anew.
fn cargo_test(program: &PathBuf) -> Command {
    let mut command = project::cargo();
    command
        .args(["test", "--workspace", "--no-fail-fast"])
        .env(binary::VARIABLE, program);
    command
}

/// Whether the machine has what a need asks for; else why not. The tests themselves install their packages, below
/// `target/`.
fn ready(need: Need, options: &Options) -> Result<(), String> {
    let programs = |names: &[&str]| {
        if options.no_install {
            return Err("packages are not asked for (--no-install)".to_owned());
        }
        match names.iter().find(|name| !starts(name)) {
            Some(name) => Err(format!("no {name}")),
            None => Ok(()),
        }
    };
    match need {
        Need::Shared if project::shared().is_dir() => Ok(()),
        Need::Shared => Err("no ../shared".to_owned()),
        Need::Python => programs(&["python3"]),
        Need::Node => programs(&["node", "npm", "python3"]),
        Need::Time if !options.long => Err("many minutes are not asked for (--long)".to_owned()),
        Need::Time if project::shared().is_dir() => Ok(()),
        Need::Time => Err("no ../shared".to_owned()),
    }
}

/// Whether a program is there.
fn starts(program: &str) -> bool {
    let version = Command::new(program).arg("--version").output();
    version.is_ok_and(|output| output.status.success())
}

/// Prints what each test read, and counts those that did not do what they are for.
fn problems(need: Need, tests: &[&Test], ran: &Tests) -> usize {
    let mut bad = 0;
    for test in tests {
        // A test's path ends with its function's name; the file tells nothing of the modules between.
        let found = ran
            .read
            .iter()
            .filter(|(path, _)| path.rsplit("::").next() == Some(test.name.as_str()));
        let read: Vec<Option<usize>> = found.map(|(_, read)| *read).collect();
        let says = match (read.as_slice(), need) {
            ([], _) => {
                bad += 1;
                "FAILED: did not run".to_owned()
            }
            (list, Need::Shared | Need::Time) if list.iter().any(|read| read.unwrap_or(0) == 0) => {
                bad += 1;
                "FAILED: read nothing".to_owned()
            }
            (list, Need::Shared | Need::Time) => {
                format!("read {}", list.iter().flatten().sum::<usize>())
            }
            _ => "ran".to_owned(),
        };
        println!("  {:<44} {:<44} {says}", test.file, test.name);
    }
    bad
}

/// The stages and what they took.
#[derive(Default)]
struct Stages(Vec<(String, f64)>);

impl Stages {
    fn run<T>(
        &mut self,
        name: &str,
        stage: impl FnOnce() -> Result<T, String>,
    ) -> Result<T, String> {
        println!("== {name}");
        let begun = Instant::now();
        let result = stage();
        self.0
            .push((name.to_owned(), begun.elapsed().as_secs_f64()));
        result
    }

    fn print(&self) {
        for (name, seconds) in &self.0 {
            println!("{seconds:>8.1} s  {name}");
        }
    }
}
