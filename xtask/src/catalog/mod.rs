//! `cargo xtask catalog FOLDER`: starts every document of a folder with the real program and judges every call.
//!
//! The oracle (`tests/oracle`), which shares no code with the engine, says how a unit is called, what the upstream
//! must see and what the caller must get. Without `--sandbox` the upstream is an echo that records each request in
//! full; with it, the program's own sandbox answers and its log tells what it saw.

mod calls;
mod client;
#[cfg(test)]
mod defects;
mod judge;
mod mcp;
mod page;
mod process;
mod sandbox;
mod tally;
mod verdict;

use std::io::{IsTerminal as _, Write as _};
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::time::Instant;

use clap::Args;

use crate::{binary, project};
use tally::Tally;
use verdict::Report;

/// What is judged, how, and what must come of it.
#[derive(Debug, Args)]
pub(crate) struct Options {
    /// A folder with documents, or one document
    folder: PathBuf,
    /// Let the program's sandbox answer instead of an echo, and call REST operations only
    #[arg(long)]
    sandbox: bool,
    /// How many documents at a time
    #[arg(long, value_name = "N")]
    jobs: Option<usize>,
    /// Only documents whose name contains NAME
    #[arg(long, value_name = "NAME")]
    only: Option<String>,
    /// Write everything as JSON
    #[arg(long, value_name = "FILE")]
    json: Option<PathBuf>,
    /// Write `docs/catalog.md`
    #[arg(long, conflicts_with = "sandbox")]
    write_docs: bool,
    /// How many examples are shown of each kind of wrong call
    #[arg(long, value_name = "N", default_value_t = 3)]
    examples: usize,
    /// Judge this program instead of one built now
    #[arg(long, value_name = "FILE")]
    binary: Option<PathBuf>,
    #[command(flatten)]
    targets: Targets,
}

/// Figures that must be reached.
#[derive(Debug, Args)]
#[allow(clippy::struct_field_names, reason = "the options are called so")]
#[command(next_help_heading = "Targets (exit code 1 below)")]
pub(crate) struct Targets {
    /// Documents that serve with every REST operation right
    #[arg(long, value_name = "N")]
    min_whole: Option<usize>,
    /// Documents that serve without --allow-partial
    #[arg(long, value_name = "N")]
    min_served: Option<usize>,
    /// Documents that serve with --allow-partial
    #[arg(long, value_name = "N")]
    min_served_partly: Option<usize>,
    /// Percent of the calls of what is served that are right
    #[arg(long, value_name = "PERCENT")]
    min_right: Option<f64>,
}

/// Judges the documents, prints the figures, and says whether the targets are reached.
pub(crate) fn run(options: &Options) -> Result<bool, String> {
    let all = documents(&options.folder);
    let documents: Vec<(PathBuf, String)> = all
        .into_iter()
        .filter(|(_, name)| {
            options
                .only
                .as_ref()
                .is_none_or(|part| name.contains(part.as_str()))
        })
        .collect();
    if documents.is_empty() {
        return Err(format!(
            "{} has no documents of that name",
            options.folder.display()
        ));
    }
    let program = match &options.binary {
        Some(path) => path.clone(),
        None => binary::find(true)?,
    };
    let begun = Instant::now();
    let runtime = tokio::runtime::Builder::new_multi_thread()
        .enable_all()
        .build()
        .map_err(|error| format!("no runtime: {error}"))?;
    let reports = runtime.block_on(judge_all(options, &program, documents));
    let tally = Tally::of(&reports);
    print!("{}", tally.table(options.sandbox, options.examples));
    println!(
        "{} documents in {:.1} s",
        reports.len(),
        begun.elapsed().as_secs_f64()
    );
    if let Some(file) = &options.json {
        let text = serde_json::to_string_pretty(
            &serde_json::json!({"figures": tally, "documents": reports}),
        );
        let text = text.map_err(|error| error.to_string())?;
        std::fs::write(file, text).map_err(|error| format!("{}: {error}", file.display()))?;
    }
    if options.write_docs {
        let file = project::root().join("docs/catalog.md");
        std::fs::write(&file, page::page(&tally, &reports))
            .map_err(|error| format!("{}: {error}", file.display()))?;
        println!("wrote {}", project::shown(&file));
    }
    Ok(targets_reached(&options.targets, &tally))
}

/// The documents below a folder, with the names that reports give them.
fn documents(folder: &Path) -> Vec<(PathBuf, String)> {
    if folder.is_file() {
        let name = folder
            .file_name()
            .map(|name| name.to_string_lossy().into_owned());
        return vec![(folder.to_owned(), name.unwrap_or_default())];
    }
    let named = |path: PathBuf| {
        let name = path
            .strip_prefix(folder)
            .unwrap_or(&path)
            .display()
            .to_string();
        (path, name)
    };
    naftiko_oracle::files(folder, true)
        .into_iter()
        .map(named)
        .collect()
}

async fn judge_all(
    options: &Options,
    program: &Path,
    documents: Vec<(PathBuf, String)>,
) -> Vec<Report> {
    let cores = std::thread::available_parallelism().map_or(2, usize::from);
    let jobs = Arc::new(tokio::sync::Semaphore::new(
        options.jobs.unwrap_or(cores * 2).max(1),
    ));
    let total = documents.len();
    let mut tasks = tokio::task::JoinSet::new();
    for (path, name) in documents {
        let (jobs, program, in_sandbox) = (Arc::clone(&jobs), program.to_owned(), options.sandbox);
        tasks.spawn(async move {
            let _turn = jobs.acquire().await;
            if in_sandbox {
                sandbox::judge(&program, &path, name).await
            } else {
                judge::judge(&program, &path, name).await
            }
        });
    }
    let shows = std::io::stderr().is_terminal();
    let mut reports = Vec::new();
    while let Some(done) = tasks.join_next().await {
        match done {
            Ok(report) => {
                if shows {
                    let mut out = std::io::stderr().lock();
                    let _ = write!(
                        out,
                        "\r\x1b[2K{}/{total} {}",
                        reports.len() + 1,
                        report.name
                    );
                }
                reports.push(report);
            }
            Err(error) => reports.push(Report {
                trouble: vec![error.to_string()],
                ..Report::default()
            }),
        }
    }
    if shows {
        eprint!("\r\x1b[2K");
    }
    reports.sort_by(|left, right| left.name.cmp(&right.name));
    reports
}

fn targets_reached(targets: &Targets, tally: &Tally) -> bool {
    let mut fine = true;
    let mut check = |what: &str, got: f64, wanted: Option<f64>| {
        if let Some(wanted) = wanted {
            let reached = got >= wanted;
            println!(
                "target {}: {what} {got}, wanted at least {wanted}",
                if reached { "reached" } else { "MISSED" }
            );
            fine &= reached;
        }
    };
    let count = |count: usize| u32::try_from(count).map_or(f64::INFINITY, f64::from);
    check("whole", count(tally.whole), targets.min_whole.map(count));
    check("served", count(tally.served), targets.min_served.map(count));
    check(
        "served with --allow-partial",
        count(tally.served_partly),
        targets.min_served_partly.map(count),
    );
    check("percent right", tally.percent_right(), targets.min_right);
    if !tally.trouble.is_empty() {
        println!("target MISSED: no trouble, got {}", tally.trouble.len());
        fine = false;
    }
    fine
}
