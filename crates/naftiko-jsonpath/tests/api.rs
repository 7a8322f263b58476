//! What other crates build on: whole document, definite, steps, split.

#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::indexing_slicing
)]

use naftiko_jsonpath::{Path, Step};
use serde_json::json;

fn path(text: &str) -> Path {
    Path::parse(text).unwrap()
}

#[test]
fn whole_document() {
    for text in ["$", "$.", "@", "@.", "$ ", "$. "] {
        assert!(path(text).is_whole_document(), "{text:?}");
        assert_eq!(path(text).singular_steps(), Some(&[][..]), "{text:?}");
    }
    assert!(!path("$.a").is_whole_document());
    assert!(!path("$[*]").is_whole_document());
    assert!(!path("$.length()").is_whole_document());
}

#[test]
fn singular_steps() {
    let name = |name: &str| Step::Name(name.to_owned());
    assert_eq!(
        path("data.items[-1]['a b'].c-d").singular_steps(),
        Some(
            &[
                name("data"),
                name("items"),
                Step::Index(-1),
                name("a b"),
                name("c-d")
            ][..]
        )
    );
    for text in [
        "$.a[*]",
        "$..a",
        "$.a.length()",
        "$.a['b','c']",
        "$.a[?(@.b)]",
        "$.a.first()",
    ] {
        assert_eq!(path(text).singular_steps(), None, "{text}");
    }
}

#[test]
fn split_gives_the_same_answer() {
    let document = json!({"a": {"b": [{"c": 1}, {"c": 2}], "n": 1}});
    for (text, steps) in [
        ("$.a.b[*].c", 2),
        ("$.a.b[?(@.c > 1)].c", 2),
        ("$.a.b.length()", 2),
        ("$.a.b[0]['c','d']", 3),
        ("$.a..c", 1),
        ("$..c", 0),
        ("$.a.b[?(@.c > $.a.n)].c", 0),
        ("$.a.b[0].c", 4),
    ] {
        let whole = path(text);
        let (taken, rest) = whole.split();
        assert_eq!(taken.len(), steps, "{text}");
        let mut node = &document;
        for step in taken {
            node = match step {
                Step::Name(name) => &node[name],
                Step::Index(index) => &node[usize::try_from(*index).unwrap()],
            };
        }
        assert_eq!(whole.find(&document), rest.find(node), "{text}");
        assert_eq!(whole.is_definite(), rest.is_definite(), "{text}");
    }
}
