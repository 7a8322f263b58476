//! The load: an order as JSON in the first argument, what was measured as JSON on standard output.
#![allow(
    clippy::print_stdout,
    clippy::print_stderr,
    reason = "this is how it answers"
)]

use std::process::ExitCode;

use naftiko_bench::load::{Measured, run};

fn main() -> ExitCode {
    match measured()
        .and_then(|measured| serde_json::to_string(&measured).map_err(|e| e.to_string()))
    {
        Ok(text) => {
            println!("{text}");
            ExitCode::SUCCESS
        }
        Err(problem) => {
            eprintln!("{problem}");
            ExitCode::FAILURE
        }
    }
}

fn measured() -> Result<Measured, String> {
    let order = std::env::args().nth(1).ok_or("the argument is an order")?;
    let order = serde_json::from_str(&order).map_err(|error| error.to_string())?;
    tokio::runtime::Builder::new_current_thread()
        .enable_all()
        .build()
        .map_err(|error| error.to_string())?
        .block_on(run(order))
}
