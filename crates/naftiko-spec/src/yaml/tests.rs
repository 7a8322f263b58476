//! What YAML means here, and what hostile YAML costs. Findings have their own cases under `tests/yaml/`.

// Hostile texts are built once and are small: clarity counts.
#![allow(clippy::format_collect, clippy::format_push_string)]

use std::time::{Duration, Instant};

use naftiko_diagnostics::render::{Format, render};
use naftiko_diagnostics::{SourceMap, codes};
use serde_json::{Value, json};

use super::*;

fn read_with(text: &str, limits: &Limits) -> (Option<Node>, Diagnostics, SourceMap) {
    let mut sources = SourceMap::new();
    let file = sources.add("t.yaml", text);
    let mut out = Diagnostics::new();
    let node = parse(file, text, limits, &mut out);
    (node, out, sources)
}

fn read(text: &str) -> (Option<Node>, Vec<&'static str>) {
    let (node, out, _) = read_with(text, &Limits::default());
    (node, out.iter().map(|d| d.code.id).collect())
}

/// A document without a mistake.
fn good(text: &str) -> Node {
    let (node, out, sources) = read_with(text, &Limits::default());
    assert!(
        out.is_empty(),
        "{text:?}: {}",
        render(&out, &sources, Format::Full, false, 100)
    );
    node.unwrap_or_else(|| panic!("no tree for {text:?}"))
}

fn json_of(text: &str) -> Value {
    good(text).to_json()
}

#[test]
fn scalars_follow_the_core_schema() {
    let table: &[(&str, Value)] = &[
        ("null", json!(null)),
        ("~", json!(null)),
        ("Null", json!(null)),
        ("nULL", json!("nULL")),
        ("true", json!(true)),
        ("FALSE", json!(false)),
        ("tRue", json!("tRue")),
        ("yes", json!("yes")),
        ("no", json!("no")),
        ("on", json!("on")),
        ("off", json!("off")),
        ("y", json!("y")),
        ("0", json!(0)),
        ("-0", json!(0)),
        ("+12", json!(12)),
        ("-12", json!(-12)),
        ("017", json!("017")),
        ("-017", json!("-017")),
        ("01.5", json!("01.5")),
        ("0o17", json!(15)),
        ("0xFf", json!(255)),
        ("-0x1", json!("-0x1")),
        ("0x+1", json!("0x+1")),
        ("0b11", json!("0b11")),
        ("1_000", json!("1_000")),
        ("18446744073709551615", json!(u64::MAX)),
        ("18446744073709551616", json!("18446744073709551616")),
        ("-9223372036854775808", json!(i64::MIN)),
        ("-9223372036854775809", json!("-9223372036854775809")),
        ("1.5", json!(1.5)),
        ("1.", json!(1.0)),
        (".5", json!(0.5)),
        ("-.5", json!(-0.5)),
        ("1e3", json!(1000.0)),
        ("1.5E-2", json!(0.015)),
        ("1e999", json!("1e999")),
        ("e3", json!("e3")),
        (".", json!(".")),
        ("+", json!("+")),
        ("1.2.3", json!("1.2.3")),
        ("12:30:45", json!("12:30:45")),
        ("2024-01-02", json!("2024-01-02")),
        (".inf", json!(".inf")),
        ("-.INF", json!("-.INF")),
        (".nan", json!(".nan")),
        ("infinity", json!("infinity")),
        ("NaN", json!("NaN")),
        ("\"12\"", json!("12")),
        ("'true'", json!("true")),
        ("''", json!("")),
        ("!!str 12", json!("12")),
        ("!!str", json!("")),
        ("! 12", json!("12")),
        ("!!int \"12\"", json!(12)),
        ("!!float 3", json!(3.0)),
        ("!!bool 'true'", json!(true)),
        ("!<tag:yaml.org,2002:str> 1.10", json!("1.10")),
        ("\"a\\tb\\u00e9\"", json!("a\tbé")),
        ("http://x/y#z", json!("http://x/y#z")),
        ("a # comment", json!("a")),
        ("{{x", json!({ "x": null })),
    ];
    for (text, value) in table {
        if *text == "{{x" {
            assert!(read(&format!("k: {text}\n")).1.contains(&"yaml-syntax"));
            continue;
        }
        assert_eq!(json_of(&format!("k: {text}\n"))["k"], *value, "{text}");
    }
}

