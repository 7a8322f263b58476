//! Reading one YAML file into a plain JSON tree, with the bounds of decisions section 8.

use std::path::Path;

use serde_json::{Map, Number, Value};

use crate::model::Reason;

/// The largest document that is read, in bytes.
const SIZE_LIMIT: u64 = 8 << 20;
/// The deepest bracket nesting that is handed to the parser, which is quadratic in it.
const DEPTH_LIMIT: usize = 128;

/// Reads a file; the reason says in one line why it is not a document.
pub(crate) fn read(path: &Path) -> Result<Value, Reason> {
    let bad = |text: String| Reason::new("unreadable", text);
    let meta = std::fs::metadata(path).map_err(|error| bad(error.to_string()))?;
    if !meta.is_file() || meta.len() > SIZE_LIMIT {
        return Err(bad("not a regular file of at most 8 MiB".to_owned()));
    }
    let bytes = std::fs::read(path).map_err(|error| bad(error.to_string()))?;
    let text = String::from_utf8(bytes).map_err(|error| bad(error.to_string()))?;
    parse(&text)
}

/// Parses YAML text; duplicate keys are an error, merge keys are applied.
pub(crate) fn parse(text: &str) -> Result<Value, Reason> {
    let text = text.strip_prefix('\u{feff}').unwrap_or(text);
    if deepest_bracket(text) > DEPTH_LIMIT {
        return Err(Reason::new(
            "yaml",
            format!("nested deeper than {DEPTH_LIMIT}"),
        ));
    }
    let mut tree: serde_yaml::Value =
        serde_yaml::from_str(text).map_err(|error| Reason::new("yaml", error.to_string()))?;
    tree.apply_merge()
        .map_err(|error| Reason::new("yaml", error.to_string()))?;
    json(tree, 0).ok_or_else(|| Reason::new("yaml", "a key that is no scalar: quote {{templates}}"))
}

fn deepest_bracket(text: &str) -> usize {
    let mut depth = 0_usize;
    let mut deepest = 0;
    for byte in text.bytes() {
        match byte {
            b'[' | b'{' => depth += 1,
            b']' | b'}' => depth = depth.saturating_sub(1),
            _ => {}
        }
        deepest = deepest.max(depth);
    }
    deepest
}

/// The tree as JSON; nothing when a key is a list or a map.
fn json(tree: serde_yaml::Value, depth: usize) -> Option<Value> {
    if depth > DEPTH_LIMIT {
        return None;
    }
    Some(match tree {
        serde_yaml::Value::Null => Value::Null,
        serde_yaml::Value::Bool(flag) => Value::Bool(flag),
        serde_yaml::Value::Number(number) => number_of(&number),
        serde_yaml::Value::String(text) => Value::String(text),
        serde_yaml::Value::Sequence(items) => Value::Array(
            items
                .into_iter()
                .map(|item| json(item, depth + 1))
                .collect::<Option<_>>()?,
        ),
        serde_yaml::Value::Mapping(members) => {
            let mut map = Map::new();
            for (key, value) in members {
                map.insert(key_of(key)?, json(value, depth + 1)?);
            }
            Value::Object(map)
        }
        serde_yaml::Value::Tagged(tagged) => json(tagged.value, depth + 1)?,
    })
}

fn number_of(number: &serde_yaml::Number) -> Value {
    let whole = number
        .as_i64()
        .map(Number::from)
        .or_else(|| number.as_u64().map(Number::from));
    whole
        .or_else(|| number.as_f64().and_then(Number::from_f64))
        .map_or(Value::Null, Value::Number)
}

fn key_of(key: serde_yaml::Value) -> Option<String> {
    match key {
        serde_yaml::Value::String(text) => Some(text),
        serde_yaml::Value::Bool(flag) => Some(flag.to_string()),
        serde_yaml::Value::Null => Some(String::new()),
        serde_yaml::Value::Number(number) => Some(number.to_string()),
        _ => None,
    }
}

/// The text of a scalar member: strings as they are, numbers and booleans as written.
pub(crate) fn text(tree: &Value, key: &str) -> Option<String> {
    match tree.get(key)? {
        Value::String(text) => Some(text.clone()),
        Value::Number(number) => Some(number.to_string()),
        Value::Bool(flag) => Some(flag.to_string()),
        _ => None,
    }
}

/// The entries of a list or of a keyed map, each with its name: the key, `name`, or `id`.
pub(crate) fn entries<'t>(tree: &'t Value, key: &str) -> Vec<(Option<String>, &'t Value)> {
    match tree.get(key) {
        Some(Value::Array(items)) => items
            .iter()
            .map(|item| (text(item, "name").or_else(|| text(item, "id")), item))
            .collect(),
        Some(Value::Object(members)) => members
            .iter()
            .map(|(name, item)| (Some(name.clone()), item))
            .collect(),
        _ => Vec::new(),
    }
}

/// The items of a list member.
pub(crate) fn items<'t>(tree: &'t Value, key: &str) -> &'t [Value] {
    tree.get(key)
        .and_then(Value::as_array)
        .map_or(&[], Vec::as_slice)
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    #[test]
    fn yaml_1_2_scalars_merges_and_duplicates() {
        let tree = parse("a: &x {on: yes, n: 017}\nb: {<<: *x, n: 1}\n").unwrap();
        assert_eq!(tree["a"]["on"], json!("yes"));
        assert_eq!(tree["b"], json!({"on": "yes", "n": 1}));
        assert_eq!(parse("a: 1\na: 2\n").unwrap_err().code, "yaml");
        assert_eq!(parse("a: {{x}}\n").unwrap_err().code, "yaml");
        assert_eq!(parse(&"[".repeat(5000)).unwrap_err().code, "yaml");
    }

    #[test]
    fn lists_and_keyed_maps_are_the_same_entries() {
        let tree = parse("l: [{name: a}, {id: b}]\nm: {a: {}, b: {}}\n").unwrap();
        let names = |key| {
            entries(&tree, key)
                .into_iter()
                .map(|(n, _)| n.unwrap())
                .collect::<Vec<_>>()
        };
        assert_eq!(names("l"), names("m"));
    }
}
