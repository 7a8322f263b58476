//! One document against the echo: every operation and tool, request and answer compared in full.

use std::path::Path;

use naftiko_oracle::{Case, Document, Echo, Fill, Outcome as Expectation, Verdict, load};

use super::calls::Doors;
use super::process::{Refusal, Running};
use super::verdict::{Finding, Outcome, Report, Unit};

/// Judges one document.
pub(super) async fn judge(binary: &Path, path: &Path, name: String) -> Report {
    let document = load(path);
    let mut report = begin(&document, name);
    let namespaces: Vec<String> = document
        .upstreams
        .iter()
        .map(|upstream| upstream.namespace.clone())
        .collect();
    let echo = match Echo::start(&namespaces).await {
        Ok(echo) => echo,
        Err(error) => {
            report
                .trouble
                .push(format!("the echo cannot be started: {error}"));
            return report;
        }
    };
    let upstreams: Vec<(String, String)> = namespaces
        .into_iter()
        .filter_map(|name| echo.upstream(&name).map(|url| (name, url)))
        .collect();
    let mut started = start(binary, &document, &upstreams, &[]).await;
    report.serves = started.is_ok();
    if let Err(refusal) = &started {
        note_panic(&refusal.said, &mut report.trouble);
        report.findings = findings(binary, path).await;
        if report.findings.is_empty() {
            report.findings.push(told(refusal));
        }
        started = start(binary, &document, &upstreams, &["--allow-partial"]).await;
    }
    report.serves_partly = started.is_ok();
    match started {
        Ok(mut running) => {
            call_all(&document, &echo, &mut running, &mut report).await;
            if !running.is_alive() {
                report.trouble.push("the program ended".to_owned());
            }
            let said: Vec<String> = running.said().map(str::to_owned).collect();
            note_panic(&said, &mut report.trouble);
            running.stop().await;
        }
        Err(refusal) => {
            note_panic(&refusal.said, &mut report.trouble);
            if refusal.exit.is_none_or(|exit| exit > 4) {
                report.trouble.push(format!(
                    "ended with {:?}: {}",
                    refusal.exit,
                    last(&refusal.said)
                ));
            }
            for case in document.cases(Fill::All) {
                let outcome = match case.outcome {
                    Expectation::Broken(reason) => Outcome::Refused(reason.code.to_owned()),
                    _ if !case.doubts.is_empty() => Outcome::Doubtful("not served".to_owned()),
                    _ => Outcome::NotServed,
                };
                report
                    .units
                    .push(unit(&case.name, case.route.as_deref(), "all", outcome));
            }
        }
    }
    report
}

/// What the oracle says of a document before anything runs.
pub(super) fn begin(document: &Document, name: String) -> Report {
    let kind = match document.verdict {
        Verdict::Unreadable(_) => "no YAML",
        Verdict::NotACapability => "no capability",
        Verdict::ExposesNothing => "exposes nothing",
        Verdict::Exposes => "exposes",
    };
    Report {
        name,
        kind,
        sound: kind == "exposes" && document.units_are_sound(),
        ..Report::default()
    }
}

/// A line for one unit.
pub(super) fn unit(
    name: &str,
    route: Option<&str>,
    inputs: &'static str,
    outcome: Outcome,
) -> Unit {
    let shown = route.map_or_else(|| format!("tool {name}"), str::to_owned);
    Unit {
        name: shown,
        tool: route.is_none(),
        inputs,
        outcome,
    }
}

async fn start(
    binary: &Path,
    document: &Document,
    upstreams: &[(String, String)],
    more: &[&str],
) -> Result<Running, Refusal> {
    let mut left = upstreams.to_vec();
    loop {
        let mut options: Vec<String> = more.iter().map(|option| (*option).to_owned()).collect();
        for (namespace, url) in &left {
            options.extend(["--upstream".to_owned(), format!("{namespace}={url}")]);
        }
        let result = Running::start(binary, &document.path, &options, &document.variables).await;
        // A client that is broken beyond use has no upstream to be replaced; the option is refused by its name.
        let Err(refusal) = &result else { return result };
        let named = |namespace: &str| {
            let words = format!("--upstream names `{namespace}`");
            refusal.exit == Some(2) && refusal.said.iter().any(|line| line.contains(&words))
        };
        let before = left.len();
        left.retain(|(namespace, _)| !named(namespace));
        if left.len() == before {
            return result;
        }
    }
}

