//! The tree that a YAML document becomes: every value and every key with the place where it was written.
//!
//! The kinds of value are those of JSON, so that a tree can be handed to a JSON Schema validator; what YAML has beyond
//! them (anchors, merge keys, tags) is already resolved when a [`Node`] exists.

use std::sync::Arc;

use naftiko_diagnostics::{Span, Spanned};
use serde_json::{Map, Number, Value};

use super::origin::Origin;

/// One value of a document.
#[derive(Clone, Debug)]
pub struct Node {
    /// Where the value was written: for an aliased value the anchored definition. A value left out (`key:`) has an
    /// empty span behind the colon.
    pub span: Span,
    /// What was written.
    pub kind: NodeKind,
    /// The alias (`*name`) that put the value here, when it was not written here.
    pub alias: Option<Span>,
    /// How the value was written.
    pub style: Style,
    /// How the text of a scalar lies in the source.
    pub(super) origin: Origin,
}

/// What a value is.
#[derive(Clone, Debug)]
pub enum NodeKind {
    /// `null`, `~` or nothing at all.
    Null,
    /// `true` or `false`.
    Bool(bool),
    /// A number that JSON can hold.
    Number(Number),
    /// Text.
    String(String),
    /// A list. It is shared: parts of a tree are kept by those who read them, and by what is linked from them.
    Sequence(Arc<[Node]>),
    /// Keys with values, in the order of the document; no key occurs twice.
    Mapping(Arc<[Entry]>),
}

/// One key of a mapping with its value.
#[derive(Clone, Debug)]
pub struct Entry {
    /// The key; a key that is not text, such as `200`, as it was written.
    pub key: Spanned<String>,
    /// Its value.
    pub value: Node,
}

/// How a value was written.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Style {
    /// A scalar without quotes.
    Plain,
    /// A scalar in single or double quotes.
    Quoted,
    /// A block: a literal (`|`) or folded (`>`) text, or a collection by indentation.
    Block,
    /// A collection in brackets or braces.
    Flow,
}

impl Entry {
    /// The place of the key and its value together; the key alone when the value comes from elsewhere.
    pub fn span(&self) -> Span {
        if self.value.alias.is_some() {
            self.key.span
        } else {
            self.key.span.join(self.value.span)
        }
    }
}

impl Node {
    /// A value at `span`.
    pub(super) fn new(span: Span, kind: NodeKind, style: Style) -> Self {
        Self {
            span,
            kind,
            alias: None,
            style,
            origin: Origin::Elsewhere,
        }
    }

    /// The text, if this is text.
    pub fn as_str(&self) -> Option<&str> {
        match &self.kind {
            NodeKind::String(text) => Some(text),
            _ => None,
        }
    }

    /// The text with its place, if this is text.
    pub fn as_spanned(&self) -> Option<Spanned<String>> {
        self.as_str()
            .map(|text| Spanned::new(text.to_owned(), self.span))
    }

    /// The truth value, if this is one.
    pub fn as_bool(&self) -> Option<bool> {
        match self.kind {
            NodeKind::Bool(value) => Some(value),
            _ => None,
        }
    }

    /// The number, if this is one.
    pub fn as_number(&self) -> Option<&Number> {
        match &self.kind {
            NodeKind::Number(number) => Some(number),
            _ => None,
        }
    }

    /// The whole number, if this is one that is not negative.
    pub fn as_u64(&self) -> Option<u64> {
        self.as_number().and_then(Number::as_u64)
    }

    /// The whole number, if this is one.
    pub fn as_i64(&self) -> Option<i64> {
        self.as_number().and_then(Number::as_i64)
    }

    /// The number, if this is one.
    pub fn as_f64(&self) -> Option<f64> {
        self.as_number().and_then(Number::as_f64)
    }

    /// The items, if this is a list.
    pub fn as_seq(&self) -> Option<&[Node]> {
        match &self.kind {
            NodeKind::Sequence(items) => Some(items),
            _ => None,
        }
    }

