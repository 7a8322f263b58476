//! Servers that nobody here wrote, installed below `target/` and started on the same upstream.
//!
//! Versions are pinned in `files/`. Each peer has a file, whose `prepare` installs it and says in one sentence why it is
//! not there when that fails; without it the others are still measured.

mod fastmcp;
mod install;
mod reference;
mod toolbox;

use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

use super::call::Era;

/// Where a peer listens, on 127.0.0.1.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Ports {
    pub(crate) mcp: u16,
    /// Used by a peer with a `rest_path`.
    pub(crate) rest: u16,
}

/// A peer that is installed.
#[derive(Clone, Debug)]
pub(crate) struct Peer {
    pub(crate) name: &'static str,
    /// Its version, and that of what runs it.
    pub(crate) version: String,
    /// How it is set up, and what a reader of its figures must know.
    pub(crate) about: &'static str,
    pub(crate) mcp_path: Option<&'static str>,
    /// What a GET of item 7 asks for.
    pub(crate) rest_path: Option<&'static str>,
    pub(crate) eras: &'static [Era],
    /// The tool's name; its one argument is `id`, a string.
    pub(crate) tool: &'static str,
    /// Where it is installed, and works.
    folder: PathBuf,
    program: PathBuf,
    /// `@MCP_PORT@` and `@REST_PORT@` stand for the ports, here and in `config`.
    arguments: Vec<String>,
    /// Name and text of a file that is written before every start.
    config: Option<(&'static str, String)>,
}

impl Peer {
    /// The process, ready to be started: a single one, so killing it ends the peer.
    ///
    /// # Errors
    /// When a file cannot be written.
    pub(crate) fn command(&self, ports: Ports) -> Result<Command, String> {
        if let Some((name, text)) = &self.config {
            write(&self.folder.join(name), &fill(text, ports))?;
        }
        let mut command = Command::new(&self.program);
        command
            .args(self.arguments.iter().map(|argument| fill(argument, ports)))
            .current_dir(&self.folder);
        Ok(command)
    }
}

/// All peers, or why they are not there. `home` is where they are installed; `upstream` is a URL without a path.
pub(crate) fn prepare(home: &Path, upstream: &str) -> Vec<(&'static str, Result<Peer, String>)> {
    vec![
        (fastmcp::NAME, fastmcp::prepare(home, upstream)),
        (toolbox::NAME, toolbox::prepare(home, upstream)),
        (reference::NAME, reference::prepare(home, upstream)),
    ]
}

fn fill(text: &str, ports: Ports) -> String {
    text.replace("@MCP_PORT@", &ports.mcp.to_string())
        .replace("@REST_PORT@", &ports.rest.to_string())
}

fn write(path: &Path, text: &str) -> Result<(), String> {
    fs::write(path, text).map_err(|error| unwritable(path, &error))
}

fn unwritable(path: &Path, error: &std::io::Error) -> String {
    format!("{} cannot be written: {error}", path.display())
}
