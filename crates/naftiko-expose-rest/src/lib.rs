//! Exposes a capability as a REST API.
//!
//! [`RestExposer`] is the kind `rest`. It reads `resources` and their operations (specification, "Exposed REST adapter"),
//! and serves them with the same few steps each: the router finds the operation, its readers take the inputs out of path,
//! query, headers and body, the engine runs the flow, and the answer is streamed or written. Everything that goes wrong on
//! the way becomes a problem document in one place, `rescue`.
//!
//! The crate owns no socket, checks no `Host` and no `Origin` (the host does, in front) and sends nothing upstream (the
//! engine does).

mod body;
mod decode;
mod encoding;
mod exposer;
mod extract;
mod pattern;
mod readers;
mod rescue;
mod respond;
mod router;
mod segment;
mod service;

pub use exposer::RestExposer;
