//! `docs/diagnostics.md` is generated from the roster of codes, and this test fails when it is stale.
//!
//! `UPDATE=1 cargo test -p naftiko-diagnostics --test index` writes it anew.

use std::fmt::Write as _;
use std::path::PathBuf;

use naftiko_diagnostics::{Code, Severity, codes};

const HEAD: &str = "\
# Diagnostics

Every finding carries a code, and every code has a section here.
`naftiko explain CODE` prints the same text.

The severity is the usual one.
An *error* means that the part cannot be run as meant: `run` refuses the document, or serves the rest with `--allow-partial`.
A *warning* means that it runs, but deviates from the declared version or is probably a mistake.
A *hint* means that it could be better.
An error in a part of a consumed API that nothing calls is told as a warning.
`validate --strict` makes every deviation from the declared version's schema an error.

This page is generated from the codes themselves, in the order in which a document is read.
Do not edit it: run `UPDATE=1 cargo test -p naftiko-diagnostics --test index`.
";

#[test]
fn the_index_is_what_the_codes_say() {
    let path = PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("../../docs/diagnostics.md");
    let wanted = page(codes::all());
    if std::env::var_os("UPDATE").is_some() {
        std::fs::write(&path, &wanted).unwrap();
    }
    let there = std::fs::read_to_string(&path).unwrap_or_default();
    let first = there.lines().zip(wanted.lines()).position(|(a, b)| a != b);
    let first = first.unwrap_or_else(|| there.lines().count().min(wanted.lines().count()));
    assert!(
        there == wanted,
        "docs/diagnostics.md is stale from line {}; run UPDATE=1 cargo test -p naftiko-diagnostics --test index",
        first + 1
    );
}

#[test]
fn a_summary_is_the_first_sentence_on_one_line() {
    assert_eq!(
        summary("One thing\nis so. Another is not.\n"),
        "One thing is so."
    );
    assert_eq!(summary("YAML 1.2 it is.\nMore.\n"), "YAML 1.2 it is.");
    assert_eq!(summary("No end:\n\n```yaml\na: b. c\n```\n"), "No end:");
    assert_eq!(summary("`a|b` is meant.\n"), "`a\\|b` is meant.");
}

fn page(all: &[&Code]) -> String {
    let mut text = String::from(HEAD);
    let count = |severity| all.iter().filter(|code| code.severity == severity).count();
    let _ = write!(
        text,
        "\n{} codes: {} errors, {} warnings, {} hints.\n\n| Code | Severity | |\n|---|---|---|\n",
        all.len(),
        count(Severity::Error),
        count(Severity::Warning),
        count(Severity::Hint),
    );
    for code in all {
        let (id, severity) = (code.id, code.severity);
        let _ = writeln!(
            text,
            "| [`{id}`](#{id}) | {severity} | {} |",
            summary(code.docs)
        );
    }
    for code in all {
        let _ = write!(
            text,
            "\n## {}\n\n*{}*\n\n{}",
            code.id, code.severity, code.docs
        );
        if !code.docs.ends_with('\n') {
            text.push('\n');
        }
    }
    text
}

/// The first sentence of a code's documentation, fit for a cell of a table.
fn summary(docs: &str) -> String {
    let paragraph = docs.split("\n\n").next().unwrap_or_default();
    let line = paragraph.split_whitespace().collect::<Vec<_>>().join(" ");
    let end = line.find(". ").map_or(line.len(), |dot| dot + 1);
    line[..end].replace('|', "\\|")
}
