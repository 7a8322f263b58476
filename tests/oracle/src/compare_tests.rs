//! Each defect that an upstream or a caller could see gives a line of its own.

use super::*;
use serde_json::json;

fn pair(name: &str, value: &str) -> (String, String) {
    (name.to_owned(), value.to_owned())
}

fn expected() -> Expected {
    Expected {
        namespace: "api".to_owned(),
        method: "POST".to_owned(),
        path: "/a/x%2Fy".to_owned(),
        query: vec![pair("q", "1 2"), pair("ids", "a"), pair("ids", "b")],
        loose_query: vec![pair("key", "s")],
        headers: vec![pair("Authorization", "Bearer t")],
        body: ExpectedBody::Json(json!({"n": 7, "l": [{"s": "é"}]})),
    }
}

fn observed() -> Observed {
    Observed {
        namespace: "api".to_owned(),
        method: "POST".to_owned(),
        path: "/a/x%2fy".to_owned(),
        query: Some("q=1%202&key=s&ids=a&ids=b".to_owned()),
        headers: vec![
            pair("authorization", "Bearer t"),
            pair("content-type", "application/json; charset=utf-8"),
        ],
        body: br#"{"l":[{"s":"\u00e9"}],"n":7.0}"#.to_vec(),
        answer: Vec::new(),
    }
}

#[test]
fn what_is_right_has_no_difference() {
    assert_eq!(
        check_request(&expected(), &observed()),
        Vec::<String>::new()
    );
}

#[test]
fn targets_for_a_sandbox() {
    let wanted = expected();
    assert!(check_target(&wanted, Some("/v1"), "POST", "/v1/a/x%2Fy").is_empty());
    assert_eq!(
        check_target(&wanted, Some("/v1"), "POST", "/a/x%2Fy").len(),
        1
    );
    assert!(check_target(&wanted, None, "POST", "/made-up/a/x%2Fy").is_empty());
    assert_eq!(
        check_target(&wanted, None, "GET", "/made-up/a/x/y").len(),
        2
    );
    let root = Expected {
        path: String::new(),
        ..expected()
    };
    assert!(check_target(&root, Some(""), "POST", "/").is_empty());
}

#[test]
fn a_path_that_adds_nothing_adds_no_slash() {
    let root = Expected {
        path: String::new(),
        ..expected()
    };
    let mut seen = observed();
    seen.path = String::new();
    assert!(check_request(&root, &seen).is_empty());
    seen.path = "/".to_owned();
    assert_eq!(check_request(&root, &seen), ["path: expected ``, got `/`"]);
}

