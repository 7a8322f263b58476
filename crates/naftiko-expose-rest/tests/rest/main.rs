//! The kind `rest`, from a document to the bytes of an answer, over an upstream that records what it is sent.

#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::indexing_slicing,
    clippy::panic,
    clippy::print_stdout,
    reason = "tests fail by panicking"
)]

mod answers;
mod catalog;
mod decoding;
mod inputs;
mod logs;
mod problems;
mod routes;
mod socket;
mod support;
