//! The command line.

use std::net::IpAddr;
use std::path::PathBuf;
use std::time::Duration;

use clap::{Args, Parser, Subcommand, ValueEnum};

use crate::rosters::UpstreamLimits;
use crate::targets::{FixtureOption, ListenOption, SetOption, UpstreamOption};

/// Runs Naftiko capabilities: one YAML file names the HTTP APIs that it consumes and the servers that it exposes.
#[derive(Debug, Parser)]
#[command(
    name = "naftiko",
    version,
    propagate_version = true,
    max_term_width = 100
)]
pub(crate) struct Cli {
    #[command(subcommand)]
    pub(crate) command: Command,
}

#[derive(Debug, Subcommand)]
pub(crate) enum Command {
    /// Serve capabilities until a signal stops it
    Run(RunArgs),
    /// Check capabilities and print what is wrong, at line and column
    Validate(ValidateArgs),
    /// Run one operation and print its JSON
    Call(CallArgs),
    /// Explain a code that a diagnostic carries
    Explain(ExplainArgs),
    /// Print the JSON Schema of a version, for editors
    Schema(SchemaArgs),
}

impl Command {
    /// What it says of calls to upstreams; the defaults, for one that calls none.
    pub(crate) fn upstream_limits(&self) -> UpstreamLimits {
        match self {
            Command::Run(RunArgs { engine, .. }) | Command::Call(CallArgs { engine, .. }) => {
                engine.limits.upstream()
            }
            Command::Validate(_) | Command::Explain(_) | Command::Schema(_) => {
                UpstreamLimits::default()
            }
        }
    }
}

#[derive(Debug, Args)]
pub(crate) struct RunArgs {
    /// Capability files, or folders of them
    #[arg(required = true, value_name = "SPEC")]
    pub(crate) specs: Vec<PathBuf>,
    /// Listen elsewhere than the document says: `ADDR`, `ADDR:PORT`, `NS=ADDR:PORT`, `CAPABILITY/NS=…`
    #[arg(long, value_name = "[[CAPABILITY/]NS=]ADDR[:PORT]")]
    pub(crate) listen: Vec<ListenOption>,
    /// Serve this exposer, and nothing else, over standard input and output
    #[arg(long, value_name = "NS", conflicts_with = "listen")]
    pub(crate) stdio: Option<String>,
    /// Serve the sound parts of documents with errors; the rest answers 501
    #[arg(long)]
    pub(crate) allow_partial: bool,
    /// Accept requests whose Host is NAME, besides loopback names and the own address
    #[arg(long, value_name = "NAME")]
    pub(crate) allow_host: Vec<String>,
    /// Seconds that requests in flight get to finish after a signal
    #[arg(long, value_name = "SECONDS", default_value_t = 10)]
    pub(crate) grace: u64,
    /// Write a JSON file once every listener accepts
    #[arg(long, value_name = "FILE")]
    pub(crate) ready_file: Option<PathBuf>,
    #[command(flatten)]
    pub(crate) engine: EngineArgs,
}

#[derive(Debug, Args)]
pub(crate) struct CallArgs {
    /// The capability file
    #[arg(value_name = "SPEC")]
    pub(crate) spec: PathBuf,
    /// The operation, or EXPOSER.OPERATION when several exposers have one of that name
    #[arg(value_name = "[EXPOSER.]OPERATION")]
    pub(crate) operation: String,
    /// Inputs; the text is read as the input's type. `name=@file` reads a file, `name:=json` takes JSON
    #[arg(value_name = "NAME=VALUE")]
    pub(crate) inputs: Vec<String>,
    /// Print the upstream request as a curl command, secrets masked, and send nothing
    #[arg(long)]
    pub(crate) dry_run: bool,
    #[command(flatten)]
    pub(crate) engine: EngineArgs,
}

#[derive(Debug, Args)]
pub(crate) struct ValidateArgs {
    /// Capability files, or folders of them
    #[arg(required = true, value_name = "SPEC")]
    pub(crate) specs: Vec<PathBuf>,
    /// Make every deviation from the declared version's schema an error
    #[arg(long)]
    pub(crate) strict: bool,
    /// How findings are printed
    #[arg(long, value_enum, default_value_t = Format::Full)]
    pub(crate) format: Format,
    #[command(flatten)]
    pub(crate) load: LoadArgs,
    #[command(flatten)]
    pub(crate) document: DocumentLimitArgs,
}

#[derive(Debug, Args)]
pub(crate) struct ExplainArgs {
    /// The code, such as `unknown-operation`; without one all are listed
    pub(crate) code: Option<String>,
}

#[derive(Debug, Args)]
pub(crate) struct SchemaArgs {
    /// The version, such as `1.0.0-alpha2`
    #[arg(id = "dialect", value_name = "VERSION", default_value = "1.0.0-alpha2")]
    pub(crate) dialect: String,
}

/// What `run` and `call` share: where an engine comes from, what bounds it, and what it says.
#[derive(Debug, Args)]
pub(crate) struct EngineArgs {
    #[command(flatten)]
    pub(crate) start: StartArgs,
    #[command(flatten)]
    pub(crate) load: LoadArgs,
    #[command(flatten)]
    pub(crate) limits: LimitArgs,
    #[command(flatten)]
    pub(crate) log: LogArgs,
}

/// How a document may reach for other files.
#[derive(Debug, Args)]
pub(crate) struct LoadArgs {
    /// Let documents name files in this directory tree too
    #[arg(long, value_name = "DIR")]
    pub(crate) root: Vec<PathBuf>,
    /// Let documents name files anywhere
    #[arg(long)]
    pub(crate) allow_outside: bool,
    /// Refuse variables that no bind names
    #[arg(long)]
    pub(crate) no_implicit_env: bool,
}

