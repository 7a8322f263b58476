//! What it was measured on, and with.

use std::process::Command;

use crate::{binary, project};

/// One line about the machine.
pub(crate) fn machine() -> String {
    let cpu = std::fs::read_to_string("/proc/cpuinfo").unwrap_or_default();
    let model = cpu
        .lines()
        .find_map(|line| line.strip_prefix("model name")?.split_once(':'))
        .map_or("unknown processor", |(_, model)| model.trim());
    let cores = std::thread::available_parallelism().map_or(1, usize::from);
    let memory = std::fs::read_to_string("/proc/meminfo").unwrap_or_default();
    let kilobytes: f64 = memory
        .lines()
        .find_map(|line| {
            line.strip_prefix("MemTotal:")?
                .split_whitespace()
                .next()?
                .parse()
                .ok()
        })
        .unwrap_or(0.0);
    format!(
        "{model}, {cores} cores, {:.0} GB, {}",
        kilobytes / 1_048_576.0,
        said("uname", &["-sr"])
    )
}

/// The versions of what takes part, as `(what, version)`.
pub(crate) fn versions() -> Vec<(String, String)> {
    let mut all = vec![
        ("naftiko".to_owned(), naftiko()),
        ("rustc".to_owned(), rustc()),
    ];
    let lock = std::fs::read_to_string(project::root().join("Cargo.lock")).unwrap_or_default();
    for library in [
        "hyper",
        "hyper-util",
        "reqwest",
        "rmcp",
        "serde_json",
        "tokio",
    ] {
        all.push((library.to_owned(), locked(&lock, library)));
    }
    all
}

/// The commit is the program's only if it was built here.
fn naftiko() -> String {
    if binary::given().is_some() {
        return format!("as {} names it", binary::VARIABLE);
    }

    let commit = project::command("git")
        .args(["describe", "--always", "--dirty"])
        .output();
    let commit = commit.map(|output| String::from_utf8_lossy(&output.stdout).trim().to_owned());
    format!(
        "{} ({})",
        env!("CARGO_PKG_VERSION"),
        commit.unwrap_or_default()
    )
}

/// The version alone: what it says begins with its name.
fn rustc() -> String {
    let said = said("rustc", &["--version"]);
    said.strip_prefix("rustc ").unwrap_or(&said).to_owned()
}

fn locked(lock: &str, library: &str) -> String {
    let entry = format!("name = \"{library}\"\nversion = \"");
    let version = lock
        .split_once(&entry)
        .and_then(|(_, rest)| rest.split('"').next());
    version.unwrap_or("unknown").to_owned()
}

/// Today, as `2026-01-31`.
pub(crate) fn today() -> String {
    said("date", &["-u", "+%F"])
}

fn said(program: &str, arguments: &[&str]) -> String {
    let output = Command::new(program).args(arguments).output();
    output.map_or_else(
        |_| format!("unknown {program}"),
        |output| String::from_utf8_lossy(&output.stdout).trim().to_owned(),
    )
}

#[cfg(test)]
mod tests {
    #[test]
    fn versions_come_from_the_lock() {
        let lock = "[[package]]\nname = \"hyper\"\nversion = \"1.2.3\"\n\n[[package]]\nname = \"hyper-util\"\nversion = \"0.1.0\"\n";
        assert_eq!(super::locked(lock, "hyper"), "1.2.3");
        assert_eq!(super::locked(lock, "hyper-util"), "0.1.0");
        assert_eq!(super::locked(lock, "hype"), "unknown");
    }
}
