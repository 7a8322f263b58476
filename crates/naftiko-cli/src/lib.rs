//! The whole `naftiko` command as a function, for programs that bring kinds of their own to it.
//!
//! [`main`] is the command: options, commands, exit codes, what is printed and where. What documents may expose and
//! consume comes from one registration, a [`Kinds`], which all commands use: what `run` serves, `validate` knows. The
//! program `naftiko` registers [`stock`]; another one adds to it:
//!
//! ```no_run
//! # use naftiko::engine::{UpstreamContext, UpstreamError, UpstreamKind, UpstreamService};
//! # #[derive(Debug)] struct Pigeon;
//! # impl UpstreamKind for Pigeon {
//! #     fn kind(&self) -> &str { "pigeon" }
//! #     fn build(&self, _: UpstreamContext) -> Result<UpstreamService, UpstreamError> { unimplemented!() }
//! # }
//! fn main() -> std::process::ExitCode {
//!     naftiko_cli::main(|limits| naftiko_cli::stock(limits).upstream(Pigeon))
//! }
//! ```
//!
//! This is the composition root: the one crate that names servers, upstreams, host and sandbox together. `rosters`
//! lists what the program serves, `args` what can be asked for, `commands` what is done.

mod args;
mod commands;
mod curl;
mod exit;
mod logging;
mod output;
mod rosters;
mod sandbox;
mod served;
mod specs;
mod targets;

use std::process::ExitCode;

use clap::Parser;
use naftiko::Kinds;

use args::{Cli, Command};
use exit::Exit;

pub use rosters::{UpstreamLimits, stock};

/// Runs the command that the arguments of the process ask for, with the kinds that `register` makes.
///
/// It prints, reads the environment, listens, catches signals, and sends `tracing` events to standard error: it is all
/// that a program's `main` does, and the exit code is what that returns. `register` is called once, with what the command
/// line says of calls to upstreams; commands that call none have the defaults.
///
/// A second signal during `run` ends the process at once, so nothing after this call is sure to happen.
pub fn main(register: impl FnOnce(&UpstreamLimits) -> Kinds) -> ExitCode {
    let cli = match Cli::try_parse() {
        Ok(cli) => cli,
        Err(error) => {
            // Help and version are answers, everything else is misuse.
            let exit = if error.use_stderr() {
                Exit::Usage
            } else {
                Exit::Fine
            };
            let _ = error.print();
            return exit.code();
        }
    };
    let exit = execute(&cli.command, register);
    if output::lost() && exit == Exit::Fine {
        return Exit::Usage.code();
    }
    exit.code()
}

fn execute(command: &Command, register: impl FnOnce(&UpstreamLimits) -> Kinds) -> Exit {
    let kinds = register(&command.upstream_limits());
    match command {
        Command::Run(args) => commands::run::run(&kinds, args),
        Command::Validate(args) => commands::validate::run(&kinds, args),
        Command::Call(args) => commands::call::run(&kinds, args),
        Command::Explain(args) => commands::explain::run(args),
        Command::Schema(args) => commands::schema::run(&kinds, args),
    }
}

#[cfg(test)]
mod tests;
