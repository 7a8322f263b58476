//! `naftiko run` as a process that is ended with its test.

use std::io::{BufRead, BufReader};
use std::path::{Path, PathBuf};
use std::process::{Child, Command};
use std::sync::{Arc, Mutex};
use std::thread;
use std::time::{Duration, Instant};

use serde_json::Value;

use crate::PATIENCE;
use crate::command::naftiko_in;

/// A running server.
#[derive(Debug)]
pub struct Naftiko {
    child: Child,
    stderr: Arc<Mutex<String>>,
    ready: Value,
    file: PathBuf,
    _dir: tempfile::TempDir,
}

impl Naftiko {
    /// Starts `naftiko run` in `dir` and waits until every listener accepts. The listeners get ports of the system's
    /// choice; the environment holds nothing but `env`.
    ///
    /// # Panics
    /// It does not start.
    pub fn start(dir: &Path, args: &[&str], env: &[(&str, &str)]) -> Self {
        let mut all = vec!["run", "--listen", "127.0.0.1:0"];
        all.extend(args);
        Self::start_as(dir, &all, env)
    }

    /// Starts the command with exactly these arguments and `--ready-file`.
    ///
    /// # Panics
    /// It does not start.
    pub fn start_as(dir: &Path, args: &[&str], env: &[(&str, &str)]) -> Self {
        let place = tempfile::tempdir().expect("a folder");
        let file = place.path().join("ready.json");
        let path = file.to_string_lossy().into_owned();
        let mut all = args.to_vec();
        all.extend(["--ready-file", &path]);
        let mut child = naftiko_in(dir, &all, env)
            .spawn()
            .expect("the command starts");
        let stderr = Arc::new(Mutex::new(String::new()));
        let kept = Arc::clone(&stderr);
        let lines = BufReader::new(child.stderr.take().expect("a pipe"));
        thread::spawn(move || {
            for line in lines.lines().map_while(Result::ok) {
                let mut text = kept.lock().unwrap();
                text.push_str(&line);
                text.push('\n');
            }
        });
        let deadline = Instant::now() + PATIENCE;
        let ready = loop {
            if let Ok(text) = std::fs::read_to_string(&file) {
                break serde_json::from_str(&text).expect("the ready file is written whole");
            }
            let ended = child.try_wait().expect("a child");
            if ended.is_some() || Instant::now() > deadline {
                let _ = child.kill();
                let _ = child.wait();
                thread::sleep(Duration::from_millis(50));
                panic!(
                    "the server does not start ({ended:?}):\n{}",
                    stderr.lock().unwrap()
                );
            }
            thread::sleep(Duration::from_millis(5));
        };
        Self {
            child,
            stderr,
            ready,
            file,
            _dir: place,
        }
    }

    /// What the ready file said.
    pub fn ready(&self) -> &Value {
        &self.ready
    }

    /// The ready file.
    pub fn ready_file(&self) -> &Path {
        &self.file
    }

    /// The port of the first server.
    pub fn port(&self) -> u16 {
        port_of(&self.ready["exposes"][0])
    }

    /// The port of the server with that namespace.
    ///
    /// # Panics
    /// There is none.
    pub fn port_of(&self, namespace: &str) -> u16 {
        let all = self.ready["exposes"].as_array().expect("a list");
        let found = all.iter().find(|one| one["namespace"] == namespace);
        port_of(found.unwrap_or_else(|| panic!("nothing exposes {namespace}: {all:?}")))
    }

    /// The id of the process.
    pub fn pid(&self) -> u32 {
        self.child.id()
    }

    /// What it said so far.
    ///
    /// # Panics
    /// Its reader panicked.
    pub fn stderr(&self) -> String {
        self.stderr.lock().unwrap().clone()
    }

    /// Waits until it has said `text`.
    ///
    /// # Panics
    /// It does not.
    pub fn says(&self, text: &str) {
        let deadline = Instant::now() + PATIENCE;
        while !self.stderr().contains(text) {
            assert!(
                Instant::now() < deadline,
                "it never says {text:?}:\n{}",
                self.stderr()
            );
            thread::sleep(Duration::from_millis(5));
        }
    }

    /// Sends a signal, such as `TERM`.
    ///
    /// # Panics
    /// It cannot be sent.
    pub fn signal(&self, name: &str) {
        let id = self.child.id().to_string();
        let status = Command::new("kill").args(["-s", name, &id]).status();
        assert!(status.expect("there is `kill`").success());
    }

    /// Waits for its end and gives the exit code.
    ///
    /// # Panics
    /// It does not end in time.
    pub fn wait(&mut self) -> Option<i32> {
        let deadline = Instant::now() + PATIENCE;
        loop {
            if let Some(status) = self.child.try_wait().expect("a child") {
                return status.code();
            }
            assert!(
                Instant::now() < deadline,
                "the server does not end:\n{}",
                self.stderr()
            );
            thread::sleep(Duration::from_millis(5));
        }
    }

    /// Whether it still runs.
    pub fn is_alive(&mut self) -> bool {
        matches!(self.child.try_wait(), Ok(None))
    }

    /// The most memory that it had at a time, in bytes, where the system tells.
    pub fn peak_memory(&self) -> Option<u64> {
        let status = std::fs::read_to_string(format!("/proc/{}/status", self.child.id())).ok()?;
        let line = status.lines().find(|line| line.starts_with("VmHWM:"))?;
        let kilobytes: u64 = line.split_whitespace().nth(1)?.parse().ok()?;
        Some(kilobytes * 1024)
    }
}

impl Drop for Naftiko {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

fn port_of(expose: &Value) -> u16 {
    let port = expose["port"]
        .as_u64()
        .and_then(|port| u16::try_from(port).ok());
    port.expect("a server has a port")
}
