//! FastMCP: the tools of an OpenAPI document, in Python.
//!
//! As `pip install` gives it: uvloop and httptools, which it does not ask for, made no difference that could be told from
//! noise.

use std::path::Path;

use super::install::{once, run};
use super::{Era, Peer, write};

pub(super) const NAME: &str = "FastMCP from_openapi";

/// The newest whose dependencies could all be installed when this was written.
const REQUIREMENT: &str = "fastmcp==4.1.2";
const PROGRAM: &str = include_str!("files/fastmcp.py");
const OPENAPI: &str = include_str!("files/openapi.json");

/// Asks the environment itself: only FastMCP is pinned, not what it pulls in.
const VERSIONS: &str = "import platform; from importlib.metadata import version as v; \
    print(f\"{v('fastmcp')} (mcp {v('mcp')}, uvicorn {v('uvicorn')}, Python {platform.python_version()})\")";

/// Installs it into an environment of its own.
///
/// # Errors
/// When Python, its `venv` or the package is not to be had.
pub(super) fn prepare(home: &Path, upstream: &str) -> Result<Peer, String> {
    let folder = once(home, "fastmcp", REQUIREMENT, |folder| {
        run(folder, "python3", &["-m", "venv", "venv"])?;
        let pip = folder.join("venv/bin/pip");
        let install = ["install", "--quiet", REQUIREMENT];
        run(folder, &pip.to_string_lossy(), &install).map(drop)
    })?;
    write(&folder.join("serve.py"), PROGRAM)?;
    let document = OPENAPI.replace("@UPSTREAM@", upstream);
    write(&folder.join("openapi.json"), &document)?;
    let program = folder.join("venv/bin/python");
    let version = run(&folder, &program.to_string_lossy(), &["-c", VERSIONS])?;
    Ok(Peer {
        name: NAME,
        version: version.trim().to_owned(),
        about: "no sessions, JSON answers, warnings only; it answers with text and structured content, as naftiko does",
        mcp_path: Some("/mcp"),
        rest_path: None,
        eras: &[Era::Legacy, Era::Modern],
        tool: "get_item",
        folder,
        program,
        arguments: ["serve.py", "openapi.json", "@MCP_PORT@"]
            .map(str::to_owned)
            .to_vec(),
        config: None,
    })
}
