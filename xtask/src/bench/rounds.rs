//! Rounds: every server in turn, again and again, so that what the machine does meanwhile falls on all of them.

use std::time::Duration;

use serde::{Deserialize, Serialize};
use serde_json::json;

use super::pin::Pin;
use super::programs::Programs;
use super::subject::{Running, Subject};

/// How long and how often.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Pace {
    pub(crate) rounds: usize,
    pub(crate) warm_up: Duration,
    pub(crate) measured: Duration,
}

/// What the load says of one server in one round; `tests/bench/src/load.rs` has the units.
#[derive(Clone, Copy, Debug, Deserialize, Serialize)]
pub(crate) struct Measured {
    pub(crate) requests: usize,
    pub(crate) seconds: f64,
    pub(crate) p50_us: f64,
    pub(crate) p99_us: f64,
    pub(crate) cpu_us: f64,
}

impl Measured {
    #[allow(clippy::cast_precision_loss, reason = "nobody reads the last digits")]
    pub(crate) fn per_second(&self) -> f64 {
        self.requests as f64 / self.seconds
    }
}

/// All rounds of one server.
#[derive(Clone, Debug)]
pub(crate) struct Series {
    pub(crate) name: String,
    pub(crate) rounds: Vec<Measured>,
    pub(crate) peak_mb: f64,
}

impl Series {
    pub(crate) fn median(&self, of: impl Fn(&Measured) -> f64) -> f64 {
        median(self.rounds.iter().map(of).collect())
    }

    /// The median of the ratios of each round to the same round of `other`.
    pub(crate) fn ratio(&self, other: &Series, of: impl Fn(&Measured) -> f64) -> f64 {
        median(self.ratios(other, of).collect())
    }

    /// How the answers a second compare: a word, for where no target says what they have to be.
    pub(crate) fn compared(&self, other: &Series) -> &'static str {
        let ratio = self.ratio(other, Measured::per_second);
        let on_one_side = |ahead: bool| {
            self.ratios(other, Measured::per_second)
                .all(|ratio| (ratio > 1.0) == ahead)
        };
        // What rounds disagree on is noise, and so is little.
        if ratio > 1.05 && on_one_side(true) {
            "ahead"
        } else if ratio < 0.95 && on_one_side(false) {
            "behind"
        } else {
            "level"
        }
    }

    fn ratios(&self, other: &Series, of: impl Fn(&Measured) -> f64) -> impl Iterator<Item = f64> {
        let pairs = self.rounds.iter().zip(&other.rounds);
        pairs.map(move |(one, two)| of(one) / of(two))
    }
}

pub(crate) fn median(mut values: Vec<f64>) -> f64 {
    values.sort_by(f64::total_cmp);
    let middle = values.len() / 2;
    match (values.get(middle), values.len() % 2) {
        (Some(one), 1) => *one,
        (Some(high), _) => values
            .get(middle.wrapping_sub(1))
            .map_or(*high, |low| f64::midpoint(*low, *high)),
        (None, _) => f64::NAN,
    }
}

/// Measures `subjects` with so many connections each.
///
/// # Errors
/// A sentence, when a server does not start or an answer is wrong.
pub(crate) fn measure(
    programs: &Programs,
    pin: Pin,
    pace: Pace,
    subjects: &[Subject],
    connections: usize,
) -> Result<Vec<Series>, String> {
    let mut all = Vec::new();
    for subject in subjects {
        let series = Series {
            name: subject.name.clone(),
            rounds: Vec::new(),
            peak_mb: 0.0,
        };
        all.push((subject, subject.start(pin)?, series));
    }
    for _ in 0..pace.rounds {
        for (subject, running, series) in &mut all {
            let measured = one(programs, pin, pace, subject, running, connections)
                .map_err(|problem| format!("{}: {problem}", subject.name))?;
            series.rounds.push(measured);
        }
        // Who comes first differs from round to round.
        all.rotate_left(1);
    }
    let mut done: Vec<Series> = all
        .into_iter()
        .map(|(_, running, series)| Series {
            peak_mb: running.peak_mb(),
            ..series
        })
        .collect();
    done.sort_by_key(|series| subjects.iter().position(|one| one.name == series.name));
    Ok(done)
}

fn one(
    programs: &Programs,
    pin: Pin,
    pace: Pace,
    subject: &Subject,
    running: &Running,
    connections: usize,
) -> Result<Measured, String> {
    let call = subject.call.bytes(running.address);
    let order = json!({
        "address": running.address,
        "connections": connections,
        "warm_up_ms": pace.warm_up.as_millis(),
        "measured_ms": pace.measured.as_millis(),
        "process": running.process(),
        "setup": call.setup,
        "request": call.request,
        "expected": call.expected,
    });
    let output = programs
        .load(pin, &order.to_string())
        .output()
        .map_err(|error| format!("the load cannot be started: {error}"))?;
    if !output.status.success() {
        return Err(String::from_utf8_lossy(&output.stderr).trim().to_owned());
    }
    serde_json::from_slice(&output.stdout).map_err(|error| error.to_string())
}

#[cfg(test)]
mod tests {
    use super::{Measured, Series, median};

    #[test]
    #[allow(clippy::float_cmp, reason = "these are exact")]
    fn a_median_is_the_middle() {
        assert_eq!(median(vec![3.0, 1.0, 2.0]), 2.0);
        assert_eq!(median(vec![4.0, 1.0, 2.0, 3.0]), 2.5);
        assert!(median(vec![]).is_nan());
    }

    #[test]
    #[allow(clippy::float_cmp, reason = "these are exact")]
    fn ratios_are_taken_within_rounds() {
        let series = |rates: &[usize]| Series {
            name: String::new(),
            rounds: rates
                .iter()
                .map(|&requests| Measured {
                    requests,
                    seconds: 1.0,
                    p50_us: 0.0,
                    p99_us: 0.0,
                    cpu_us: 0.0,
                })
                .collect(),
            peak_mb: 0.0,
        };
        // The machine was four times slower in the second round; the ratio of medians would be 0.8.
        let ratio = series(&[80, 20, 80]).ratio(&series(&[100, 40, 100]), Measured::per_second);
        assert_eq!(ratio, 0.8);
        assert_eq!(
            series(&[80, 20, 80]).compared(&series(&[100, 40, 100])),
            "behind"
        );
        assert_eq!(
            series(&[200, 50, 200]).compared(&series(&[100, 40, 100])),
            "ahead"
        );
        assert_eq!(
            series(&[80, 20, 120]).compared(&series(&[100, 40, 100])),
            "level"
        );
        assert_eq!(
            series(&[98, 98, 98]).compared(&series(&[100, 100, 100])),
            "level"
        );
        let ratio = series(&[50, 20, 80]).ratio(&series(&[100, 40, 100]), Measured::per_second);
        assert_eq!(ratio, 0.5);
    }
}
