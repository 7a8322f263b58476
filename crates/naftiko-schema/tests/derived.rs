//! What `schemars` derives from types, beside what the published dialects say of the same parts of a document. The tables
//! here are those of docs/decisions/0004-schemas.md, which tells why the schemas are stated and not derived.

#![allow(
    clippy::unwrap_used,
    clippy::indexing_slicing,
    dead_code,
    reason = "a test, whose types are never read"
)]

use std::collections::BTreeMap;

use jsonschema::Validator;
use naftiko_schema::{Dialect, schema};
use schemars::{JsonSchema, Schema, schema_for};
use serde::Deserialize;
use serde_json::{Value, json};

/// A number, or a text.
#[derive(Deserialize, JsonSchema)]
#[serde(untagged)]
enum Given {
    Number(f64),
    Text(String),
}

/// A step that calls, as types have it.
#[derive(Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
struct CallStep {
    name: String,
    call: String,
    with: Option<BTreeMap<String, Given>>,
}

/// A step that finds an item.
#[derive(Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, rename_all = "camelCase")]
struct LookupStep {
    name: String,
    index: String,
    r#match: String,
    lookup_value: String,
    output_parameters: Vec<String>,
}

#[derive(Deserialize, JsonSchema)]
#[serde(tag = "type", rename_all = "lowercase")]
enum Step {
    Call(CallStep),
    Lookup(LookupStep),
}

/// The only word that `type` of a mapped text may be.
#[derive(Deserialize, JsonSchema)]
enum Text {
    #[serde(rename = "string")]
    Text,
}

/// A mapped text: from the answer, or fixed.
#[derive(Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
struct MappedText {
    r#type: Text,
    mapping: Option<String>,
    value: Option<String>,
}

/// An entry of `consumes`.
#[derive(Deserialize, JsonSchema)]
#[serde(untagged)]
enum Entry {
    Step(CallStep),
    Mapped(MappedText),
}

fn derived(schema: &Schema) -> Validator {
    jsonschema::validator_for(schema.as_value()).unwrap()
}

/// A definition of a dialect alone.
fn stated(name: &str) -> Validator {
    let dialect = schema(Dialect::Alpha2);
    let part = json!({"$ref": format!("#/$defs/{name}"), "$defs": dialect["$defs"]});
    jsonschema::validator_for(&part).unwrap()
}

/// For each document: whether the dialect takes it, and whether the derived schema does.
fn compare(name: &str, schema: &Schema, documents: &[(Value, bool, bool)]) {
    let (stated, derived) = (stated(name), derived(schema));
    for (document, by_dialect, by_type) in documents {
        let both = (stated.is_valid(document), derived.is_valid(document));
        assert_eq!(both, (*by_dialect, *by_type), "{name}: {document}");
    }
}

#[test]
fn a_tagged_enum_is_what_the_dialect_says_but_for_null_and_patterns() {
    let step = |more: Value| {
        let mut step = json!({"type": "call", "name": "first", "call": "shop.list"});
        let step_members = step.as_object_mut().unwrap();
        step_members.extend(more.as_object().unwrap().clone());
        step
    };
    compare(
        "step",
        &schema_for!(Step),
        &[
            (step(json!({})), true, true),
            (step(json!({"with": {"id": 1}})), true, true),
            (step(json!({"wiht": {}})), false, false),
            (step(json!({"type": "cal"})), false, false),
            (step(json!({"with": null})), false, true),
            (step(json!({"name": "First one"})), false, true),
            (step(json!({"call": "shop"})), false, true),
        ],
    );
}

#[test]
fn fields_that_exclude_each_other_are_no_types() {
    compare(
        "mappedString",
        &schema_for!(MappedText),
        &[
            (json!({"type": "string", "mapping": "$.a"}), true, true),
            (json!({"type": "string", "value": "x"}), true, true),
            (json!({"type": "string"}), false, true),
            (
                json!({"type": "string", "mapping": "$.a", "value": "x"}),
                false,
                true,
            ),
            (json!({"type": "number", "mapping": "$.a"}), false, false),
        ],
    );
}

#[test]
fn an_untagged_enum_is_any_of_its_forms() {
    let schema = schema_for!(Entry);
    let schema = schema.as_value();
    assert!(schema.get("anyOf").is_some() && schema.get("oneOf").is_none());
    for name in ["consumes", "exposes"] {
        let stated = naftiko_schema::schema(Dialect::Beta5);
        let items = &stated["$defs"]["capability"]["properties"][name]["items"];
        assert!(items.get("oneOf").is_some(), "{name}");
    }
}
