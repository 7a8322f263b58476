//! Owns the sockets: listeners, limits, host and origin checks, drain.
//!
//! An exposer is a `tower` service that knows no socket. This crate puts such services behind listeners
//! ([`Host::bind`], all or none), bounds what a connection may cost ([`HostLimits`]), stops without breaking what is in
//! flight ([`BoundHost::serve`]) and lets the services be replaced meanwhile ([`Swap`]). [`HostGuard`] keeps browsers
//! of other sites away from a server of this machine; it needs nothing else of this crate, so a gateway with sockets of
//! its own mounts an exposer behind the same checks:
//!
//! ```
//! use naftiko_expose::HttpService;
//! use naftiko_host::{HostGuard, HostPolicy, InvalidName};
//!
//! fn guarded(exposer: HttpService) -> Result<HttpService, InvalidName> {
//!     let policy = HostPolicy::default().allow_host("api.example.com")?;
//!     Ok(HttpService::new(HostGuard::new(policy, exposer)))
//! }
//! ```

mod activity;
mod address;
mod authority;
mod bind;
mod body;
mod connection;
mod guard;
mod limits;
mod linger;
mod policy;
mod problem;
mod serve;
mod swap;
mod watched;

pub use address::ListenAddress;
pub use bind::{BindError, BindProblem, Binding, BoundExposure, BoundHost, Host};
pub use guard::{HostGuard, HostGuardLayer};
pub use limits::HostLimits;
pub use policy::{HostPolicy, InvalidName, Refusal};
pub use serve::Report;
pub use swap::Swap;
