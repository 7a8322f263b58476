//! MCP Toolbox: tools declared in YAML, served by a Go program that comes in an npm package.

use std::path::Path;

use super::install::{once, run};
use super::{Era, Peer, write};

pub(super) const NAME: &str = "MCP Toolbox";

const PACKAGE: &str = include_str!("files/toolbox.json");
const CONFIG: &str = include_str!("files/toolbox.yaml");

/// Installs it.
///
/// # Errors
/// When npm or the package is not to be had, or has no program for this machine.
pub(super) fn prepare(home: &Path, upstream: &str) -> Result<Peer, String> {
    let folder = once(home, "toolbox", PACKAGE, |folder| {
        write(&folder.join("package.json"), PACKAGE)?;
        let install = ["install", "--no-audit", "--no-fund", "--loglevel=error"];
        run(folder, "npm", &install).map(drop)
    })?;
    write(
        &folder.join("tools.yaml"),
        &CONFIG.replace("@UPSTREAM@", upstream),
    )?;
    // The package's own command is a Node script that starts this program and would not take it along when killed.
    let program = folder.join(format!(
        "node_modules/@toolbox-sdk/server-{}/bin/toolbox",
        platform()
    ));
    if !program.exists() {
        return Err(format!("the package has no program for {}", platform()));
    }
    let version = run(&folder, &program.to_string_lossy(), &["--version"])?;
    Ok(Peer {
        name: NAME,
        version: version_of(&version),
        about: "errors only in its log; it answers with text alone, half as many bytes, and opens most connections to the upstream anew",
        mcp_path: Some("/mcp"),
        rest_path: None,
        eras: &[Era::Legacy, Era::Modern],
        tool: "get-item",
        folder,
        program,
        // Nothing it would do beside serving: as in production, no looking for newer versions or for changes of the
        // file, and errors only in its log.
        arguments: [
            "--config=tools.yaml",
            "--address=127.0.0.1",
            "--port=@MCP_PORT@",
            "--disable-version-check",
            "--disable-reload",
            "--log-level=ERROR",
        ]
        .map(str::to_owned)
        .to_vec(),
        config: None,
    })
}

/// How npm calls this machine.
fn platform() -> String {
    let system = match std::env::consts::OS {
        "macos" => "darwin",
        other => other,
    };
    let processor = match std::env::consts::ARCH {
        "x86_64" => "x64",
        "aarch64" => "arm64",
        other => other,
    };
    format!("{system}-{processor}")
}

/// `1.12.0` of `toolbox version 1.12.0+binary.linux.amd64.c97ca4d`.
fn version_of(said: &str) -> String {
    let last = said.split_whitespace().next_back().unwrap_or_default();
    last.split('+').next().unwrap_or_default().to_owned()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_version_is_the_number() {
        assert_eq!(
            version_of("toolbox version 1.12.0+binary.linux.amd64.c97\n"),
            "1.12.0"
        );
        assert_eq!(version_of(""), "");
    }
}
