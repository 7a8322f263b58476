//! Helps, quoting and paths; the messages themselves are in `tests/cases`.

use serde_json::{Value, json};

use super::*;

fn only(d: Dialect, document: &Value) -> Deviation {
    let mut found = deviations(d, document);
    assert_eq!(found.len(), 1, "{found:?}");
    found.remove(0)
}

fn consumed(d: Dialect, api: &Value) -> Value {
    json!({ d.root_key(): d.version(), "capability": { "consumes": [api] } })
}

#[test]
fn a_misspelt_key_is_suggested() {
    let api = json!({ "type": "http", "namespace": "n", "baseUri": "http://h", "resouces": [] });
    let found = only(Dialect::Alpha2, &consumed(Dialect::Alpha2, &api));
    assert_eq!(found.help.as_deref(), Some("did you mean `resources`?"));
    assert_eq!(found.path.last(), Some(&Segment::Key("resouces".into())));
}

#[test]
fn a_misspelt_word_is_suggested() {
    let auth = json!({ "type": "baerer" });
    let api =
        json!({ "type": "http", "namespace": "n", "baseUri": "http://h", "authentication": auth });
    let found = only(Dialect::Beta1, &consumed(Dialect::Beta1, &api));
    assert_eq!(found.kind, DeviationKind::UnknownWord);
    assert_eq!(found.help.as_deref(), Some("did you mean `bearer`?"));
}

#[test]
fn a_renamed_key_is_told_both_ways() {
    for (d, written, known) in [
        (Dialect::Alpha2, "display", "label"),
        (Dialect::Alpha3, "label", "display"),
    ] {
        let api = json!({ "type": "http", "namespace": "n", "baseUri": "http://h" });
        let mut document = consumed(d, &api);
        document["info"] = json!({ written: "L", "description": "D" });
        let found = deviations(d, &document);
        let unknown = found
            .iter()
            .find(|one| one.kind == DeviationKind::UnknownKey)
            .unwrap();
        let help = format!("{d} calls it `{known}`");
        assert_eq!(unknown.help.as_deref(), Some(help.as_str()));
    }
}

#[test]
fn a_list_where_there_are_maps_now_is_explained() {
    let api = json!({ "type": "http", "namespace": "n", "baseUri": "http://h", "resources": [{}] });
    let found = only(Dialect::Alpha3, &consumed(Dialect::Alpha3, &api));
    assert!(
        found
            .help
            .unwrap()
            .contains("the name of each entry is its key")
    );
}

#[test]
fn keys_that_look_like_indices_or_pointers_stay_keys() {
    let operation = json!({ "method": "GET", "responses": { "200": { "a/b~c": 1, "": 1 } } });
    let resources = json!({ "r": { "path": "/", "operations": { "0": operation } } });
    let rest = json!({ "type": "rest", "port": 1, "namespace": "n", "resources": resources });
    let document = json!({ "ikanos": "1.0.0-beta1", "capability": { "exposes": [rest] } });
    let found = deviations(Dialect::Beta1, &document);
    assert_eq!(found.len(), 2, "{found:?}");
    let key = |key: &str| Segment::Key(key.to_owned());
    for (one, last) in found.iter().zip(["a/b~c", ""]) {
        assert_eq!(
            one.path.get(1..3),
            Some(&[key("exposes"), Segment::Index(0)][..])
        );
        let tail = [
            key("operations"),
            key("0"),
            key("responses"),
            key("200"),
            key(last),
        ];
        assert!(one.path.ends_with(&tail), "{:?}", one.path);
    }
}

#[test]
fn text_of_a_document_is_escaped_and_cut() {
    assert_eq!(
        sentence::quoted("a\u{1b}[31m\n`b`"),
        "`a\\u{1b}[31m\\u{a}'b'`"
    );
    let long = sentence::quoted(&"x".repeat(1000));
    assert_eq!(long.chars().count(), 63, "{long}");
}

#[test]
fn what_may_be_a_secret_is_not_said() {
    let auth = json!({ "type": "basic", "username": "u", "password": 271_828 });
    let api = json!({ "type": "http", "namespace": "n", "baseUri": "http://u:hunter2@h/{x}", "authentication": auth });
    let found = deviations(Dialect::Alpha2, &consumed(Dialect::Alpha2, &api));
    assert_eq!(found.len(), 2, "{found:?}");
    for one in found {
        assert!(
            !one.message.contains("hunter2") && !one.message.contains("271828"),
            "{one:?}"
        );
    }
}

#[test]
fn a_document_that_is_no_map_is_one_deviation() {
    for document in [json!(null), json!([]), json!("text"), json!(1)] {
        for d in Dialect::ALL {
            let found = deviations(d, &document);
            assert!(
                found.iter().any(|one| one.kind == DeviationKind::WrongType),
                "{d} {found:?}"
            );
        }
    }
}

#[test]
fn deep_outputs_are_reported_where_they_are_wrong() {
    let mut output = json!({ "type": "object" });
    for _ in 0..40 {
        output = json!({ "type": "object", "properties": { "p": output } });
    }
    let tool =
        json!({ "name": "t", "description": "D", "call": "n.o", "outputParameters": [output] });
    let mcp = json!({ "type": "mcp", "port": 1, "namespace": "m", "tools": [tool] });
    let document = json!({ "naftiko": "1.0.0-alpha1", "capability": { "exposes": [mcp] } });
    let found = only(Dialect::Alpha1, &document);
    assert_eq!(found.path.len(), 3 + 4 + 80, "{found:?}");
}
