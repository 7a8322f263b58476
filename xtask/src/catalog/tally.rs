//! The figures of a whole folder, and the wrong calls in groups with examples.

use std::collections::BTreeMap;
use std::fmt::Write as _;

use serde::Serialize;

use super::verdict::{Outcome, Report, Unit};

/// The figures.
#[derive(Debug, Default, Serialize)]
pub(super) struct Tally {
    pub(super) documents: usize,
    /// Of them, capabilities that expose something.
    pub(super) exposing: usize,
    /// Of those, without a broken unit.
    pub(super) sound: usize,
    /// Documents that serve without `--allow-partial`.
    pub(super) served: usize,
    /// Documents that serve with it.
    pub(super) served_partly: usize,
    /// Documents that serve with every REST operation right that is not broken.
    pub(super) whole: usize,
    /// REST calls that are right, and all.
    pub(super) rest: (usize, usize),
    /// Tool calls that are right, and all.
    pub(super) tools: (usize, usize),
    /// Broken units that are refused, as they must be, by the oracle's code.
    pub(super) refused: BTreeMap<String, usize>,
    /// Units refused where the contract leaves it open.
    pub(super) doubtful: usize,
    /// Units that are not judged.
    pub(super) unjudged: usize,
    /// Units whose kind nobody serves, by REST and tool.
    pub(super) no_server: (usize, usize),
    /// Sound units of documents that do not serve.
    pub(super) not_served: usize,
    /// Documents by the code of their first error, those that do not serve whole.
    pub(super) findings: BTreeMap<String, usize>,
    /// What is wrong, most frequent first.
    pub(super) groups: Vec<Group>,
    /// Units that should have been refused.
    pub(super) served_though_broken: Vec<Group>,
    /// Documents the oracle and the program disagree on: sound, and yet they do not serve whole.
    pub(super) sound_but_refused: Vec<String>,
    /// Panics, programs that ended.
    pub(super) trouble: Vec<String>,
}

/// Wrong calls that differ in the same way.
#[derive(Debug, Serialize)]
pub(super) struct Group {
    /// The difference without its names and values.
    pub(super) what: String,
    pub(super) calls: usize,
    pub(super) documents: usize,
    /// Document, unit and the differences.
    pub(super) examples: Vec<String>,
}

/// How many examples of a group are kept.
const EXAMPLES: usize = 25;

#[derive(Default)]
struct Groups(BTreeMap<String, (usize, Vec<String>, Vec<String>)>);

impl Groups {
    fn add(&mut self, report: &Report, unit: &Unit, what: String, lines: &[String]) {
        let (calls, documents, examples) = self.0.entry(what).or_default();
        *calls += 1;
        if documents.last() != Some(&report.name) {
            documents.push(report.name.clone());
        }
        if examples.len() < EXAMPLES {
            examples.push(format!(
                "{} {} ({}): {}",
                report.name,
                unit.name,
                unit.inputs,
                lines.join("; ")
            ));
        }
    }

    fn done(self) -> Vec<Group> {
        let mut groups: Vec<Group> = self
            .0
            .into_iter()
            .map(|(what, (calls, documents, examples))| Group {
                what,
                calls,
                documents: documents.len(),
                examples,
            })
            .collect();
        groups.sort_by_key(|group| std::cmp::Reverse(group.calls));
        groups
    }
}

