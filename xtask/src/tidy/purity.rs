//! No runtime and no HTTP stack up to the engine, not even through a library.
//!
//! Asked of `cargo tree` one package at a time: `cargo metadata` unites the features of the whole workspace, so a
//! library that uses tokio for somebody else would look as if it used it for the engine.

use super::layers;
use crate::project;

/// What the lower layers must not reach.
const FORBIDDEN: &[&str] = &[
    "tokio",
    "hyper",
    "hyper-util",
    "reqwest",
    "mio",
    "h2",
    "rustls",
    "socket2",
];

pub(super) fn check() -> Result<Vec<String>, String> {
    let mut found = Vec::new();
    for name in layers::quiet() {
        let output = project::cargo()
            .args([
                "tree",
                "--package",
                name,
                "--edges",
                "normal",
                "--prefix",
                "none",
                "--format",
                "{p}",
            ])
            .output()
            .map_err(|error| format!("cargo tree cannot be run: {error}"))?;
        if !output.status.success() {
            return Err(String::from_utf8_lossy(&output.stderr).into_owned());
        }
        found.extend(reached(name, &String::from_utf8_lossy(&output.stdout)));
    }
    Ok(found)
}

fn reached(name: &str, tree: &str) -> Vec<String> {
    let mut names: Vec<&str> = tree
        .lines()
        .filter_map(|line| line.split(' ').next())
        .collect();
    names.sort_unstable();
    names.dedup();
    names
        .into_iter()
        .filter(|other| FORBIDDEN.contains(other))
        .map(|other| {
            format!("{name} reaches {other}; `cargo tree -p {name} -e normal -i {other}` shows how")
        })
        .collect()
}

#[cfg(test)]
mod tests {
    #[test]
    fn a_library_s_library_is_seen() {
        let tree = "naftiko-plan v0.1.0 (/x)\nserde v1.0.0\ntokio v1.54.0\ntokio v1.54.0 (*)\ntokio-util v0.7.0\n";
        let found = super::reached("naftiko-plan", tree);
        assert_eq!(found.len(), 1);
        assert!(found[0].starts_with("naftiko-plan reaches tokio;"));
    }
}
