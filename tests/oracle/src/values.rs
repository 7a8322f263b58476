//! Sensible values for inputs.
//!
//! String values carry characters that every place must encode: space, `/`, `&`, `é`, `"`, `+`, `%`,
//! `?`, `#`. Each input of a unit has a value of its own, so that a mix-up shows.

use serde_json::{Value, json};

use crate::demands::Feed;
use crate::inputs::UnitInput;
use crate::model::Place;

/// A JSON body that no input describes; its members share no name with any input.
pub(crate) fn whole_body() -> Value {
    json!({"oracle_note": "b1 a/b&c=é\"", "oracle_count": 7, "oracle_list": [true, null, 1.5]})
}

/// A value of the input's type, distinct for each position.
pub(crate) fn sample(
    input: &UnitInput,
    index: usize,
    typed: bool,
    doubts: &mut Vec<String>,
) -> Value {
    if let Some(choice) = input.choices.first() {
        return choice.clone();
    }
    if let Some(pattern) = &input.pattern {
        return matching(pattern, doubts);
    }
    if let Some(walk) = input.walks.first() {
        doubts.push(format!("`{}` is walked into", input.name));
        let leaf = Value::String(text(index, input));
        return walk
            .rsplit('.')
            .fold(leaf, |inner, key| json!({ key: inner }));
    }
    if let Some(value) = well_known(input) {
        return value;
    }
    let only_json = !input.feeds.is_empty() && input.feeds.iter().all(|feed| *feed == Feed::Json);
    match input.kind.as_deref() {
        Some("string") => Value::String(text(index, input)),
        Some("integer") => json!(100 + index),
        Some("number") => json!(f64::from(u32::try_from(index).unwrap_or(0)) + 0.5),
        Some("boolean") => json!(index % 2 == 1),
        Some("array") => json!([text(index, input), "second"]),
        Some("object") => json!({"oracle_k": text(index, input), "oracle_n": index}),
        None if typed && only_json => match index % 5 {
            1 => json!(100 + index),
            2 => json!([index, "x"]),
            3 => json!(true),
            4 => json!({"oracle_k": text(index, input), "oracle_n": index}),
            _ => Value::String(text(index, input)),
        },
        None => Value::String(text(index, input)),
        Some(other) => {
            doubts.push(format!("`{}` has the unknown type `{other}`", input.name));
            Value::String(text(index, input))
        }
    }
}

/// Text with characters that must be encoded; header values stay ASCII.
fn text(index: usize, input: &UnitInput) -> String {
    let in_header = input.place == Some(Place::Header)
        || input
            .feeds
            .iter()
            .any(|feed| matches!(feed, Feed::Header(_)));
    if in_header {
        format!("v{index} a/b&c=\"+%")
    } else {
        format!("v{index} a/b&c=é\"+%?#")
    }
}

/// Legal values for headers that have a grammar of their own.
fn well_known(input: &UnitInput) -> Option<Value> {
    let header = input.feeds.iter().find_map(|feed| match feed {
        Feed::Header(name) => Some(name.to_ascii_lowercase()),
        _ => None,
    })?;
    let text = match header.as_str() {
        "content-type" | "accept" => "application/json",
        "user-agent" => "agent/7",
        "x-forwarded-for" => "192.0.2.7",
        "if-match" | "if-none-match" => "\"etag-7\"",
        "accept-language" => "fr",
        "accept-encoding" => "identity",
        "range" => "bytes=0-9",
        "cookie" => "k=v7",
        _ => return None,
    };
    Some(Value::String(text.to_owned()))
}

/// A text that a declared pattern accepts.
fn matching(pattern: &str, doubts: &mut Vec<String>) -> Value {
    let candidates = [
        "abc",
        "7",
        "A",
        "abc-1",
        "2024-01-31",
        "ABC",
        "AB12",
        "a@b.example",
        "12345",
        "true",
        "0a1b2c3d-0000-4000-8000-000000000000",
    ];
    let found = regex::Regex::new(pattern)
        .ok()
        .and_then(|regex| candidates.into_iter().find(|text| regex.is_match(text)));
    if found.is_none() {
        doubts.push(format!("no value known for the pattern {pattern}"));
    }
    Value::String(found.unwrap_or("abc").to_owned())
}
