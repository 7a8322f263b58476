//! What was observed against what was expected, as one line for each difference.

use serde_json::{Map, Value};

use crate::caller::decode_query;
use crate::echo::Observed;
use crate::request::{Expected, ExpectedBody};
use crate::response::Answer;

/// One difference, for a person: "query `page_size`: expected `7`, missing".
pub type Difference = String;

/// Compares only the method and the path, as a sandbox sees them.
///
/// `base` is the path of the client's base; without it the observed path must only end as expected,
/// because a base with placeholders of the operator is the operator's.
pub fn check_target(
    expected: &Expected,
    base: Option<&str>,
    method: &str,
    raw_path: &str,
) -> Vec<Difference> {
    let mut found = Vec::new();
    if expected.method != method {
        found.push(format!(
            "method: expected {}, got {method}",
            expected.method
        ));
    }
    let wanted = format!("{}{}", base.unwrap_or_default(), expected.path);
    let whole = segments(if wanted.is_empty() { "/" } else { &wanted });
    let got = segments(raw_path);
    let same = match base {
        Some(_) => whole == got,
        None => expected.path.is_empty() || got.ends_with(whole.get(1..).unwrap_or_default()),
    };
    if !same {
        found.push(format!("path: expected `{wanted}`, got `{raw_path}`"));
    }
    found
}

/// Compares a whole upstream request.
pub fn check_request(expected: &Expected, observed: &Observed) -> Vec<Difference> {
    let mut found = Vec::new();
    if expected.method != observed.method {
        found.push(format!(
            "method: expected {}, got {}",
            expected.method, observed.method
        ));
    }
    // Below the prefix of an upstream nothing must be added to a path that adds nothing.
    if segments(&expected.path) != segments(&observed.path) {
        found.push(format!(
            "path: expected `{}`, got `{}`",
            expected.path, observed.path
        ));
    }
    if expected.namespace != observed.namespace {
        found.insert(
            0,
            format!(
                "upstream: expected `{}`, got `{}`",
                expected.namespace, observed.namespace
            ),
        );
    }
    check_query(expected, observed, &mut found);
    check_headers(expected, observed, &mut found);
    check_body(&expected.body, observed, &mut found);
    found
}

/// Segments, decoded one by one: an encoded slash is not a boundary.
fn segments(raw: &str) -> Vec<Vec<u8>> {
    raw.split('/')
        .map(|segment| percent_encoding::percent_decode_str(segment).collect())
        .collect()
}

fn check_query(expected: &Expected, observed: &Observed, found: &mut Vec<Difference>) {
    let raw = observed.query.clone().unwrap_or_default();
    let mut left = decode_query(&raw);
    let mut positions = Vec::new();
    let all = decode_query(&raw);
    for (index, pair) in expected
        .query
        .iter()
        .chain(&expected.loose_query)
        .enumerate()
    {
        let Some(at) = left.iter().position(|other| other == pair) else {
            let other = left.iter().find(|(name, _)| *name == pair.0);
            let got = other.map_or_else(
                || "missing".to_owned(),
                |(_, value)| format!("got `{value}`"),
            );
            found.push(format!("query `{}`: expected `{}`, {got}", pair.0, pair.1));
            continue;
        };
        left.remove(at);
        if index < expected.query.len() {
            positions.push(pair);
        }
    }
    let expected_names = |name: &str| {
        expected
            .query
            .iter()
            .chain(&expected.loose_query)
            .any(|(other, _)| other == name)
    };
    for (name, value) in &left {
        if !expected_names(name) {
            found.push(format!("query `{name}`: not expected, got `{value}`"));
        } else if found
            .iter()
            .all(|line| !line.contains(&format!("query `{name}`:")))
        {
            found.push(format!(
                "query `{name}`: sent once too often, got `{value}`"
            ));
        }
    }
    let order: Vec<&(String, String)> =
        all.iter().filter(|pair| positions.contains(pair)).collect();
    if found.is_empty() && order != positions && !has_repeats(&positions) {
        found.push(format!("query: not in the declared order, got `{raw}`"));
    }
}

