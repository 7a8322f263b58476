//! From services and addresses to open listeners: all or none.

use std::fmt;
use std::io;
use std::net::{IpAddr, SocketAddr};

use naftiko_diagnostics::render::escape;
use naftiko_expose::HttpService;
use tokio::net::TcpListener;

use crate::address::ListenAddress;
use crate::guard::HostGuard;
use crate::limits::HostLimits;
use crate::policy::HostPolicy;
use crate::swap::Swap;

/// A service and where it is to be served.
#[derive(Clone)]
pub struct Binding {
    /// What people call it, and what `--listen` takes: `NAMESPACE` or `CAPABILITY/NAMESPACE`.
    pub label: String,
    /// Where it listens.
    pub address: ListenAddress,
    /// What answers.
    pub service: HttpService,
    /// Which hosts and origins are allowed beside the listener's own address.
    pub policy: HostPolicy,
}

impl Binding {
    /// A service at an address, with no more hosts than loopback's and its own.
    pub fn new(label: impl Into<String>, address: ListenAddress, service: HttpService) -> Self {
        Self {
            label: label.into(),
            address,
            service,
            policy: HostPolicy::default(),
        }
    }

    /// With that policy.
    #[must_use]
    pub fn with_policy(mut self, policy: HostPolicy) -> Self {
        self.policy = policy;
        self
    }
}

impl fmt::Debug for Binding {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Binding")
            .field("label", &self.label)
            .field("address", &self.address)
            .finish_non_exhaustive()
    }
}

/// Why a listener cannot be opened. Its text says it to a person, with what to do about it.
#[derive(Debug)]
pub struct BindError {
    /// The [`Binding::label`].
    pub label: String,
    /// Where it was to listen.
    pub address: ListenAddress,
    /// Why it cannot.
    pub problem: BindProblem,
}

/// What is wrong with an address.
#[derive(Debug)]
pub enum BindProblem {
    /// Another listener of this process has it: its label.
    Clash(String),
    /// The system refuses it.
    System(io::Error),
}

impl fmt::Display for BindError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let label = escape(&self.label);
        let address = self.address.to_string();
        let address = escape(&address);
        let option = format!("`--listen {label}=ADDRESS:PORT`");
        let error = match &self.problem {
            BindProblem::Clash(other) => {
                let other = escape(other);
                return write!(
                    f,
                    "`{other}` and `{label}` cannot both listen on {address}: give one of them another port, for \
                     instance with {option}"
                );
            }
            BindProblem::System(error) => error,
        };
        write!(f, "`{label}` cannot listen on {address}: ")?;
        let port = self.address.port;
        match error.kind() {
            io::ErrorKind::AddrInUse => write!(
                f,
                "port {port} is in use by another program; stop that program, or choose another port with {option}"
            ),
            io::ErrorKind::PermissionDenied => write!(
                f,
                "the system does not allow it to use port {port}; choose one from 1024 up with {option}"
            ),
            io::ErrorKind::AddrNotAvailable => write!(
                f,
                "this machine does not have that address; choose another with {option}"
            ),
            io::ErrorKind::NotFound => write!(
                f,
                "no address is known for that name; choose another with {option}"
            ),
            _ => write!(f, "{}", escape(&error.to_string())),
        }
    }
}

impl std::error::Error for BindError {
    fn source(&self) -> Option<&(dyn std::error::Error + 'static)> {
        match &self.problem {
            BindProblem::System(error) => Some(error),
            BindProblem::Clash(_) => None,
        }
    }
}

/// What listens.
#[derive(Clone, Debug)]
pub struct BoundExposure {
    /// The [`Binding::label`].
    pub label: String,
    /// Where it listens, with the port that the system chose for port 0.
    pub address: SocketAddr,
    /// The service, which can be replaced while it serves.
    pub service: Swap,
}

pub(crate) struct Listener {
    pub(crate) socket: TcpListener,
    pub(crate) label: String,
    pub(crate) service: HostGuard<Swap>,
}

/// The owner of the listeners.
#[derive(Clone, Copy, Debug)]
pub struct Host;

/// Open listeners: callers can connect, and are answered once it [serves](BoundHost::serve).
pub struct BoundHost {
    pub(crate) listeners: Vec<Listener>,
    pub(crate) limits: HostLimits,
    exposures: Vec<BoundExposure>,
}

impl fmt::Debug for BoundHost {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("BoundHost")
            .field("exposures", &self.exposures)
            .finish_non_exhaustive()
    }
}

