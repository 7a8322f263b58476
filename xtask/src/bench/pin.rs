//! Cores: the server under test has one to itself, the load and the upstream share another.

use std::process::{Command, Stdio};

/// Whether programs are held to cores.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Pin {
    /// The server to core 0, all others to core 1.
    Apart,
    /// The machine has one core, or no `taskset`: everything runs anywhere.
    Nowhere,
}

impl Pin {
    /// What the machine allows.
    pub(crate) fn possible() -> Self {
        let cores = std::thread::available_parallelism().map_or(1, usize::from);
        let tool = Command::new("taskset")
            .args(["-c", "0,1", "true"])
            .stdout(Stdio::null())
            .stderr(Stdio::null())
            .status();
        if cores > 1 && tool.is_ok_and(|status| status.success()) {
            Pin::Apart
        } else {
            Pin::Nowhere
        }
    }

    pub(crate) fn server(self, command: Command) -> Command {
        self.to("0", command)
    }

    pub(crate) fn others(self, command: Command) -> Command {
        self.to("1", command)
    }

    /// `taskset` becomes the program: the process that is started is the one that is watched and ended.
    fn to(self, core: &str, command: Command) -> Command {
        if self == Pin::Nowhere {
            return command;
        }
        let mut pinned = Command::new("taskset");
        pinned.args(["-c", core]);
        pinned.arg(command.get_program()).args(command.get_args());
        for (name, value) in command.get_envs() {
            match value {
                Some(value) => pinned.env(name, value),
                None => pinned.env_remove(name),
            };
        }
        if let Some(folder) = command.get_current_dir() {
            pinned.current_dir(folder);
        }
        pinned
    }
}