/// Equal pairs make "the order of the first" ambiguous.
fn has_repeats(pairs: &[&(String, String)]) -> bool {
    pairs
        .iter()
        .enumerate()
        .any(|(index, pair)| pairs.iter().skip(index + 1).any(|other| other == pair))
}

fn check_headers(expected: &Expected, observed: &Observed, found: &mut Vec<Difference>) {
    for (name, value) in &expected.headers {
        let got: Vec<&str> = observed.header(name).collect();
        // A header that stands twice in the document (an input called like the body's type) is fine once.
        match got.as_slice() {
            [only] if only == value => {}
            [] => found.push(format!("header `{name}`: expected `{value}`, missing")),
            [only] => found.push(format!("header `{name}`: expected `{value}`, got `{only}`")),
            several => found.push(format!(
                "header `{name}`: expected once, sent {} times",
                several.len()
            )),
        }
    }
    for name in ["authorization", "cookie", "proxy-authorization"] {
        let wanted = expected
            .headers
            .iter()
            .any(|(other, _)| other.eq_ignore_ascii_case(name));
        if !wanted && observed.header(name).next().is_some() {
            found.push(format!("header `{name}`: not expected, sent"));
        }
    }
}

fn check_body(expected: &ExpectedBody, observed: &Observed, found: &mut Vec<Difference>) {
    let content_type = observed
        .header("content-type")
        .next()
        .unwrap_or("")
        .to_ascii_lowercase();
    let mut typed = |wanted: &str| {
        if !content_type.starts_with(wanted) {
            found.push(format!(
                "content type: expected {wanted}, got `{content_type}`"
            ));
        }
    };
    let bytes = observed.body.as_slice();
    match expected {
        ExpectedBody::None => {
            if !bytes.is_empty() {
                found.push(format!("body: expected none, got `{}`", excerpt(bytes)));
            }
        }
        ExpectedBody::Any(wanted) => typed(wanted),
        ExpectedBody::Json(value) => {
            typed("application/json");
            match serde_json::from_slice::<Value>(bytes) {
                Ok(got) => differ("body", value, &got, found),
                Err(_) => found.push(format!("body: expected JSON, got `{}`", excerpt(bytes))),
            }
        }
        ExpectedBody::Yaml(value) => match serde_yaml::from_slice::<Value>(bytes) {
            Ok(got) => differ("body", value, &got, found),
            Err(_) => found.push(format!("body: expected YAML, got `{}`", excerpt(bytes))),
        },
        ExpectedBody::Form(pairs) => {
            typed("application/x-www-form-urlencoded");
            let got = decode_query(&String::from_utf8_lossy(bytes));
            if got != *pairs {
                let shown = |pairs: &[(String, String)]| {
                    pairs
                        .iter()
                        .map(|(n, v)| format!("{n}={v}"))
                        .collect::<Vec<_>>()
                        .join(" & ")
                };
                found.push(format!(
                    "form: expected `{}`, got `{}`",
                    shown(pairs),
                    shown(&got)
                ));
            }
        }
        ExpectedBody::Text(text, wanted) => {
            typed(wanted);
            if bytes != text.as_bytes() {
                found.push(format!("body: expected `{text}`, got `{}`", excerpt(bytes)));
            }
        }
    }
}

/// The first places where two values differ; numbers are equal when their values are.
fn differ(at: &str, expected: &Value, got: &Value, found: &mut Vec<Difference>) {
    match (expected, got) {
        (Value::Object(wanted), Value::Object(members)) => {
            members_differ(at, wanted, members, found);
        }
        (Value::Array(wanted), Value::Array(items)) if wanted.len() == items.len() => {
            for (index, (left, right)) in wanted.iter().zip(items).enumerate() {
                differ(&format!("{at}[{index}]"), left, right, found);
            }
        }
        (Value::Number(left), Value::Number(right)) if left.as_f64() == right.as_f64() => {}
        (left, right) if left == right => {}
        (left, right) => found.push(format!("{at}: expected `{left}`, got `{right}`")),
    }
}

