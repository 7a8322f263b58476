//! Exposes a capability as an MCP server that clients of every revision can use.
//!
//! [`McpExposer`] is the kind `mcp`. `decode` reads tools, resources and prompts of a document (specification, "Exposed
//! MCP adapter") and keeps what is no unit in `settings`. A built `Server` holds what is offered and
//! runs it: `tools` with `schema` and `result`, whose JSON `json` writes as `promise` has it, `resources` with `template`, and `prompts`. `protocol` is the one place
//! that knows the protocol's library; `front` stands before it and owns what it leaves open, over HTTP and over a pair of
//! streams alike.
//!
//! The crate owns no socket, checks no `Host` and no `Origin` (the host does, in front) and sends nothing upstream (the
//! engine does).

mod content;
mod decode;
mod exposer;
mod front;
mod json;
mod names;
mod page;
mod promise;
mod prompts;
mod protocol;
mod resources;
mod result;
mod schema;
mod server;
mod settings;
mod template;
mod tools;

pub use exposer::McpExposer;