#[test]
fn structure_of_every_style_is_read() {
    let text = "\u{feff}# comment\r\n---\r\nlist:\t[1, {a: b}, [x]]\r\nempty:\r\nnested:\r\n- 1\r\n-\r\n- k: |\r\n    one\r\n      two\r\n\r\n  f: >-\r\n    a\r\n    b\r\n200: ok\r\ntrue: yes\r\n? q\r\n: r\r\n...\r\n";
    assert_eq!(
        json_of(text),
        json!({
            "list": [1, { "a": "b" }, ["x"]],
            "empty": null,
            "nested": [1, null, { "k": "one\n  two\n", "f": "a b" }],
            "200": "ok",
            "true": "yes",
            "q": "r",
        })
    );
    assert_eq!(json_of("just text"), json!("just text"));
    assert_eq!(json_of("{}"), json!({}));
    assert_eq!(json_of("'~'"), json!("~"));
}

#[test]
fn aliases_and_merge_keys_are_resolved() {
    let text = "\
a: &a {x: 1, y: 1}
b: &b {y: 2, z: 2}
one: {<<: *a, y: 9}
two: {q: 0, <<: [*a, *b], r: 0}
inline: {<<: {x: 5}}
list: &l [*a, *b]
three: {<<: *l}
text: {'<<': kept}
again: *a
";
    let node = good(text);
    let value = node.to_json();
    assert_eq!(value["one"], json!({ "x": 1, "y": 9 }));
    assert_eq!(
        value["two"].to_string(),
        r#"{"q":0,"x":1,"y":1,"z":2,"r":0}"#
    );
    assert_eq!(value["inline"], json!({ "x": 5 }));
    assert_eq!(value["three"], json!({ "x": 1, "y": 1, "z": 2 }));
    assert_eq!(value["text"], json!({ "<<": "kept" }));
    let again = node.get("again").unwrap();
    let of = |span: Span| &text[span.start as usize..span.end as usize];
    assert_eq!(of(again.span), "{x: 1, y: 1}");
    assert_eq!(of(again.alias.unwrap()), "*a");
    let merged = node.at(&["two", "z"]).unwrap();
    assert_eq!((of(merged.span), of(merged.alias.unwrap())), ("2", "*b"));
    // An anchor that is defined again counts from there on.
    assert_eq!(json_of("a: &x 1\nb: *x\nc: &x 2\nd: *x\n")["d"], json!(2));
    assert_eq!(
        json_of("&k one: 1\nb: {*k : 2}\n")["b"],
        json!({ "one": 2 })
    );
}

#[test]
fn the_tree_goes_on_after_mistakes() {
    let (node, found) = read(
        "a: 1\na: 2\nb: {{x}}\nc: {{x}}/y # z\nd: [{{p}}-{{q}}, '2']\ne: *no\nf: \"\\d\"\ng: @h\ni: 3\n",
    );
    assert_eq!(
        found,
        [
            "duplicate-key",
            "unquoted-template",
            "unquoted-template",
            "unquoted-template",
            "unknown-alias",
            "yaml-syntax",
            "yaml-syntax"
        ]
    );
    assert_eq!(
        node.unwrap().to_json(),
        json!({ "a": 1, "b": "{{x}}", "c": "{{x}}/y", "d": ["{{p}}-{{q}}", "2"], "e": null, "f": "xd",
            "g": "@h", "i": 3 })
    );
}

#[test]
fn what_is_no_single_document_is_refused() {
    for text in [
        "",
        "\n\n",
        "# only a comment\n",
        "---\n",
        "\u{feff}",
        "--- # x\n...\n",
    ] {
        let (node, found) = read(text);
        assert_eq!(
            (node.is_none(), found),
            (true, vec!["empty-document"]),
            "{text:?}"
        );
    }
    let (node, found) = read("a: 1\n---\nb: 2\n");
    assert_eq!(found, ["several-documents"]);
    assert_eq!(node.unwrap().to_json(), json!({ "a": 1 }));
    // An explicit null is a document.
    assert!(good("null\n").is_null());
}

#[test]
fn paths_lead_to_places() {
    let text = "a:\n  - b: 1\n    c:\n";
    let node = good(text);
    let of = |span: Span| &text[span.start as usize..span.end as usize];
    assert_eq!(of(node.pointer(&["a", "0", "b"])), "1");
    assert_eq!(
        of(node.pointer(&["a", "0", "nope", "deeper"])),
        "b: 1\n    c:"
    );
    assert_eq!(
        of(node.pointer(&["a", "0", "c"])),
        "c",
        "a value left out is shown by its key"
    );
    assert_eq!(of(node.pointer_key(&["a"])), "a");
    assert_eq!(of(node.pointer(&["a", "7"])), "- b: 1\n    c:");
    assert_eq!(node.pointer::<&str>(&[]), node.span);
    assert_eq!(node.at(&["a", "0", "b"]).and_then(Node::as_u64), Some(1));
    assert!(node.at(&["a", "x"]).is_none());
}

