//! The HTTP upstream against real sockets: upstreams that are written by hand, most of them hostile.
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::indexing_slicing,
    clippy::panic
)]

mod bodies;
mod failures;
mod http2;
mod proxy;
mod redirects;
mod support;
mod tls;
mod wire;
