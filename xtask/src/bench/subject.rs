//! A server under test: how it is started, where it listens, what it costs in memory.

use std::fmt;
use std::net::{Ipv4Addr, SocketAddr, TcpListener, TcpStream};
use std::process::{Child, Command, Stdio};
use std::time::{Duration, Instant};

use super::call::Call;
use super::pin::Pin;

/// How long a start may take. Some peers load a virtual machine and many classes.
const START: Duration = Duration::from_mins(1);

/// One server.
pub(crate) struct Subject {
    /// What the tables call it.
    pub(crate) name: String,
    /// The program and its arguments, for the port that it is to listen at.
    command: Box<dyn Fn(u16) -> Result<Command, String>>,
    /// What it is asked here.
    pub(crate) call: Call,
}

impl fmt::Debug for Subject {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.name)
    }
}

impl Subject {
    pub(crate) fn new(
        name: impl Into<String>,
        call: Call,
        command: impl Fn(u16) -> Result<Command, String> + 'static,
    ) -> Self {
        Self {
            name: name.into(),
            command: Box::new(command),
            call,
        }
    }

    /// Starts it, and waits until it accepts connections.
    ///
    /// # Errors
    /// A sentence, when it does not get there.
    pub(crate) fn start(&self, pin: Pin) -> Result<Running, String> {
        let mut running = self.spawn(pin)?;
        let begun = Instant::now();
        while TcpStream::connect(running.address).is_err() {
            let ended = running.child.try_wait().map_err(|e| e.to_string())?;
            if let Some(status) = ended {
                return Err(format!("{} ended with {status} at its start", self.name));
            }
            if begun.elapsed() > START {
                return Err(format!("{} does not listen", self.name));
            }
            std::thread::sleep(Duration::from_millis(2));
        }
        Ok(running)
    }

    /// Starts it, and waits for nothing.
    ///
    /// # Errors
    /// A sentence, when the program is not there.
    pub(crate) fn spawn(&self, pin: Pin) -> Result<Running, String> {
        let port = free_port()?;
        let mut command = pin.server((self.command)(port)?);
        let child = command
            .stdin(Stdio::null())
            .stdout(Stdio::null())
            .stderr(Stdio::null())
            .spawn()
            .map_err(|error| format!("{} cannot be started: {error}", self.name))?;
        Ok(Running {
            child,
            address: (Ipv4Addr::LOCALHOST, port).into(),
        })
    }
}

/// A port of the loopback interface that nobody had a moment ago.
pub(crate) fn free_port() -> Result<u16, String> {
    TcpListener::bind((Ipv4Addr::LOCALHOST, 0))
        .and_then(|listener| listener.local_addr())
        .map(|address| address.port())
        .map_err(|error| format!("no free port: {error}"))
}

/// A started server; it ends when this does.
#[derive(Debug)]
pub(crate) struct Running {
    child: Child,
    pub(crate) address: SocketAddr,
}

impl Running {
    pub(crate) fn process(&self) -> u32 {
        self.child.id()
    }

    /// The most memory that it had, in MB.
    pub(crate) fn peak_mb(&self) -> f64 {
        self.status("VmHWM:")
    }

    /// The memory that it has, in MB.
    pub(crate) fn resident_mb(&self) -> f64 {
        self.status("VmRSS:")
    }

    fn status(&self, line: &str) -> f64 {
        let text = std::fs::read_to_string(format!("/proc/{}/status", self.process()));
        let text = text.unwrap_or_default();
        let value = text.lines().find_map(|other| other.strip_prefix(line));
        let kilobytes = value.and_then(|value| value.split_whitespace().next()?.parse().ok());
        kilobytes.unwrap_or(0.0) / 1024.0
    }
}

impl Drop for Running {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}