fn members_differ(
    at: &str,
    wanted: &Map<String, Value>,
    got: &Map<String, Value>,
    found: &mut Vec<Difference>,
) {
    for (name, value) in wanted {
        match got.get(name) {
            Some(other) => differ(&format!("{at} `{name}`"), value, other, found),
            None => found.push(format!("{at} `{name}`: expected `{value}`, missing")),
        }
    }
    for (name, value) in got.iter().filter(|(name, _)| !wanted.contains_key(*name)) {
        found.push(format!("{at} `{name}`: not expected, got `{value}`"));
    }
}

fn excerpt(bytes: &[u8]) -> String {
    String::from_utf8_lossy(bytes)
        .chars()
        .take(120)
        .collect::<String>()
        .escape_debug()
        .to_string()
}

/// Checks a REST answer against the document with which the upstream answered.
pub fn check_rest_answer(
    answer: &Answer,
    upstream: &[u8],
    method: &str,
    status: u16,
    body: &[u8],
) -> Vec<Difference> {
    let mut found = Vec::new();
    if status != 200 {
        found.push(format!(
            "status: expected 200, got {status} `{}`",
            excerpt(body)
        ));
        return found;
    }
    if method == "HEAD" {
        if !body.is_empty() {
            found.push("body: expected none for HEAD".to_owned());
        }
        return found;
    }
    match answer {
        Answer::Unknown(_) => {}
        Answer::Identity => {
            if body != upstream {
                found.push(format!(
                    "answer: expected the upstream's bytes, got `{}`",
                    excerpt(body)
                ));
            }
        }
        Answer::Shaped(shape) => {
            let document = serde_json::from_slice(upstream).unwrap_or(Value::Null);
            match serde_json::from_slice::<Value>(body) {
                Ok(got) => differ("answer", &shape.apply(&document), &got, &mut found),
                Err(_) => found.push(format!("answer: expected JSON, got `{}`", excerpt(body))),
            }
        }
    }
    found
}

/// Checks the `result` of a `tools/call` against the document with which the upstream answered.
pub fn check_tool_answer(answer: &Answer, upstream: &[u8], result: &Value) -> Vec<Difference> {
    let mut found = Vec::new();
    let content = result
        .get("content")
        .and_then(Value::as_array)
        .map_or(&[][..], Vec::as_slice);
    let text = content
        .first()
        .and_then(|item| item.get("text"))
        .and_then(Value::as_str)
        .unwrap_or_default();
    if result.get("isError").and_then(Value::as_bool) == Some(true) {
        return vec![format!("result: isError `{}`", excerpt(text.as_bytes()))];
    }
    if upstream.is_empty() {
        if !content.is_empty() {
            found.push("content: expected none for an empty answer".to_owned());
        }
        return found;
    }
    let document: Value = serde_json::from_slice(upstream).unwrap_or(Value::Null);
    let expected = match answer {
        Answer::Unknown(_) => return found,
        Answer::Identity => document,
        Answer::Shaped(shape) => shape.apply(&document),
    };
    if content.len() != 1 {
        found.push(format!("content: expected one item, got {}", content.len()));
    }
    // A lone string is the text itself; anything else is compact JSON.
    match &expected {
        Value::String(wanted) if wanted == text => {}
        Value::String(wanted) => found.push(format!(
            "text: expected `{wanted}`, got `{}`",
            excerpt(text.as_bytes())
        )),
        _ => match serde_json::from_str::<Value>(text) {
            Ok(got) => {
                differ("text", &expected, &got, &mut found);
                if found.is_empty() && text.contains(['\n', '\r']) {
                    found.push("text: expected compact JSON".to_owned());
                }
            }
            Err(_) => found.push(format!(
                "text: expected JSON, got `{}`",
                excerpt(text.as_bytes())
            )),
        },
    }
    let structured = result
        .get("structuredContent")
        .filter(|value| !value.is_null());
    match structured {
        Some(got) if expected.is_object() => {
            differ("structuredContent", &expected, got, &mut found);
        }
        Some(got) => {
            // Another root than an object is wrapped as `result` for the older revisions, bare for the newest.
            let inner = got.get("result").unwrap_or(got);
            differ("structuredContent", &expected, inner, &mut found);
        }
        None if expected.is_object() => {
            found.push("structuredContent: expected the object, missing".to_owned());
        }
        None => {}
    }
    found
}

#[cfg(test)]
#[path = "compare_tests.rs"]
mod tests;