#[test]
fn a_part_of_a_text_has_a_place() {
    let text = "é: plain {{a}}\nq: \"q {{b}}\"\ns: 's {{c}}'\nl: |\n  one é\n\n  two {{d}}\nf: >\n  x\n  {{e}}\ne: \"\\t{{f}}\"\nr: &r r {{g}}\nu: *r\n";
    let crlf = text.replace('\n', "\r\n");
    for text in [text, crlf.as_str()] {
        let node = good(text);
        let part = |key: &str, what: &str| {
            let value = node.get(key).unwrap();
            let at = value.as_str().unwrap().find(what).unwrap();
            let span = value.part(at, what.len());
            &text[span.start as usize..span.end as usize]
        };
        for (key, what) in [
            ("é", "{{a}}"),
            ("é", "plain {{a}}"),
            ("q", "{{b}}"),
            ("s", "{{c}}"),
            ("l", "{{d}}"),
            ("l", "one"),
            ("l", "é"),
            ("r", "{{g}}"),
            ("u", "{{g}}"),
        ] {
            assert_eq!(part(key, what), what, "{key}");
        }
        assert!(
            part("f", "{{e}}").starts_with('>'),
            "folded text: the whole"
        );
        assert_eq!(part("e", "{{f}}"), "\"\\t{{f}}\"", "escapes: the whole");
    }
}

/// Reads the text of every value again, at the column where it stood, and expects the same value.
#[test]
fn every_span_holds_its_value() {
    let text = include_str!("../../tests/data/spans.yaml");
    let crlf = text.replace('\n', "\r\n");
    for text in [text, crlf.as_str()] {
        let mut seen = 0;
        let root = good(text);
        let mut waiting = vec![&root];
        while let Some(node) = waiting.pop() {
            seen += 1;
            let (start, end) = (node.span.start as usize, node.span.end as usize);
            let slice = &text[start..end];
            if slice.is_empty() {
                assert!(node.is_null());
            } else if !slice.contains('*') {
                let column = text[..start]
                    .chars()
                    .rev()
                    .take_while(|c| *c != '\n')
                    .count();
                let again = good(&format!("{}{slice}\n", " ".repeat(column)));
                assert_eq!(again.to_json(), node.to_json(), "{slice:?}");
            }
            match &node.kind {
                NodeKind::Sequence(items) => waiting.extend(items.iter()),
                NodeKind::Mapping(entries) => {
                    for entry in entries.iter() {
                        let key = &text[entry.key.span.start as usize..entry.key.span.end as usize];
                        assert!(key.contains(&entry.key.value), "{key:?}");
                        waiting.push(&entry.value);
                    }
                }
                _ => {}
            }
        }
        assert!(seen > 40, "{seen} values");
    }
}

#[test]
fn limits_hold_at_the_edge() {
    let limits = Limits {
        bytes: 100,
        depth: 3,
        nodes: 10,
    };
    let code = |text: &str| -> Vec<&str> {
        read_with(text, &limits)
            .1
            .iter()
            .map(|d| d.code.id)
            .collect()
    };
    let none: [&str; 0] = [];
    let large = [codes::document_too_large::CODE.id];
    assert_eq!(code(&format!("a{}", " ".repeat(99))), none);
    assert_eq!(code(&format!("a{}", " ".repeat(100))), large);
    assert_eq!(code("[[[1]]]"), none);
    assert_eq!(code("[[[[1]]]]"), large);
    assert_eq!(code("- - - 1"), none);
    assert_eq!(code("- - - - 1"), large);
    assert_eq!(code("- [{a: []}]"), large);
    assert_eq!(code("[1, 2, 3, 4, 5, 6, 7, 8, 9]"), none);
    assert_eq!(code("[1, 2, 3, 4, 5, 6, 7, 8, 9, 10]"), large);
    assert_eq!(code("[&a [1, 2], *a, *a]"), none);
    assert_eq!(code("[&a [1, 2], *a, *a, 9]"), large);
    assert_eq!(code("[&a [[1]], *a]"), none);
    assert_eq!(
        code("[&a [[1]], [*a]]"),
        large,
        "an alias adds the depth of its value"
    );
    let long = format!("[&a {}, *a, *a]", "x".repeat(60));
    assert_eq!(code(&long), large, "an alias copies bytes");
}

