//! The harness of the integration tests: the real command, a scripted upstream and a client that can misbehave.
//!
//! Everything here speaks over real sockets, on ports that the system chooses, and gives up after [`PATIENCE`]: a test
//! that hangs is a test that fails. A helper that cannot do its part panics: there is nothing that a test could do then.

// A harness fails its test by panicking; there is no caller who could go on.
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::indexing_slicing
)]

pub mod binary;
pub mod client;
pub mod clients;
pub mod command;
pub mod message;
pub mod server;
pub mod upstream;

use std::path::{Path, PathBuf};
use std::time::Duration;

/// How long anything may take before its test fails.
pub const PATIENCE: Duration = Duration::from_secs(30);

/// The root of the workspace.
///
/// # Panics
/// There is none above the tests.
pub fn workspace() -> PathBuf {
    let here = Path::new(env!("CARGO_MANIFEST_DIR"));
    here.parent()
        .expect("the tests lie in the workspace")
        .to_owned()
}

/// A file or folder beside the tests, such as `flows`.
pub fn data(name: &str) -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join(name)
}

/// The folder of material that is given to the project; tests that need it are ignored unless asked for.
///
/// # Panics
/// It is not there.
pub fn shared() -> PathBuf {
    let shared = workspace().join("../shared");
    assert!(shared.is_dir(), "this test needs the folder ../shared");
    shared
}
