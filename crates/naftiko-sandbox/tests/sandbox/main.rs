//! The sandbox over real sockets: fixtures, samples, limits, the log.
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::indexing_slicing,
    clippy::panic,
    clippy::print_stdout,
    reason = "the helpers of tests may fail as tests do"
)]

mod client;

mod documentation;
mod fixtures;
mod hostile;
mod load_errors;
mod log;
mod operations;