impl Tally {
    /// Counts.
    pub(super) fn of(reports: &[Report]) -> Self {
        let mut tally = Self {
            documents: reports.len(),
            ..Self::default()
        };
        let (mut wrong, mut broken) = (Groups::default(), Groups::default());
        // As long as no document gets an MCP server, tools are skipped; once one does, a missing server is wrong.
        let has_tools = reports
            .iter()
            .flat_map(|report| &report.units)
            .any(|unit| unit.tool && unit.is_call());
        for report in reports {
            tally.exposing += usize::from(report.kind == "exposes");
            tally.sound += usize::from(report.sound);
            tally.served += usize::from(report.serves);
            tally.served_partly += usize::from(report.serves_partly);
            tally.whole += usize::from(report.is_whole());
            tally.trouble.extend(
                report
                    .trouble
                    .iter()
                    .map(|line| format!("{}: {line}", report.name)),
            );
            if let Some(first) = report.findings.first() {
                *tally.findings.entry(first.code.clone()).or_default() += 1;
                if report.sound {
                    tally.sound_but_refused.push(format!(
                        "{}: [{}] {}",
                        report.name, first.code, first.message
                    ));
                }
            }
            for unit in &report.units {
                let side = if unit.tool {
                    &mut tally.tools
                } else {
                    &mut tally.rest
                };
                match &unit.outcome {
                    Outcome::Right => {
                        side.0 += 1;
                        side.1 += 1;
                    }
                    Outcome::Wrong(lines) => {
                        side.1 += 1;
                        wrong.add(report, unit, shape(lines), lines);
                    }
                    Outcome::NoServer if has_tools || !unit.tool => {
                        side.1 += 1;
                        wrong.add(
                            report,
                            unit,
                            "nothing of its kind is served".to_owned(),
                            &[],
                        );
                    }
                    Outcome::NoServer => tally.no_server.1 += 1,
                    Outcome::Refused(code) => *tally.refused.entry(code.clone()).or_default() += 1,
                    Outcome::Doubtful(_) => tally.doubtful += 1,
                    Outcome::Unjudged(_) => tally.unjudged += 1,
                    Outcome::NotServed => tally.not_served += 1,
                    Outcome::ServedThoughBroken(why) => {
                        let code = why.split(':').next().unwrap_or_default().to_owned();
                        broken.add(report, unit, code, std::slice::from_ref(why));
                    }
                }
            }
        }
        tally.groups = wrong.done();
        tally.served_though_broken = broken.done();
        tally
    }

    /// How many of the calls are right, in percent.
    pub(super) fn percent_right(&self) -> f64 {
        let count = |count: usize| u32::try_from(count).map_or(0.0, f64::from);
        let (right, all) = (self.rest.0 + self.tools.0, self.rest.1 + self.tools.1);
        if all == 0 {
            0.0
        } else {
            100.0 * count(right) / count(all)
        }
    }

    /// The figures as text.
    pub(super) fn table(&self, sandbox: bool, examples: usize) -> String {
        let mut out = String::new();
        let mut line = |what: &str, value: String| {
            let _ = writeln!(out, "{what:<46} {value}");
        };
        line("documents", self.documents.to_string());
        line("  that expose something", self.exposing.to_string());
        line(
            "  without a broken unit, says the oracle",
            self.sound.to_string(),
        );
        if !sandbox {
            line("serve", self.served.to_string());
        }
        line("serve with --allow-partial", self.served_partly.to_string());
        if sandbox {
            line(
                "whole: serve, every REST operation right",
                self.whole.to_string(),
            );
        }
        line(
            "REST calls right",
            format!("{} of {}", self.rest.0, self.rest.1),
        );
        if self.no_server.1 > 0 {
            line(
                "tool calls",
                format!(
                    "skipped: no MCP server is exposed ({} tools)",
                    self.no_server.1
                ),
            );
        } else if !sandbox {
            line(
                "tool calls right",
                format!("{} of {}", self.tools.0, self.tools.1),
            );
        }
        line("calls right", format!("{:.2} %", self.percent_right()));
        line(
            "broken units refused",
            self.refused.values().sum::<usize>().to_string(),
        );
        line(
            "units refused where that is open",
            self.doubtful.to_string(),
        );
        line("units not judged", self.unjudged.to_string());
        line(
            "sound units of documents that do not serve",
            self.not_served.to_string(),
        );
        line(
            "broken units served",
            self.served_though_broken
                .iter()
                .map(|group| group.calls)
                .sum::<usize>()
                .to_string(),
        );
        counts(
            &mut out,
            "broken units refused, by the oracle's reason",
            &self.refused,
        );
        counts(
            &mut out,
            "documents that do not serve whole, by their first error",
            &self.findings,
        );
        list(
            &mut out,
            "sound, says the oracle, but refused",
            &self.sound_but_refused,
            examples * 4,
        );
        groups(
            &mut out,
            "broken units served, by the oracle's reason",
            &self.served_though_broken,
            examples,
        );
        groups(
            &mut out,
            "wrong calls, by what differs",
            &self.groups,
            examples,
        );
        list(&mut out, "trouble", &self.trouble, usize::MAX);
        out.push('\n');
        out
    }
}

