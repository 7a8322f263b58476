//! Where the abandoned `jsonpath_lib` differs: why it was left (`docs/decisions/0002-jsonpath.md`).
//!
//! It runs in a process of its own (`examples/abandoned_engine.rs`), because it overflows the
//! stack. Every figure of the decision is asserted here.

#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::indexing_slicing
)]

use std::io::{BufRead as _, BufReader, Write as _};
use std::path::PathBuf;
use std::process::{Child, ChildStdout, Command, Stdio};

use naftiko_jsonpath::Path;
use serde_json::{Value, json};

/// The other engine's process, started again whenever it dies.
struct Engine {
    child: Child,
    answers: BufReader<ChildStdout>,
}

impl Engine {
    fn start() -> Self {
        let mut program: PathBuf = std::env::current_exe().unwrap();
        program.pop();
        program.pop();
        program.push(format!(
            "examples/abandoned_engine{}",
            std::env::consts::EXE_SUFFIX
        ));
        let mut child = Command::new(&program)
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .stderr(Stdio::null())
            .spawn()
            .unwrap_or_else(|e| panic!("{}: {e}; run all tests of the package", program.display()));
        let answers = BufReader::new(child.stdout.take().unwrap());
        Self { child, answers }
    }

    /// The list that it selects, or `"invalid"`, `"panic"` or `"crash"`.
    fn select(&mut self, selector: &str, document: &Value) -> Value {
        let case = json!({"selector": selector, "document": document});
        let mut answer = String::new();
        // A write fails when the process is gone; so does the read, which is what counts.
        let _ = writeln!(self.child.stdin.as_mut().unwrap(), "{case}");
        if self.answers.read_line(&mut answer).unwrap_or(0) == 0 {
            self.child.wait().unwrap();
            *self = Self::start();
            return json!("crash");
        }
        serde_json::from_str(&answer).unwrap()
    }
}

impl Drop for Engine {
    fn drop(&mut self) {
        drop(self.child.stdin.take());
        let _ = self.child.wait();
    }
}

#[test]
fn rfc_9535_suite() {
    let suite: Value = serde_json::from_str(include_str!("rfc9535/cts.json")).unwrap();
    let mut engine = Engine::start();
    let (mut valid, mut refused, mut panics) = (0, 0, 0);
    for case in suite["tests"].as_array().unwrap() {
        let found = engine.select(case["selector"].as_str().unwrap(), &case["document"]);
        panics += i32::from(found == "panic");
        if case["invalid_selector"] == true {
            refused += i32::from(found == "invalid");
        } else {
            let any = case["results"].as_array().cloned();
            valid += i32::from(
                any.unwrap_or_else(|| vec![case["result"].clone()])
                    .contains(&found),
            );
        }
    }
    println!("jsonpath_lib: {valid} valid right, {refused} invalid refused, {panics} panics");
    // 21 of the panics are on selectors that it should have refused, evaluated on null.
    assert_eq!((valid, refused, panics), (103, 111, 22));
}

#[test]
fn nested_filters_overflow_its_stack() {
    let selector = format!("${}{}", "[?(@.a".repeat(5000), ")]".repeat(5000));
    assert_eq!(Engine::start().select(&selector, &json!([])), "crash");
    assert!(Path::parse(&selector).is_err());
}

/// Its answer in the terms of the dialect: a definite path means the one node.
fn as_dialect(selector: &str, found: &Value, definite: bool) -> Value {
    match found {
        Value::Array(list) if definite && list.is_empty() => json!("missing"),
        Value::Array(list) if definite && list.len() == 1 => list[0].clone(),
        Value::Array(_) => found.clone(),
        Value::String(_) => found.clone(),
        other => panic!("{selector}: {other}"),
    }
}

fn differences(file: &Value) -> (usize, Vec<String>) {
    let mut engine = Engine::start();
    let (mut valid, mut differ) = (0, Vec::new());
    for case in file["cases"].as_array().unwrap() {
        if case["invalid"] == true || case.get("note").is_some() {
            continue;
        }
        valid += 1;
        let selector = case["selector"].as_str().unwrap();
        let definite = case["definite"] == true || case["missing"] == true;
        let found = as_dialect(
            selector,
            &engine.select(selector, &file["document"]),
            definite,
        );
        let expected = case.get("result").cloned().unwrap_or_else(|| {
            // `$.nope[*]`: no list to look in. An empty list is as good an answer.
            if found == json!([]) {
                json!([])
            } else {
                json!("missing")
            }
        });
        if found != expected {
            let mut found = found.to_string();
            if found.len() > 60 {
                found = format!("{} bytes of JSON", found.len());
            }
            differ.push(format!("{selector}\t{found}"));
        }
    }
    (valid, differ)
}

/// `dialect/abandoned.txt` lists the selectors of our own cases that it answers otherwise, with
/// its answer. To record it anew, take the text that this test prints.
#[test]
fn own_cases_that_it_answers_otherwise() {
    let file: Value = serde_json::from_str(include_str!("dialect/cases.json")).unwrap();
    let (valid, differ) = differences(&file);
    println!(
        "jsonpath_lib: {} of {valid} as the dialect",
        valid - differ.len()
    );
    let recorded: Vec<_> = include_str!("dialect/abandoned.txt").lines().collect();
    assert!(
        differ == recorded,
        "differs from dialect/abandoned.txt:\n{}",
        differ.join("\n")
    );
}

#[test]
#[ignore = "needs ../shared"]
fn answers_of_the_dialects_library() {
    let path =
        PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("../../../shared/data/jayway-dialect.json");
    let file = serde_json::from_str(&std::fs::read_to_string(path).unwrap()).unwrap();
    let (valid, differ) = differences(&file);
    println!(
        "jsonpath_lib: {} of {valid} valid selectors as the dialect",
        valid - differ.len()
    );
    println!("{}", differ.join("\n"));
    assert_eq!((valid, valid - differ.len()), (124, 88));
}
