//! Answers without a fixture: the operation's sample, with the caller's values in it.
//!
//! Two shapes. An operation whose answer is passed on whole gets an *echo*: an object that says
//! which operation was met and what came. An operation with a declared shape gets its *sample*
//! and nothing beside it, so that every mapping finds what it looks for; there an input comes
//! back in the members that have its name. Headers are never looked at: they carry credentials.

use serde_json::{Value, json};

use crate::namespace::{Credential, Place, SandboxOperation};
use crate::path::Captures;
use crate::request::{Incoming, pairs_value};

/// An operation with the places of its sample that inputs fill, found once.
#[derive(Debug)]
pub(crate) struct Echo {
    pub(crate) name: String,
    sample: Value,
    /// Where in the sample (keys and decimal indices) which input goes.
    fills: Vec<(Vec<Step>, usize)>,
    inputs: Vec<(String, Place)>,
    /// The query parameter that is a credential and stays out of every answer.
    hidden: Option<String>,
}

#[derive(Debug, Clone)]
enum Step {
    Key(String),
    Index(usize),
}

impl Echo {
    /// Compiles an operation.
    pub(crate) fn new(operation: SandboxOperation, credential: Option<&Credential>) -> Self {
        let hidden = match credential {
            Some(Credential::Query(name)) => Some(name.clone()),
            _ => None,
        };
        let inputs: Vec<_> = operation
            .inputs
            .into_iter()
            .filter(|input| matches!(input.place, Place::Path | Place::Query | Place::Body))
            .filter(|input| input.place != Place::Query || hidden.as_ref() != Some(&input.name))
            .map(|input| (input.name, input.place))
            .collect();
        let mut fills = Vec::new();
        find_fills(&operation.answer, &inputs, &mut Vec::new(), &mut fills);
        Self {
            name: operation.name,
            sample: operation.answer,
            fills,
            inputs,
            hidden,
        }
    }

    /// The answer to one request.
    pub(crate) fn answer(&self, request: &Incoming, captures: &Captures) -> Value {
        if self.sample.is_null() {
            return self.echo(request, captures);
        }
        let mut answer = self.sample.clone();
        if self.fills.is_empty() {
            return answer;
        }
        let body = request.body_value();
        for (steps, input) in &self.fills {
            let Some((name, place)) = self.inputs.get(*input) else {
                continue;
            };
            let value = match place {
                Place::Path => pair(captures, name).map(Value::from),
                Place::Query => pair(&request.query, name).map(Value::from),
                _ => body.get(name).cloned(),
            };
            if let (Some(value), Some(target)) = (value, walk(&mut answer, steps))
                && let Some(value) = fitted(value, target)
            {
                *target = value;
            }
        }
        answer
    }

    fn echo(&self, request: &Incoming, captures: &Captures) -> Value {
        let shown: Vec<_> = request
            .query
            .iter()
            .filter(|(name, _)| Some(name) != self.hidden.as_ref())
            .cloned()
            .collect();
        json!({
            "operation": self.name,
            "request": {
                "method": request.method,
                "path": format!("/{}", request.path.join("/")),
                "path_parameters": pairs_value(captures),
                "query": pairs_value(&shown),
                "body": request.body_value(),
            },
        })
    }
}

fn pair<'a>(pairs: &'a [(String, String)], name: &str) -> Option<&'a str> {
    pairs
        .iter()
        .find(|(n, _)| n == name)
        .map(|(_, value)| value.as_str())
}

/// Finds every scalar member of the sample, at any depth, that has the name of an input.
fn find_fills(
    sample: &Value,
    inputs: &[(String, Place)],
    at: &mut Vec<Step>,
    fills: &mut Vec<(Vec<Step>, usize)>,
) {
    match sample {
        Value::Object(members) => {
            for (name, member) in members {
                at.push(Step::Key(name.clone()));
                let input = inputs.iter().position(|(input, _)| input == name);
                match input {
                    Some(input) if !member.is_object() && !member.is_array() => {
                        fills.push((at.clone(), input));
                    }
                    _ => find_fills(member, inputs, at, fills),
                }
                at.pop();
            }
        }
        Value::Array(items) => {
            for (index, item) in items.iter().enumerate() {
                at.push(Step::Index(index));
                find_fills(item, inputs, at, fills);
                at.pop();
            }
        }
        _ => {}
    }
}

fn walk<'v>(value: &'v mut Value, steps: &[Step]) -> Option<&'v mut Value> {
    steps.iter().try_fold(value, |value, step| match step {
        Step::Key(name) => value.get_mut(name),
        Step::Index(index) => value.get_mut(index),
    })
}

/// The value in the JSON type of the sample's member, or nothing when it does not fit there.
fn fitted(value: Value, sample: &Value) -> Option<Value> {
    let text = match &value {
        Value::String(text) => text.clone(),
        Value::Number(_) | Value::Bool(_) => value.to_string(),
        _ => return None,
    };
    match sample {
        Value::String(_) => Some(Value::from(text)),
        Value::Number(_) => {
            let number = serde_json::from_str::<Value>(&text).ok()?;
            number.is_number().then_some(number)
        }
        Value::Bool(_) => text.parse::<bool>().ok().map(Value::from),
        _ => Some(value),
    }
}

#[cfg(test)]
mod tests;
