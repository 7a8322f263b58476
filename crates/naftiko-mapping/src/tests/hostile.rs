//! Answers that are not JSON are refused wherever the fault lies, wanted or skipped.

use serde_json::json;

use super::output;
use crate::{MappingError, Projection};

fn wants_a() -> Projection {
    Projection::compile(&output(
        &json!({"a": {"mapping": "$.a"}, "l": {"type": "array",
        "mapping": "$.l", "items": {"type": "string", "mapping": "$.x"}},
        "end": {"mapping": "$.e[-1].x"}}),
    ))
}

#[test]
fn broken_json() {
    for body in [
        "",
        " ",
        "{",
        "{\"a\":1",
        "{\"a\":1}}",
        "{\"a\":1} x",
        "{\"a\":1}{}",
        "<html>",
        "nul",
        "{\"a\":1,}",
        "{'a':1}",
        "{\"a\":01}",
        "{\"skip\":[1,]}",
        "{\"skip\":{\"b\":nul}}",
        "{\"skip\":\"a\nb\"}",
        "{\"skip\":\"\\x\"}",
        "{\"skip\":\"\\u12\"}",
        "{\"skip\":1.}",
        "{\"skip\":[}",
        "{\"l\":[{\"x\":1,\"y\":tru}]}",
        "{\"l\":[1 2]}",
        "{\"e\":[1,{]}",
        "{\"skip\":[1}",
        "{\"skip\":\"",
        "[1,2",
        "{1:2}",
        "{\"a\":NaN}",
        "{\"a\":\"\u{0}\"}",
    ] {
        let error = wants_a().apply(body.as_bytes()).unwrap_err();
        assert!(
            matches!(error, MappingError::NotJson { .. }),
            "{body:?} {error}"
        );
    }
}

#[test]
fn not_utf8() {
    for body in [
        &b"{\"a\":\"\xff\"}"[..],
        b"{\"skip\":\"\xc3\x28\"}",
        b"{\"\xed\xa0\x80\":1}",
    ] {
        let error = wants_a().apply(body).unwrap_err();
        assert!(matches!(error, MappingError::NotUtf8 { .. }), "{error}");
    }
    assert_eq!(
        wants_a()
            .apply("\u{feff}{\"a\":1}".as_bytes())
            .unwrap()
            .mismatches,
        0
    );
}

/// 127 arrays and objects inside one another are fine and 128 are not, whichever part they are
/// in, as when `serde_json` builds a tree.
#[test]
fn depth() {
    let nest = |open: &str, close: &str, levels: usize, around: (&str, &str)| {
        let (before, after) = around;
        format!(
            "{before}{}{}{after}",
            open.repeat(levels),
            close.repeat(levels)
        )
    };
    for (around, inside) in [
        (("{\"a\":", "}"), 1),
        (("{\"skip\":", "}"), 1),
        (("{\"l\":[", "]}"), 2),
        (("{\"l\":[{\"x\":", "}]}"), 3),
        (("{\"l\":[{\"skip\":", "}]}"), 3),
        (("{\"l\":{\"k\":", "}}"), 2),
        (("{\"e\":[", "]}"), 2),
        (("{\"e\":[{\"x\":", "}]}"), 3),
        (("[", "]"), 1),
    ] {
        let fine = nest("[", "]", 127 - inside, around);
        assert!(serde_json::from_str::<serde_json::Value>(&fine).is_ok());
        assert!(wants_a().apply(fine.as_bytes()).is_ok(), "{fine}");
        for levels in [128 - inside, 1_000_000] {
            let deep = nest("[", "]", levels, around);
            let error = wants_a().apply(deep.as_bytes()).unwrap_err();
            assert_eq!(error, MappingError::TooDeep, "{levels} {around:?}");
        }
    }
    // Brackets in strings are no depth.
    let text = format!("{{\"a\":[\"{}\\\"{}\"]}}", "[".repeat(500), "{".repeat(500));
    assert!(wants_a().apply(text.as_bytes()).is_ok());
    // An unclosed flood of brackets fails at once too.
    assert!(wants_a().apply("[".repeat(5_000_000).as_bytes()).is_err());
}

#[test]
fn errors_do_not_quote_the_answer() {
    let error = wants_a().apply(b"{\"a\": secret}").unwrap_err();
    assert_eq!(
        error.to_string(),
        "the answer is not JSON (line 1, column 7)"
    );
}
