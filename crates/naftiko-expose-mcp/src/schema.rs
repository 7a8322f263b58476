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

/// `value` as `schema` promises it. An answer may hold what its document did not foresee: what does not fit its place
/// is null there, which every place allows; at a root that must be an object, every member is null.
pub(crate) fn fitted(schema: &Value, value: Value) -> Value {
    let value = if fits(schema, &value) {
        value
    } else if is_object(schema) {
        Value::Object(Map::new())
    } else {
        return Value::Null;
    };
    match value {
        Value::Object(mut members) => {
            if let Some(properties) = schema.get("properties").and_then(Value::as_object) {
                for (name, property) in properties {
                    let member = members.remove(name).unwrap_or(Value::Null);
                    members.insert(name.clone(), fitted(property, member));
                }
            }
            Value::Object(members)
        }
        Value::Array(list) => match schema.get("items") {
            Some(items) => Value::Array(list.into_iter().map(|one| fitted(items, one)).collect()),
            None => Value::Array(list),
        },
        other => other,
    }
}

fn fits(schema: &Value, value: &Value) -> bool {
    let one = |word: &str| match word {
        "null" => value.is_null(),
        "string" => value.is_string(),
        "boolean" => value.is_boolean(),
        "array" => value.is_array(),
        "object" => value.is_object(),
        "number" => value.is_number(),
        "integer" => {
            value.is_i64() || value.is_u64() || value.as_f64().is_some_and(|n| n.fract() == 0.0)
        }
        _ => true,
    };
    match schema.get("type") {
        Some(Value::String(word)) => one(word),
        Some(Value::Array(words)) => words.iter().filter_map(Value::as_str).any(one),
        _ => true,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn values_are_made_to_fit() {
        let schema = json!({"type": "object", "properties": {
            "id": {"type": ["string", "null"]},
            "n": {"type": ["integer", "null"]},
            "list": {"type": ["array", "null"], "items": {"type": ["object", "null"], "properties": {"a": {"type": ["boolean", "null"]}}}},
        }});
        let fit = fitted(
            &schema,
            json!({"id": "x", "n": "seven", "list": [{"a": true}, {"a": 1}, 5]}),
        );
        assert_eq!(
            fit,
            json!({"id": "x", "n": null, "list": [{"a": true}, {"a": null}, null]})
        );
        assert_eq!(
            fitted(&schema, json!([1])),
            json!({"id": null, "n": null, "list": null})
        );
        let list = json!({"type": ["array", "null"], "items": {"type": ["string", "null"]}});
        assert_eq!(fitted(&list, json!(["a", 1])), json!(["a", null]));
        assert_eq!(fitted(&list, json!("a")), Value::Null);
        assert_eq!(
            fitted(&json!({"type": ["integer", "null"]}), json!(5.0)),
            json!(5.0)
        );
    }
}
