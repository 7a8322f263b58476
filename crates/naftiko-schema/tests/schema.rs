//! The schemas as documents: whole, without leftovers, and fit for editors.

use std::collections::BTreeSet;

use naftiko_schema::{Dialect, schema};
use serde_json::{Value, json};

fn references(part: &Value, into: &mut BTreeSet<String>) {
    if let Some(uri) = part.get("$ref").and_then(Value::as_str) {
        into.insert(uri.to_owned());
    }
    match part {
        Value::Object(map) => map.values().for_each(|part| references(part, into)),
        Value::Array(parts) => parts.iter().for_each(|part| references(part, into)),
        _ => {}
    }
}

#[test]
fn every_definition_is_used_and_every_use_is_defined() {
    for d in Dialect::ALL {
        let schema = schema(d);
        let mut used = BTreeSet::new();
        references(&schema, &mut used);
        let defined: BTreeSet<String> = schema["$defs"]
            .as_object()
            .unwrap()
            .keys()
            .map(|name| format!("#/$defs/{name}"))
            .collect();
        assert_eq!(used, defined, "{d}");
    }
}

#[test]
fn every_field_has_a_description() {
    fn check(part: &Value, place: &str) {
        let empty = serde_json::Map::new();
        let properties = part
            .get("properties")
            .and_then(Value::as_object)
            .unwrap_or(&empty);
        let closed = part.get("additionalProperties") == Some(&json!(false));
        for (name, field) in properties {
            let described = field
                .get("description")
                .and_then(Value::as_str)
                .is_some_and(|text| text.ends_with('.'));
            assert!(described || !closed, "{place}: {name} has no description");
            check(field, &format!("{place}/{name}"));
        }
    }
    for d in Dialect::ALL {
        let schema = schema(d);
        check(&schema, "");
        schema["$defs"]
            .as_object()
            .unwrap()
            .iter()
            .for_each(|(name, part)| check(part, name));
    }
}

#[test]
fn a_dialect_is_found_by_its_root() {
    for d in Dialect::ALL {
        assert_eq!(Dialect::from_root(d.root_key(), d.version()), Some(d));
    }
    assert_eq!(Dialect::from_root("naftiko", "1.0.0-alpha3"), None);
    assert_eq!(Dialect::from_root("ikanos", "1.0.0-alpha2"), None);
}
