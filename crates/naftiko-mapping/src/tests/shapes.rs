//! What each shape means, case by case.

use serde_json::{Value, json};

use super::{output, project};
use crate::{Output, Projection};

/// Outputs, the upstream's document, what the caller gets, and how many values did not fit.
#[track_caller]
fn check(outputs: &Value, body: &str, expected: &str, mismatches: usize) {
    assert_eq!(project(outputs, body), (expected.to_owned(), mismatches));
}

#[test]
fn identity() {
    let is_identity = |json: Value| matches!(output(&json), Output::Identity);
    for json in [
        json!([]),
        json!({}),
        json!([{"type": "object", "mapping": "$."}]),
        json!([{"type": "array", "mapping": "$"}]),
        json!([{"type": "object", "mapping": "$", "properties": {}}]),
        json!([{"type": "array", "mapping": "$", "items": {"type": "object"}}]),
        json!([{"type": "array", "mapping": "$", "items": {"type": "array", "mapping": "$."}}]),
        json!([{"type": "array", "mapping": "$", "items": {"type": "object", "properties": {}}}]),
    ] {
        assert!(is_identity(json.clone()), "{json}");
        assert!(output(&json).json_schema().is_none());
    }
    for json in [
        json!([{"type": "object"}]),
        json!([{"type": "string", "mapping": "$"}]),
        json!([{"mapping": "$"}]),
        json!([{"type": "object", "mapping": "$.a"}]),
        json!([{"type": "array", "mapping": "$", "items": {"type": "string"}}]),
        json!([{"type": "object", "mapping": "$", "properties": {"a": {}}}]),
        json!([{"type": "object", "mapping": "$", "const": {}}]),
        json!({"a": {"type": "object", "mapping": "$"}}),
        json!([{"type": "object", "mapping": "$"}, {"type": "object", "mapping": "$"}]),
    ] {
        assert!(!is_identity(json.clone()), "{json}");
    }
    let identity = Projection::compile(&Output::Identity);
    assert!(identity.is_identity());
    assert_eq!(
        identity.apply(b" {\"a\" :1 } ").unwrap().bytes,
        b" {\"a\" :1 } "
    );
}