/// The first difference without its names and values, so that equal defects meet.
fn shape(lines: &[String]) -> String {
    let first = lines.first().map_or("", String::as_str);
    // A code is what a refusal is about.
    if let Some(code) = first
        .strip_prefix("refused: [")
        .and_then(|rest| rest.split(']').next())
    {
        return format!("refused: {code}");
    }
    let bare: String = first.split('`').step_by(2).collect::<Vec<_>>().join("`…`");
    // What the caller got in place of the upstream's answer is worth its status only.
    let short: String = match bare.split_once("the caller got ") {
        Some((before, after)) => format!(
            "{before}the caller got {}",
            after.chars().take(3).collect::<String>()
        ),
        None => bare,
    };
    super::calls::brief(&short)
}

fn counts(out: &mut String, title: &str, counts: &BTreeMap<String, usize>) {
    if counts.is_empty() {
        return;
    }
    let _ = writeln!(out, "\n{title}");
    let mut sorted: Vec<_> = counts.iter().collect();
    sorted.sort_by_key(|(_, count)| std::cmp::Reverse(**count));
    for (what, count) in sorted {
        let _ = writeln!(out, "  {count:>6}  {what}");
    }
}

fn list(out: &mut String, title: &str, lines: &[String], most: usize) {
    if lines.is_empty() {
        return;
    }
    let _ = writeln!(out, "\n{title}: {}", lines.len());
    for line in lines.iter().take(most) {
        let _ = writeln!(out, "  {}", super::calls::brief(line));
    }
    if lines.len() > most {
        let _ = writeln!(out, "  … and {} more", lines.len() - most);
    }
}

fn groups(out: &mut String, title: &str, groups: &[Group], examples: usize) {
    if groups.is_empty() {
        return;
    }
    let _ = writeln!(out, "\n{title} (calls, documents)");
    for group in groups {
        let _ = writeln!(
            out,
            "  {:>6} {:>4}  {}",
            group.calls, group.documents, group.what
        );
        for example in group.examples.iter().take(examples) {
            let _ = writeln!(out, "                 {}", super::calls::brief(example));
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn report(outcomes: Vec<(bool, Outcome)>) -> Report {
        let unit = |(tool, outcome)| Unit {
            name: "GET /a".to_owned(),
            tool,
            inputs: "all",
            outcome,
        };
        Report {
            name: "d.yaml".to_owned(),
            kind: "exposes",
            serves_partly: true,
            units: outcomes.into_iter().map(unit).collect(),
            ..Report::default()
        }
    }

    #[test]
    fn a_document_is_whole_when_every_rest_operation_is_right() {
        let wrong = || Outcome::Wrong(vec!["method: expected GET, got PUT".to_owned()]);
        for (outcomes, whole) in [
            (
                vec![
                    (false, Outcome::Right),
                    (false, Outcome::Refused("x".to_owned())),
                ],
                1,
            ),
            (vec![(false, Outcome::Right), (false, wrong())], 0),
            (vec![(false, Outcome::Right), (true, wrong())], 1),
            (vec![(false, Outcome::Refused("x".to_owned()))], 0),
            (vec![], 0),
        ] {
            assert_eq!(Tally::of(&[report(outcomes)]).whole, whole);
        }
    }

    #[test]
    fn tools_are_skipped_until_one_is_served() {
        let skipped = Tally::of(&[report(vec![(true, Outcome::NoServer)])]);
        assert_eq!((skipped.tools, skipped.no_server.1), ((0, 0), 1));
        let served = Tally::of(&[report(vec![
            (true, Outcome::NoServer),
            (true, Outcome::Right),
        ])]);
        assert_eq!((served.tools, served.no_server.1), ((1, 2), 0));
        assert!((served.percent_right() - 50.0).abs() < 1e-9);
    }

    #[test]
    fn equal_defects_meet() {
        let one = |text: &str| shape(&[text.to_owned()]);
        assert_eq!(
            one("query `a`: expected `1`, missing"),
            one("query `b`: expected `2`, missing")
        );
        assert_eq!(one("refused: [unknown-key] `x`"), "refused: unknown-key");
        assert_eq!(
            one("no request reached the upstream; the caller got 400 {\"a\"}"),
            "no request reached the upstream; the caller got 400"
        );
    }
}