    /// The entries, if this is a mapping.
    pub fn as_map(&self) -> Option<&[Entry]> {
        match &self.kind {
            NodeKind::Mapping(entries) => Some(entries),
            _ => None,
        }
    }

    /// The value of a key, if this is a mapping that has it.
    pub fn get(&self, key: &str) -> Option<&Node> {
        self.entry(key).map(|entry| &entry.value)
    }

    /// The entry of a key, if this is a mapping that has it.
    pub fn entry(&self, key: &str) -> Option<&Entry> {
        self.as_map()?.iter().find(|entry| entry.key.value == key)
    }

    /// Whether this is `null` or was left out.
    pub fn is_null(&self) -> bool {
        matches!(self.kind, NodeKind::Null)
    }

    /// What this is, for a sentence: `a mapping`, `text`.
    pub fn kind_name(&self) -> &'static str {
        match self.kind {
            NodeKind::Null => "nothing",
            NodeKind::Bool(_) => "a truth value",
            NodeKind::Number(_) => "a number",
            NodeKind::String(_) => "text",
            NodeKind::Sequence(_) => "a list",
            NodeKind::Mapping(_) => "a mapping",
        }
    }

    /// The value as JSON, without places.
    pub fn to_json(&self) -> Value {
        match &self.kind {
            NodeKind::Null => Value::Null,
            NodeKind::Bool(value) => Value::Bool(*value),
            NodeKind::Number(number) => Value::Number(number.clone()),
            NodeKind::String(text) => Value::String(text.clone()),
            NodeKind::Sequence(items) => Value::Array(items.iter().map(Node::to_json).collect()),
            NodeKind::Mapping(entries) => Value::Object(
                entries
                    .iter()
                    .map(|e| (e.key.value.clone(), e.value.to_json()))
                    .collect::<Map<_, _>>(),
            ),
        }
    }

    /// The most specific place for a path of keys and list indices (the segments of a JSON pointer, unescaped): that of
    /// the value when the path leads to one, else that of the last value on the way which exists.
    pub fn pointer<S: AsRef<str>>(&self, path: &[S]) -> Span {
        match self.follow(path) {
            (node, _) if node.span.start < node.span.end => node.span,
            (node, key) => key.unwrap_or(node.span),
        }
    }

    /// The place of the key that a path ends in; that of the value for an item of a list.
    pub fn pointer_key<S: AsRef<str>>(&self, path: &[S]) -> Span {
        let (node, key) = self.follow(path);
        key.unwrap_or(node.span)
    }

    /// The value that a path of keys and list indices leads to.
    pub fn at<S: AsRef<str>>(&self, path: &[S]) -> Option<&Node> {
        path.iter().try_fold(self, |node, step| {
            node.step(step.as_ref()).map(|(next, _)| next)
        })
    }

    /// Goes as far as a path leads; with the place of the last key taken.
    fn follow<S: AsRef<str>>(&self, path: &[S]) -> (&Node, Option<Span>) {
        let mut here = (self, None);
        for step in path {
            let Some(next) = here.0.step(step.as_ref()) else {
                break;
            };
            here = next;
        }
        here
    }

    fn step(&self, step: &str) -> Option<(&Node, Option<Span>)> {
        match &self.kind {
            NodeKind::Sequence(items) => items.get(step.parse::<usize>().ok()?).map(|n| (n, None)),
            NodeKind::Mapping(_) => self.entry(step).map(|e| (&e.value, Some(e.key.span))),
            _ => None,
        }
    }

    /// The place of a part of this text: `len` bytes from byte `offset` of [`Node::as_str`]. The place of the whole text
    /// where escapes or folding leave no such part in the source.
    pub fn part(&self, offset: usize, len: usize) -> Span {
        match &self.kind {
            NodeKind::String(text) => self.origin.part(text, self.span, offset, len),
            _ => self.span,
        }
    }
}
