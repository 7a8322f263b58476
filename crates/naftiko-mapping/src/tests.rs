//! Tests of the crate: cases as data, bad input, and the fast way held against the tree.

mod equivalence;
mod hostile;
mod shapes;

use serde_json::Value;

use crate::{Kind, Output, Path, Projection, Shape};

/// Reads a shape as a document would spell it.
fn shape(json: &Value) -> Shape {
    let kind = match json["type"].as_str().unwrap_or("any") {
        "string" => Kind::String,
        "number" => Kind::Number,
        "integer" => Kind::Integer,
        "boolean" => Kind::Boolean,
        "object" => Kind::Object,
        "array" => Kind::Array,
        _ => Kind::Any,
    };
    Shape {
        kind,
        mapping: json["mapping"]
            .as_str()
            .map(|path| Path::parse(path).unwrap()),
        constant: json.get("const").cloned(),
        properties: json.get("properties").map(named),
        items: json.get("items").map(|items| Box::new(shape(items))),
    }
}

fn named(json: &Value) -> Vec<(String, Shape)> {
    json.as_object()
        .unwrap()
        .iter()
        .map(|(name, json)| (name.clone(), shape(json)))
        .collect()
}

/// A list is outputs without names, an object those with names.
fn output(json: &Value) -> Output {
    match json {
        Value::Array(shapes) => Output::unnamed(shapes.iter().map(shape).collect()),
        json => Output::named(named(json)),
    }
}

fn project(outputs: &Value, body: &str) -> (String, usize) {
    let projected = Projection::compile(&output(outputs))
        .apply(body.as_bytes())
        .unwrap();
    (
        String::from_utf8(projected.bytes).unwrap(),
        projected.mismatches,
    )
}
