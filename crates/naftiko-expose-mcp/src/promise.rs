//! What the schema of a tool's results promises, ready to be checked against every answer.

use serde_json::{Map, Value};

/// The kinds of JSON values, as schemas tell them apart. A bit each.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Kind {
    Null = 1,
    Boolean = 2,
    String = 4,
    Array = 8,
    Object = 16,
    /// A number without a fraction, however it is written.
    Integer = 32,
    /// A number with one.
    Fraction = 64,
}

impl Kind {
    /// What `number` is.
    pub(crate) fn of_number(number: f64) -> Self {
        if number.fract() == 0.0 {
            Self::Integer
        } else {
            Self::Fraction
        }
    }

    fn of(value: &Value) -> Self {
        match value {
            Value::Null => Self::Null,
            Value::Bool(_) => Self::Boolean,
            Value::String(_) => Self::String,
            Value::Array(_) => Self::Array,
            Value::Object(_) => Self::Object,
            Value::Number(number) if number.is_i64() || number.is_u64() => Self::Integer,
            Value::Number(number) => number.as_f64().map_or(Self::Fraction, Self::of_number),
        }
    }
}

/// What is promised of a value.
#[derive(Debug)]
pub(crate) struct Promise {
    /// The bits of the kinds that it may be.
    kinds: u8,
    /// Whether it is an object and never null.
    object: bool,
    properties: Option<Vec<(String, Promise)>>,
    items: Option<Box<Promise>>,
}

impl Promise {
    /// The promise that `schema` makes.
    pub(crate) fn of(schema: &Value) -> Self {
        let properties = schema.get("properties").and_then(Value::as_object);
        Self {
            kinds: match schema.get("type") {
                Some(Value::String(word)) => kinds(word),
                Some(Value::Array(words)) => {
                    let words = words.iter().filter_map(Value::as_str);
                    words.fold(0, |all, word| all | kinds(word))
                }
                _ => u8::MAX,
            },
            object: crate::schema::is_object(schema),
            properties: properties.map(|properties| {
                let properties = properties.iter();
                properties
                    .map(|(name, schema)| (name.clone(), Self::of(schema)))
                    .collect()
            }),
            items: schema.get("items").map(|items| Box::new(Self::of(items))),
        }
    }

    /// Whether the value may be of that kind.
    pub(crate) fn takes(&self, kind: Kind) -> bool {
        self.kinds & kind as u8 != 0
    }

    /// What is promised of an object's members.
    pub(crate) fn properties(&self) -> Option<&[(String, Promise)]> {
        self.properties.as_deref()
    }

    /// What is promised of an array's items.
    pub(crate) fn items(&self) -> Option<&Promise> {
        self.items.as_deref()
    }

    /// `value` as it is promised. An answer may hold what its document did not foresee: what does not fit its place is
    /// null there, which every place allows; at a root that must be an object, every member is null.
    pub(crate) fn fitted(&self, value: Value) -> Value {
        let value = if self.takes(Kind::of(&value)) {
            value
        } else if self.object {
            Value::Object(Map::new())
        } else {
            return Value::Null;
        };
        match value {
            Value::Object(mut members) => {
                for (name, promise) in self.properties.iter().flatten() {
                    match members.get_mut(name) {
                        Some(member) => *member = promise.fitted(member.take()),
                        None => {
                            members.insert(name.clone(), promise.fitted(Value::Null));
                        }
                    }
                }
                Value::Object(members)
            }
            Value::Array(list) => match &self.items {
                Some(items) => {
                    Value::Array(list.into_iter().map(|one| items.fitted(one)).collect())
                }
                None => Value::Array(list),
            },
            other => other,
        }
    }
}

/// The bits of the kinds that a word of a schema means.
fn kinds(word: &str) -> u8 {
    match word {
        "null" => Kind::Null as u8,
        "string" => Kind::String as u8,
        "boolean" => Kind::Boolean as u8,
        "array" => Kind::Array as u8,
        "object" => Kind::Object as u8,
        "number" => Kind::Integer as u8 | Kind::Fraction as u8,
        "integer" => Kind::Integer as u8,
        _ => u8::MAX,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    fn fitted(schema: &Value, value: Value) -> Value {
        Promise::of(schema).fitted(value)
    }

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
        assert_eq!(fitted(&json!({"type": "number"}), json!(5)), json!(5));
        assert_eq!(fitted(&json!({}), json!([1.5])), json!([1.5]));
    }

    #[test]
    fn members_stay_where_they_stand() {
        let schema = json!({"type": "object", "properties": {"a": {}, "b": {}, "c": {}, "d": {}}});
        let value = json!({"d": 1, "b": 2, "a": 3});
        assert_eq!(
            fitted(&schema, value).to_string(),
            r#"{"d":1,"b":2,"a":3,"c":null}"#
        );
    }
}
