//! The project's own commands: `cargo xtask tidy`, `cargo xtask test`, `cargo xtask catalog`, `cargo xtask bench`.
//!
//! One file or folder per command. What a command finds wrong it prints, and it ends with exit code 1.
#![allow(
    clippy::print_stdout,
    clippy::print_stderr,
    reason = "these commands speak to whoever runs them"
)]

mod bench;
mod binary;
mod catalog;
mod project;
mod suite;
mod tidy;

use std::process::ExitCode;

use clap::{Parser, Subcommand};

#[derive(Debug, Parser)]
#[command(
    name = "cargo xtask",
    about = "The project's own commands",
    max_term_width = 100
)]
struct Cli {
    #[command(subcommand)]
    command: Command,
}

#[derive(Debug, Subcommand)]
enum Command {
    /// Check what the compiler does not: layers, purity, file sizes, links
    Tidy,
    /// Run every test, with what the machine offers of the other projects' data and tools
    Test(suite::Options),
    /// Measure the engine beside other servers
    Bench(bench::Options),
    /// Start every document of a folder and judge every call
    Catalog(catalog::Options),
}

fn main() -> ExitCode {
    let fine = match Cli::parse().command {
        Command::Tidy => tidy::run(),
        Command::Test(options) => suite::run(&options),
        Command::Bench(options) => bench::run(&options),
        Command::Catalog(options) => catalog::run(&options),
    };
    match fine {
        Ok(true) => ExitCode::SUCCESS,
        Ok(false) => ExitCode::FAILURE,
        Err(problem) => {
            eprintln!("error: {problem}");
            ExitCode::from(2)
        }
    }
}
