//! [`Path`] against the dialect: our own cases, and the answers of the dialect's own library.

#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::indexing_slicing
)]

use std::collections::BTreeSet;
use std::path::PathBuf;

use jsonpath_rfc9535::JsonPath;
use naftiko_jsonpath::Path;
use serde_json::{Value, json};

/// Selectors that we deliberately answer otherwise than the dialect's library.
const NOT_FOLLOWED: [(&str, &str); 8] = [
    (
        "$.",
        "nearly every published capability writes it for the whole document",
    ),
    (
        "$.key with space",
        "published mappings do; the runtime they were written for quotes it",
    ),
    (
        "$.items[?@.id=='i2']",
        "RFC 9535's spelling; it can mean only one thing",
    ),
    (
        "$.arr[?@>20]",
        "RFC 9535's spelling; it can mean only one thing",
    ),
    ("$.arr[::2]", "RFC 9535's step; it can mean only one thing"),
    ("$.arr[::-1]", "RFC 9535's step; it can mean only one thing"),
    (
        "$.a.b[0]c",
        "the library drops the `c`: refused, or a slip would be answered wrongly",
    ),
    (
        "$.a.b[",
        "the library drops the `[`: refused, or a slip would be answered wrongly",
    ),
];

/// Where the dialect's library and RFC 9535 both answer and differ, beyond value or list.
const UNLIKE_RFC_9535: [(&str, &str); 6] = [
    (
        "$.arr[1:2:0]",
        "a step of 0 is ignored; RFC 9535 selects nothing",
    ),
    (
        "$['a','x']",
        "one object of both members; RFC 9535 lists their values",
    ),
    (
        "$['str','n1']",
        "one object of both members; RFC 9535 lists their values",
    ),
    (
        "$.items[0]['id','n']",
        "one object of both members; RFC 9535 lists their values",
    ),
    (
        "$.items[*]['id','n']",
        "one object for each element; RFC 9535 lists all values",
    ),
    (
        "$.items[?(@.n>1)][?(@.m)]",
        "the second filter tests the matched objects, not their members",
    ),
];

/// What the dialect's file says of a selector.
#[derive(Debug, PartialEq)]
enum Answer {
    Invalid,
    Missing,
    Value(Value),
    List(Value),
}

fn expected(case: &Value) -> Answer {
    if case["invalid"] == true {
        Answer::Invalid
    } else if case["missing"] == true || case.get("note").is_some() {
        // A note is an exception at evaluation, which the reference turns into a missing value.
        Answer::Missing
    } else if case["definite"] == true {
        Answer::Value(case["result"].clone())
    } else {
        Answer::List(case["result"].clone())
    }
}

fn ours(selector: &str, document: &Value) -> Answer {
    let Ok(path) = Path::parse(selector) else {
        return Answer::Invalid;
    };
    if let Some(nodes) = path.find_nodes(document) {
        let copied: Value = nodes.into_iter().cloned().collect();
        assert_eq!(path.find(document).as_deref(), Some(&copied), "{selector}");
    }
    match path.find(document) {
        None => Answer::Missing,
        Some(value) if path.is_definite() => Answer::Value(value.into_owned()),
        Some(list) => Answer::List(list.into_owned()),
    }
}

fn wrong(file: &Value) -> Vec<String> {
    let mut wrong = Vec::new();
    for case in file["cases"].as_array().unwrap() {
        let selector = case["selector"].as_str().unwrap();
        let document = case.get("document").unwrap_or(&file["document"]);
        let (expected, ours) = (expected(case), ours(selector, document));
        if expected != ours {
            wrong.push(format!(
                "{selector}\n  dialect {expected:?}\n  ours    {ours:?}"
            ));
        }
    }
    wrong
}

#[test]
fn own_cases() {
    let file: Value = serde_json::from_str(include_str!("dialect/cases.json")).unwrap();
    assert!(file["cases"].as_array().unwrap().len() > 80);
    let wrong = wrong(&file);
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

fn oracle() -> Value {
    let path =
        PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("../../../shared/data/jayway-dialect.json");
    serde_json::from_str(&std::fs::read_to_string(path).unwrap()).unwrap()
}

#[test]
#[ignore = "needs ../shared"]
fn answers_of_the_dialects_library() {
    let file = oracle();
    let cases = file["cases"].as_array().unwrap();
    let wrong: BTreeSet<_> = wrong(&file).into_iter().collect();
    let is_listed = |wrong: &&String| {
        NOT_FOLLOWED
            .iter()
            .any(|(selector, _)| wrong.lines().next() == Some(selector))
    };
    let unlisted: Vec<_> = wrong.iter().filter(|wrong| !is_listed(wrong)).collect();
    assert!(unlisted.is_empty(), "{unlisted:#?}");
    assert_eq!(
        wrong.len(),
        NOT_FOLLOWED.len(),
        "an entry of NOT_FOLLOWED is followed by now"
    );
    assert_eq!(cases.len(), 144);
    println!(
        "{} selectors read, {} as the dialect",
        cases.len(),
        cases.len() - wrong.len()
    );
}

#[test]
#[ignore = "needs ../shared"]
fn dialect_wins_over_rfc_9535() {
    let file = oracle();
    let mut differ = Vec::new();
    let mut agree = 0;
    for case in file["cases"].as_array().unwrap() {
        let selector = case["selector"].as_str().unwrap();
        let Ok(path) = JsonPath::parse(selector) else {
            continue;
        };
        let found: Vec<_> = path
            .query_values(&file["document"])
            .into_iter()
            .cloned()
            .collect();
        let same = match expected(case) {
            Answer::Invalid => continue,
            Answer::Missing => found.is_empty(),
            Answer::Value(value) => found == [value],
            Answer::List(list) => json!(found) == list,
        };
        if same {
            agree += 1;
        } else {
            differ.push(selector);
        }
    }
    println!(
        "RFC 9535 engine, of {} selectors: {agree} as the dialect",
        agree + differ.len()
    );
    assert_eq!(agree, 87, "docs/decisions/0002-jsonpath.md says so");
    assert_eq!(differ, UNLIKE_RFC_9535.map(|(selector, _)| selector));
}
