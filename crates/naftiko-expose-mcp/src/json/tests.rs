//! One pass against the way over a tree: what both write must be the same bytes.

use super::*;
use serde_json::json;

/// What the way over a tree gives.
fn tree(body: &[u8]) -> Option<String> {
    let value: Value = serde_json::from_slice(body).ok()?;
    Some(value.to_string())
}

fn deep(levels: usize) -> String {
    format!("{}1{}", "[".repeat(levels), "]".repeat(levels))
}

#[test]
fn one_pass_writes_what_a_tree_writes() {
    let (deepest, too_deep) = (deep(127), deep(128));
    let bodies: [&[u8]; 44] = [
        b"{}",
        b"[]",
        b" [ ] ",
        b"\n{ \"a\" : [ 1 , -2 , true , false , null ] ,\t\"b\" : { } }\r\n",
        b"1",
        b"-0",
        b"-0.0",
        b"1.0",
        b"1.10",
        b"1e5",
        b"1E400",
        b"-1e-400",
        b"18446744073709551615",
        b"18446744073709551616",
        b"-9223372036854775808",
        b"-9223372036854775809",
        b"0.1234567890123456789",
        b"01",
        b"1.",
        b"+1",
        b"\"plain\"",
        br#""\/\u0041\u00e9\n\"\\\ud83d\ude00""#,
        br#""\ud800""#,
        br#""\x""#,
        b"\"tab\there\"",
        b"\"\x7f\"",
        "\"é \u{2028}\"".as_bytes(),
        b"\"\xff\"",
        b"\xff",
        b"",
        b" ",
        b"{",
        b"[1,]",
        b"[1 2]",
        br#"{"a":1,}"#,
        br#"{"a" 1}"#,
        br#"{"a":1} x"#,
        br"{'a':1}",
        br"{a:1}",
        br#"{"a":1,"b":2,"a":3}"#,
        br#"{"o":{"a":1,"\u0061":2},"a":{"a":{"a":[{"a":1},{"a":2}]}}}"#,
        br#"{"":1,"\"":"\\","k\n":0}"#,
        deepest.as_bytes(),
        too_deep.as_bytes(),
    ];
    for body in bodies {
        let said = String::from_utf8_lossy(body);
        let json = compact(body);
        let quoted = tree(body).map(|text| Value::String(text).to_string());
        assert_eq!(json.clone().map(|json| json.text), tree(body), "{said}");
        assert_eq!(json.map(|json| json.quoted), quoted, "{said}");
    }
    assert!(tree(deepest.as_bytes()).is_some() && tree(too_deep.as_bytes()).is_none());
    let is_object = |body: &[u8]| compact(body).is_some_and(|json| json.is_object());
    assert!(is_object(b" {}") && !is_object(b" []") && !is_object(b"\"{\""));
}

#[test]
fn one_pass_takes_all_but_the_odd() {
    let none: Option<&Promise> = None;
    assert!(written(r#"{"a":{"b":1},"b":[{"a":1},{"a":2}]}"#, none).is_some());
    assert!(
        written(r#"{"a":1,"\u0061":2}"#, none).is_none(),
        "named twice"
    );
    let many: Vec<String> = (0..1000).map(|n| format!("\"k{n}\":{n}")).collect();
    assert!(written(&format!("{{{}}}", many.join(",")), none).is_some());
    assert!(written(&format!("{{{},\"k7\":0}}", many.join(",")), none).is_none());
}

#[test]
fn promises_are_kept_in_one_pass_or_over_a_tree() {
    let promise = Promise::of(&json!({"type": "object", "properties": {
        "id": {"type": ["string", "null"]},
        "n": {"type": ["integer", "null"]},
        "list": {"type": ["array", "null"], "items": {"type": ["object", "null"], "properties": {"a": {"type": ["boolean", "null"]}}}},
    }}));
    let kept = |body: &str| {
        let way = if written(body, Some(&promise)).is_some() {
            "pass"
        } else {
            "tree"
        };
        (way, fitted(body.as_bytes(), &promise).text)
    };
    for (body, way, given) in [
        (
            r#"{"id": "x", "n": 7.0, "list": [{"a": true}, null]}"#,
            "pass",
            r#"{"id":"x","n":7.0,"list":[{"a":true},null]}"#,
        ),
        (
            r#"{"list": [], "more": 1, "n": null, "id": null}"#,
            "pass",
            r#"{"list":[],"more":1,"n":null,"id":null}"#,
        ),
        (
            r#"{"n": 1.5, "id": 5, "list": [{"a": 1}, 5]}"#,
            "tree",
            r#"{"n":null,"id":null,"list":[{"a":null},null]}"#,
        ),
        (
            r#"{"id": "x"}"#,
            "tree",
            r#"{"id":"x","n":null,"list":null}"#,
        ),
        (
            r#"{"id": "x", "id": 5, "n": 1}"#,
            "tree",
            r#"{"id":null,"n":1,"list":null}"#,
        ),
        ("[1]", "tree", r#"{"id":null,"n":null,"list":null}"#),
        ("{oops", "tree", r#"{"id":null,"n":null,"list":null}"#),
    ] {
        assert_eq!(kept(body), (way, String::from(given)), "{body}");
    }
}
