//! `docs/catalog.md`: what of the published documents runs, and why the rest does not.

use std::collections::BTreeMap;
use std::fmt::Write as _;

use super::tally::Tally;
use super::verdict::{Outcome, Report};

/// The page.
pub(super) fn page(tally: &Tally, reports: &[Report]) -> String {
    let mut out = String::from(
        "# The public catalog\n\n\
         Written by `cargo xtask catalog FOLDER --write-docs`; do not edit. Each document is started by the real\n\
         program against an upstream that records what it sees, each operation and tool is called, and an oracle that\n\
         shares no code with the engine says what the upstream must see and what the caller must get.\n\n\
         | | |\n|---|---:|\n",
    );
    let mut row = |what: &str, value: String| {
        let _ = writeln!(out, "| {what} | {value} |");
    };
    row("documents", tally.documents.to_string());
    row("that expose something", tally.exposing.to_string());
    row("that have no broken part", tally.sound.to_string());
    row("that serve", tally.served.to_string());
    row(
        "that serve with `--allow-partial`",
        tally.served_partly.to_string(),
    );
    row(
        "REST calls right",
        format!("{} of {}", tally.rest.0, tally.rest.1),
    );
    if tally.no_server.1 == 0 {
        row(
            "tool calls right",
            format!("{} of {}", tally.tools.0, tally.tools.1),
        );
    }
    row("calls right", format!("{:.2} %", tally.percent_right()));
    out.push_str("\n## Refused documents\n\nThese serve neither whole nor in part.\n\n");
    findings(
        &mut out,
        reports.iter().filter(|report| !report.serves_partly),
    );
    out.push_str(
        "\n## Documents served in part\n\nThese need `--allow-partial`, because of these errors. `naftiko explain CODE` says more.\n\n",
    );
    findings(
        &mut out,
        reports
            .iter()
            .filter(|report| report.serves_partly && !report.serves),
    );
    wrong(&mut out, reports);
    out
}

/// A table of documents with their errors; errors that say the same are counted.
fn findings<'r>(out: &mut String, reports: impl Iterator<Item = &'r Report>) {
    out.push_str("| document | code | reason |\n|---|---|---|\n");
    for report in reports {
        let mut codes: BTreeMap<&str, (usize, &str)> = BTreeMap::new();
        for finding in &report.findings {
            let entry = codes.entry(&finding.code).or_insert((0, &finding.message));
            entry.0 += 1;
        }
        for (code, (count, message)) in codes {
            let more = if count > 1 {
                format!(" (and {} more)", count - 1)
            } else {
                String::new()
            };
            let _ = writeln!(
                out,
                "| {} | {} | {}{more} |",
                cell(&report.name),
                cell(code),
                cell(message)
            );
        }
    }
}

fn wrong(out: &mut String, reports: &[Report]) {
    let mut rows = Vec::new();
    for report in reports {
        for unit in &report.units {
            if let Outcome::Wrong(lines) = &unit.outcome {
                let why = lines.first().map_or("", String::as_str);
                rows.push(format!(
                    "| {} | {} | {} |",
                    cell(&report.name),
                    cell(&unit.name),
                    cell(why)
                ));
            }
        }
    }
    if rows.is_empty() {
        return;
    }
    let _ = writeln!(
        out,
        "\n## Calls that are not right\n\n| document | unit | what differs |\n|---|---|---|"
    );
    for row in rows {
        let _ = writeln!(out, "{row}");
    }
}

/// Text of others as a table's cell: one line, nothing that is markup.
fn cell(text: &str) -> String {
    let mut out = String::new();
    for c in super::calls::brief(text).chars() {
        match c {
            '|' | '<' | '>' | '[' | ']' | '*' | '_' | '\\' => out.extend(['\\', c]),
            c if c.is_control() => out.push(' '),
            c => out.push(c),
        }
    }
    out
}
