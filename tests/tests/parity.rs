//! One operation, two doors: what REST and MCP make of the same call, in `parity/<case>.yaml`.
//!
//! Each case runs one document with both kinds of exposer in front of a scripted upstream. Every call goes through REST
//! and through `tools/call`. Both must send the very same request, which the case writes down, and both answers must mean
//! the same: what the upstream said, its error, or that the same input is bad and nothing was sent.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

use naftiko_tests::client::send;
use naftiko_tests::message::Message;
use naftiko_tests::server::Naftiko;
use naftiko_tests::upstream::{MockUpstream, Reply};
use naftiko_tests::{data, workspace};
use serde::Deserialize;
use serde_json::{Value, json};

use crate::snapshot::each;

/// What the file of a case holds.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct Case {
    /// The document, or where it is, seen from the root of the workspace.
    capability: serde_yaml::Value,
    /// The namespace of the consumed API.
    #[serde(default = "shop")]
    api: String,
    #[serde(default)]
    env: BTreeMap<String, String>,
    calls: Vec<Call>,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct Call {
    /// The name of the tool; the operation behind `rest` has it too.
    operation: String,
    #[serde(default)]
    arguments: serde_json::Map<String, Value>,
    rest: Request,
    /// What the upstream answers.
    #[serde(default)]
    reply: Answer,
    /// What the upstream must get; nothing, when `bad_input` is there.
    upstream: Option<Request>,
    /// What both doors answer; the upstream's body as it is, when absent.
    answer: Option<Value>,
    /// The input that both doors refuse.
    bad_input: Option<String>,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct Request {
    #[serde(default = "get")]
    method: String,
    path: String,
    /// As it is written in a URL.
    query: Option<String>,
    /// Those that the client of the command does not always send.
    #[serde(default)]
    headers: BTreeMap<String, String>,
    /// JSON.
    body: Option<Value>,
}

#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields, default)]
struct Answer {
    status: u16,
    kind: String,
    /// JSON, or the text of another kind.
    body: Option<Value>,
}

impl Default for Answer {
    fn default() -> Self {
        Self {
            status: 200,
            kind: String::from("application/json"),
            body: Some(json!({"ok": true})),
        }
    }
}

impl Answer {
    fn reply(&self) -> Reply {
        let body = match &self.body {
            None => String::new(),
            Some(Value::String(text)) if self.kind.starts_with("text/") => text.clone(),
            Some(body) => body.to_string(),
        };
        Reply::new(self.status, &[("content-type", &self.kind)], body)
    }
}

fn shop() -> String {
    String::from("shop")
}

fn get() -> String {
    String::from("GET")
}

impl Request {
    fn target(&self) -> String {
        match &self.query {
            Some(query) => format!("{}?{query}", self.path),
            None => self.path.clone(),
        }
    }

    /// Asserts that `sent` is this request and nothing besides.
    fn is(&self, sent: &Message, authority: &str, about: &str) {
        let start = format!("{} {} HTTP/1.1", self.method, self.target());
        assert_eq!(sent.start, start, "{about}");
        let mut headers: BTreeMap<String, String> = sent.headers.iter().cloned().collect();
        assert_eq!(
            headers.len(),
            sent.headers.len(),
            "{about}: a header is sent twice"
        );
        assert_eq!(headers.remove("host").as_deref(), Some(authority));
        for usual in ["accept", "accept-encoding", "user-agent"] {
            assert!(headers.remove(usual).is_some(), "{about}: no {usual}");
        }
        headers.remove("content-length");
        let mut wanted = self.headers.clone();
        if self.body.is_some() {
            wanted.insert("content-type".into(), "application/json".into());
        }
        assert_eq!(headers, wanted, "{about}");
        let body = (!sent.body.is_empty()).then(|| sent.json());
        assert_eq!(body, self.body, "{about}");
    }
}

/// What a caller learns, by whichever door.
#[derive(Debug, PartialEq)]
enum Meaning {
    Success(Value),
    /// An error of the upstream: its status and body.
    Failure(Value, Value),
    /// The text of a refusal.
    Refusal(String),
}

#[test]
fn both_doors_send_the_same_and_answer_the_same() {
    let mut cases: Vec<PathBuf> = std::fs::read_dir(data("parity"))
        .unwrap()
        .map(|entry| entry.unwrap().path())
        .collect();
    cases.sort();
    assert!(cases.len() > 8, "only {} cases were found", cases.len());
    each(&cases, |file| run(file));
}

fn run(file: &Path) {
    let name = file.file_stem().unwrap().to_string_lossy();
    let case: Case = serde_yaml::from_str(&std::fs::read_to_string(file).unwrap())
        .unwrap_or_else(|error| panic!("{name}: {error}"));
    assert!(!case.calls.is_empty(), "{name} calls nothing");
    let place = tempfile::tempdir().unwrap();
    let (dir, spec) = match case.capability.as_str() {
        Some(path) => (workspace(), path.to_owned()),
        None => {
            let text = serde_yaml::to_string(&case.capability).unwrap();
            std::fs::write(place.path().join("capability.yaml"), text).unwrap();
            (place.path().to_owned(), String::from("capability.yaml"))
        }
    };
    let mock = MockUpstream::agreeable();
    let base = format!("{}={}", case.api, mock.url());
    let env: Vec<(&str, &str)> = case
        .env
        .iter()
        .map(|(name, value)| (name.as_str(), value.as_str()))
        .collect();
    let server = Naftiko::start(&dir, &[&spec, "--upstream", &base], &env);
    let (rest, mcp) = (port(&server, "rest"), port(&server, "mcp"));
    for call in &case.calls {
        let arguments = Value::from(call.arguments.clone());
        let about = format!("{name}: {} {arguments}", call.operation);
        assert!(
            call.upstream.is_some() != call.bad_input.is_some(),
            "{about}: either the upstream gets something or an input is bad"
        );
        let reply = call.reply.clone();
        mock.answer(move |_| reply.reply());
        let by_rest = by_rest(rest, call, &about);
        let sent_by_rest = mock.take();
        let by_mcp = by_mcp(mcp, &call.operation, &arguments, &about);
        let sent_by_mcp = mock.take();
        assert_eq!(sent_by_rest, sent_by_mcp, "{about}");
        match (&call.upstream, sent_by_rest.as_slice()) {
            (Some(wanted), [sent]) => wanted.is(sent, &mock.authority(), &about),
            (None, []) => {}
            (_, sent) => panic!("{about}: the upstream got {sent:?}"),
        }
        same_meaning(call, &by_rest, &by_mcp, &about);
    }
}

fn port(server: &Naftiko, kind: &str) -> u16 {
    let all = server.ready()["exposes"].as_array().unwrap();
    let found: Vec<&Value> = all.iter().filter(|one| one["type"] == kind).collect();
    assert_eq!(found.len(), 1, "one exposer of the kind {kind}: {all:?}");
    server.port_of(found[0]["namespace"].as_str().unwrap())
}

fn same_meaning(call: &Call, rest: &Meaning, mcp: &Meaning, about: &str) {
    if let Some(input) = &call.bad_input {
        let (Meaning::Refusal(rest), Meaning::Refusal(mcp)) = (rest, mcp) else {
            panic!("{about}: not refused by both: {rest:?}, {mcp:?}");
        };
        let named = format!("the input `{input}` ");
        assert!(rest.starts_with(&named), "{about}: REST says {rest}");
        assert!(mcp.starts_with(&named), "{about}: MCP says {mcp}");
        return;
    }
    let body = call.answer.clone().or_else(|| call.reply.body.clone());
    let body = body.unwrap_or(Value::Null);
    let wanted = if call.reply.status < 400 {
        Meaning::Success(body)
    } else {
        Meaning::Failure(json!(call.reply.status), body)
    };
    assert_eq!(*rest, wanted, "{about}, by REST");
    assert_eq!(*mcp, wanted, "{about}, by MCP");
}

/// JSON, or the text when it is none; null when there is nothing.
fn value(text: &str) -> Value {
    match text {
        "" => Value::Null,
        text => serde_json::from_str(text).unwrap_or_else(|_| Value::from(text)),
    }
}

fn by_rest(port: u16, call: &Call, about: &str) -> Meaning {
    let mut headers: Vec<(&str, &str)> = call
        .rest
        .headers
        .iter()
        .map(|(name, value)| (name.as_str(), value.as_str()))
        .collect();
    if call.rest.body.is_some() {
        headers.push(("content-type", "application/json"));
    }
    let body = call.rest.body.as_ref().map(Value::to_string);
    let body = body.unwrap_or_default();
    let (method, target) = (&call.rest.method, call.rest.target());
    let answer = send(port, method, &target, &headers, body.as_bytes());
    let said = value(&answer.text());
    if answer.header("content-type") == Some("application/problem+json") {
        assert_eq!(answer.status(), 400, "{about}: {said}");
        assert_eq!(said["status"], 400, "{about}: {said}");
        assert_eq!(
            said["input"].as_str(),
            call.bad_input.as_deref(),
            "{about}: {said}"
        );
        return Meaning::Refusal(said["detail"].as_str().unwrap().to_owned());
    }
    if answer.status() < 400 {
        assert_eq!(answer.status(), call.reply.status, "{about}");
        Meaning::Success(said)
    } else {
        Meaning::Failure(json!(answer.status()), said)
    }
}

fn by_mcp(port: u16, tool: &str, arguments: &Value, about: &str) -> Meaning {
    let message = json!({
        "jsonrpc": "2.0",
        "id": 7,
        "method": "tools/call",
        "params": {"name": tool, "arguments": arguments},
    });
    let headers = [
        ("content-type", "application/json"),
        ("accept", "application/json, text/event-stream"),
        ("mcp-protocol-version", "2025-11-25"),
    ];
    let body = message.to_string();
    let answer = send(port, "POST", "/mcp", &headers, body.as_bytes());
    assert_eq!(answer.status(), 200, "{about}: {}", answer.text());
    let answer = answer.json();
    assert_eq!(answer["id"], 7, "{about}: {answer}");
    let result = &answer["result"];
    let content = result["content"].as_array();
    let content = content.unwrap_or_else(|| panic!("{about}: no result: {answer}"));
    assert!(content.len() < 2, "{about}: {result}");
    let text = content.first().map_or("", |part| {
        part["text"]
            .as_str()
            .unwrap_or_else(|| panic!("{about}: no text: {part}"))
    });
    let said = value(text);
    if result["isError"] == true {
        assert!(result.get("structuredContent").is_none(), "{about}");
        return match (said.get("status"), said.get("body")) {
            (Some(status), Some(body)) => Meaning::Failure(status.clone(), body.clone()),
            _ => Meaning::Refusal(text.to_owned()),
        };
    }
    match result.get("structuredContent") {
        Some(structured) if said.is_object() => assert_eq!(*structured, said, "{about}"),
        // The revision that we speak wants an object.
        Some(structured) => assert_eq!(*structured, json!({"result": said}), "{about}"),
        None => assert!(!said.is_object(), "{about}: no structured content"),
    }
    Meaning::Success(said)
}
