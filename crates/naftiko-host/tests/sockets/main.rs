//! The host over real sockets: every limit, the drain, swapping, and what callers see when something breaks.
#![allow(missing_docs)]
// Helpers are tests too, but clippy takes only what `#[test]` marks for one.
#![allow(clippy::unwrap_used, clippy::indexing_slicing, clippy::panic)]

mod drain;
mod guard;
mod harness;
mod http2;
mod limits;
mod listen;
mod relay;
mod swap;
