//! What the caller must get back (decisions, section 6).
//!
//! The evaluator knows dotted names and indices only. A fancier path makes the answer unknown: the
//! oracle never guesses.

use serde_json::{Map, Value, json};

use crate::tree::text;

/// The answer that a call must give when the upstream answers 200 with the prepared document.
#[derive(Debug, Clone, PartialEq)]
pub enum Answer {
    /// The upstream's own bytes (an MCP tool: its text, and `structuredContent` for an object).
    Identity,
    /// What these output parameters make of the upstream's document; see [`Shape::apply`].
    Shaped(Shape),
    /// Not judged, with the reason.
    Unknown(String),
}

/// Output parameters that the simple evaluator can follow.
#[derive(Debug, Clone, PartialEq)]
pub struct Shape {
    outputs: Vec<Value>,
}

/// Decides what the outputs of a unit mean.
pub(crate) fn answer(outputs: &[Value], format: &str) -> Answer {
    if is_identity(outputs) {
        return Answer::Identity;
    }
    if format != "json" {
        return Answer::Unknown(format!("a shaped answer from {format}"));
    }
    match outputs.iter().find_map(beyond) {
        Some(reason) => Answer::Unknown(reason),
        None => Answer::Shaped(Shape {
            outputs: outputs.to_vec(),
        }),
    }
}

/// No outputs, or one unnamed object or array of the whole document that shapes nothing.
fn is_identity(outputs: &[Value]) -> bool {
    match outputs {
        [] => true,
        [only] => {
            let kind = text(only, "type").unwrap_or_default();
            let whole =
                text(only, "mapping").is_some_and(|mapping| mapping == "$" || mapping == "$.");
            let named = only.get("name").is_some();
            !named && whole && (kind == "object" || kind == "array") && !shapes(only)
        }
        _ => false,
    }
}

/// Whether an output has `properties` or `items` that say anything.
fn shapes(output: &Value) -> bool {
    let properties = output
        .get("properties")
        .and_then(Value::as_object)
        .is_some_and(|members| !members.is_empty());
    let items = output.get("items").is_some_and(|items| {
        let bare = text(items, "type").is_some_and(|kind| kind == "object")
            && items.get("mapping").is_none();
        !items.is_null() && (!bare || shapes(items))
    });
    properties || items
}

/// Why the simple evaluator cannot follow an output.
fn beyond(output: &Value) -> Option<String> {
    for key in [
        "value",
        "const",
        "values",
        "selector",
        "maxLength",
        "precision",
        "scale",
    ] {
        if output.get(key).is_some() {
            return Some(format!("an output with `{key}`"));
        }
    }
    let mapping = text(output, "mapping");
    if mapping
        .as_deref()
        .is_some_and(|mapping| steps(mapping).is_none())
    {
        return Some(format!("the mapping `{}`", mapping.unwrap_or_default()));
    }
    let properties = output.get("properties").and_then(Value::as_object);
    let items = output.get("items").filter(|items| items.is_object());
    properties
        .into_iter()
        .flat_map(Map::values)
        .chain(items)
        .find_map(beyond)
}

/// A mapping as names and indices; nothing when it is fancier.
fn steps(mapping: &str) -> Option<Vec<String>> {
    let rest = mapping.trim().strip_prefix('$').unwrap_or(mapping.trim());
    let rest = rest.strip_prefix('.').unwrap_or(rest);
    let plain =
        |step: &str| !step.is_empty() && step.chars().all(|c| c.is_alphanumeric() || c == '_');
    let mut found = Vec::new();
    for part in rest
        .split('.')
        .filter(|part| !rest.is_empty() || !part.is_empty())
    {
        let (name, indices) = part
            .split_once('[')
            .map_or((part, None), |(name, rest)| (name, Some(rest)));
        if !name.is_empty() || indices.is_none() {
            found.push(Some(name).filter(|name| plain(name))?.to_owned());
        }
        if let Some(indices) = indices {
            for index in indices.strip_suffix(']')?.split("][") {
                index.parse::<usize>().ok()?;
                found.push(index.to_owned());
            }
        }
    }
    Some(found)
}

fn locate<'d>(document: &'d Value, mapping: &str) -> Option<&'d Value> {
    steps(mapping)?
        .iter()
        .try_fold(document, |node, step| match node {
            Value::Array(items) => items.get(step.parse::<usize>().ok()?),
            other => other.get(step),
        })
}

impl Shape {
    /// The value that the shape makes of an upstream document.
    pub fn apply(&self, document: &Value) -> Value {
        let named: Vec<(String, &Value)> = self
            .outputs
            .iter()
            .filter_map(|output| Some((text(output, "name")?, output)))
            .collect();
        if !named.is_empty() {
            return Value::Object(
                named
                    .into_iter()
                    .map(|(name, output)| (name, shaped(output, document)))
                    .collect(),
            );
        }
        let values = self.outputs.iter().map(|output| shaped(output, document));
        values
            .reduce(|first, next| if first.is_null() { next } else { first })
            .unwrap_or(Value::Null)
    }

    /// Members that an upstream document needs so that the mappings find something.
    pub fn sample(&self) -> Value {
        let mut document = json!({});
        for output in &self.outputs {
            plant(&mut document, output);
        }
        document
    }
}

