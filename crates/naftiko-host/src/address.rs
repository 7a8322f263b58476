//! Where a server listens.

use std::fmt;
use std::net::{IpAddr, Ipv4Addr};

/// An address and a port to listen on.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct ListenAddress {
    /// An IP address, with or without brackets, or a name. `localhost` is 127.0.0.1, whatever the machine's resolver
    /// says.
    pub host: String,
    /// The port; 0 lets the system choose.
    pub port: u16,
}

impl ListenAddress {
    /// That host and port.
    pub fn new(host: impl Into<String>, port: u16) -> Self {
        Self {
            host: host.into(),
            port,
        }
    }

    /// That port on the loopback address, where no other machine reaches it.
    pub fn loopback(port: u16) -> Self {
        Self::new("127.0.0.1", port)
    }

    /// The host without brackets.
    fn bare(&self) -> &str {
        self.host
            .strip_prefix('[')
            .and_then(|inner| inner.strip_suffix(']'))
            .unwrap_or(&self.host)
    }

    /// The IP address, where no resolver has to be asked for it.
    pub(crate) fn ip(&self) -> Option<IpAddr> {
        if self.host.eq_ignore_ascii_case("localhost") {
            return Some(IpAddr::V4(Ipv4Addr::LOCALHOST));
        }
        self.bare().parse().ok()
    }
}

impl fmt::Display for ListenAddress {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let bare = self.bare();
        if bare.contains(':') {
            write!(f, "[{bare}]:{}", self.port)
        } else {
            write!(f, "{bare}:{}", self.port)
        }
    }
}