#[test]
fn hostile_documents_are_answered_at_once() {
    let mut laughs = String::from("a0: &a0 [x, x, x, x, x, x, x, x, x, x]\n");
    let mut merges = String::from("a0: &a0 {x: 1}\n");
    for n in 1..12 {
        let of = vec![format!("*a{}", n - 1); 10].join(", ");
        laughs.push_str(&format!("a{n}: &a{n} [{of}]\n"));
        merges.push_str(&format!("a{n}: &a{n} {{k{n}: 1, <<: [{of}]}}\n"));
    }
    let big = format!(
        "a: &a {}\nb: [{}]\n",
        "x".repeat(1 << 20),
        "*a, ".repeat(100_000)
    );
    let anchors = format!(
        "{}1{}",
        (0..120).map(|n| format!("&n{n} [")).collect::<String>(),
        "]".repeat(120)
    );
    let wide = format!("{}\nz: {anchors}", "k: &k 1\n".repeat(50_000));
    let documents: Vec<(&str, String)> = vec![
        ("laughs", laughs),
        ("merges", merges),
        ("big copies", big),
        ("nested anchors", anchors),
        ("same key", wide),
        ("brackets", "[".repeat(200_000)),
        ("braces", "{".repeat(200_000)),
        ("double braces", "{{a}:".repeat(50_000)),
        ("maps", "{a: ".repeat(200_000)),
        ("templates", "a: {{x}}/b\n".repeat(100_000)),
        ("escapes", "a: \"\\d\"\n".repeat(100_000)),
        (
            "one long template",
            format!("a: {{{{x}}}}{}", "/{{y}}".repeat(100_000)),
        ),
        ("dashes", "- ".repeat(100_000)),
        ("questions", "? ".repeat(20_000)),
        ("colons", ": ".repeat(20_000)),
        ("closing", "]".repeat(100_000)),
        (
            "steps",
            (0..1500)
                .map(|n| format!("{}a:\n", " ".repeat(n)))
                .collect(),
        ),
        ("anchors", "&a ".repeat(100_000)),
        ("aliases", format!("- &a x\n{}", "- *a\n".repeat(250_000))),
        (
            "no aliases",
            format!("a: &abcdef 1\n{}", "- *abcdeg\n".repeat(1000)).replace("a:", "- a:"),
        ),
        (
            "many anchors",
            (0..20_000)
                .map(|n| format!("- &anchor{n} x\n- *anchr{n}\n"))
                .collect(),
        ),
        ("tags", "- !x y\n".repeat(100_000)),
        ("quote", format!("a: \"{}", "x\n".repeat(100_000))),
        ("many quotes", "a: 'b\n".repeat(100_000)),
        ("tabs", "\t".repeat(1_000_000)),
        ("one line", format!("[{}]", "a, ".repeat(60_000))),
        ("long key", format!("{}: 1", "k".repeat(1_000_000))),
        ("block text", format!("a: |\n{}", "  x\n".repeat(500_000))),
        (
            "blank lines",
            format!("a: |\n{}  x", "\n".repeat(1_000_000)),
        ),
        ("comments", "#\n".repeat(1_000_000)),
        ("documents", "---\n".repeat(100_000)),
        ("directives", "%X y\n".repeat(100_000)),
        ("no colon", "a\n".repeat(100_000)),
        ("missing colons", format!("a: 1\n{}", "b\n".repeat(50_000))),
        ("controls", "\u{1b}".repeat(100_000)),
        ("keys", (0..90_000).map(|n| format!("k{n}: v\n")).collect()),
        ("flow pairs", format!("[{}]", "a: b, ".repeat(50_000))),
        ("empty pairs", format!("{{{}}}", ", ".repeat(50_000))),
    ];
    for (name, text) in documents {
        let start = Instant::now();
        let (node, out, sources) = read_with(&text, &Limits::default());
        drop(node);
        let read = start.elapsed();
        let drawn = render(&out, &sources, Format::Full, false, 100);
        let all = start.elapsed();
        println!("{name}: {read:?}, rendered {all:?}, {} findings", out.len());
        assert!(
            all < Duration::from_secs(if cfg!(debug_assertions) { 4 } else { 1 }),
            "{name}: {read:?} {all:?}"
        );
        assert!(
            drawn.len() < 200_000,
            "{name} is answered with {} bytes",
            drawn.len()
        );
    }
}
