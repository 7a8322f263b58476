//! The `naftiko` program that the commands start.

use std::path::PathBuf;

use crate::project;

/// The variable that names a program built already; whoever sets it vouches that it is fresh.
pub(crate) const VARIABLE: &str = "NAFTIKO_BIN";

/// The program in `NAFTIKO_BIN`, or one built now as its users build it.
///
/// # Errors
/// When it cannot be built, or what the variable names is another program.
pub(crate) fn find(release: bool) -> Result<PathBuf, String> {
    if let Some(path) = given() {
        let asked = std::process::Command::new(&path).arg("--version").output();
        let said = asked.map(|output| String::from_utf8_lossy(&output.stdout).into_owned());
        return match said {
            Ok(said) if said.starts_with("naftiko ") => Ok(path),
            Ok(_) => Err(format!("{VARIABLE}={} is not naftiko", path.display())),
            Err(error) => Err(format!("{VARIABLE}={}: {error}", path.display())),
        };
    }
    let mut arguments = vec!["--package=naftiko-cli", "--bin=naftiko"];
    if release {
        arguments.push("--release");
    }
    build(&arguments, if release { "release" } else { "debug" })
}

/// The program in `NAFTIKO_BIN`.
pub(crate) fn given() -> Option<PathBuf> {
    std::env::var_os(VARIABLE).map(PathBuf::from)
}

/// The program built together with all tests.
///
/// Cargo unites the features of what it builds together, and builds a dependency anew for other features. Built like
/// this, the program shares all of them with `cargo test --workspace`.
///
/// # Errors
/// When something cannot be built.
pub(crate) fn with_tests() -> Result<PathBuf, String> {
    build(&["--workspace", "--bins", "--tests", "--examples"], "debug")
}

fn build(arguments: &[&str], profile: &str) -> Result<PathBuf, String> {
    let status = project::cargo()
        .args(["build", "--quiet"])
        .args(arguments)
        .status()
        .map_err(|error| format!("cargo cannot be run: {error}"))?;
    if !status.success() {
        return Err("naftiko cannot be built".to_owned());
    }
    let path = project::target().join(profile).join("naftiko");
    if path.exists() {
        Ok(path)
    } else {
        Err(format!("{} was not built", path.display()))
    }
}
