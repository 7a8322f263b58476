//! One document with its sandbox: each REST operation called once, as a new user would.
//!
//! No credentials and no network. An answer counts when the sandbox logged the expected method and path, and the
//! caller got the answer that the sandbox gave.

use std::collections::BTreeMap;
use std::path::Path;
use std::time::Duration;

use naftiko_oracle::{
    Call, Case, Document, Expected, Fill, Outcome as Expectation, check_target, load,
};
use serde_json::Value;

use super::calls::{Doors, brief};
use super::judge::{begin, findings, note_panic, told, unit};
use super::process::Running;
use super::verdict::{Outcome, Report};

/// The target of the sandbox's log lines.
const LOG: &str = "naftiko::sandbox";
/// How long a log line may be behind the answer.
const PATIENCE: Duration = Duration::from_millis(1500);

/// Judges one document.
pub(super) async fn judge(binary: &Path, path: &Path, name: String) -> Report {
    let document = load(path);
    let mut report = begin(&document, name);
    let options = ["--sandbox".to_owned(), "--allow-partial".to_owned()];
    let mut running = match Running::start(binary, path, &options, &needed(&document)).await {
        Ok(running) => running,
        Err(refusal) => {
            note_panic(&refusal.said, &mut report.trouble);
            report.findings = findings(binary, path).await;
            if report.findings.is_empty() {
                report.findings.push(told(&refusal));
            }
            // 1 is a document that cannot be served, which it may say; anything else is a program that could not run.
            if refusal.exit != Some(1) {
                report.trouble.push(format!(
                    "ended with {:?}: {}",
                    refusal.exit,
                    brief(&refusal.said.join(" "))
                ));
            }
            return report;
        }
    };
    report.serves_partly = true;
    let mut doors = Doors::new(&running.servers);
    for case in document
        .cases(Fill::All)
        .iter()
        .filter(|case| case.route.is_some())
    {
        let outcome = match &case.outcome {
            Expectation::Broken(reason) => Outcome::Refused(reason.code.to_owned()),
            Expectation::Unjudged(what) => Outcome::Unjudged(what.clone()),
            Expectation::Call(call) => call_once(&mut doors, &mut running, case, call).await,
        };
        report
            .units
            .push(unit(&case.name, case.route.as_deref(), "all", outcome));
    }
    if !running.is_alive() {
        report.trouble.push("the program ended".to_owned());
    }
    let said: Vec<String> = running.said().map(str::to_owned).collect();
    note_panic(&said, &mut report.trouble);
    running.stop().await;
    report
}

/// The variables without which an expected path is unknown; a sandbox invents all others.
fn needed(document: &Document) -> BTreeMap<String, String> {
    let cases = document.cases(Fill::All);
    let paths: Vec<&str> = cases
        .iter()
        .filter_map(|case| match &case.outcome {
            Expectation::Call(call) => Some(call.expected.path.as_str()),
            _ => None,
        })
        .collect();
    let used = |value: &String| {
        !value.is_empty() && paths.iter().any(|path| path.contains(value.as_str()))
    };
    document
        .variables
        .iter()
        .filter(|(_, value)| used(value))
        .map(|(name, value)| (name.clone(), value.clone()))
        .collect()
}

async fn call_once(doors: &mut Doors, running: &mut Running, case: &Case, call: &Call) -> Outcome {
    let Some(url) = doors.url(case) else {
        return Outcome::NoServer;
    };
    running.drain();
    let reply = match doors.rest(&url, &call.caller).await {
        Ok(reply) => reply,
        Err(problem) => return Outcome::Wrong(vec![problem]),
    };
    let text = String::from_utf8_lossy(&reply.body).into_owned();
    // What the engine answers itself never reaches the sandbox, and nothing is to be waited for.
    let own = reply.status >= 400 && text.contains("\"type\":") && text.contains("\"title\":");
    let patience = if own {
        Duration::from_millis(100)
    } else {
        PATIENCE
    };
    let Some(seen) = running.logged(LOG, patience).await else {
        let what = format!(
            "no request reached the sandbox; the caller got {} {}",
            reply.status,
            brief(&text)
        );
        return if case.doubts.is_empty() {
            Outcome::Wrong(vec![what])
        } else {
            Outcome::Doubtful(what)
        };
    };
    let found = compare(&call.expected, &seen, reply.status, &text);
    if found.is_empty() {
        Outcome::Right
    } else {
        Outcome::Wrong(found)
    }
}

fn compare(expected: &Expected, seen: &Value, status: u16, body: &str) -> Vec<String> {
    let text = |key: &str| seen.get(key).and_then(Value::as_str).unwrap_or_default();
    let path = if text("path").is_empty() {
        "/"
    } else {
        text("path")
    };
    let mut found = check_target(expected, Some(""), text("method"), path);
    if text("namespace") != expected.namespace {
        found.push(format!(
            "upstream: expected `{}`, got `{}`",
            expected.namespace,
            text("namespace")
        ));
    }
    let given = seen
        .get("status")
        .and_then(Value::as_u64)
        .unwrap_or_default();
    if !(200..300).contains(&given) || u64::from(status) != given {
        found.push(format!(
            "status: the sandbox gave {given}, the caller got {status} `{}`",
            brief(body)
        ));
    }
    if expected.method != "HEAD" && given != 204 && body.is_empty() {
        found.push("answer: the caller got no body".to_owned());
    }
    found
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    fn expected() -> Expected {
        Expected {
            namespace: "api".to_owned(),
            method: "GET".to_owned(),
            path: "/a%2Fb".to_owned(),
            query: vec![],
            loose_query: vec![],
            headers: vec![],
            body: naftiko_oracle::ExpectedBody::None,
        }
    }

    #[test]
    fn a_line_of_the_sandbox_is_compared() {
        let seen = json!({"namespace": "api", "method": "GET", "path": "/a%2Fb", "status": 200});
        assert!(compare(&expected(), &seen, 200, "{}").is_empty());
        for (key, value) in [
            ("namespace", json!("b")),
            ("method", json!("PUT")),
            ("path", json!("/a/b")),
            ("status", json!(404)),
        ] {
            let mut other = seen.clone();
            other[key] = value;
            assert_eq!(compare(&expected(), &other, 200, "{}").len(), 1, "{key}");
        }
        assert_eq!(compare(&expected(), &seen, 502, "{}").len(), 1);
        assert_eq!(compare(&expected(), &seen, 200, "").len(), 1);
    }
}
