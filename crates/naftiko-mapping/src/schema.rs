//! The JSON Schema of what a projection writes.

use serde_json::{Map, Value, json};

use crate::shape::{Kind, Output, Shape};

impl Output {
    /// The JSON Schema (2020-12) of the value, without `$schema`: every declared member allows
    /// null, because a missing one is written as null, and none is required. `None` where nothing
    /// is promised: an identity, a value without `properties` or typed `items`, alternatives.
    ///
    /// The root of declared properties is `object` and not null; where an answer has no such
    /// object, [`Output::all_null`] stands in.
    pub fn json_schema(&self) -> Option<Value> {
        match self {
            Self::Identity | Self::FirstPresent(_) => None,
            Self::One(shape) => {
                let typed_items = shape.items.as_deref().is_some_and(|i| i.kind != Kind::Any);
                let shaped = shape.shaped_properties().is_some()
                    || (shape.kind == Kind::Array && typed_items);
                let properties = shape.shaped_properties();
                shaped.then(|| match properties {
                    Some(properties) => object(&"object".into(), properties),
                    None => schema(shape),
                })
            }
            Self::Named(shapes) => Some(object(&"object".into(), shapes)),
        }
    }

    /// The value for an answer that has nothing to shape, such as an empty one: an object whose
    /// declared members are all null, or null. It matches [`Output::json_schema`].
    pub fn all_null(&self) -> Value {
        let nulls = |properties: &[(String, Shape)]| {
            properties
                .iter()
                .map(|(name, _)| (name.clone(), Value::Null))
                .collect()
        };
        match self {
            Self::One(shape) => shape.shaped_properties().map_or(Value::Null, nulls),
            Self::Named(shapes) => nulls(shapes),
            Self::Identity | Self::FirstPresent(_) => Value::Null,
        }
    }
}

fn schema(shape: &Shape) -> Value {
    let name = match shape.kind {
        Kind::Any => return json!({}),
        Kind::String => "string",
        Kind::Number => "number",
        Kind::Integer => "integer",
        Kind::Boolean => "boolean",
        Kind::Object => "object",
        Kind::Array => "array",
    };
    let kind = json!([name, "null"]);
    if let Some(properties) = shape.shaped_properties() {
        return object(&kind, properties);
    }
    match shape.items.as_deref().filter(|_| shape.kind == Kind::Array) {
        Some(items) => json!({"type": kind, "items": schema(items)}),
        None => json!({"type": kind}),
    }
}

fn object(kind: &Value, properties: &[(String, Shape)]) -> Value {
    let members: Map<_, _> = properties
        .iter()
        .map(|(n, s)| (n.clone(), schema(s)))
        .collect();
    json!({"type": kind, "properties": members})
}
