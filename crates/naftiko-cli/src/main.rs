//! The `naftiko` command with the kinds of the specification. What it does is in the library, for programs that bring
//! kinds of their own; what it serves is listed in `rosters.rs`.

use std::process::ExitCode;

#[global_allocator]
static ALLOCATOR: mimalloc::MiMalloc = mimalloc::MiMalloc;

fn main() -> ExitCode {
    naftiko_cli::main(naftiko_cli::stock)
}
