//! The whole `naftiko` command, which knows `type: jsonrpc` in all that it does.

// [command]
use std::process::ExitCode;

use naftiko_example_exposer_kind::JsonRpc;

fn main() -> ExitCode {
    naftiko_cli::main(|limits| naftiko_cli::stock(limits).exposer(JsonRpc))
}
// [/command]
