//! Installing once, and saying in a sentence why it did not work.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

use super::{unwritable, write};

/// The folder `home/name`, with what `steps` leave in it, unless `wanted` is there already.
///
/// # Errors
/// When a step fails.
pub(super) fn once(
    home: &Path,
    name: &str,
    wanted: &str,
    steps: impl FnOnce(&Path) -> Result<(), String>,
) -> Result<PathBuf, String> {
    let folder = std::path::absolute(home.join(name))
        .map_err(|error| format!("there is no folder to install into: {error}"))?;
    let stamp = folder.join("installed");
    if fs::read_to_string(&stamp).is_ok_and(|there| there == wanted) {
        return Ok(folder);
    }
    // What another version left would be found by the next one.
    let _ = fs::remove_dir_all(&folder);
    fs::create_dir_all(&folder).map_err(|error| unwritable(&folder, &error))?;
    steps(&folder)?;
    write(&stamp, wanted)?;
    Ok(folder)
}

/// Runs a program to its end: what it wrote to its standard output.
///
/// # Errors
/// When it is not there, or fails.
pub(super) fn run(folder: &Path, program: &str, arguments: &[&str]) -> Result<String, String> {
    finish(Command::new(program).args(arguments).current_dir(folder))
}

/// Like [`run`], for a command that needs more than arguments.
///
/// # Errors
/// When it is not there, or fails.
pub(super) fn finish(command: &mut Command) -> Result<String, String> {
    let program = Path::new(command.get_program())
        .file_name()
        .map(|name| name.to_string_lossy().into_owned())
        .unwrap_or_default();
    let output = command
        .stdin(Stdio::null())
        .output()
        .map_err(|error| format!("{program} cannot be run: {error}"))?;
    let stdout = String::from_utf8_lossy(&output.stdout);
    if output.status.success() {
        return Ok(stdout.into_owned());
    }
    let stderr = String::from_utf8_lossy(&output.stderr);
    Err(format!("{program} fails: {}", reason(&stdout, &stderr)))
}

/// The line that tells most, fit for a table: programs say more than once that they failed, and where they looked.
fn reason(stdout: &str, stderr: &str) -> String {
    let lines = || {
        let all = stderr.lines().chain(stdout.lines());
        all.map(str::trim).filter(|line| !line.is_empty())
    };
    let tells = |line: &&str| {
        let line = line.to_ascii_lowercase();
        ["could not find", "not found", "no matching", "error:"]
            .iter()
            .any(|words| line.contains(words))
    };
    let line = lines().find(tells).or_else(|| lines().next_back());
    let line = line.unwrap_or("it does not say why");
    // Maven puts the cause last, and then where to read about failures.
    let line = line.find("Could not find").map_or(line, |at| &line[at..]);
    let line = line.split(" -> [").next().unwrap_or(line);
    // Addresses of registries are of no use to a reader.
    let words: Vec<&str> = line
        .split_whitespace()
        .filter(|word| !word.contains("://"))
        .collect();
    let text = words.join(" ");
    let plain = text.chars().filter(|symbol| !symbol.is_control());
    plain.take(300).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_telling_line_is_kept_without_addresses() {
        let said = "npm error code E404\nnpm error 404 Not Found - GET https://example.test/a%2fb - gone\nnpm error x";
        assert_eq!(reason("", said), "npm error 404 Not Found - GET - gone");
        let said = "[ERROR] On x: Could not find artifact a:b:1 in central (https://example.test/) -> [Help 1]";
        let kept = "Could not find artifact a:b:1 in central";
        assert_eq!(
            reason(&format!("{said}\n[ERROR] Help"), "WARNING: old"),
            kept
        );
        assert_eq!(reason("one\ntwo\n\n", ""), "two");
        assert_eq!(reason("", "\u{1b}[31m\n"), "[31m");
        assert_eq!(reason("", ""), "it does not say why");
    }

    #[test]
    fn a_program_that_is_not_there_is_an_error() {
        let error = run(Path::new("."), "no-such-program", &[]).unwrap_err();
        assert!(
            error.starts_with("no-such-program cannot be run"),
            "{error}"
        );
    }
}
