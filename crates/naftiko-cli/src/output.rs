//! Standard output and error: the two places where the command prints.

use std::io::{self, IsTerminal, Write};
use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicBool, Ordering};

use naftiko::diagnostics::render::{self, Format};
use naftiko::diagnostics::{Diagnostics, SourceMap};

/// Whether something could not be written to standard output.
static LOST: AtomicBool = AtomicBool::new(false);

/// Writes to standard output. A reader that went away is no error of ours; a full disk is one.
pub(crate) fn out(text: &str) {
    let mut stdout = io::stdout().lock();
    let written = stdout
        .write_all(text.as_bytes())
        .and_then(|()| stdout.flush());
    if let Err(error) = written
        && error.kind() != io::ErrorKind::BrokenPipe
    {
        LOST.store(true, Ordering::Relaxed);
        fail(&format!(
            "standard output cannot be written: {}",
            error.kind()
        ));
    }
}

/// Whether something was lost on the way to standard output.
pub(crate) fn lost() -> bool {
    LOST.load(Ordering::Relaxed)
}

/// Writes to standard error.
pub(crate) fn err(text: &str) {
    let mut stderr = io::stderr().lock();
    let _ = stderr.write_all(text.as_bytes());
    let _ = stderr.flush();
}

/// Writes one line that says what went wrong.
pub(crate) fn fail(text: &str) {
    let mark = if colour() {
        "\u{1b}[1;31merror\u{1b}[0m"
    } else {
        "error"
    };
    let safe: Vec<String> = text
        .lines()
        .map(|line| render::escape(line).into_owned())
        .collect();
    err(&format!("{mark}: {}\n", safe.join("\n")));
}

/// What the program is called: `naftiko`, or the name of one with kinds of its own.
pub(crate) fn program() -> String {
    let path = std::env::args_os().next().map(PathBuf::from);
    let name = path.as_deref().and_then(Path::file_name);
    name.map_or_else(
        || String::from("naftiko"),
        |name| name.to_string_lossy().into_owned(),
    )
}

/// Why a file cannot be used, without the words of the system where there are better ones.
pub(crate) fn reason(error: &io::Error) -> String {
    match error.kind() {
        io::ErrorKind::NotFound => String::from("there is no such file"),
        io::ErrorKind::InvalidData => String::from("it is not UTF-8 text"),
        kind => kind.to_string(),
    }
}

/// Whether standard error is a terminal that wants colour.
pub(crate) fn colour() -> bool {
    wants_colour(&io::stderr())
}

/// Whether a stream is a terminal, and nobody asked for no colour.
pub(crate) fn wants_colour(stream: &impl IsTerminal) -> bool {
    stream.is_terminal() && std::env::var_os("NO_COLOR").is_none_or(|value| value.is_empty())
}

/// Prints findings for people.
pub(crate) fn findings(findings: &Diagnostics, sources: &SourceMap) {
    err(&render::render(
        findings,
        sources,
        Format::Full,
        colour(),
        width(),
    ));
}

/// Prints findings for people, a line each.
pub(crate) fn concise(findings: &Diagnostics, sources: &SourceMap) {
    err(&render::render(
        findings,
        sources,
        Format::Concise,
        false,
        width(),
    ));
}

/// The width to print for.
pub(crate) fn width() -> usize {
    std::env::var("COLUMNS")
        .ok()
        .and_then(|text| text.parse().ok())
        .unwrap_or(100)
}
