//! The `naftiko` program that the commands start.

use std::path::PathBuf;

use crate::project;

/// The variable that names a program built already; whoever sets it vouches that it is fresh.
pub(crate) const VARIABLE: &str = "NAFTIKO_BIN";

/// The program in `NAFTIKO_BIN`, or one built now.
///
/// # Errors
/// When it cannot be built.
pub(crate) fn find(release: bool) -> Result<PathBuf, String> {
    if let Some(path) = std::env::var_os(VARIABLE) {
        return Ok(PathBuf::from(path));
    }
    let mut cargo = project::cargo();
    cargo.args(["build", "--quiet", "--bin", "naftiko"]);
    // Cargo unites the features of what it builds together, and builds dependencies anew for other features. So the
    // release is built as users build it, and the other as `cargo test --workspace` does.
    cargo.args(if release {
        ["--release", "--package=naftiko-cli"].as_slice()
    } else {
        &["--workspace"]
    });
    let status = cargo
        .status()
        .map_err(|error| format!("cargo cannot be run: {error}"))?;
    if !status.success() {
        return Err("naftiko cannot be built".to_owned());
    }
    let profile = if release { "release" } else { "debug" };
    let path = project::target().join(profile).join("naftiko");
    if path.exists() {
        Ok(path)
    } else {
        Err(format!("{} was not built", path.display()))
    }
}