/// The errors that `naftiko validate` reports.
pub(super) async fn findings(binary: &Path, path: &Path) -> Vec<Finding> {
    let output = tokio::process::Command::new(binary)
        .arg("validate")
        .arg(path)
        .args(["--format", "json"])
        .env_clear()
        .stdin(std::process::Stdio::null())
        .kill_on_drop(true)
        .output()
        .await;
    let Ok(output) = output else {
        return Vec::new();
    };
    let list: Vec<serde_json::Value> = serde_json::from_slice(&output.stdout).unwrap_or_default();
    let text = |finding: &serde_json::Value, key: &str| {
        finding
            .get(key)
            .and_then(serde_json::Value::as_str)
            .unwrap_or_default()
            .to_owned()
    };
    list.iter()
        .filter(|finding| text(finding, "severity") == "error")
        .map(|finding| Finding {
            code: text(finding, "code"),
            message: text(finding, "message"),
        })
        .collect()
}

/// How a program ended that reports no error in the document.
pub(super) fn told(refusal: &Refusal) -> Finding {
    let code = refusal
        .exit
        .map_or_else(|| "no exit".to_owned(), |exit| format!("exit {exit}"));
    Finding {
        code,
        message: last(&refusal.said),
    }
}

fn last(said: &[String]) -> String {
    said.iter()
        .rev()
        .find(|line| !line.trim().is_empty())
        .cloned()
        .unwrap_or_default()
}

pub(super) fn note_panic(said: &[String], trouble: &mut Vec<String>) {
    trouble.extend(
        said.iter()
            .filter(|line| line.contains("panicked at"))
            .cloned(),
    );
}

async fn call_all(document: &Document, echo: &Echo, running: &mut Running, report: &mut Report) {
    let not_served: Vec<String> = running
        .said()
        .filter(|line| line.starts_with("not served: "))
        .map(str::to_owned)
        .collect();
    let mut doors = Doors::new(&running.servers);
    let all = document.cases(Fill::All);
    let required = document.cases(Fill::Required);
    for (full, bare) in all.iter().zip(&required) {
        let refused = refusal_of(full, &not_served);
        let same = match (&full.outcome, &bare.outcome) {
            (Expectation::Call(left), Expectation::Call(right)) => left.caller == right.caller,
            _ => true,
        };
        for (case, inputs) in [(full, "all"), (bare, "required")] {
            if inputs == "required" && (same || refused.is_some()) {
                continue;
            }
            let outcome = match (&case.outcome, &refused) {
                (Expectation::Broken(reason), Some(_)) => Outcome::Refused(reason.code.to_owned()),
                (Expectation::Broken(reason), None) if doors.url(case).is_none() => {
                    Outcome::Refused(reason.code.to_owned())
                }
                (Expectation::Broken(reason), None) => {
                    Outcome::ServedThoughBroken(reason.to_string())
                }
                (Expectation::Unjudged(what), _) => Outcome::Unjudged(what.clone()),
                (Expectation::Call(_), Some(line)) if !case.doubts.is_empty() => {
                    Outcome::Doubtful(line.clone())
                }
                (Expectation::Call(_), Some(line)) => {
                    Outcome::Wrong(vec![format!("refused: {line}")])
                }
                (Expectation::Call(call), None) => doors.judge(case, call, echo).await,
            };
            report
                .units
                .push(unit(&case.name, case.route.as_deref(), inputs, outcome));
        }
    }
}

/// The line by which the program says that it does not serve a unit, without the unit's name.
fn refusal_of(case: &Case, not_served: &[String]) -> Option<String> {
    let kind = if case.route.is_some() { "rest" } else { "mcp" };
    let exposer = if case.exposer.is_empty() {
        kind
    } else {
        &case.exposer
    };
    // A unit without a name is called by its route here, and by what it calls there.
    let name = if case.route.as_deref() == Some(&case.name) {
        case.call.as_deref().unwrap_or("unnamed")
    } else {
        &case.name
    };
    let start = format!("not served: {exposer}.{name} [");
    let line = not_served
        .iter()
        .find_map(|line| line.strip_prefix(&start))?;
    Some(format!("[{line}"))
}
