//! The page that a run writes.

use std::path::Path;
use std::time::Duration;

use super::peers::Peer;
use super::pin::Pin;
use super::report::{Table, Verdict, verdicts};
use super::{CONNECTIONS, machine, nginx};

/// What was measured so far.
#[derive(Debug)]
pub(crate) struct Page {
    head: String,
    tables: Vec<Table>,
    pub(crate) verdicts: Vec<Verdict>,
    /// What a reader must know of servers of others.
    about: Vec<String>,
    /// Who was asked for and could not take part.
    absent: Vec<String>,
}

impl Page {
    pub(crate) fn new(quick: bool, pin: Pin, peers: &[Peer], mut absent: Vec<String>) -> Self {
        let mut versions = machine::versions();
        match nginx::version() {
            Some(version) => versions.push(("nginx".to_owned(), version)),
            None => absent.push("nginx was not there: it is not installed".to_owned()),
        }
        versions.extend(
            peers
                .iter()
                .map(|peer| (peer.name.to_owned(), peer.version.clone())),
        );
        let versions: Vec<String> = versions
            .iter()
            .map(|(what, version)| format!("{what} {version}"))
            .collect();
        let cores = match pin {
            Pin::Apart => {
                "the server under test has core 0 to itself, the load and the upstream share core 1"
            }
            Pin::Nowhere => "servers, load and upstream share all cores",
        };
        let pace = if quick {
            "\n\nThis was a quick run: its figures are rough."
        } else {
            ""
        };
        let head = format!(
            "# Benchmarks\n\n\
             Written by `cargo xtask bench` on {}; do not edit.\n\
             [performance.md](performance.md) says where a call's time goes.\n\n\
             Machine: {}.\n\n\
             Versions: {}.\n\n\
             All in one run: {cores}. Every server is measured in turn, in rounds; figures are medians over the rounds, and \
             ratios are medians of the ratios within each round, which are not the ratios of the medians. Unless a table says otherwise, {CONNECTIONS} connections \
             send their next call when they have the answer to the last. CPU is the processor time of the server's process, \
             by the kernel's count; peak is its most resident memory. A verdict is `met` or `MISSED` where there is a target, and otherwise \
             says whether naftiko's answers a second are ahead of the row's, behind them, or level: within 5 of 100, or so that the rounds disagree. Every first answer is compared with what it must \
             hold, and the status of every other. Servers by hand are in `tests/bench/src/bin`: what somebody would write \
             instead of a capability, with the allocator that naftiko has.{pace}\n",
            machine::today(),
            machine::machine(),
            versions.join(", "),
        );
        Self {
            head,
            tables: Vec::new(),
            verdicts: Vec::new(),
            about: peers
                .iter()
                .map(|peer| format!("{}: {}.", peer.name, peer.about))
                .collect(),
            absent,
        }
    }

    /// Adds a table, and shows it.
    pub(crate) fn add(&mut self, table: Table, verdicts: Vec<Verdict>) {
        println!("{}", table.plain());
        self.tables.push(table);
        self.verdicts.extend(verdicts);
    }

    /// # Errors
    /// When it cannot be written.
    pub(crate) fn write(&self, file: &Path, took: Duration) -> Result<(), String> {
        let mut text = self.head.clone();
        text.push('\n');
        text.push_str(&verdicts(&self.verdicts).markdown());
        for table in &self.tables {
            text.push('\n');
            text.push_str(&table.markdown());
        }
        list(&mut text, "Servers of others", &self.about);
        list(&mut text, "Who is missing", &self.absent);
        text.push_str(&format!(
            "\nThe run took {:.0} seconds, without building.\n",
            took.as_secs_f64()
        ));
        if let Some(folder) = file.parent() {
            std::fs::create_dir_all(folder).map_err(|error| error.to_string())?;
        }
        std::fs::write(file, text)
            .map_err(|error| format!("{} cannot be written: {error}", file.display()))
    }
}

fn list(text: &mut String, title: &str, lines: &[String]) {
    if lines.is_empty() {
        return;
    }
    text.push_str(&format!("\n## {title}\n\n"));
    for line in lines {
        text.push_str(&format!("- {line}\n"));
    }
}
