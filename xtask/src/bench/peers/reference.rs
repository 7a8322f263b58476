//! The reference engine, from its Maven artifacts, on a JVM 21 or newer.
//!
//! `files/reference.yaml` is in the dialect of the version that is pinned. Nothing is mapped on either side, so that it
//! passes bodies through. Of MCP it speaks 2026-07-28 only.
//!
//! Written from what is published about that version, its schema included, and run on no machine so far: no Maven
//! repository that the project reaches has the artifacts. The first run that finds them should be read with care.

use std::path::{Path, PathBuf};
use std::process::Command;

use super::install::{finish, once};
use super::{Era, Peer, write};

pub(super) const NAME: &str = "reference engine";

const POM: &str = include_str!("files/reference-pom.xml");
const LOGGING: &str = include_str!("files/reference-logback.xml");
const DOCUMENT: &str = include_str!("files/reference.yaml");
const VERSION: &str = "1.0.0-beta4";
const OLDEST_JAVA: u32 = 21;

/// Installs its jars into a folder.
///
/// # Errors
/// When there is no such JVM, no Maven, or Maven does not find the artifacts.
pub(super) fn prepare(home: &Path, upstream: &str) -> Result<Peer, String> {
    let (java, major) =
        find_java().ok_or_else(|| format!("there is no JVM {OLDEST_JAVA} or newer"))?;
    let folder = once(home, "reference", POM, |folder| {
        write(&folder.join("pom.xml"), POM)?;
        let mut maven = Command::new("mvn");
        maven.current_dir(folder).args([
            "--batch-mode",
            "--quiet",
            "-Dstyle.color=never",
            // Maven remembers for a day that an artifact was missing; asking is what this run is for.
            "--update-snapshots",
            "-Dmaven.repo.local=repository",
            "org.apache.maven.plugins:maven-dependency-plugin:3.8.1:copy-dependencies",
            "-DincludeScope=runtime",
            "-DoutputDirectory=jars",
        ]);
        // `bin/java`, up two: the JVM that is known to be there, whatever else the machine has.
        if let Some(jvm) = java.ancestors().nth(2) {
            maven.env("JAVA_HOME", jvm);
        }
        finish(&mut maven).map(drop)
    })?;
    write(&folder.join("logback.xml"), LOGGING)?;
    Ok(Peer {
        name: NAME,
        version: format!("{VERSION} (Java {major})"),
        about: "mapped on neither side; it speaks 2026-07-28 alone",
        mcp_path: Some("/mcp"),
        rest_path: Some("/items/7"),
        eras: &[Era::Modern],
        tool: "get-item",
        folder,
        program: java,
        arguments: [
            "-Dlogback.configurationFile=logback.xml",
            "-classpath",
            "jars/*",
            "io.ikanos.Cli",
            "serve",
            "items.yaml",
        ]
        .map(str::to_owned)
        .to_vec(),
        config: Some(("items.yaml", DOCUMENT.replace("@UPSTREAM@", upstream))),
    })
}

/// The first JVM that is new enough, of `JAVA_HOME`, `PATH` and where Linux distributions put them.
fn find_java() -> Option<(PathBuf, u32)> {
    let homes = std::env::var_os("JAVA_HOME").map(|home| PathBuf::from(home).join("bin"));
    let path = std::env::var_os("PATH").unwrap_or_default();
    let mut installed: Vec<PathBuf> = std::fs::read_dir("/usr/lib/jvm")
        .into_iter()
        .flatten()
        .filter_map(|entry| Some(entry.ok()?.path().join("bin")))
        .collect();
    installed.sort();
    homes
        .into_iter()
        .chain(std::env::split_paths(&path))
        .chain(installed)
        .filter_map(|folder| {
            // Links lead to a JVM's own folder, which Maven has to be told.
            let java = folder.join("java").canonicalize().ok()?;
            let output = Command::new(&java).arg("-version").output().ok()?;
            let major = major(&String::from_utf8_lossy(&output.stderr))?;
            Some((java, major))
        })
        .find(|(_, major)| *major >= OLDEST_JAVA)
}

/// 25 of `openjdk version "25.0.3" 2026-04-21 LTS`, 8 of `java version "1.8.0_392"`.
fn major(said: &str) -> Option<u32> {
    let version = said.split('"').nth(1)?;
    let mut numbers = version.split(|symbol: char| !symbol.is_ascii_digit());
    match numbers.next()?.parse().ok()? {
        1 => numbers.next()?.parse().ok(),
        major => Some(major),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn versions_of_java_are_read() {
        assert_eq!(major("openjdk version \"25.0.3\" 2026-04-21 LTS"), Some(25));
        assert_eq!(major("openjdk version \"21-ea\" 2023-09-19"), Some(21));
        assert_eq!(major("java version \"1.8.0_392\""), Some(8));
        assert_eq!(major("Error: no JVM"), None);
    }

    #[test]
    fn the_artifact_and_the_dialect_are_those_of_the_version() {
        assert!(POM.contains(&format!("<version>{VERSION}</version>")));
        assert!(DOCUMENT.starts_with(&format!("ikanos: \"{VERSION}\"\n")));
    }
}
