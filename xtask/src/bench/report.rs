//! What was measured, as tables with a verdict a row.

use std::fmt::Write as _;

use super::CONNECTIONS;
use super::rounds::{Measured, Series};

/// What a case has to reach.
#[derive(Clone, Copy, Debug)]
pub(crate) enum Target {
    /// Answers a second, as a share of the other's.
    Throughput { of: &'static str, at_least: f64 },
    /// Processor time for an answer, as a multiple of the other's.
    Cpu { of: &'static str, at_most: f64 },
}

/// A target and what came of it.
#[derive(Clone, Debug)]
pub(crate) struct Verdict {
    pub(crate) what: String,
    pub(crate) target: String,
    pub(crate) measured: String,
    pub(crate) met: bool,
    /// Missed by so much that the machine's noise is no excuse.
    pub(crate) far_off: bool,
}

/// One table of the page.
#[derive(Clone, Debug)]
pub(crate) struct Table {
    pub(crate) title: String,
    pub(crate) about: String,
    pub(crate) head: Vec<&'static str>,
    pub(crate) rows: Vec<Vec<String>>,
}

impl Table {
    /// As Markdown.
    pub(crate) fn markdown(&self) -> String {
        let mut text = format!("## {}\n\n{}\n\n", self.title, self.about);
        text.push_str(&format!("| {} |\n|", self.head.join(" | ")));
        for index in 0..self.head.len() {
            text.push_str(if index == 0 { "---|" } else { "---:|" });
        }
        for row in &self.rows {
            text.push_str(&format!("\n| {} |", row.join(" | ")));
        }
        text.push('\n');
        text
    }

    /// For a terminal: columns as wide as they need.
    pub(crate) fn plain(&self) -> String {
        let rows = std::iter::once(self.head.iter().map(|&cell| cell.to_owned()).collect())
            .chain(self.rows.iter().cloned())
            .collect::<Vec<Vec<String>>>();
        let width = |column: usize| {
            let cells = rows.iter().filter_map(|row| row.get(column));
            cells.map(|cell| cell.chars().count()).max().unwrap_or(0)
        };
        let widths: Vec<usize> = (0..self.head.len()).map(width).collect();
        let mut text = format!("\n{}\n", self.title);
        for row in &rows {
            for (index, (cell, width)) in row.iter().zip(&widths).enumerate() {
                // Writing to a string cannot fail.
                let _ = if index == 0 {
                    write!(text, "  {cell:width$}")
                } else {
                    write!(text, "  {cell:>width$}")
                };
            }
            text.push('\n');
        }
        text
    }
}

/// The columns of a case.
pub(crate) const COLUMNS: [&str; 9] = [
    "Server",
    "answers/s",
    "p50 ms",
    "p99 ms",
    "CPU µs/answer",
    "peak MB",
    "naftiko's answers/s to it",
    "naftiko's CPU to it",
    "verdict",
];

/// The rows of a case, the first of which is ours, and its verdicts.
pub(crate) fn judge(
    title: &str,
    series: &[Series],
    targets: &[Target],
) -> (Vec<Vec<String>>, Vec<Verdict>) {
    let Some(ours) = series.first() else {
        return (Vec::new(), Vec::new());
    };
    let mut verdicts = Vec::new();
    let mut rows = Vec::new();
    for (index, other) in series.iter().enumerate() {
        let rate = ours.ratio(other, Measured::per_second);
        let cpu = ours.ratio(other, |round| round.cpu_us);
        let own: Vec<Verdict> = targets
            .iter()
            .filter_map(|target| target.verdict(title, &other.name, rate, cpu))
            .collect();
        let word = match (own.is_empty(), own.iter().all(|verdict| verdict.met)) {
            (true, _) if index == 0 => "",
            (true, _) => ours.compared(other),
            (_, true) => "met",
            (_, false) => "MISSED",
        };
        let compared = |ratio: f64| {
            if index == 0 {
                String::new()
            } else {
                format!("{ratio:.2}")
            }
        };
        rows.push(vec![
            other.name.clone(),
            format!("{:.0}", other.median(Measured::per_second)),
            format!("{:.2}", other.median(|round| round.p50_us) / 1000.0),
            format!("{:.2}", other.median(|round| round.p99_us) / 1000.0),
            format!("{:.1}", other.median(|round| round.cpu_us)),
            format!("{:.1}", other.peak_mb),
            compared(rate),
            compared(cpu),
            word.to_owned(),
        ]);
        verdicts.extend(own);
    }
    (rows, verdicts)
}

impl Target {
    /// The verdict on the comparison with `name`, if the target is about that one.
    fn verdict(self, title: &str, name: &str, rate: f64, cpu: f64) -> Option<Verdict> {
        match self {
            Target::Throughput { of, at_least } if of == name => Some(Verdict {
                what: format!("{title}: answers/s to {of}"),
                target: format!("at least {at_least:.2}"),
                measured: format!("{rate:.2}"),
                met: rate >= at_least,
                far_off: rate < at_least / 2.0,
            }),
            Target::Cpu { of, at_most } if of == name => Some(Verdict {
                what: format!("{title}: CPU to {of}"),
                target: format!("at most {at_most:.2}"),
                measured: format!("{cpu:.2}"),
                met: cpu <= at_most,
                far_off: cpu > at_most * 2.0,
            }),
            _ => None,
        }
    }
}

/// All verdicts.
pub(crate) fn verdicts(all: &[Verdict]) -> Table {
    let rows = all.iter().map(|verdict| {
        vec![
            verdict.what.clone(),
            verdict.target.clone(),
            verdict.measured.clone(),
            if verdict.met { "met" } else { "MISSED" }.to_owned(),
        ]
    });
    Table {
        title: "Verdicts".to_owned(),
        about: format!(
            "What we set ourselves with {CONNECTIONS} connections, and what this run says of it."
        ),
        head: vec!["What", "target", "measured", "verdict"],
        rows: rows.collect(),
    }
}

#[cfg(test)]
mod tests {
    use super::{Series, Target, judge};
    use crate::bench::rounds::Measured;

    fn series(name: &str, requests: usize, cpu_us: f64) -> Series {
        let round = Measured {
            requests,
            seconds: 1.0,
            p50_us: 1.0,
            p99_us: 2.0,
            cpu_us,
        };
        Series {
            name: name.to_owned(),
            rounds: vec![round; 3],
            peak_mb: 1.0,
        }
    }

    #[test]
    fn a_target_is_held_against_the_server_that_it_names() {
        let targets = [
            Target::Throughput {
                of: "other",
                at_least: 0.8,
            },
            Target::Cpu {
                of: "other",
                at_most: 1.35,
            },
        ];
        let all = [
            series("ours", 79, 13.0),
            series("other", 100, 10.0),
            series("third", 1, 1.0),
        ];
        let (rows, verdicts) = judge("case", &all, &targets);
        let words: Vec<&str> = rows
            .iter()
            .filter_map(|row| row.last())
            .map(String::as_str)
            .collect();
        assert_eq!(words, ["", "MISSED", "ahead"]);
        let met: Vec<bool> = verdicts.iter().map(|verdict| verdict.met).collect();
        assert_eq!(met, [false, true]);
        assert!(verdicts.iter().all(|verdict| !verdict.far_off));
    }
}
