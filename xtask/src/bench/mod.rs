//! `cargo xtask bench`: naftiko beside what somebody would write, or install, instead.
//!
//! Everything runs on this machine in one run, in rounds: every server in turn, again and again. A speed is said as a
//! ratio to a neighbour's in the same round, for absolute figures say more about the machine than about a server.

mod call;
mod cases;
mod machine;
mod nginx;
mod page;
mod peers;
mod pin;
mod programs;
mod report;
mod rounds;
mod start;
mod subject;

use std::path::PathBuf;
use std::time::{Duration, Instant};

use clap::Args;

use crate::project;

use call::Call;
use page::Page;
use peers::Peer;
use pin::Pin;
use programs::Programs;
use report::{COLUMNS, Table, Verdict};
use rounds::{Measured, Pace};
use subject::Subject;

#[derive(Debug, Args)]
pub(crate) struct Options {
    /// Take less than three minutes after building, and judge right answers and gross regressions only
    #[arg(long)]
    quick: bool,
    /// Add FastMCP, MCP Toolbox and the reference engine, installed below `target/`
    #[arg(long)]
    peers: bool,
    /// Write the page there instead of `docs/benchmarks.md`; a quick run writes it below `target/`
    #[arg(long, value_name = "FILE")]
    out: Option<PathBuf>,
}

/// Connections, where their number is not what is varied.
const CONNECTIONS: usize = 16;

/// Runs it; whether every target is met, or in a quick run none is far off.
///
/// # Errors
/// A sentence, when a server does not start or answers wrongly.
pub(crate) fn run(options: &Options) -> Result<bool, String> {
    let programs = Programs::build()?;
    // Only after building: that may take longer than all the rest.
    let begun = Instant::now();
    let pin = Pin::possible();
    let running = programs.upstream(pin)?;
    let upstream = format!("http://{}", running.address);
    let (peers, absent) = if options.peers {
        installed(&upstream)
    } else {
        (Vec::new(), Vec::new())
    };
    let bench = Bench {
        programs,
        pin,
        upstream,
        quick: options.quick,
    };
    let mut page = Page::new(options.quick, pin, &peers, absent);
    bench.cases(&peers, &mut page)?;
    bench.start(&mut page)?;
    bench.routes(&mut page)?;
    bench.connections(&mut page)?;
    let verdicts = report::verdicts(&page.verdicts);
    println!("{}", verdicts.plain());
    page.write(&options.file(), begun.elapsed())?;
    let failed = |verdict: &&Verdict| {
        if options.quick {
            verdict.far_off
        } else {
            !verdict.met
        }
    };
    let failed = page.verdicts.iter().filter(failed).count();
    println!(
        "{} of {} targets {}; {}; {:.0} s",
        page.verdicts.len() - failed,
        page.verdicts.len(),
        if options.quick {
            "are met or nearly so"
        } else {
            "are met"
        },
        project::shown(&options.file()),
        begun.elapsed().as_secs_f64(),
    );
    Ok(failed == 0)
}

impl Options {
    fn file(&self) -> PathBuf {
        match &self.out {
            Some(file) => file.clone(),
            None if self.quick => project::target().join("bench/benchmarks.md"),
            None => project::root().join("docs/benchmarks.md"),
        }
    }
}

fn installed(upstream: &str) -> (Vec<Peer>, Vec<String>) {
    let (mut there, mut absent) = (Vec::new(), Vec::new());
    for (name, peer) in peers::prepare(&project::target().join("bench-peers"), upstream) {
        match peer {
            Ok(peer) => there.push(peer),
            Err(problem) => {
                println!("{name} is not there: {problem}");
                absent.push(format!("{name} was not there: {problem}"));
            }
        }
    }
    (there, absent)
}

/// What all measurements have in common.
struct Bench {
    programs: Programs,
    pin: Pin,
    upstream: String,
    quick: bool,
}

impl Bench {
    /// So many rounds, of which a quick run takes fewer and shorter ones.
    fn pace(&self, rounds: usize) -> Pace {
        let (rounds, warm_up, measured) = if self.quick {
            (2, 100, 400)
        } else {
            (rounds, 400, 1500)
        };
        Pace {
            rounds,
            warm_up: Duration::from_millis(warm_up),
            measured: Duration::from_millis(measured),
        }
    }

