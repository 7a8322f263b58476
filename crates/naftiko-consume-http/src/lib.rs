//! The HTTP upstream: a pooled client, TLS, redirects and time limits.
//!
//! [`HttpUpstream`] is the upstream kind `http` of the engine, over the client of hyper. A request goes out exactly as it was
//! rendered or not at all; an answer comes back as a stream that is read only as far as somebody wants it, and dropping
//! the call or its body closes the exchange. What a request goes through is the order of the modules: its `target`, the
//! `exchange` with its `redirect`s, the `client` with its ways to `connect` and whom it `trust`s, the `answer`, and the one place where errors of the network become
//! [`naftiko_engine::UpstreamErrorKind`]s (`failure`).
//!
//! Retry, caching and digest authentication are no part of this crate: they are layers around its service.

mod answer;
mod client;
mod connect;
mod exchange;
mod failure;
mod limits;
mod redirect;
mod target;
mod trust;
mod upstream;

pub use limits::HttpLimits;
pub use upstream::HttpUpstream;
