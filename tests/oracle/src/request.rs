//! The upstream request that a call must send (decisions, section 5).

use serde_json::{Map, Value};

use crate::body::body;
use crate::caller::{decode_query, encode, fill_path};
use crate::clients::{bare, join};
use crate::demands::is_credential;
use crate::inputs::{Plan, Values, is_write};
use crate::model::{Auth, Place};
use crate::names::text_of;
use crate::sight::Sight;

/// The request that the upstream must see.
#[derive(Debug, Clone, PartialEq)]
pub struct Expected {
    /// The consumed namespace, and so the upstream.
    pub namespace: String,
    /// The method.
    pub method: String,
    /// The path below the client's base, percent-encoded; empty when it adds nothing.
    pub path: String,
    /// Query pairs, decoded: those written in the path and those declared, in their order.
    pub query: Vec<(String, String)>,
    /// Query pairs whose place among the others is free: credentials and what nothing declares.
    pub loose_query: Vec<(String, String)>,
    /// Headers that must be there with exactly this value.
    pub headers: Vec<(String, String)>,
    /// The body.
    pub body: ExpectedBody,
}

/// A body, compared by meaning rather than by byte.
#[derive(Debug, Clone, PartialEq)]
pub enum ExpectedBody {
    /// No body.
    None,
    /// JSON of this value, as `application/json`.
    Json(Value),
    /// Form pairs, decoded, in order.
    Form(Vec<(String, String)>),
    /// YAML of this value.
    Yaml(Value),
    /// Exactly this text under a content type.
    Text(String, String),
    /// Not judged beyond the start of its content type.
    Any(&'static str),
}

/// Builds the expectation from the values that the caller gives.
pub(crate) fn expected(plan: &Plan<'_>, values: &Values, doubts: &mut Vec<String>) -> Expected {
    let sight = Sight { plan, values };
    let operation = plan.operation;
    let value_of_hole = |hole: &str| sight.hole(hole).map(|value| text_of(&value));
    let mut path = rooted(&fill_path_of(&operation.path, &value_of_hole));
    for name in &operation.appended {
        if let Some(value) = operation
            .inputs
            .iter()
            .find(|input| input.name == *name)
            .and_then(|input| sight.input(input))
        {
            path = join(&path, &encode(&text_of(&value)));
        }
    }
    let mut query = decode_query(&fill_path_of(&operation.query, &value_of_hole));
    let mut loose_query = Vec::new();
    let mut headers = Vec::new();
    let mut members = Map::new();
    for input in &operation.inputs {
        if is_credential(input, &plan.client.auth) {
            continue;
        }
        let Some(value) = sight.input(input).filter(|value| !value.is_null()) else {
            continue;
        };
        match input.place {
            Some(Place::Query) | None => query.extend(pairs(&input.name, &value)),
            Some(Place::Header) => headers.push((input.name.clone(), text_of(&value))),
            Some(Place::Body) => {
                members.insert(input.name.clone(), value);
            }
            Some(Place::Path) => {}
            Some(Place::Cookie | Place::Other) => {
                doubts.push(format!(
                    "input `{}` stands in a place that is not judged",
                    input.name
                ));
            }
        }
    }
    for key in &plan.extra {
        let Some(value) = sight.named(key).filter(|value| !value.is_null()) else {
            continue;
        };
        if is_write(&operation.method) {
            members.insert(key.clone(), value);
        } else {
            loose_query.extend(pairs(key, &value));
        }
    }
    credentials(plan, &sight, &mut headers, &mut loose_query);
    let body = body(plan, &sight, members, doubts);
    Expected {
        namespace: plan.client.namespace.clone(),
        method: operation.method.clone(),
        path,
        query,
        loose_query,
        headers,
        body,
    }
}

/// A path below a base: exactly one slash at the joint, and nothing when it adds nothing.
fn rooted(path: &str) -> String {
    if path.is_empty() {
        String::new()
    } else {
        join("", path)
    }
}

/// Fills a consumed path; the hole is resolved with all its prefixes.
fn fill_path_of(template: &str, value: &dyn Fn(&str) -> Option<String>) -> String {
    // `fill_path` strips caller prefixes, so a bare name and a whole expression are both tried.
    let whole: Vec<String> = crate::names::holes(template, true);
    fill_path(template, &|name| {
        value(name).or_else(|| {
            whole
                .iter()
                .find(|hole| bare(hole) == name)
                .and_then(|hole| value(hole))
        })
    })
}

/// Query pairs of a value: arrays repeat the name, objects are compact JSON.
fn pairs(name: &str, value: &Value) -> Vec<(String, String)> {
    match value {
        Value::Array(items) => items
            .iter()
            .map(|item| (name.to_owned(), text_of(item)))
            .collect(),
        other => vec![(name.to_owned(), text_of(other))],
    }
}

fn credentials(
    plan: &Plan<'_>,
    sight: &Sight<'_, '_>,
    headers: &mut Vec<(String, String)>,
    query: &mut Vec<(String, String)>,
) {
    use base64::Engine as _;
    match &plan.client.auth {
        Auth::None | Auth::Digest => {}
        Auth::Headers(list) => headers.extend(
            list.iter()
                .map(|(name, value)| (name.clone(), sight.variables(value))),
        ),
        Auth::Query(list) => query.extend(
            list.iter()
                .map(|(name, value)| (name.clone(), sight.variables(value))),
        ),
        Auth::Bearer(token) => headers.push((
            "Authorization".to_owned(),
            format!("Bearer {}", sight.variables(token)),
        )),
        Auth::Basic(user, password) => {
            let pair = format!("{}:{}", sight.variables(user), sight.variables(password));
            let text = base64::engine::general_purpose::STANDARD.encode(pair);
            headers.push(("Authorization".to_owned(), format!("Basic {text}")));
        }
    }
}

#[cfg(test)]
#[path = "request_tests.rs"]
mod tests;
