//! JSON Schemas of tools: what they take and what they give (decisions, sections 4 and 6).

use naftiko_plan::InputPlan;
use serde_json::{Map, Value, json};

/// The schema of a tool's arguments: an object with every input under its safe name, and nothing else. `headers` names
/// the header that repeats an input.
pub(crate) fn input_schema<'i>(
    inputs: impl IntoIterator<Item = (&'i str, &'i InputPlan)>,
    headers: &[(String, String)],
) -> Map<String, Value> {
    let mut properties = Map::new();
    let mut required = Vec::new();
    for (name, input) in inputs {
        if input.required {
            required.push(Value::from(name));
        }
        let mut property = property(input);
        if let Some((_, header)) = headers.iter().find(|(name, _)| *name == input.name) {
            property.insert("x-mcp-header".into(), header.as_str().into());
        }
        properties.insert(name.to_owned(), Value::Object(property));
    }
    let mut schema = Map::new();
    schema.insert("type".into(), "object".into());
    schema.insert("properties".into(), Value::Object(properties));
    if !required.is_empty() {
        schema.insert("required".into(), Value::Array(required));
    }
    schema.insert("additionalProperties".into(), Value::Bool(false));
    schema
}

fn property(input: &InputPlan) -> Map<String, Value> {
    let mut schema = Map::new();
    if let Some(ty) = input.ty {
        schema.insert("type".into(), ty.as_str().into());
        if ty == naftiko_spec::JsonType::Array {
            // Some clients refuse an array that does not say what it holds.
            schema.insert("items".into(), json!({}));
        }
    }
    if let Some(description) = &input.description {
        schema.insert("description".into(), description.as_str().into());
    }
    if !input.allowed.is_empty() {
        schema.insert("enum".into(), Value::Array(input.allowed.clone()));
    }
    if let Some(pattern) = &input.pattern {
        schema.insert("pattern".into(), pattern.as_str().into());
    }
    schema
}

/// The member that holds a result whose root is no object, for clients that want one.
pub(crate) const WRAPPER: &str = "result";

/// The schema of an object that holds a value of `schema` as its member [`WRAPPER`].
pub(crate) fn wrapped(schema: &Value) -> Map<String, Value> {
    let mut outer = Map::new();
    outer.insert("type".into(), "object".into());
    outer.insert("properties".into(), json!({WRAPPER: schema}));
    outer
}

/// Whether values of `schema` are objects, and never null.
pub(crate) fn is_object(schema: &Value) -> bool {
    schema.get("type").and_then(Value::as_str) == Some("object")
}
