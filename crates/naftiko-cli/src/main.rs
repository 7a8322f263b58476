//! The `naftiko` command: run, validate and call capabilities.
//!
//! This is the composition root: the one place that names every crate. [`rosters`] lists what is served, [`args`] what
//! can be asked for, `commands` what is done.

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

use args::{Cli, Command};
use exit::Exit;

#[global_allocator]
static ALLOCATOR: mimalloc::MiMalloc = mimalloc::MiMalloc;

fn main() -> ExitCode {
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
    let exit = match &cli.command {
        Command::Run(args) => commands::run::run(args),
        Command::Validate(args) => commands::validate::run(args),
        Command::Call(args) => commands::call::run(args),
        Command::Explain(args) => commands::explain::run(args),
        Command::Schema(args) => commands::schema::run(args),
    };
    if output::lost() && exit == Exit::Fine {
        return Exit::Usage.code();
    }
    exit.code()
}
