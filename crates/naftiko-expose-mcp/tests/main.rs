//! The exposer as its users have it: a service and a pair of streams, over an upstream in memory.

// A test fails by panicking.
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::indexing_slicing,
    missing_docs
)]

mod bad_input;
mod cancellation;
mod content;
mod decoding;
mod resources;
mod stdio;
mod support;
mod tools;
