//! The few builders that the sections are written with: an object with known keys, a named collection, a list.

use serde_json::{Map, Value, json};

use crate::dialect::Dialect;

/// An object that knows its keys and takes no others.
///
/// The title is what messages call such an object, so it reads well after "on": "an MCP tool".
#[derive(Debug)]
pub(crate) struct Shape {
    title: &'static str,
    properties: Map<String, Value>,
    required: Vec<Value>,
    more: Map<String, Value>,
}

impl Shape {
    pub(crate) fn new(title: &'static str) -> Self {
        Self {
            title,
            properties: Map::new(),
            required: Vec::new(),
            more: Map::new(),
        }
    }

    /// A key that must be there. `doc` is what an editor shows.
    pub(crate) fn need(mut self, key: &str, schema: Value, doc: &str) -> Self {
        self.required.push(Value::from(key));
        self.may(key, schema, doc)
    }

    /// A key that may be there.
    pub(crate) fn may(mut self, key: &str, schema: Value, doc: &str) -> Self {
        self.properties
            .insert(key.to_owned(), documented(schema, doc));
        self
    }

    /// A key that only some dialects know.
    pub(crate) fn may_if(self, known: bool, key: &str, schema: Value, doc: &str) -> Self {
        if known {
            self.may(key, schema, doc)
        } else {
            self
        }
    }

    /// The `name` of an entry, where collections are lists; a map has it as its key.
    pub(crate) fn name(self, d: Dialect, schema: Value) -> Self {
        if d.keyed() {
            self
        } else {
            self.need("name", schema, "The name by which others refer to this.")
        }
    }

    /// `tags`, which came with keyed maps.
    pub(crate) fn tags(self, d: Dialect) -> Self {
        self.may_if(d.keyed(), "tags", list(text()), "Words to find this by.")
    }

    /// One more keyword of the object itself, such as `anyOf`.
    pub(crate) fn also(mut self, keyword: &str, value: Value) -> Self {
        self.more.insert(keyword.to_owned(), value);
        self
    }

    pub(crate) fn build(self) -> Value {
        let mut schema = Map::new();
        schema.insert("title".into(), self.title.into());
        schema.insert("type".into(), "object".into());
        schema.insert("properties".into(), self.properties.into());
        if !self.required.is_empty() {
            schema.insert("required".into(), self.required.into());
        }
        schema.insert("additionalProperties".into(), false.into());
        schema.extend(self.more);
        schema.into()
    }
}

/// Adds what an editor shows for a field.
fn documented(schema: Value, doc: &str) -> Value {
    match schema {
        Value::Object(mut map) => {
            map.insert("description".into(), doc.into());
            map.into()
        }
        // `true`: anything goes here, and something else in the same object says more.
        _ => json!({ "description": doc }),
    }
}

/// A collection of named entries: a list until 1.0.0-alpha2, a map by name since.
#[derive(Debug)]
pub(crate) struct Named {
    item: Value,
    keys: Option<&'static str>,
    least_in_list: u8,
    least_in_map: u8,
}

impl Named {
    pub(crate) fn new(item: Value) -> Self {
        Self {
            item,
            keys: None,
            least_in_list: 0,
            least_in_map: 0,
        }
    }

    /// The pattern of the names, where they are keys. (In a list the entry itself checks its `name`.)
    pub(crate) fn keys(mut self, pattern: &'static str) -> Self {
        self.keys = Some(pattern);
        self
    }

    /// At least one entry.
    pub(crate) fn filled(self) -> Self {
        self.filled_as_list().filled_as_map()
    }

    /// At least one entry, where it is a list.
    pub(crate) fn filled_as_list(mut self) -> Self {
        self.least_in_list = 1;
        self
    }

    /// At least one entry, where it is a map.
    pub(crate) fn filled_as_map(mut self) -> Self {
        self.least_in_map = 1;
        self
    }

    pub(crate) fn build(self, d: Dialect) -> Value {
        let mut schema = Map::new();
        if d.keyed() {
            schema.insert("type".into(), "object".into());
            if let Some(pattern) = self.keys {
                schema.insert("propertyNames".into(), json!({ "pattern": pattern }));
            }
            schema.insert("additionalProperties".into(), self.item);
            if self.least_in_map > 0 {
                schema.insert("minProperties".into(), self.least_in_map.into());
            }
        } else {
            schema.insert("type".into(), "array".into());
            schema.insert("items".into(), self.item);
            if self.least_in_list > 0 {
                schema.insert("minItems".into(), self.least_in_list.into());
            }
        }
        schema.into()
    }
}

/// The definitions that sections refer to by name.
#[derive(Debug, Default)]
pub(crate) struct Defs(Map<String, Value>);

impl Defs {
    pub(crate) fn add(&mut self, name: &str, schema: Value) {
        self.0.insert(name.to_owned(), schema);
    }

    pub(crate) fn into_value(self) -> Value {
        self.0.into()
    }
}

/// A definition by name.
pub(crate) fn refer(name: &str) -> Value {
    json!({ "$ref": format!("#/$defs/{name}") })
}

/// Exactly one of several definitions; `title` is what messages call it.
pub(crate) fn exactly_one(title: &str, names: &[&str]) -> Value {
    json!({ "title": title, "oneOf": names.iter().map(|name| refer(name)).collect::<Vec<_>>() })
}

/// A list.
pub(crate) fn list(item: Value) -> Value {
    Map::from_iter([
        ("type".to_owned(), "array".into()),
        ("items".to_owned(), item),
    ])
    .into()
}

/// A list with at least one item.
pub(crate) fn filled_list(item: Value) -> Value {
    Map::from_iter([
        ("type".to_owned(), "array".into()),
        ("items".to_owned(), item),
        ("minItems".to_owned(), 1.into()),
    ])
    .into()
}

/// Any string.
pub(crate) fn text() -> Value {
    json!({ "type": "string" })
}

/// A string of some form; see [`crate::names`] for the patterns and their words.
pub(crate) fn matching(pattern: &str) -> Value {
    json!({ "type": "string", "pattern": pattern })
}

/// One of several words.
pub(crate) fn word(words: &[&str]) -> Value {
    json!({ "type": "string", "enum": words })
}

/// One of several words, with what holds when the key is left out.
pub(crate) fn word_or(words: &[&str], default: &str) -> Value {
    json!({ "type": "string", "enum": words, "default": default })
}

/// Exactly this word: the `type` that tells alternatives apart.
pub(crate) fn exactly(word: &str) -> Value {
    json!({ "type": "string", "const": word })
}

/// A boolean without a default.
pub(crate) fn flag() -> Value {
    json!({ "type": "boolean" })
}

/// A boolean, with what holds when the key is left out.
pub(crate) fn flag_or(default: bool) -> Value {
    json!({ "type": "boolean", "default": default })
}

/// Some key is required: one form of an object that has several.
pub(crate) fn requires(keys: &[&str]) -> Value {
    json!({ "required": keys })
}
