//! Hostile paths are refused with a place, and hostile documents take linear time.

#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::indexing_slicing
)]

use std::fmt::Write as _;
use std::time::{Duration, Instant};

use naftiko_jsonpath::{Path, PathError};
use serde_json::{Value, json};

fn refused(text: &str) -> PathError {
    let error = Path::parse(text).expect_err(text);
    assert!(
        error.position <= text.len() && text.is_char_boundary(error.position),
        "{error}"
    );
    assert!(
        !error.message.is_empty() && !error.message.ends_with('.'),
        "{error}"
    );
    error
}

#[test]
fn five_thousand_nested_filters() {
    refused(&format!("${}", "[?(".repeat(5000)));
    for nest in ["[?(@.a", "[?@.a", "[?(!(@.a", "[?@.a[?(@.b"] {
        refused(&format!("${}", nest.repeat(5000)));
        // Under the bound on length it is the bound on depth that refuses.
        let deep = refused(&format!("${}", nest.repeat(600)));
        assert!(deep.message.contains("nested deeper"), "{deep}");
    }
    let closed = format!("${}{}", "[?(@.a".repeat(40), ")]".repeat(40));
    assert!(refused(&closed).message.contains("nested deeper"));
    refused(&format!("$[?(@.a in {})]", "[".repeat(4000)));
    refused(&format!("$[?({}@.a)]", "!".repeat(4000)));
}

#[test]
fn longer_than_any_useful_path() {
    refused(&"$.a".repeat(5000));
    assert!(Path::parse(&format!("${}", ".a".repeat(2000))).is_ok());
}

#[test]
fn what_would_multiply_results() {
    refused("$[0,0]");
    refused(&format!("${}", "[0,-1]".repeat(5)));
    refused("$..a[?(@..b[?(@..c)])]");
    refused("$[?(@..b..c)]");
    refused("$.a[?(@.b =~ /(a{1000}){1000}/)]");
}

#[test]
fn errors_point_at_the_place() {
    let cases = [
        ("", 0),
        (" $.a", 0),
        ("$a", 0),
        ("$.", usize::MAX),
        ("$..", 3),
        ("$.a.", 4),
        ("$.a. b", 4),
        ("$.a .b", 3),
        ("$.a[b]", 4),
        ("$.a[0", 3),
        ("$.é['b", 5),
        ("$.a[?(@.b ~ 1)]", 10),
        ("$.a[?(@.b bigger 1)]", 10),
        ("$.a[?(@.b == )]", 13),
        ("$.a.nope()", 4),
        ("$.a.sum().b", 9),
        ("$.a[99999999999999999999]", 4),
    ];
    for (text, position) in cases {
        if position == usize::MAX {
            assert!(Path::parse(text).is_ok());
        } else {
            assert_eq!(refused(text).position, position, "{text}");
        }
    }
}

/// Whatever the text: no panic, and a position inside it.
#[test]
fn arbitrary_text_never_panics() {
    let pieces = [
        "$", "@", ".", "..", "[", "]", "?", "(", ")", "'", "\"", "a", "é", " ", "*", "0", "-", ":",
        ",", "==", "=~", "/", "\\", "\\u12", "&&", "||", "!", "in", "true", "length()", "🦀",
    ];
    let document = json!({"a": [{"a": 1, "é": null}, [0, 1]], "0": {"a": "x"}});
    let mut state = 0x2545_f491_4f6c_dd1d_u64;
    for _ in 0..60_000 {
        let mut text = String::new();
        for _ in 0..12 {
            state ^= state << 13;
            state ^= state >> 7;
            state ^= state << 17;
            let at = usize::try_from(state % pieces.len() as u64).unwrap();
            text.push_str(pieces[at]);
        }
        match Path::parse(&text) {
            Ok(path) => drop(path.find(&document)),
            Err(error) => assert!(text.is_char_boundary(error.position), "{text:?} {error}"),
        }
    }
}

/// Each of these would take minutes if it were quadratic in the document.
#[test]
fn filters_take_linear_time() {
    let ids: Vec<Value> = (0..200_000)
        .map(|n| json!({"id": n, "k": format!("k{n}")}))
        .collect();
    let document = json!({"items": ids, "limit": 10});
    for path in [
        "$.items[?(@.id in $.items[*].id)].id",
        "$.items[?(@.k nin $..k)].id",
        "$.items[?($.items[*].id anyof $..id)].id",
        "$.items[?(@.id > $.items.length() && @.id < $.limit)].id",
        "$..[?(@.id == 7)]",
    ] {
        let start = Instant::now();
        assert!(Path::parse(path).unwrap().find(&document).is_some());
        assert!(
            start.elapsed() < Duration::from_secs(20),
            "{path} took {:?}",
            start.elapsed()
        );
    }
}

#[test]
fn nested_documents_give_each_node_once() {
    let mut document = json!([{"b": 1}]);
    for _ in 0..100 {
        document = json!({"a": document});
    }
    let path = Path::parse("$..a..a..a..b").unwrap();
    assert_eq!(path.find(&document).as_deref(), Some(&json!([1])));
}

#[test]
fn error_text_is_one_sentence() {
    let mut text = String::new();
    write!(text, "{}", refused("$.a[b]")).unwrap();
    assert_eq!(
        text,
        "expected a quoted name, a number, `*` or `?` here (at byte 4)"
    );
}
