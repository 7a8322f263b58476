//! Requests to the command and what becomes of them: `flows/<case>/{capability,requests}.yaml`.
//!
//! Each case runs `capability.yaml` with the API `shop` sent to a scripted upstream, sends its requests one by one and
//! writes down the whole exchange beside it, in `exchange.snap`: what the caller sent (`>`), what the upstream got (`~`)
//! and what the caller was answered (`<`). Header fields are all there, but for those of the framing and, where they are
//! as always, the upstream's `Host`, `Accept`, `Accept-Encoding` and `User-Agent`.

use std::collections::BTreeMap;
use std::fmt::Write as _;
use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicBool, Ordering};

use naftiko_tests::client::Connection;
use naftiko_tests::data;
use naftiko_tests::message::{Message, Side};
use naftiko_tests::server::Naftiko;
use naftiko_tests::upstream::{MockUpstream, Reply};
use serde::Deserialize;

use crate::snapshot::{assert_same, each};

/// What `requests.yaml` holds.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct Script {
    /// Options besides `--upstream shop=…`; `{mock}` is the upstream's authority, `{port}` its port.
    #[serde(default)]
    args: Vec<String>,
    /// The base of the upstream; `none` for no such option.
    #[serde(default)]
    base: String,
    #[serde(default)]
    env: BTreeMap<String, String>,
    requests: Vec<Step>,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct Step {
    /// What it shows.
    title: String,
    /// Method and target.
    send: String,
    /// Header fields, a line each.
    #[serde(default)]
    headers: Vec<String>,
    #[serde(default)]
    body: String,
    /// The namespace of the server; the first one, when absent.
    server: Option<String>,
    /// What the upstream answers.
    #[serde(default)]
    reply: Answer,
    /// What it answers to any further request.
    then: Option<Answer>,
}

#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields, default)]
struct Answer {
    status: u16,
    headers: Vec<String>,
    body: String,
    /// Bytes instead of an answer.
    raw: Option<String>,
}

impl Default for Answer {
    fn default() -> Self {
        Self {
            status: 200,
            headers: vec![String::from("content-type: application/json")],
            body: String::from(r#"{"ok":true}"#),
            raw: None,
        }
    }
}

impl Answer {
    fn reply(&self) -> Reply {
        if let Some(raw) = &self.raw {
            return Reply::Raw(raw.clone().into_bytes());
        }
        let headers: Vec<(&str, &str)> = self.headers.iter().map(|line| field(line)).collect();
        Reply::new(self.status, &headers, &self.body)
    }
}

fn field(line: &str) -> (&str, &str) {
    let (name, value) = line.split_once(':').expect("a header field");
    (name, value.strip_prefix(' ').unwrap_or(value))
}

#[test]
fn requests_become_what_the_document_means() {
    let mut cases: Vec<PathBuf> = std::fs::read_dir(data("flows"))
        .unwrap()
        .map(|entry| entry.unwrap().path())
        .filter(|path| path.is_dir())
        .collect();
    cases.sort();
    assert!(cases.len() > 20, "only {} cases were found", cases.len());
    each(&cases, |dir| run(dir));
}

fn run(dir: &Path) {
    let script = std::fs::read_to_string(dir.join("requests.yaml")).unwrap();
    let script: Script =
        serde_yaml::from_str(&script).unwrap_or_else(|error| panic!("{}: {error}", dir.display()));
    let mock = MockUpstream::agreeable();
    let mut args: Vec<String> = vec![String::from("capability.yaml")];
    if script.base != "none" {
        args.extend([
            String::from("--upstream"),
            format!("shop={}{}", mock.url(), script.base),
        ]);
    }
    let authority = mock.authority();
    let port = authority.rsplit(':').next().unwrap();
    args.extend(
        script
            .args
            .iter()
            .map(|arg| arg.replace("{mock}", &authority).replace("{port}", port)),
    );
    let args: Vec<&str> = args.iter().map(String::as_str).collect();
    let env: Vec<(&str, &str)> = script
        .env
        .iter()
        .map(|(k, v)| (k.as_str(), v.as_str()))
        .collect();
    let server = Naftiko::start(dir, &args, &env);
    let mut text = String::new();
    for step in &script.requests {
        let (first, then) = (step.reply.clone(), step.then.clone());
        let again = AtomicBool::new(false);
        mock.answer(move |_| match &then {
            Some(then) if again.swap(true, Ordering::Relaxed) => then.reply(),
            _ => first.reply(),
        });
        let port = step
            .server
            .as_ref()
            .map_or_else(|| server.port(), |name| server.port_of(name));
        let answer = send(port, step);
        let _ = writeln!(text, "── {}", step.title);
        let mut sent = vec![step.send.clone()];
        sent.extend(step.headers.iter().cloned());
        if !step.body.is_empty() {
            sent.push(String::new());
            sent.extend(step.body.lines().map(str::to_owned));
        }
        mark(&mut text, '>', &sent);
        let requests = mock.take();
        if requests.is_empty() {
            text.push_str("~ nothing is sent\n");
        }
        for request in &requests {
            mark(&mut text, '~', &upstream(request, &mock.authority()));
        }
        match answer {
            Some(answer) => {
                let framing = ["date", "content-length", "transfer-encoding", "connection"];
                mark(&mut text, '<', &answer.lines(&framing));
            }
            None => text.push_str("< the connection ends\n"),
        }
        text.push('\n');
    }
    let text = text.replace(&mock.authority(), "{mock}");
    let case = dir.file_name().unwrap().to_string_lossy().into_owned();
    assert_same(&dir.join("exchange.snap"), &case, &text, &case);
}

fn send(port: u16, step: &Step) -> Option<Message> {
    let (method, target) = step.send.split_once(' ').expect("method and target");
    let headers: Vec<(&str, &str)> = step.headers.iter().map(|line| field(line)).collect();
    let mut connection = Connection::open(port);
    connection.request(method, target, &headers, step.body.as_bytes());
    let side = if method == "HEAD" {
        Side::AnswerToHead
    } else {
        Side::Answer
    };
    connection.try_answer(side)
}

/// What the upstream got, without what is as always.
fn upstream(request: &Message, authority: &str) -> Vec<String> {
    let mut request = request.clone();
    let usual = [
        ("host", authority),
        ("accept", "application/json, */*;q=0.5"),
        ("accept-encoding", "gzip"),
    ];
    request
        .headers
        .retain(|(name, value)| !usual.contains(&(name.as_str(), value.as_str())));
    request
        .headers
        .retain(|(name, value)| name != "user-agent" || !value.starts_with("naftiko/"));
    request.start = request.start.trim_end_matches(" HTTP/1.1").to_owned();
    request.lines(&["content-length"])
}

fn mark(text: &mut String, sign: char, lines: &[String]) {
    for line in lines {
        text.push_str(format!("{sign} {line}").trim_end());
        text.push('\n');
    }
}