/// One defect each, and the line that it must give.
#[test]
fn every_defect_is_seen() {
    type Defect = (fn(&mut Observed), &'static str);
    let defects: [Defect; 19] = [
        (
            |o| o.namespace = "other".to_owned(),
            "upstream: expected `api`, got `other`",
        ),
        (
            |o| o.method = "GET".to_owned(),
            "method: expected POST, got GET",
        ),
        (
            |o| o.path = "/a/x/y".to_owned(),
            "path: expected `/a/x%2Fy`, got `/a/x/y`",
        ),
        (
            |o| o.path = "/a/x%252Fy".to_owned(),
            "path: expected `/a/x%2Fy`, got `/a/x%252Fy`",
        ),
        (
            |o| o.path = "//a/x%2Fy".to_owned(),
            "path: expected `/a/x%2Fy`, got `//a/x%2Fy`",
        ),
        (
            |o| o.query = Some("key=s&ids=a&ids=b".to_owned()),
            "query `q`: expected `1 2`, missing",
        ),
        (
            |o| o.query = Some("q=1%2B2&key=s&ids=a&ids=b".to_owned()),
            "query `q`: expected `1 2`, got `1+2`",
        ),
        (
            |o| o.query = Some("q=1+2&key=s&ids=a".to_owned()),
            "query `ids`: expected `b`, missing",
        ),
        (
            |o| o.query = Some("q=1+2&key=s&key=s&ids=a&ids=b".to_owned()),
            "query `key`: sent once too often, got `s`",
        ),
        (
            |o| o.query = Some("q=1+2&key=s&ids=a&ids=b&z=1".to_owned()),
            "query `z`: not expected, got `1`",
        ),
        (
            |o| o.query = Some("ids=a&ids=b&q=1+2&key=s".to_owned()),
            "query: not in the declared order, got `ids=a&ids=b&q=1+2&key=s`",
        ),
        (
            |o| {
                o.headers.remove(0);
            },
            "header `Authorization`: expected `Bearer t`, missing",
        ),
        (
            |o| o.headers[0].1 = "Bearer u".to_owned(),
            "header `Authorization`: expected `Bearer t`, got `Bearer u`",
        ),
        (
            |o| o.headers.push(pair("Authorization", "Bearer t")),
            "header `Authorization`: expected once, sent 2 times",
        ),
        (
            |o| o.headers.push(pair("cookie", "a=b")),
            "header `cookie`: not expected, sent",
        ),
        (
            |o| o.headers[1].1 = "text/plain".to_owned(),
            "content type: expected application/json, got `text/plain`",
        ),
        (
            |o| o.body = br#"{"l":[{"s":"\u00e9"}],"n":"7"}"#.to_vec(),
            "body `n`: expected `7`, got `\"7\"`",
        ),
        (
            |o| o.body = br#"{"n":7,"l":[{"s":"\u00e9","x":1}]}"#.to_vec(),
            "body `l`[0] `x`: not expected, got `1`",
        ),
        (|o| o.body = Vec::new(), "body: expected JSON, got ``"),
    ];
    for (defect, line) in defects {
        let mut seen = observed();
        defect(&mut seen);
        assert_eq!(check_request(&expected(), &seen), [line]);
    }
}

#[test]
fn other_bodies() {
    let check = |body: ExpectedBody, content_type: &str, bytes: &[u8]| {
        let wanted = Expected { body, ..expected() };
        let mut seen = observed();
        seen.headers[1].1 = content_type.to_owned();
        seen.body = bytes.to_vec();
        check_request(&wanted, &seen)
    };
    let form = "application/x-www-form-urlencoded";
    assert!(
        check(
            ExpectedBody::Form(vec![pair("a", "1 é")]),
            form,
            b"a=1+%C3%A9"
        )
        .is_empty()
    );
    assert_eq!(
        check(ExpectedBody::Form(vec![pair("a", "1")]), form, b"a=2"),
        ["form: expected `a=1`, got `a=2`"]
    );
    assert!(
        check(
            ExpectedBody::Text("x".to_owned(), "text/plain".to_owned()),
            "text/plain",
            b"x"
        )
        .is_empty()
    );
    assert_eq!(
        check(
            ExpectedBody::Text("x".to_owned(), "text/plain".to_owned()),
            "text/plain",
            b"y"
        )
        .len(),
        1
    );
    assert!(
        check(
            ExpectedBody::Yaml(json!({"a": 1})),
            "application/yaml",
            b"a: 1\n"
        )
        .is_empty()
    );
    assert_eq!(
        check(ExpectedBody::None, "", b"x"),
        ["body: expected none, got `x`"]
    );
}

#[test]
fn rest_answers() {
    assert!(check_rest_answer(&Answer::Identity, b"{}", "GET", 200, b"{}").is_empty());
    assert_eq!(
        check_rest_answer(&Answer::Identity, b"{}", "GET", 502, b"no"),
        ["status: expected 200, got 502 `no`"]
    );
    assert_eq!(
        check_rest_answer(&Answer::Identity, b"{ }", "GET", 200, b"{}").len(),
        1
    );
    assert!(check_rest_answer(&Answer::Identity, b"{}", "HEAD", 200, b"").is_empty());
}

#[test]
fn tool_answers() {
    let result = |text: &str, structured: Value| json!({"content": [{"type": "text", "text": text}], "structuredContent": structured});
    let upstream = br#"{"a":1}"#;
    assert!(
        check_tool_answer(
            &Answer::Identity,
            upstream,
            &result("{\"a\":1}", json!({"a": 1}))
        )
        .is_empty()
    );
    assert_eq!(
        check_tool_answer(
            &Answer::Identity,
            upstream,
            &result("{\"a\":1}", Value::Null)
        )
        .len(),
        1
    );
    assert_eq!(
        check_tool_answer(
            &Answer::Identity,
            upstream,
            &result("{\n\"a\":1}", json!({"a": 1}))
        ),
        ["text: expected compact JSON"]
    );
    assert_eq!(
        check_tool_answer(
            &Answer::Identity,
            upstream,
            &result("{\"a\":2}", json!({"a": 1}))
        ),
        ["text `a`: expected `1`, got `2`"]
    );
    assert!(check_tool_answer(&Answer::Identity, b"", &json!({"content": []})).is_empty());
    assert_eq!(
        check_tool_answer(&Answer::Identity, b"", &result("", Value::Null)).len(),
        1
    );
    let error = json!({"isError": true, "content": [{"type": "text", "text": "no"}]});
    assert_eq!(
        check_tool_answer(&Answer::Identity, upstream, &error),
        ["result: isError `no`"]
    );
}
