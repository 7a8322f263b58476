//! What a `with` map gives (decisions, section 3, "`with` value").

use serde_json::Value;

use crate::demands::placed;
use crate::model::Reason;
use crate::names::{Piece, Reference, Scope, cut, is_screaming, settle};

/// What a `with` key gives.
#[derive(Debug, Clone)]
pub(crate) enum Given {
    /// An input of the caller, whole or walked into.
    Input(String, Option<String>),
    /// Pieces of text, each a literal, or an input.
    Template(Vec<Part>),
    /// A literal or a variable; null is no value.
    Fixed(Value),
}

/// A piece of a `with` template whose names are settled.
#[derive(Debug, Clone)]
pub(crate) enum Part {
    Text(String),
    Input(String, Option<String>),
}

/// What the value of a `with` key means.
pub(crate) fn given(
    key: &str,
    value: &Value,
    scope: &Scope,
    is_known: &dyn Fn(&str) -> bool,
) -> Result<Given, Reason> {
    let Value::String(text) = value else {
        return Ok(Given::Fixed(value.clone()));
    };
    let input = |name: &str| {
        let (_, name) = placed(name, is_known);
        let (name, walk) = settle(name, is_known);
        (name.to_owned(), walk.map(str::to_owned))
    };
    let unbound = |name: &str| {
        Reason::new(
            "unbound-variable",
            format!("`with` key `{key}` names `{name}`, which no bind declares"),
        )
    };
    if text.contains("{{") {
        let mut parts = Vec::new();
        for piece in cut(text, false) {
            parts.push(match piece {
                Piece::Text(text) => Part::Text(text),
                Piece::Hole(hole) => match scope.classify(&hole) {
                    Reference::Variable(value) => Part::Text(value),
                    Reference::Input(name) | Reference::Plain(name) => {
                        let (name, walk) = input(&name);
                        Part::Input(name, walk)
                    }
                    Reference::Unbound(name) if is_known(&name) && !hole.contains('.') => {
                        Part::Input(name, None)
                    }
                    Reference::Unbound(name) => return Err(unbound(&name)),
                },
            });
        }
        return Ok(match parts.as_slice() {
            [Part::Input(name, walk)] => Given::Input(name.clone(), walk.clone()),
            [Part::Text(text)] => Given::Fixed(Value::String(text.clone())),
            _ => Given::Template(parts),
        });
    }
    if !text.contains(char::is_whitespace)
        && let Some(name) = scope.after_caller_prefix(text)
    {
        let (name, walk) = input(name);
        return Ok(Given::Input(name, walk));
    }
    match scope.classify(text) {
        Reference::Variable(value) => Ok(Given::Fixed(Value::String(value))),
        Reference::Unbound(name) if text.starts_with("env.") && is_screaming(&name) => {
            Err(unbound(&name))
        }
        _ => Ok(Given::Fixed(value.clone())),
    }
}

/// The inputs that a `with` value refers to.
pub(crate) fn names_of(given: &Given) -> Vec<(String, Option<String>)> {
    match given {
        Given::Input(name, walk) => vec![(name.clone(), walk.clone())],
        Given::Fixed(_) => Vec::new(),
        Given::Template(parts) => parts
            .iter()
            .filter_map(|part| match part {
                Part::Input(name, walk) => Some((name.clone(), walk.clone())),
                Part::Text(_) => None,
            })
            .collect(),
    }
}
