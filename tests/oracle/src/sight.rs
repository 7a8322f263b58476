//! What the templates of one call can see: `with`, variables, and the values of the caller
//! (decisions, section 3, "Order of resolution").

use serde_json::Value;

use crate::demands::consumed_name;
use crate::inputs::{Plan, Values};
use crate::model::Input;
use crate::names::{Piece, Reference, cut, text_of};
use crate::with::{Given, Part};

/// What the templates of one call can see.
pub(crate) struct Sight<'p, 'd> {
    pub(crate) plan: &'p Plan<'d>,
    pub(crate) values: &'p Values,
}

impl Sight<'_, '_> {
    /// A name on the consumed side: a `with` key hides the caller's input.
    pub(crate) fn named(&self, name: &str) -> Option<Value> {
        match self.plan.with_of(name) {
            Some(given) => self.given(given),
            None => self.values.get(name).cloned(),
        }
    }

    pub(crate) fn given(&self, given: &Given) -> Option<Value> {
        match given {
            Given::Fixed(value) => Some(value.clone()).filter(|value| !value.is_null()),
            Given::Input(name, walk) => walked(self.values.get(name)?, walk.as_deref()),
            Given::Template(parts) => {
                let text = |part: &Part| match part {
                    Part::Text(text) => text.clone(),
                    Part::Input(name, walk) => self
                        .values
                        .get(name)
                        .and_then(|value| walked(value, walk.as_deref()))
                        .map_or_else(String::new, |value| text_of(&value)),
                };
                Some(Value::String(parts.iter().map(text).collect()))
            }
        }
    }

    /// The value of a placeholder in something that is sent.
    pub(crate) fn hole(&self, hole: &str) -> Option<Value> {
        let scope = &self.plan.client.scope;
        if let Reference::Variable(value) = scope.classify(hole) {
            return Some(Value::String(value));
        }
        let known = |name: &str| {
            self.plan.with_of(name).is_some()
                || self.plan.inputs.iter().any(|input| input.name == name)
                || self
                    .plan
                    .operation
                    .inputs
                    .iter()
                    .any(|input| input.name == name)
        };
        let (name, walk, _) = consumed_name(hole, scope, &known, false).ok()??;
        walked(&self.named(&name)?, walk.as_deref())
    }

    /// The value of a consumed input: its own `value`, a bound variable of its name, or the name.
    pub(crate) fn input(&self, input: &Input) -> Option<Value> {
        if let Some(value) = &input.value {
            return self.rendered(value);
        }
        match self.plan.client.scope.bound(&input.name) {
            Some(value) => Some(Value::String(value.clone())),
            None => self.named(&input.name),
        }
    }

    /// A tree with its templates filled; a lone placeholder keeps its type or leaves its member out.
    pub(crate) fn rendered(&self, tree: &Value) -> Option<Value> {
        match tree {
            Value::String(text) => {
                let pieces = cut(text, false);
                match pieces.as_slice() {
                    [Piece::Hole(hole)] => self.hole(hole),
                    _ => Some(Value::String(self.text(&pieces))),
                }
            }
            Value::Array(items) => Some(
                items
                    .iter()
                    .filter_map(|item| self.rendered(item))
                    .collect(),
            ),
            Value::Object(members) => {
                let filled = members
                    .iter()
                    .filter_map(|(key, item)| Some((key.clone(), self.rendered(item)?)));
                Some(Value::Object(filled.collect()))
            }
            other => Some(other.clone()),
        }
    }

    pub(crate) fn text(&self, pieces: &[Piece]) -> String {
        let piece = |piece: &Piece| match piece {
            Piece::Text(text) => text.clone(),
            Piece::Hole(hole) => self
                .hole(hole)
                .map_or_else(String::new, |value| text_of(&value)),
        };
        pieces.iter().map(piece).collect()
    }

    /// A credential's text: variables only, bound or from the environment.
    pub(crate) fn variables(&self, text: &str) -> String {
        let piece = |piece: Piece| match piece {
            Piece::Text(text) => text,
            Piece::Hole(hole) => match self.plan.client.scope.classify(&hole) {
                Reference::Variable(value) => value,
                Reference::Unbound(key) => self
                    .plan
                    .client
                    .scope
                    .implicit
                    .get(&key)
                    .cloned()
                    .unwrap_or_default(),
                Reference::Input(_) | Reference::Plain(_) => String::new(),
            },
        };
        cut(text, false).into_iter().map(piece).collect()
    }
}

fn walked(value: &Value, walk: Option<&str>) -> Option<Value> {
    match walk {
        None => Some(value.clone()),
        Some(walk) => walk
            .split('.')
            .try_fold(value, |value, key| value.get(key))
            .cloned(),
    }
}