/// What the operator gives to a capability.
#[derive(Debug, Args)]
pub(crate) struct StartArgs {
    /// Send the requests of a consumed API to another base URL
    #[arg(long, value_name = "[CAPABILITY/]NS=URL")]
    pub(crate) upstream: Vec<UpstreamOption>,
    /// Fill a placeholder of a base URI
    #[arg(long, value_name = "[CAPABILITY/]NS.NAME=VALUE")]
    pub(crate) set: Vec<SetOption>,
    /// Read variables from a file of KEY=VALUE lines; the environment wins
    #[arg(long, value_name = "FILE")]
    pub(crate) env_file: Vec<PathBuf>,
    /// Call an embedded sandbox instead of the real APIs: no credentials, no network
    #[arg(long)]
    pub(crate) sandbox: bool,
    /// Let the sandbox answer for a namespace from a file
    #[arg(long, value_name = "NS=FILE", requires = "sandbox")]
    pub(crate) fixture: Vec<FixtureOption>,
}

#[derive(Debug, Args)]
pub(crate) struct LogArgs {
    /// Say more: once for requests, twice for details
    #[arg(short, long, action = clap::ArgAction::Count)]
    pub(crate) verbose: u8,
    /// How log lines on standard error are written
    #[arg(long, value_enum, default_value_t = LogFormat::Text)]
    pub(crate) log_format: LogFormat,
}

/// Bounds (decisions, section 8).
#[derive(Debug, Args)]
#[command(next_help_heading = "Limits")]
pub(crate) struct LimitArgs {
    /// Seconds to connect to an upstream
    #[arg(long, value_name = "SECONDS", default_value_t = 10.0, value_parser = seconds)]
    pub(crate) connect_timeout: f64,
    /// Seconds for a whole upstream call
    #[arg(long, value_name = "SECONDS", default_value_t = 60.0, value_parser = seconds)]
    pub(crate) upstream_timeout: f64,
    /// Seconds to receive the header of a request
    #[arg(long, value_name = "SECONDS", default_value_t = 10.0, value_parser = seconds)]
    pub(crate) header_timeout: f64,
    /// Seconds until an idle connection is closed
    #[arg(long, value_name = "SECONDS", default_value_t = 60.0, value_parser = seconds)]
    pub(crate) idle_timeout: f64,
    /// Bytes of a request's body
    #[arg(long, value_name = "BYTES", default_value_t = 10 * MIB)]
    pub(crate) max_request_body: usize,
    /// Bytes of an answer that is shaped
    #[arg(long, value_name = "BYTES", default_value_t = 32 * MIB)]
    pub(crate) max_shaped_response: usize,
    /// Bytes of an upstream's error in an MCP result
    #[arg(long, value_name = "BYTES", default_value_t = 64 * 1024)]
    pub(crate) max_relayed_error: usize,
    /// Bytes of a request's header
    #[arg(long, value_name = "BYTES", default_value_t = 64 * 1024)]
    pub(crate) max_header_bytes: usize,
    /// Connections at a time
    #[arg(long, value_name = "N", default_value_t = 10_000)]
    pub(crate) max_connections: usize,
    #[command(flatten)]
    pub(crate) document: DocumentLimitArgs,
}

impl LimitArgs {
    /// Those that kinds of consumed APIs are made from.
    pub(crate) fn upstream(&self) -> UpstreamLimits {
        UpstreamLimits {
            connect: Duration::from_secs_f64(self.connect_timeout),
            total: Duration::from_secs_f64(self.upstream_timeout),
        }
    }
}

/// What a document may cost to read.
#[derive(Debug, Args)]
#[command(next_help_heading = "Limits")]
#[allow(
    clippy::struct_field_names,
    reason = "the fields are the options, and options say what they limit"
)]
pub(crate) struct DocumentLimitArgs {
    /// Bytes of a document
    #[arg(long, value_name = "BYTES", default_value_t = 8 * MIB)]
    pub(crate) max_document_bytes: usize,
    /// Depth of a document
    #[arg(long, value_name = "N", default_value_t = 128)]
    pub(crate) max_document_depth: usize,
    /// Nodes of a document, aliases followed
    #[arg(long, value_name = "N", default_value_t = 200_000)]
    pub(crate) max_document_nodes: usize,
}

const MIB: usize = 1024 * 1024;

/// How findings are printed.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub(crate) enum Format {
    /// With the source around each place
    Full,
    /// One line each
    Concise,
    /// A JSON array
    Json,
    /// Annotations of a GitHub workflow
    Github,
}

/// How log lines are written.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub(crate) enum LogFormat {
    /// For people
    Text,
    /// One JSON object a line
    Json,
}

/// A positive number of seconds.
fn seconds(text: &str) -> Result<f64, String> {
    let value: f64 = text
        .parse()
        .map_err(|_| String::from("not a number of seconds"))?;
    if value.is_finite() && value > 0.0 && value <= 86_400.0 {
        Ok(value)
    } else {
        Err(String::from("must be more than 0 and at most 86400"))
    }
}

/// The address that a document means when it names none.
pub(crate) const LOOPBACK: IpAddr = IpAddr::V4(std::net::Ipv4Addr::LOCALHOST);

#[cfg(test)]
mod tests {
    use clap::CommandFactory;

    #[test]
    fn the_command_line_is_consistent() {
        super::Cli::command().debug_assert();
    }
}
