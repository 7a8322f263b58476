//! What a user of the command sees, from findings about documents to answers over sockets.
//!
//! Most cases are data: a folder or file each below `diagnostics`, `plans`, `flows`, `parity` and `cli`, with the snapshot of what
//! comes out beside it. A new habit is a new file.

// Tests fail by panicking.
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::indexing_slicing
)]

mod bad_input;
mod cli;
mod customer;
mod diagnostics;
mod flows;
mod mcp;
mod parity;
mod plans;
mod run;
mod shop_data;
mod snapshot;