    fn measure(
        &self,
        subjects: &[Subject],
        rounds: usize,
        connections: usize,
    ) -> Result<Vec<rounds::Series>, String> {
        rounds::measure(
            &self.programs,
            self.pin,
            self.pace(rounds),
            subjects,
            connections,
        )
    }

    fn cases(&self, peers: &[Peer], page: &mut Page) -> Result<(), String> {
        for case in cases::all(&self.programs, &self.upstream, peers)? {
            let series = self.measure(&case.subjects, 7, CONNECTIONS)?;
            let (rows, verdicts) = report::judge(&case.title, &series, &case.targets);
            page.add(
                Table {
                    title: case.title,
                    about: case.about.to_owned(),
                    head: COLUMNS.to_vec(),
                    rows,
                },
                verdicts,
            );
        }
        Ok(())
    }

    fn start(&self, page: &mut Page) -> Result<(), String> {
        let rounds = if self.quick { 5 } else { 21 };
        let item = Call::item("/items/7");
        let subjects = [
            self.programs.naftiko_rest(&self.upstream, item.clone()),
            self.programs.hello(),
            self.programs.proxy(&self.upstream, item),
        ];
        let (table, verdicts) = start::judge(&start::measure(self.pin, rounds, &subjects)?);
        page.add(table, verdicts);
        Ok(())
    }

    fn routes(&self, page: &mut Page) -> Result<(), String> {
        let subjects =
            [1, 10, 100, 1000].map(|count| cases::routes(&self.programs, &self.upstream, count));
        let subjects = subjects.into_iter().collect::<Result<Vec<_>, _>>()?;
        let series = self.measure(&subjects, 5, CONNECTIONS)?;
        let rounds = if self.quick { 2 } else { 9 };
        let started = start::measure(self.pin, rounds, &subjects)?;
        let Some(one) = series.first() else {
            return Ok(());
        };
        let rows = series.iter().zip(started).map(|(series, started)| {
            vec![
                series.name.clone(),
                format!("{:.0}", series.median(Measured::per_second)),
                format!("{:.2}", series.ratio(one, Measured::per_second)),
                format!("{:.1}", series.median(|round| round.cpu_us)),
                format!("{:.1}", started.ms),
                format!("{:.1}", started.idle_mb),
                series.compared(one).to_owned(),
            ]
        });
        let table = Table {
            title: "Operations in one document".to_owned(),
            about: "naftiko, 2 KB passed through; the last operation of the document is called."
                .to_owned(),
            head: vec![
                "Document",
                "answers/s",
                "to one operation",
                "CPU µs/answer",
                "start ms",
                "idle MB",
                "verdict",
            ],
            rows: rows.collect(),
        };
        page.add(table, Vec::new());
        Ok(())
    }

    fn connections(&self, page: &mut Page) -> Result<(), String> {
        let item = || Call::item("/items/7");
        let counts: &[usize] = if self.quick {
            &[1, 64, 1024]
        } else {
            &[1, 4, 16, 64, 256, 1024]
        };
        let mut rows = Vec::new();
        for &count in counts {
            let mut subjects = vec![
                self.programs.naftiko_rest(&self.upstream, item()),
                self.programs.proxy(&self.upstream, item()),
            ];
            subjects.extend(nginx::subject(&self.upstream, item())?);
            let series = self.measure(&subjects, 3, count)?;
            let (judged, _) = report::judge("", &series, &[]);
            rows.extend(judged.into_iter().map(|mut row| {
                row.insert(0, count.to_string());
                row
            }));
        }
        let mut head = vec!["Connections"];
        head.extend(COLUMNS);
        let table = Table {
            title: "Connections".to_owned(),
            about: "2 KB passed through, each connection with one call at a time. Past what one core serves at a time calls wait \
                    for their turn: that is most of p50 and p99 in the last rows."
                .to_owned(),
            head,
            rows,
        };
        page.add(table, Vec::new());
        Ok(())
    }
}
