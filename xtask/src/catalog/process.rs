//! One `naftiko run`: started, awaited until it is ready, stopped.

use std::collections::{BTreeMap, VecDeque};
use std::path::{Path, PathBuf};
use std::process::Stdio;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::{Duration, Instant};

use serde_json::Value;
use tokio::io::{AsyncBufReadExt as _, BufReader};
use tokio::process::{Child, Command};
use tokio::sync::mpsc::{UnboundedReceiver, unbounded_channel};

use crate::project;

/// How long a start may take.
const START: Duration = Duration::from_mins(1);
/// Lines of standard error that are kept for messages.
const KEPT: usize = 400;

/// A running program.
#[derive(Debug)]
pub(super) struct Running {
    child: Child,
    /// What it serves.
    pub(super) servers: Vec<Server>,
    ready_file: PathBuf,
    log: UnboundedReceiver<String>,
    kept: VecDeque<String>,
}

/// One entry of the ready file.
#[derive(Debug, Clone)]
pub(super) struct Server {
    pub(super) namespace: String,
    pub(super) kind: String,
    pub(super) url: String,
}

/// A start that came to nothing.
#[derive(Debug)]
pub(super) struct Refusal {
    /// The exit code, if it ended by itself.
    pub(super) exit: Option<i32>,
    /// What it said.
    pub(super) said: Vec<String>,
}

impl Running {
    /// Starts `naftiko run DOCUMENT …` with nothing but `variables` in its environment.
    ///
    /// # Errors
    /// How it ended, when it does not get ready.
    pub(super) async fn start(
        binary: &Path,
        document: &Path,
        options: &[String],
        variables: &BTreeMap<String, String>,
    ) -> Result<Self, Refusal> {
        static COUNT: AtomicUsize = AtomicUsize::new(0);
        let lost = |what: String| Refusal {
            exit: None,
            said: vec![what],
        };
        let folder = project::target().join("catalog");
        std::fs::create_dir_all(&folder).map_err(|error| lost(error.to_string()))?;
        let number = COUNT.fetch_add(1, Ordering::Relaxed);
        let ready_file = folder.join(format!("ready-{}-{number}.json", std::process::id()));
        let _ = std::fs::remove_file(&ready_file);
        let mut child = Command::new(binary)
            .arg("run")
            .arg(document)
            .args([
                "--listen",
                "127.0.0.1:0",
                "--log-format",
                "json",
                "--ready-file",
            ])
            .arg(&ready_file)
            .args(options)
            .env_clear()
            .envs(variables)
            .stdin(Stdio::null())
            .stdout(Stdio::null())
            .stderr(Stdio::piped())
            .kill_on_drop(true)
            .spawn()
            .map_err(|error| lost(format!("{} cannot be started: {error}", binary.display())))?;
        let (sender, log) = unbounded_channel();
        if let Some(stderr) = child.stderr.take() {
            tokio::spawn(async move {
                let mut lines = BufReader::new(stderr).lines();
                while let Ok(Some(line)) = lines.next_line().await {
                    // Even when nobody listens: the program must not block on a full pipe.
                    let _ = sender.send(line);
                }
            });
        }
        let mut running = Self {
            child,
            servers: Vec::new(),
            ready_file,
            log,
            kept: VecDeque::new(),
        };
        let begun = Instant::now();
        loop {
            if let Ok(text) = std::fs::read_to_string(&running.ready_file) {
                running.servers = servers(&text);
                running.hear_the_start().await;
                return Ok(running);
            }
            if let Ok(Some(status)) = running.child.try_wait() {
                while let Some(line) = running.log.recv().await {
                    running.keep(line);
                }
                return Err(Refusal {
                    exit: status.code(),
                    said: running.kept.drain(..).collect(),
                });
            }
            if begun.elapsed() > START {
                running.drain();
                let mut said: Vec<String> = running.kept.drain(..).collect();
                said.push(format!("not ready within {} seconds", START.as_secs()));
                return Err(Refusal { exit: None, said });
            }
            tokio::time::sleep(Duration::from_millis(4)).await;
        }
    }

    /// Waits for the line that tells what is served: all that is said of refused units came before it.
    async fn hear_the_start(&mut self) {
        let heard = async {
            while let Some(line) = self.log.recv().await {
                let last = line.contains("\"serving\"");
                self.keep(line);
                if last {
                    break;
                }
            }
        };
        // Without the line the units count as served, and calling them shows what they are.
        let _ = tokio::time::timeout(Duration::from_secs(5), heard).await;
    }

    /// What it said so far, without waiting for more.
    pub(super) fn said(&mut self) -> impl Iterator<Item = &str> {
        self.drain();
        self.kept.iter().map(String::as_str)
    }

    /// The next line that it logs as `target`, once it is there.
    pub(super) async fn logged(&mut self, target: &str, patience: Duration) -> Option<Value> {
        let next = async {
            loop {
                let line = self.log.recv().await?;
                match serde_json::from_str::<Value>(&line) {
                    Ok(entry) if entry.get("target").and_then(Value::as_str) == Some(target) => {
                        return Some(entry);
                    }
                    _ => self.keep(line),
                }
            }
        };
        tokio::time::timeout(patience, next).await.ok().flatten()
    }

    /// Forgets what was logged.
    pub(super) fn drain(&mut self) {
        while let Ok(line) = self.log.try_recv() {
            self.keep(line);
        }
    }

    fn keep(&mut self, line: String) {
        if self.kept.len() == KEPT {
            self.kept.pop_front();
        }
        self.kept.push_back(line);
    }

    /// Whether it still runs.
    pub(super) fn is_alive(&mut self) -> bool {
        matches!(self.child.try_wait(), Ok(None))
    }

    /// Ends it at once.
    pub(super) async fn stop(mut self) {
        let _ = self.child.kill().await;
    }
}

impl Drop for Running {
    fn drop(&mut self) {
        let _ = std::fs::remove_file(&self.ready_file);
    }
}

fn servers(ready: &str) -> Vec<Server> {
    let ready: Value = serde_json::from_str(ready).unwrap_or_default();
    let entries = ready
        .get("exposes")
        .and_then(Value::as_array)
        .cloned()
        .unwrap_or_default();
    let text = |entry: &Value, key: &str| {
        entry
            .get(key)
            .and_then(Value::as_str)
            .unwrap_or_default()
            .to_owned()
    };
    entries
        .iter()
        .map(|entry| Server {
            namespace: text(entry, "namespace"),
            kind: text(entry, "type"),
            url: text(entry, "url"),
        })
        .collect()
}