#[test]
fn located_node_as_it_is() {
    let body = r#"{"a": {"b": [1, {"c" : "x y"}], "b2": 12345678901234567890.123}}"#;
    check(
        &json!([{"type": "object", "mapping": "$.a"}]),
        body,
        r#"{"b":[1,{"c":"x y"}],"b2":12345678901234567890.123}"#,
        0,
    );
    check(
        &json!([{"type": "array", "mapping": "$.a.b"}]),
        body,
        r#"[1,{"c":"x y"}]"#,
        0,
    );
    check(&json!([{"mapping": "$.a.b[-1].c"}]), body, r#""x y""#, 0);
    check(
        &json!([{"type": "object"}]),
        body,
        r#"{"a":{"b":[1,{"c":"x y"}],"b2":12345678901234567890.123}}"#,
        0,
    );
    check(
        &json!([{"type": "object", "mapping": "$.a.nope"}]),
        body,
        "null",
        0,
    );
    check(
        &json!([{"type": "array", "mapping": "$.a"}]),
        r#"{"a":{}}"#,
        "{}",
        1,
    );
}

#[test]
fn properties_are_relative_to_the_located_node() {
    let outputs = json!([{"type": "object", "mapping": "$.data", "properties": {
        "id": {"type": "string", "mapping": "$.id"},
        "missing": {"type": "string", "mapping": "$.nope"},
        "unmapped": {"type": "string"},
        "constant": {"type": "integer", "const": "5"},
        "inner": {"type": "object", "properties": {
            "city": {"type": "string", "mapping": "$.address.city"}}},
        "moved": {"type": "object", "mapping": "$.address", "properties": {
            "city": {"type": "string", "mapping": "city"},
            "all": {"type": "object", "mapping": "$"}}},
        "lost": {"type": "object", "mapping": "$.nope", "properties": {
            "x": {"type": "string", "mapping": "$.x"}}},
        "whole": {"type": "object"}}}]);
    check(
        &outputs,
        r#"{"data":{"id":7,"address":{"city":"Oslo"}}}"#,
        concat!(
            r#"{"id":"7","missing":null,"unmapped":null,"constant":5,"inner":{"city":"Oslo"},"#,
            r#""moved":{"city":"Oslo","all":{"city":"Oslo"}},"lost":null,"whole":null}"#
        ),
        0,
    );
    check(&outputs, r#"{"data":null}"#, "null", 0);
    check(&outputs, "{}", "null", 0);
    check(&outputs, r#"{"data":"gone"}"#, r#""gone""#, 1);
    check(&outputs, r#"{"data":1.5}"#, "1.5", 1);
}

#[test]
fn arrays_are_shaped_element_by_element() {
    let outputs = json!([{"type": "array", "mapping": "$.items", "items": {"type": "object",
        "properties": {
            "id": {"type": "integer", "mapping": "$.id"},
            "tags": {"type": "array", "mapping": "$.tags", "items": {"type": "string"}},
            "first": {"type": "string", "mapping": "$.tags[0]"}}}}]);
    check(
        &outputs,
        r#"{"items":[{"id":"1","x":[[]],"tags":["a",2]},{"tags":[]},null,"s",{"id":2.5}]}"#,
        concat!(
            r#"[{"id":1,"tags":["a","2"],"first":"a"},{"id":null,"tags":[],"first":null},null,"#,
            r#""s",{"id":2.5,"tags":null,"first":null}]"#
        ),
        2,
    );
    check(
        &outputs,
        r#"{"items":{"id" : 1, "big":123456789012345678901234567890}}"#,
        r#"{"id":1,"big":123456789012345678901234567890}"#,
        1,
    );
    check(&outputs, r#"{"items":{}}"#, "{}", 1);
    check(&outputs, r#"{"items":"x"}"#, r#""x""#, 1);
    check(&outputs, r#"{"items":null}"#, "null", 0);
    check(&outputs, "[]", "null", 0);
    check(
        &json!([{"type": "array", "items": {"type": "number", "mapping": "$.n"}}]),
        r#"[{"n":"1.50"},{}]"#,
        "[1.50,null]",
        0,
    );
    check(
        &json!([{"type": "array", "mapping": "$", "items": {"type": "array", "items":
        {"type": "integer"}}}]),
        r#"[[1,"2"],[],7]"#,
        "[[1,2],[],7]",
        1,
    );
}

#[test]
fn coercion_is_lossless_or_counted() {
    for (kind, json, expected, mismatches) in [
        ("string", "7", r#""7""#, 0),
        (
            "string",
            "12345678901234567890.123",
            r#""12345678901234567890.123""#,
            0,
        ),
        ("string", "true", r#""true""#, 0),
        ("string", r#""\u00e9""#, r#""\u00e9""#, 0),
        ("string", "null", "null", 0),
        ("string", r#"{"a": 1}"#, r#"{"a":1}"#, 1),
        ("string", "[]", "[]", 1),
        ("number", r#""7""#, "7", 0),
        ("number", r#""-1.50e2""#, "-1.50e2", 0),
        ("number", r#""\u0037""#, "7", 0),
        ("number", r#""07""#, r#""07""#, 1),
        ("number", r#"" 7""#, r#"" 7""#, 1),
        ("number", r#""""#, r#""""#, 1),
        ("number", r#""NaN""#, r#""NaN""#, 1),
        (
            "number",
            "12345678901234567890.123",
            "12345678901234567890.123",
            0,
        ),
        ("number", "true", "true", 1),
        ("integer", r#""7""#, "7", 0),
        ("integer", r#""7.0""#, r#""7.0""#, 1),
        ("integer", "7.0", "7.0", 0),
        ("integer", "7.5", "7.5", 1),
        (
            "integer",
            "99999999999999999999999",
            "99999999999999999999999",
            0,
        ),
        ("boolean", r#""true""#, "true", 0),
        ("boolean", r#""True""#, r#""True""#, 1),
        ("boolean", "1", "1", 1),
        ("any", r#"[1 , "a b" ]"#, r#"[1,"a b"]"#, 0),
        ("object", "1", "1", 1),
        ("array", "[ ]", "[]", 0),
    ] {
        let outputs = json!([{"type": kind, "mapping": "$.v"}]);
        check(
            &outputs,
            &format!(r#"{{"v": {json} }}"#),
            expected,
            mismatches,
        );
    }
}

#[test]
fn several_outputs() {
    let body = r#"{"a":null,"b":{"c":1}}"#;
    check(
        &json!({"x": {"type": "string", "mapping": "$.b.c"}}),
        body,
        r#"{"x":"1"}"#,
        0,
    );
    check(
        &json!({"x": {"type": "object", "mapping": "$"}, "y": {"type": "string"}}),
        body,
        r#"{"x":{"a":null,"b":{"c":1}},"y":null}"#,
        0,
    );
    let first = json!([{"type": "string", "mapping": "$.a"}, {"type": "boolean", "mapping": "$.b.d"},
        {"type": "integer", "mapping": "$.b.c"}, {"const": "unused"}]);
    check(&first, body, "1", 0);
    check(&first, "{}", r#""unused""#, 0);
    check(
        &json!([{"mapping": "$.x"}, {"mapping": "$.y"}]),
        body,
        "null",
        0,
    );
}

#[test]
fn paths_that_need_a_tree() {
    let body = r#"{"max":2,"items":[{"n":1,"k":"a"},{"n":3,"k":"b"},{"n":2,"k":"c"}]}"#;
    let outputs = json!({
        "names": {"type": "array", "mapping": "$.items[*].k"},
        "large": {"type": "array", "mapping": "$.items[?(@.n > 1)]", "items": {"type": "object",
            "properties": {"id": {"type": "string", "mapping": "$.n"}}}},
        "below": {"type": "array", "mapping": "$.items[?(@.n < $.max)].k"},
        "count": {"type": "integer", "mapping": "$.items.length()"},
        "all": {"type": "array", "mapping": "$..n"},
        "pair": {"type": "object", "mapping": "$.items[0]['n','k']", "properties": {
            "k": {"type": "string", "mapping": "$.k"}}},
        "lost": {"type": "array", "mapping": "$.nope[*]"},
    });
    check(
        &outputs,
        body,
        concat!(
            r#"{"names":["a","b","c"],"large":[{"id":"3"},{"id":"2"}],"below":["a"],"count":3,"#,
            r#""all":[1,3,2],"pair":{"k":"a"},"lost":null}"#
        ),
        0,
    );
}

#[test]
fn the_last_of_two_members_counts() {
    let outputs = json!({"x": {"mapping": "$.a.x"}, "y": {"mapping": "$.a.y"}});
    check(
        &outputs,
        r#"{"a":{"x":1,"y":2},"a":{"y":3,"y":4}}"#,
        r#"{"x":null,"y":4}"#,
        0,
    );
    check(
        &outputs,
        r#"{"a":{"x":1},"a":7}"#,
        r#"{"x":null,"y":null}"#,
        0,
    );
}

#[test]
fn one_place_wanted_in_several_ways() {
    let outputs = json!({
        "raw": {"mapping": "$.a"},
        "part": {"type": "string", "mapping": "$.a[1].x"},
        "last": {"type": "string", "mapping": "$.a[-1].x"},
        "list": {"type": "array", "mapping": "$.a", "items": {"type": "integer", "mapping": "$.x"}},
        "again": {"type": "array", "mapping": "$.a", "items": {"type": "string", "mapping": "x"}},
        "object": {"type": "object", "mapping": "$.a", "properties": {"n": {"mapping": "$[0]"}}}});
    check(
        &outputs,
        r#"{"a": [{"x":"1"}, {"x":"2"}]}"#,
        concat!(
            r#"{"raw":[{"x":"1"},{"x":"2"}],"part":"2","last":"2","list":[1,2],"again":["1","2"],"#,
            r#""object":{"n":{"x":"1"}}}"#
        ),
        0,
    );
}

#[test]
fn schemas() {
    let schema = |json: Value| output(&json).json_schema();
    assert_eq!(
        schema(json!([{"type": "object", "mapping": "$.d", "properties": {
            "id": {"type": "integer", "mapping": "$.id"},
            "any": {"mapping": "$.x"},
            "raw": {"type": "object", "mapping": "$.y"},
            "sub": {"type": "object", "properties": {"b": {"type": "boolean"}}},
            "tags": {"type": "array", "mapping": "$.t", "items": {"type": "string"}}}}])),
        Some(json!({"type": "object", "properties": {
            "id": {"type": ["integer", "null"]},
            "any": {},
            "raw": {"type": ["object", "null"]},
            "sub": {"type": ["object", "null"], "properties": {"b": {"type": ["boolean", "null"]}}},
            "tags": {"type": ["array", "null"], "items": {"type": ["string", "null"]}}}}))
    );
    assert_eq!(
        schema(json!([{"type": "array", "mapping": "$.t", "items": {"type": "number"}}])),
        Some(json!({"type": ["array", "null"], "items": {"type": ["number", "null"]}}))
    );
    assert_eq!(
        schema(json!({"a": {"type": "string"}})),
        Some(json!({"type": "object", "properties": {"a": {"type": ["string", "null"]}}}))
    );
    assert_eq!(schema(json!([{"type": "object", "mapping": "$.a"}])), None);
    assert_eq!(
        schema(json!([{"type": "array", "mapping": "$.a", "items": {}}])),
        None
    );
    assert_eq!(schema(json!([{"type": "string", "mapping": "$.a"}])), None);
    assert_eq!(
        output(&json!({"a": {}, "b": {}})).all_null(),
        json!({"a": null, "b": null})
    );
    assert_eq!(
        output(&json!([{"type": "object", "properties": {"a": {}}}])).all_null(),
        json!({"a": null})
    );
    assert_eq!(output(&json!([])).all_null(), Value::Null);
}
