//! Logs: on standard error, for people or for programs.

use tracing::Level;
use tracing_subscriber::filter::Targets;
use tracing_subscriber::layer::SubscriberExt;
use tracing_subscriber::util::SubscriberInitExt;

use crate::args::{LogArgs, LogFormat};
use crate::output;

/// Sends log lines to standard error. `quiet` leaves out all but warnings: for commands that print a result.
pub(crate) fn start(args: &LogArgs, quiet: bool) {
    let level = match (args.verbose, quiet) {
        (0, true) => Level::WARN,
        (0, false) | (1, true) => Level::INFO,
        (1, false) | (2, true) => Level::DEBUG,
        _ => Level::TRACE,
    };
    // Libraries speak up only when something is wrong: what they say in detail may hold addresses and headers.
    let targets = Targets::new()
        .with_default(Level::WARN)
        .with_target("naftiko", level);
    let registry = tracing_subscriber::registry().with(targets);
    let result = match args.log_format {
        LogFormat::Text => registry
            .with(
                tracing_subscriber::fmt::layer()
                    .with_writer(std::io::stderr)
                    .with_ansi(output::colour())
                    .with_target(false),
            )
            .try_init(),
        LogFormat::Json => registry
            .with(
                tracing_subscriber::fmt::layer()
                    .json()
                    .flatten_event(true)
                    .with_current_span(false)
                    .with_span_list(false)
                    .with_writer(std::io::stderr),
            )
            .try_init(),
    };
    if let Err(error) = result {
        output::fail(&format!("logging cannot be started: {error}"));
    }
}
