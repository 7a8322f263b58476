//! Runs `cargo test`, shows what it prints, and counts what it says.

use std::io::{BufRead as _, BufReader, Write as _};
use std::process::{Command, Stdio};

/// What tests read.
const UNITS: &[&str] = &["documents", "selectors", "cases", "definitions"];

/// What came of a run.
#[derive(Debug, Default)]
pub(super) struct Tests {
    pub(super) passed: usize,
    pub(super) failed: usize,
    /// Whether cargo itself was content.
    pub(super) finished: bool,
    /// Each test that was run one at a time, with the documents that it says it read.
    pub(super) read: Vec<(String, Option<usize>)>,
}

impl Tests {
    pub(super) fn add(&mut self, other: &Self) {
        self.passed += other.passed;
        self.failed += other.failed;
        self.finished &= other.finished;
    }

    fn line(&mut self, line: &str) {
        let words: Vec<&str> = line.split_whitespace().collect();
        let count = |name: &str| {
            let at = words
                .iter()
                .position(|word| word.trim_end_matches(';') == name)?;
            words.get(at.checked_sub(1)?)?.parse::<usize>().ok()
        };
        if line.starts_with("test result:") {
            self.passed += count("passed").unwrap_or(0);
            self.failed += count("failed").unwrap_or(0);
            return;
        }
        if let (["test", name, ..], true) = (words.as_slice(), line.contains(" ... ")) {
            self.read.push(((*name).to_owned(), None));
        }
        // `read 7 …`, or `7 valid selectors` and the like: whatever a test counts.
        let number = |word: &str| word.trim_end_matches([',', ':', ';']).parse::<usize>().ok();
        let unit = |word: &&str| UNITS.contains(&word.trim_end_matches([',', ':', ';']));
        let said = (0..words.len()).find_map(|at| {
            let count = number(words.get(at)?)?;
            let after_read = at > 0 && words.get(at - 1) == Some(&"read");
            let before_unit = words.iter().skip(at + 1).take(2).any(unit);
            (after_read || before_unit).then_some(count)
        });
        if let (Some(number), Some((_, read))) = (said, self.read.last_mut()) {
            *read = Some(read.unwrap_or(0) + number);
        }
    }
}

/// Runs a `cargo test`. `one_by_one` tells that its tests run one at a time with their output shown, so that a line
/// belongs to the test named before it; only what they print is shown then.
///
/// # Errors
/// When cargo cannot be run.
pub(super) fn run(mut command: Command, one_by_one: bool) -> Result<Tests, String> {
    let told = |error: std::io::Error| format!("cargo cannot be run: {error}");
    // One pipe for both streams keeps their order.
    let (reader, writer) = std::io::pipe().map_err(told)?;
    command
        .stdin(Stdio::null())
        .stdout(writer.try_clone().map_err(told)?)
        .stderr(writer);
    let mut child = command.spawn().map_err(told)?;
    // The command holds ends of the pipe: reading ends only when they are gone.
    drop(command);
    let mut tests = Tests::default();
    let mut out = std::io::stdout().lock();
    for line in BufReader::new(reader).split(b'\n') {
        let line = String::from_utf8_lossy(&line.map_err(told)?).into_owned();
        tests.line(&line);
        if !one_by_one || worth_showing(&line) {
            // A closed standard output ends nothing here; the exit code still tells.
            let _ = writeln!(out, "{line}");
        }
    }
    tests.finished = child.wait().map_err(told)?.success();
    if !tests.finished && tests.failed == 0 {
        // It did not build, or a test program died.
        tests.failed = 1;
    }
    Ok(tests)
}

/// Most test programs have no such test, and say so at length.
fn worth_showing(line: &str) -> bool {
    let noise = ["running 0 tests", "     Running ", "   Doc-tests "];
    let empty = line.starts_with("test result: ok. 0 passed");
    !(line.trim().is_empty() || empty || noise.iter().any(|start| line.starts_with(start)))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn results_and_documents_are_counted() {
        let mut tests = Tests::default();
        for line in [
            "test a::b ... read 12 documents of the catalog",
            "read 3 documents of the sets",
            "ok",
            "test a::silent ... ok",
            "test a::other ... jsonpath_lib: 5 of 9 valid selectors as the dialect",
            "test a::none ... read 0 documents",
            "test result: FAILED. 2 passed; 1 failed; 4 ignored; 0 measured; 7 filtered out",
        ] {
            tests.line(line);
        }
        assert_eq!((tests.passed, tests.failed), (2, 1));
        let wanted = [
            ("a::b", Some(15)),
            ("a::silent", None),
            ("a::other", Some(9)),
            ("a::none", Some(0)),
        ];
        assert_eq!(
            tests.read,
            wanted.map(|(name, read)| (name.to_owned(), read))
        );
    }
}
