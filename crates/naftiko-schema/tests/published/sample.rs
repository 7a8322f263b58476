//! Documents made from a schema: what the corpora have little of comes from here.

use std::collections::HashMap;

use serde_json::{Map, Value, json};

use crate::random::Random;

/// Strings of every form that the schemas ask for, and of none.
pub(crate) const STRINGS: [&str; 34] = [
    "a-name",
    "Name2",
    "x",
    "an_extended*name",
    "API_KEY",
    "X",
    "client.get-it",
    "a.b",
    "step.field",
    "https://api.example.com",
    "http://localhost:8080/v1",
    "file:///data/x.yaml",
    "vault://secret",
    "2026-01-31",
    "someone@example.com",
    "10MiB",
    "1.5KiB",
    "200",
    "4XX",
    "application/json",
    "text/plain; charset=\"utf-8\"",
    "localhost",
    "10.0.0.1",
    "::1",
    "$.a.b",
    "{{rest.x}}",
    "",
    "two words",
    "https://h/{{x}}",
    "file://x",
    "2026-13-01",
    "600",
    "a..b",
    "\u{fc}ml\u{e4}ut\n",
];

pub(crate) struct Sampler<'s> {
    root: &'s Value,
    forms: HashMap<String, Vec<&'static str>>,
}

impl<'s> Sampler<'s> {
    pub(crate) fn new(root: &'s Value) -> Self {
        Self {
            root,
            forms: HashMap::new(),
        }
    }

    pub(crate) fn document(&mut self, random: &mut Random) -> Value {
        let root = self.root;
        self.value(&[root], random, 0)
    }

    /// A value that all of the schemas accept, as far as it can be seen without search.
    fn value(&mut self, schemas: &[&Value], random: &mut Random, depth: usize) -> Value {
        let (mut all, mut avoid) = (Vec::new(), Vec::new());
        for schema in schemas {
            self.flatten(schema, random, &mut all, &mut avoid);
        }
        let find = |keyword: &str| all.iter().find_map(|schema| schema.get(keyword));
        if let Some(only) = find("const") {
            return only.clone();
        }
        if let Some(words) = find("enum").and_then(Value::as_array) {
            return random.pick(words).clone();
        }
        let kind = match find("type") {
            Some(Value::String(kind)) => kind.as_str(),
            Some(Value::Array(kinds)) => random.pick(kinds).as_str().unwrap(),
            _ if all.iter().any(|schema| {
                schema.get("properties").is_some() || schema.get("required").is_some()
            }) =>
            {
                "object"
            }
            _ if find("items").is_some() => "array",
            _ => random.pick(&["string", "object", "array", "boolean", "number"]),
        };
        match kind {
            "object" => self.object(&all, &avoid, random, depth),
            "array" => {
                let least = find("minItems").and_then(Value::as_u64).unwrap_or(0);
                let extra = if depth > 14 { 0 } else { random.below(3) };
                let item = find("items")
                    .cloned()
                    .unwrap_or(json!({ "type": "string" }));
                (0..least as usize + extra)
                    .map(|_| self.value(&[&item], random, depth + 1))
                    .collect()
            }
            "string" => {
                let pattern = find("pattern").and_then(Value::as_str).unwrap_or(".?");
                let words = self
                    .forms
                    .entry(pattern.to_owned())
                    .or_insert_with(|| matching(pattern));
                (*random.pick(words)).into()
            }
            "integer" => {
                let least = find("minimum").and_then(Value::as_i64).unwrap_or(0);
                let most = find("maximum").and_then(Value::as_i64).unwrap_or(100_000);
                random
                    .pick(&[json!(least), json!(most), json!(i64::midpoint(least, most))])
                    .clone()
            }
            "number" => random.pick(&[json!(0), json!(0.5), json!(1)]).clone(),
            "boolean" => random.once_in(2).into(),
            other => panic!("a schema asks for {other}"),
        }
    }

    /// The schema with its references, and one of each of its alternatives. `avoid` gets the keys of the other ones,
    /// which would make the value be of several forms.
    fn flatten(
        &self,
        schema: &Value,
        random: &mut Random,
        into: &mut Vec<Value>,
        avoid: &mut Vec<String>,
    ) {
        if let Some(uri) = schema.get("$ref").and_then(Value::as_str) {
            self.flatten(self.root.pointer(&uri[1..]).unwrap(), random, into, avoid);
        }
        for part in schema
            .get("allOf")
            .and_then(Value::as_array)
            .into_iter()
            .flatten()
        {
            self.flatten(part, random, into, avoid);
        }
        for keyword in ["oneOf", "anyOf"] {
            let Some(forms) = schema.get(keyword).and_then(Value::as_array) else {
                continue;
            };
            let form = random.pick(forms);
            self.flatten(form, random, into, avoid);
            for other in forms.iter().filter(|_| keyword == "oneOf") {
                avoid.extend(
                    strings(other, "required")
                        .filter(|key| !strings(form, "required").any(|own| own == *key)),
                );
            }
        }
        avoid.extend(
            schema
                .get("not")
                .and_then(|not| strings(not, "required").last()),
        );
        into.push(schema.clone());
    }

    fn object(
        &mut self,
        all: &[Value],
        avoid: &[String],
        random: &mut Random,
        depth: usize,
    ) -> Value {
        let required: Vec<String> = all
            .iter()
            .flat_map(|schema| strings(schema, "required"))
            .collect();
        let mut properties: Map<String, Value> = Map::new();
        for (key, schema) in all
            .iter()
            .filter_map(|schema| schema.get("properties")?.as_object())
            .flatten()
        {
            let parts = properties
                .entry(key)
                .or_insert_with(|| json!({ "allOf": [] }));
            parts["allOf"].as_array_mut().unwrap().push(schema.clone());
        }
        let mut object = Map::new();
        let sparse = 2 + depth / 4;
        for (key, schema) in &properties {
            let optional = !avoid.contains(key) && depth < 16 && random.once_in(sparse);
            if required.contains(key) || optional {
                object.insert(key.clone(), self.value(&[schema], random, depth + 1));
            }
        }
        if let Some(entry) = all
            .iter()
            .find_map(|schema| schema.get("additionalProperties").filter(|s| s.is_object()))
        {
            let names = all
                .iter()
                .find_map(|schema| schema.get("propertyNames"))
                .cloned();
            let names = names.unwrap_or(json!({ "type": "string", "pattern": "^[a-z]" }));
            let least = all
                .iter()
                .find_map(|schema| schema.get("minProperties")?.as_u64())
                .unwrap_or(0);
            for _ in 0..least as usize + if depth > 14 { 0 } else { random.below(3) } {
                let names = json!({ "type": "string", "allOf": [names] });
                let name = self
                    .value(&[&names], random, depth + 1)
                    .as_str()
                    .unwrap()
                    .to_owned();
                object.insert(name, self.value(&[entry], random, depth + 1));
            }
        }
        object.into()
    }
}

fn matching(pattern: &str) -> Vec<&'static str> {
    let validator = jsonschema::validator_for(&json!({ "pattern": pattern })).unwrap();
    let words: Vec<&str> = STRINGS
        .into_iter()
        .filter(|word| validator.is_valid(&json!(word)))
        .collect();
    assert!(!words.is_empty(), "no sample matches {pattern}");
    words
}

fn strings<'v>(schema: &'v Value, keyword: &str) -> impl Iterator<Item = String> + 'v {
    schema
        .get(keyword)
        .and_then(Value::as_array)
        .into_iter()
        .flatten()
        .map(|key| key.as_str().unwrap().to_owned())
}
