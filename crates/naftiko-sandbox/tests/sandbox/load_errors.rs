//! Every file of `data/errors` fails to load with what its first line says.

use std::fmt::Write as _;
use std::path::Path;

use naftiko_sandbox::{Fixture, MAX_FIXTURE_BYTES};

#[test]
fn broken_fixtures_are_told_with_file_line_and_what_is_expected() {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/data/errors");
    let mut failures = Vec::new();
    let mut read = 0;
    for entry in std::fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        let name = path.file_name().unwrap().to_string_lossy().into_owned();
        let text = std::fs::read_to_string(&path).unwrap();
        let expected = text
            .lines()
            .next()
            .unwrap()
            .strip_prefix("# expect ")
            .unwrap();
        // An expectation that starts with a place pins it.
        let expected = if expected.starts_with(|c: char| c.is_ascii_digit()) {
            format!("{name}:{expected}")
        } else {
            expected.to_owned()
        };
        match Fixture::parse(&name, &text) {
            Ok(_) => failures.push(format!("{name} loads")),
            Err(error) => {
                let told = error.to_string();
                // Only that there are several documents is no matter of a line.
                let placed = told.starts_with(&format!("{name}:{}:", error.line));
                let whole = name == "two_documents.yaml";
                if !told.contains(&expected) || placed == whole {
                    failures.push(format!("expected {expected}\n     got {told}"));
                }
            }
        }
        read += 1;
    }
    println!("{read} broken fixtures read");
    assert!(read > 20);
    assert!(failures.is_empty(), "{}", failures.join("\n"));
}

#[test]
fn a_fixture_has_a_size_limit_and_bounded_aliases() {
    let large = format!("sandbox: 1\nroutes: []\n#{}", "x".repeat(MAX_FIXTURE_BYTES));
    let error = Fixture::parse("large.yaml", &large).unwrap_err();
    assert!(
        error.to_string().starts_with("large.yaml: the file has "),
        "{error}"
    );

    let mut bomb = String::from("sandbox: 1\nroutes: []\nenvelope:\n  a0: &a0 [x, x]\n");
    for level in 1..40 {
        let before = level - 1;
        writeln!(bomb, "  a{level}: &a{level} [*a{before}, *a{before}]").unwrap();
    }
    assert!(Fixture::parse("bomb.yaml", &bomb).is_err());
    let deep = format!(
        "sandbox: 1\nroutes: []\nenvelope: {}{}",
        "[".repeat(5000),
        "]".repeat(5000)
    );
    assert!(Fixture::parse("deep.yaml", &deep).is_err());
}
