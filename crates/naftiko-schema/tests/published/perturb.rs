//! A schema without one of its rules, for each of its rules.

use serde_json::Value;

/// Keywords that only describe.
const REMARKS: [&str; 9] = [
    "title",
    "description",
    "default",
    "format",
    "examples",
    "name",
    "$schema",
    "$id",
    "$defs",
];

/// What was taken out, and what is left.
pub(crate) fn without_each_rule(schema: &Value) -> Vec<(String, Value)> {
    let mut rules = Vec::new();
    collect(schema, "", &mut rules);
    rules
        .into_iter()
        .map(|rule| {
            let mut left = schema.clone();
            let (parent, last) = rule.rsplit_once('/').unwrap();
            match left.pointer_mut(parent) {
                Some(Value::Object(map)) => drop(map.shift_remove(last)),
                Some(Value::Array(items)) => drop(items.remove(last.parse().unwrap())),
                other => panic!("{other:?} has no {last}"),
            }
            (rule, left)
        })
        .collect()
}

/// The pointers of the rules in a schema.
fn collect(schema: &Value, here: &str, into: &mut Vec<String>) {
    let Some(map) = schema.as_object() else {
        return;
    };
    for (keyword, value) in map {
        let rule = format!("{here}/{keyword}");
        match (keyword.as_str(), value) {
            ("$defs", Value::Object(parts)) => {
                parts
                    .iter()
                    .for_each(|(name, part)| collect(part, &format!("{rule}/{name}"), into));
            }
            (remark, _) if REMARKS.contains(&remark) => {}
            // A word that an `enum` or a `const` asks for has its type already.
            ("type", _) if map.contains_key("enum") || map.contains_key("const") => {}
            ("properties", Value::Object(parts)) => {
                for (name, part) in parts {
                    into.push(format!("{rule}/{name}"));
                    collect(part, &format!("{rule}/{name}"), into);
                }
            }
            ("oneOf" | "anyOf" | "allOf", Value::Array(parts)) => {
                for (at, part) in parts.iter().enumerate() {
                    if parts.len() > 1 {
                        into.push(format!("{rule}/{at}"));
                    }
                    collect(part, &format!("{rule}/{at}"), into);
                }
                into.push(rule);
            }
            ("required" | "enum", Value::Array(words)) => {
                into.extend(
                    (0..words.len())
                        .filter(|_| words.len() > 1)
                        .map(|at| format!("{rule}/{at}")),
                );
                into.push(rule);
            }
            (_, part) => {
                collect(part, &rule, into);
                into.push(rule);
            }
        }
    }
}