impl Host {
    /// Opens a listener for each binding, in their order. Needs a tokio runtime with its I/O and time enabled.
    ///
    /// # Errors
    /// The first address that cannot be listened on; no listener is left open then.
    pub async fn bind(bindings: Vec<Binding>, limits: HostLimits) -> Result<BoundHost, BindError> {
        let mut resolved: Vec<(Binding, SocketAddr)> = Vec::new();
        for binding in bindings {
            let fail = |problem| BindError {
                label: binding.label.clone(),
                address: binding.address.clone(),
                problem,
            };
            let address = resolve(&binding.address)
                .await
                .map_err(|error| fail(BindProblem::System(error)))?;
            let clash = resolved.iter().find(|(_, other)| clash(*other, address));
            if let Some((other, _)) = clash {
                return Err(fail(BindProblem::Clash(other.label.clone())));
            }
            resolved.push((binding, address));
        }
        let mut host = BoundHost {
            listeners: Vec::new(),
            limits,
            exposures: Vec::new(),
        };
        for (binding, address) in resolved {
            let opened = TcpListener::bind(address).await;
            let opened = opened.and_then(|socket| Ok((socket.local_addr()?, socket)));
            let (address, socket) = opened.map_err(|error| BindError {
                label: binding.label.clone(),
                address: binding.address.clone(),
                problem: BindProblem::System(error),
            })?;
            host.add(binding, address, socket);
        }
        Ok(host)
    }
}

impl BoundHost {
    fn add(&mut self, binding: Binding, address: SocketAddr, socket: TcpListener) {
        let mut policy = binding.policy.listening_on(address.ip());
        // A server that was told to listen on a name is called by that name.
        if binding.address.ip().is_none() {
            policy = policy
                .clone()
                .allow_host(&binding.address.host)
                .unwrap_or(policy);
        }
        let service = Swap::new(binding.service);
        self.listeners.push(Listener {
            socket,
            label: binding.label.clone(),
            service: HostGuard::new(policy, service.clone()),
        });
        self.exposures.push(BoundExposure {
            label: binding.label,
            address,
            service,
        });
    }

    /// What listens where, in the order of the bindings.
    pub fn exposures(&self) -> &[BoundExposure] {
        &self.exposures
    }

    /// The addresses, in the order of the bindings.
    pub fn local_addrs(&self) -> Vec<SocketAddr> {
        self.exposures
            .iter()
            .map(|exposure| exposure.address)
            .collect()
    }
}

/// The socket address. Of the addresses of a name the first is taken.
async fn resolve(address: &ListenAddress) -> io::Result<SocketAddr> {
    if let Some(ip) = address.ip() {
        return Ok(SocketAddr::new(ip, address.port));
    }
    let not_found = |_| io::Error::from(io::ErrorKind::NotFound);
    tokio::net::lookup_host((address.host.as_str(), address.port))
        .await
        .map_err(not_found)?
        .next()
        .ok_or_else(|| io::ErrorKind::NotFound.into())
}

/// Whether two listeners would take each other's connections.
fn clash(a: SocketAddr, b: SocketAddr) -> bool {
    // The wildcard of IPv6 takes IPv4 as well on most systems.
    let covers = |wild: IpAddr, other: IpAddr| match wild {
        IpAddr::V4(wild) => wild.is_unspecified() && other.is_ipv4(),
        IpAddr::V6(wild) => wild.is_unspecified(),
    };
    let (a_ip, b_ip) = (a.ip(), b.ip());
    a.port() == b.port()
        && a.port() != 0
        && (a_ip == b_ip || covers(a_ip, b_ip) || covers(b_ip, a_ip))
}

#[cfg(test)]
mod tests {
    use super::clash;

    #[test]
    fn clashes() {
        let cases = [
            ("127.0.0.1:1", "127.0.0.1:1", true),
            ("127.0.0.1:1", "127.0.0.1:2", false),
            ("127.0.0.1:0", "127.0.0.1:0", false),
            ("127.0.0.1:1", "127.0.0.2:1", false),
            ("127.0.0.1:1", "0.0.0.0:1", true),
            ("0.0.0.0:1", "[::]:1", true),
            ("127.0.0.1:1", "[::]:1", true),
            ("0.0.0.0:1", "[::1]:1", false),
        ];
        for (a, b, expected) in cases {
            let (a, b) = (a.parse().unwrap(), b.parse().unwrap());
            assert_eq!(clash(a, b), expected, "{a} {b}");
            assert_eq!(clash(b, a), expected, "{b} {a}");
        }
    }
}
