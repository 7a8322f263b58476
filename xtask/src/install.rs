//! What the suites need beside Rust, put below `target/`: a Python environment and Node packages.
//!
//! The lists are `tests/mcp/requirements.txt` and `tests/mcp/package.json`. Each is installed once; a copy of the list
//! beside the installation tells when it has changed.

use std::path::{Path, PathBuf};
use std::process::Command;

use crate::project;

/// Where the tests find the installed tools; the names are those of environment variables.
pub(crate) const PYTHON: &str = "NAFTIKO_TEST_PYTHON";
/// A Node of the version that the suites need.
pub(crate) const NODE: &str = "NAFTIKO_TEST_NODE";
/// The folder that holds `node_modules`.
pub(crate) const NODE_FOLDER: &str = "NAFTIKO_TEST_NODE_FOLDER";

/// Installs the Python packages and returns the interpreter that has them.
///
/// # Errors
/// One line, when the machine has no Python or the packages cannot be had.
pub(crate) fn python() -> Result<PathBuf, String> {
    let list = project::root().join("tests/mcp/requirements.txt");
    let folder = project::target().join("python");
    let python = folder.join("bin/python");
    if is_current(&folder, &list) {
        return Ok(python);
    }
    println!(
        "installing {} into {}",
        project::shown(&list),
        folder.display()
    );
    run(Command::new("python3")
        .args(["-m", "venv", "--clear"])
        .arg(&folder))?;
    run(Command::new(&python)
        .args([
            "-m",
            "pip",
            "install",
            "--quiet",
            "--disable-pip-version-check",
            "-r",
        ])
        .arg(&list))?;
    finish(&folder, &list)?;
    Ok(python)
}

/// Installs the Node packages, Node itself among them, and returns the folder that holds `node_modules`.
///
/// # Errors
/// One line, when the machine has no npm or the packages cannot be had.
pub(crate) fn node() -> Result<PathBuf, String> {
    let list = project::root().join("tests/mcp/package.json");
    let folder = project::target().join("node");
    if is_current(&folder, &list) {
        return Ok(folder);
    }
    println!(
        "installing {} into {}",
        project::shown(&list),
        folder.display()
    );
    let told = |error: std::io::Error| format!("{}: {error}", folder.display());
    std::fs::create_dir_all(&folder).map_err(told)?;
    std::fs::copy(&list, folder.join("package.json")).map_err(told)?;
    run(Command::new("npm")
        .args(["install", "--no-audit", "--no-fund", "--loglevel=error"])
        .current_dir(&folder))?;
    finish(&folder, &list)?;
    Ok(folder)
}

/// The Node program of an installation.
pub(crate) fn node_program(folder: &Path) -> PathBuf {
    folder.join("node_modules/node/bin/node")
}

fn stamp(folder: &Path) -> PathBuf {
    folder.join(".installed")
}

fn is_current(folder: &Path, list: &Path) -> bool {
    match (std::fs::read(stamp(folder)), std::fs::read(list)) {
        (Ok(installed), Ok(wanted)) => installed == wanted,
        _ => false,
    }
}

fn finish(folder: &Path, list: &Path) -> Result<(), String> {
    std::fs::copy(list, stamp(folder))
        .map(drop)
        .map_err(|error| format!("{}: {error}", folder.display()))
}

fn run(command: &mut Command) -> Result<(), String> {
    let shown = command.get_program().to_string_lossy().into_owned();
    let status = command
        .stdin(std::process::Stdio::null())
        .status()
        .map_err(|error| format!("{shown} cannot be run: {error}"))?;
    if status.success() {
        Ok(())
    } else {
        Err(format!("{shown} failed"))
    }
}
