//! An embedded upstream: it answers for consumed APIs on a loopback socket.
//!
//! `--sandbox` needs no credentials and no network, and is still the real thing: the engine
//! sends the very request that it would send to the API, over HTTP, and this crate answers it.
//! It knows nothing of documents or plans. It is given [`Namespace`]s: a name, the operations
//! with their path templates and a sample answer each, and perhaps a [`Fixture`], which is data
//! and a few rules written in YAML (`docs/sandbox.md` describes the format).
//!
//! Reading order: [`namespace`](Namespace) (what the crate is given), `path` and `router` (which
//! operation a request is), `request` and `echo` (what it is answered without a fixture),
//! `fixture` (and with one), `service` (one request from end to end), `server` (the socket).
//!
//! ```no_run
//! # async fn example() -> std::io::Result<()> {
//! use naftiko_sandbox::{Namespace, Sandbox, SandboxOperation};
//!
//! let sandbox = Sandbox::start(vec![Namespace {
//!     name: "books".into(),
//!     operations: vec![SandboxOperation {
//!         name: "get-book".into(),
//!         method: "GET".into(),
//!         path: "/v1/books/{isbn}".into(),
//!         inputs: vec![],
//!         answer: serde_json::json!({"title": "text"}),
//!     }],
//!     fixture: None,
//!     credential: None,
//! }])
//! .await?;
//! let upstream = sandbox.base_url("books"); // Some("http://127.0.0.1:PORT/books")
//! # drop(upstream);
//! sandbox.shutdown(std::time::Duration::from_secs(5)).await;
//! # Ok(())
//! # }
//! ```

mod namespace;
mod path;
mod router;

mod echo;
mod fixture;
mod request;

mod body;
mod respond;
mod server;
mod service;

pub use fixture::{Fixture, FixtureError, MAX_FIXTURE_BYTES};
pub use namespace::{Credential, Input, Namespace, Place, SandboxOperation};
pub use server::Sandbox;

/// The largest request body that is read, in bytes; a larger one is answered 413.
pub const MAX_BODY_BYTES: usize = 10 * 1024 * 1024;

/// The `tracing` target of the one line that every answered request logs at INFO, with the
/// fields `namespace`, `method`, `path` (as it came, below the namespace's base, without the
/// query), `status`, `operation` (empty when the request is none) and `credential` (`sent`,
/// `missing`, or `none` when the namespace has none).
pub const LOG_TARGET: &str = "naftiko::sandbox";
