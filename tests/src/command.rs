//! Commands that run to their end: what they print and how they end.

use std::fmt;
use std::io::Read;
use std::path::Path;
use std::process::{Command, Stdio};
use std::thread;
use std::time::{Duration, Instant};

use crate::PATIENCE;
use crate::binary::naftiko;

/// How a command ended.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Ended {
    /// The exit code; nothing when a signal ended it.
    pub code: Option<i32>,
    /// What it printed.
    pub stdout: String,
    /// What it said.
    pub stderr: String,
}

impl fmt::Display for Ended {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.code {
            Some(code) => writeln!(f, "exit {code}")?,
            None => writeln!(f, "ended by a signal")?,
        }
        if !self.stdout.is_empty() {
            writeln!(f, "──── stdout\n{}", self.stdout.trim_end())?;
        }
        if !self.stderr.is_empty() {
            writeln!(f, "──── stderr\n{}", self.stderr.trim_end())?;
        }
        Ok(())
    }
}

/// The `naftiko` command in `dir` with an environment that holds nothing but `env`.
pub fn naftiko_in(dir: &Path, args: &[&str], env: &[(&str, &str)]) -> Command {
    let mut command = Command::new(naftiko());
    command
        .current_dir(dir)
        .args(args)
        .env_clear()
        .env("COLUMNS", "100")
        .envs(env.iter().copied())
        .stdin(Stdio::null())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped());
    command
}

/// Runs the command to its end.
pub fn run(dir: &Path, args: &[&str], env: &[(&str, &str)]) -> Ended {
    finish(naftiko_in(dir, args, env))
}

/// Runs a command to its end.
///
/// # Panics
/// It does not end in time.
pub fn finish(mut command: Command) -> Ended {
    let mut child = command.spawn().expect("the command starts");
    let mut out = child.stdout.take().expect("a pipe");
    let mut err = child.stderr.take().expect("a pipe");
    let out = thread::spawn(move || text(&mut out));
    let err = thread::spawn(move || text(&mut err));
    let deadline = Instant::now() + PATIENCE;
    let status = loop {
        if let Some(status) = child.try_wait().expect("a child") {
            break status;
        }
        if Instant::now() > deadline {
            let _ = child.kill();
            let _ = child.wait();
            panic!(
                "the command does not end: {}",
                err.join().unwrap_or_default()
            );
        }
        thread::sleep(Duration::from_millis(5));
    };
    Ended {
        code: status.code(),
        stdout: out.join().expect("a reader"),
        stderr: err.join().expect("a reader"),
    }
}

fn text(stream: &mut impl Read) -> String {
    let mut bytes = Vec::new();
    let _ = stream.read_to_end(&mut bytes);
    String::from_utf8_lossy(&bytes).into_owned()
}
