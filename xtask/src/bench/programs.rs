//! The programs that take part: built as their users build them, started the same way.

use std::path::{Path, PathBuf};
use std::process::Command;

use crate::{binary, project};

use super::call::{Call, Era};
use super::pin::Pin;
use super::subject::{Running, Subject, free_port};

/// Where they are.
#[derive(Debug)]
pub(crate) struct Programs {
    naftiko: PathBuf,
    folder: PathBuf,
    document: PathBuf,
}

impl Programs {
    /// Builds what is missing.
    ///
    /// # Errors
    /// When something cannot be built.
    pub(crate) fn build() -> Result<Self, String> {
        let naftiko = binary::find(true)?;
        // By itself: built together with the engine, the hand-written servers would get its features of libraries.
        let built = project::cargo()
            .args(["build", "--quiet", "--release", "--package=naftiko-bench"])
            .status()
            .map_err(|error| format!("cargo cannot be run: {error}"))?;
        if !built.success() {
            return Err("the hand-written servers cannot be built".to_owned());
        }
        Ok(Self {
            naftiko,
            folder: project::target().join("release"),
            document: project::root().join("tests/bench/capability.yaml"),
        })
    }

    /// The upstream, started.
    pub(crate) fn upstream(&self, pin: Pin) -> Result<Running, String> {
        let program = self.folder.join("bench-upstream");
        let call = Call::item("/items/7");
        // It is no server under test, so it stays off the core of those.
        let subject = Subject::new("the upstream", call, move |port| {
            let mut command = Command::new(&program);
            command.arg(port.to_string());
            Ok(pin.others(command))
        });
        subject.start(Pin::Nowhere)
    }

    /// The load.
    pub(crate) fn load(&self, pin: Pin, order: &str) -> Command {
        let mut command = Command::new(self.folder.join("bench-load"));
        command.arg(order);
        pin.others(command)
    }

    /// Our engine behind its REST door.
    pub(crate) fn naftiko_rest(&self, upstream: &str, call: Call) -> Subject {
        self.naftiko("naftiko", &self.document, upstream, ["rest", "mcp"], call)
    }

    /// Our engine behind its MCP door.
    pub(crate) fn naftiko_mcp(&self, upstream: &str, era: Era) -> Subject {
        let call = tool(era, true);
        self.naftiko("naftiko", &self.document, upstream, ["mcp", "rest"], call)
    }

    /// Our engine with another document, that has one server, called `rest`.
    pub(crate) fn naftiko_with(
        &self,
        name: &str,
        document: &Path,
        upstream: &str,
        call: Call,
    ) -> Subject {
        self.naftiko(name, document, upstream, ["rest", ""], call)
    }

    /// `servers`: the one that is called, and one that is there besides.
    fn naftiko(
        &self,
        name: &str,
        document: &Path,
        upstream: &str,
        [called, other]: [&'static str; 2],
        call: Call,
    ) -> Subject {
        let program = self.naftiko.clone();
        let document = document.to_owned();
        let upstream = format!("bench={upstream}");
        Subject::new(name, call, move |port| {
            let mut command = Command::new(&program);
            command.arg("run").arg(&document);
            command.args(["--upstream", &upstream]);
            command.args(["--listen", &format!("{called}=127.0.0.1:{port}")]);
            if !other.is_empty() {
                // Nobody calls it.
                let port = free_port()?;
                command.args(["--listen", &format!("{other}=127.0.0.1:{port}")]);
            }
            Ok(command)
        })
    }

    /// The proxy by hand.
    pub(crate) fn proxy(&self, upstream: &str, call: Call) -> Subject {
        self.hand_written("hyper by hand", "bench-proxy", &[upstream], call)
    }

    /// The MCP server by hand, in one of its two settings.
    pub(crate) fn tools(&self, upstream: &str, era: Era, lean: bool) -> Subject {
        let (name, setting) = if lean {
            ("rmcp by hand", "lean")
        } else {
            ("rmcp by hand, its defaults", "default")
        };
        self.hand_written(name, "bench-tools", &[upstream, setting], tool(era, !lean))
    }

    /// The least program with hyper.
    pub(crate) fn hello(&self) -> Subject {
        let call = Call::Get {
            path: "/".to_owned(),
            expected: "hello",
        };
        self.hand_written("hyper hello-world", "bench-hello", &[], call)
    }

    fn hand_written(&self, name: &str, program: &str, arguments: &[&str], call: Call) -> Subject {
        let program = self.folder.join(program);
        let arguments: Vec<String> = arguments.iter().map(|&text| text.to_owned()).collect();
        Subject::new(name, call, move |port| {
            let mut command = Command::new(&program);
            command.arg(port.to_string()).args(&arguments);
            Ok(command)
        })
    }
}

/// The tool that all MCP servers of ours have.
fn tool(era: Era, sessions: bool) -> Call {
    Call::Tool {
        era,
        path: "/mcp".to_owned(),
        tool: "get-item".to_owned(),
        arguments: serde_json::json!({"id": "7"}),
        sessions,
        expected: "A kettle",
    }
}
