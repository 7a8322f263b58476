//! Runs Naftiko capabilities: load, start and serve, for programs that embed the engine.
//!
//! [`Loader`] turns a document into a [`Loaded`] plan with everything that was found on the way. [`Starter`] gives it
//! the values of its variables and makes an [`Engine`](naftiko_engine::Engine), which can be called as it is or be put
//! behind the exposers of a [`Registry`](naftiko_expose::Registry). The `naftiko` command is one program built so.
//!
//! [`Kinds`] is the registration that both are made from: the kinds of servers and of consumed APIs, and the sources of
//! variables, that a program brings. This crate brings none; `naftiko-expose-rest`, `naftiko-expose-mcp` and
//! `naftiko-consume-http` have those of the specification. A [`Started`] capability is [called](Started::call) by the
//! name of a unit, or gives the [service](Started::service) of an exposed server, which a gateway mounts.

mod call;
mod deviations;
mod kinds;
mod load;
mod serve;
mod start;

pub use call::{Answer, CallError, UnitError, by_name};
pub use kinds::Kinds;
pub use load::{Loaded, Loader, Unreadable};
pub use serve::ServeError;
pub use start::{Failure, Lacking, Started, Starter};

pub use naftiko_bindings as bindings;
pub use naftiko_diagnostics as diagnostics;
pub use naftiko_engine as engine;
pub use naftiko_expose as expose;
pub use naftiko_imports as imports;
pub use naftiko_plan as plan;
pub use naftiko_spec as spec;