fn shaped(output: &Value, document: &Value) -> Value {
    let mapping = text(output, "mapping");
    let node = match &mapping {
        Some(mapping) => locate(document, mapping).cloned().unwrap_or(Value::Null),
        None => document.clone(),
    };
    let properties = output
        .get("properties")
        .and_then(Value::as_object)
        .filter(|members| !members.is_empty());
    if let Some(properties) = properties {
        if node.is_null() {
            return Value::Null;
        }
        return properties
            .iter()
            .map(|(name, property)| (name.clone(), shaped(property, &node)))
            .collect::<Map<_, _>>()
            .into();
    }
    match (output.get("items"), &node) {
        (Some(item), Value::Array(elements)) if shapes(output) => elements
            .iter()
            .map(|element| shaped(item, element))
            .collect(),
        _ => coerced(text(output, "type").unwrap_or_default().as_str(), node),
    }
}

/// Lossless scalars only; anything else is passed as it is.
fn coerced(kind: &str, node: Value) -> Value {
    match (kind, &node) {
        ("string", Value::Number(_) | Value::Bool(_)) => Value::String(node.to_string()),
        ("number" | "integer", Value::String(text)) => match text.parse::<serde_json::Number>() {
            Ok(number) if number.to_string() == *text => Value::Number(number),
            _ => node,
        },
        ("boolean", Value::String(text)) => match text.as_str() {
            "true" => Value::Bool(true),
            "false" => Value::Bool(false),
            _ => node,
        },
        _ => node,
    }
}

/// Puts a value of the right kind where an output looks.
fn plant(document: &mut Value, output: &Value) {
    let path = text(output, "mapping")
        .and_then(|mapping| steps(&mapping))
        .unwrap_or_default();
    let mut node = document;
    for step in path {
        // An index below a name: the sample is an object then, and the answer an explicit null.
        if !node.is_object() {
            return;
        }
        node = match node.as_object_mut() {
            Some(members) => members.entry(step).or_insert_with(|| json!({})),
            None => return,
        };
    }
    let properties = output.get("properties").and_then(Value::as_object);
    if let Some(properties) = properties {
        for property in properties.values() {
            plant(node, property);
        }
        return;
    }
    if node.as_object().is_some_and(|members| !members.is_empty()) {
        return;
    }
    let item = |n: i32| {
        let mut element = json!({ "id": n, "name": format!("é {n}") });
        if let Some(items) = output.get("items").filter(|items| items.is_object()) {
            plant(&mut element, items);
        }
        element
    };
    *node = match text(output, "type").unwrap_or_default().as_str() {
        "array" => json!([item(1), item(2)]),
        "string" => json!("text é"),
        "number" | "integer" => json!(7),
        "boolean" => json!(true),
        _ => json!({"id": 1, "tags": ["a", "é"]}),
    };
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::tree::parse;

    fn answer_of(outputs: &str) -> Answer {
        answer(parse(outputs).unwrap().as_array().unwrap(), "json")
    }

    fn apply(outputs: &str, document: &Value) -> Value {
        match answer_of(outputs) {
            Answer::Shaped(shape) => shape.apply(document),
            other => panic!("{other:?}"),
        }
    }

    #[test]
    fn identity_is_recognised() {
        for outputs in [
            "[]",
            "[{type: object, mapping: $.}]",
            "[{type: array, mapping: $, items: {type: object}}]",
            "[{type: object, mapping: $, properties: {}}]",
        ] {
            assert_eq!(answer_of(outputs), Answer::Identity, "{outputs}");
        }
        for outputs in [
            "[{type: string, mapping: $.}]",
            "[{type: object, mapping: $.data}]",
            "[{name: r, type: object, mapping: $.}]",
        ] {
            assert!(matches!(answer_of(outputs), Answer::Shaped(_)), "{outputs}");
        }
    }

    #[test]
    fn shapes_are_applied() {
        let document = json!({"data": {"n": "7", "list": [{"a": 1}, {"a": 2}]}});
        assert_eq!(
            apply("[{type: object, mapping: $.data}]", &document),
            document["data"]
        );
        assert_eq!(
            apply("[{type: array, mapping: $.nothing}]", &document),
            Value::Null
        );
        assert_eq!(
            apply("[{type: number, mapping: $.data.n}]", &document),
            json!(7)
        );
        assert_eq!(
            apply("[{type: string, mapping: 'data.list[1].a'}]", &document),
            json!("2")
        );
        assert_eq!(
            apply(
                "[{type: object, mapping: $.data, properties: {l: {type: array, mapping: $.list, items: {type: object, properties: {b: {type: number, mapping: $.a}, c: {type: string, mapping: $.c}}}}}}]",
                &document
            ),
            json!({"l": [{"b": 1, "c": null}, {"b": 2, "c": null}]})
        );
        assert_eq!(
            apply("[{name: x, type: number, mapping: $.data.n}]", &document),
            json!({"x": 7})
        );
        assert_eq!(
            apply(
                "[{type: number, mapping: $.no}, {type: number, mapping: $.data.n}]",
                &document
            ),
            json!(7)
        );
    }

    #[test]
    fn fancy_paths_are_unknown() {
        for mapping in ["$..x", "$.a[*]", "$.a[?(@.b)]", "$['a b']"] {
            assert!(
                matches!(
                    answer_of(&format!("[{{type: array, mapping: \"{mapping}\"}}]")),
                    Answer::Unknown(_)
                ),
                "{mapping}"
            );
        }
        assert!(matches!(
            answer(&[json!({"type": "string", "mapping": "$.a"})], "xml"),
            Answer::Unknown(_)
        ));
    }

    #[test]
    fn samples_hold_what_the_mappings_find() {
        let Answer::Shaped(shape) = answer_of(
            "[{type: array, mapping: $.data.stacks, items: {type: object, properties: {q: {type: string, mapping: $.z}}}}]",
        ) else {
            panic!("shaped")
        };
        assert_eq!(
            shape.apply(&shape.sample()),
            json!([{"q": "text é"}, {"q": "text é"}])
        );
    }
}
