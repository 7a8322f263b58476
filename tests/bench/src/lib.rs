//! What the engine is measured against, and by what; `cargo xtask bench` starts it all.
//!
//! Four small servers, each what somebody would write by hand instead of a capability, and a load. They see no crate of
//! the engine: what they have in common with it are its libraries. The servers use the allocator that the `naftiko`
//! program uses, so that the difference is the code.

pub mod data;
pub mod load;
pub mod wire;

use std::net::{Ipv4Addr, SocketAddr};

/// The address that a server is told to listen at: its first argument is the port, on the loopback interface.
///
/// # Errors
/// A sentence, when there is no such argument.
pub fn own_address() -> Result<SocketAddr, String> {
    let port = std::env::args().nth(1).and_then(|port| port.parse().ok());
    let port: u16 = port.ok_or("the first argument is the port to listen at")?;
    Ok((Ipv4Addr::LOCALHOST, port).into())
}

/// The base of the upstream, `http://HOST:PORT`: a server's second argument.
///
/// # Errors
/// A sentence, when there is no such argument.
pub fn upstream() -> Result<String, String> {
    std::env::args()
        .nth(2)
        .ok_or_else(|| "the second argument is the base of the upstream".to_owned())
}
