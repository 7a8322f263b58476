//! Inputs: what a caller gives to a unit, and what a consumed operation takes.

use std::fmt;

use naftiko_diagnostics::{Span, Spanned, codes, did_you_mean};

use crate::fields::{Context, Fields, items};
use crate::yaml::Node;

/// Where in an HTTP message an input stands (`in`).
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Place {
    /// A placeholder of the path.
    Path,
    /// The query string.
    Query,
    /// A header field.
    Header,
    /// A cookie.
    Cookie,
    /// A member of the body, or the body itself.
    Body,
    /// A variable of the process environment: nothing is sent.
    Environment,
}

impl Place {
    const ALL: [(&'static str, Place); 6] = [
        ("path", Place::Path),
        ("query", Place::Query),
        ("header", Place::Header),
        ("cookie", Place::Cookie),
        ("body", Place::Body),
        ("environment", Place::Environment),
    ];

    /// The word of the specification.
    pub fn as_str(self) -> &'static str {
        Self::ALL
            .iter()
            .find(|(_, place)| *place == self)
            .map_or("", |(word, _)| word)
    }

    /// The place that a word names.
    pub fn parse(word: &str) -> Option<Self> {
        Self::ALL
            .iter()
            .find(|(known, _)| known.eq_ignore_ascii_case(word))
            .map(|(_, place)| *place)
    }
}

impl fmt::Display for Place {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}

/// The JSON type of an input.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum JsonType {
    /// Text.
    String,
    /// A number.
    Number,
    /// A whole number.
    Integer,
    /// `true` or `false`.
    Boolean,
    /// A list.
    Array,
    /// A map.
    Object,
}

impl JsonType {
    pub(crate) const ALL: [(&'static str, JsonType); 6] = [
        ("string", JsonType::String),
        ("number", JsonType::Number),
        ("integer", JsonType::Integer),
        ("boolean", JsonType::Boolean),
        ("array", JsonType::Array),
        ("object", JsonType::Object),
    ];

    /// The word of the specification.
    pub fn as_str(self) -> &'static str {
        Self::ALL
            .iter()
            .find(|(_, ty)| *ty == self)
            .map_or("", |(word, _)| word)
    }

    /// The type that a word names.
    pub fn parse(word: &str) -> Option<Self> {
        Self::ALL
            .iter()
            .find(|(known, _)| *known == word)
            .map(|(_, ty)| *ty)
    }

    pub(crate) fn read(fields: &mut Fields<'_>, cx: &mut Context<'_>) -> Option<Spanned<Self>> {
        let word = fields.text("type", cx)?;
        match Self::parse(&word.value) {
            Some(ty) => Some(word.map(|_| ty)),
            None => {
                let words = Self::ALL.iter().map(|(word, _)| *word);
                cx.out.push(codes::unknown_type::input(&word, words));
                None
            }
        }
    }
}

impl fmt::Display for JsonType {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}

/// An input of a consumed operation or client (specification, "ConsumedInputParameter"). Published documents also give
/// `type`, `required` and `description`, which no schema has: they are read and checked.
#[derive(Clone, Debug)]
pub struct ConsumedInput {
    /// The name on the wire.
    pub name: Spanned<String>,
    /// Where it is sent.
    pub place: Place,
    /// What is always sent, instead of an input of the caller: a scalar or a template.
    pub value: Option<Node>,
    /// The type that a value must have.
    pub ty: Option<JsonType>,
    /// Whether the upstream needs it.
    pub required: Option<bool>,
    /// For whoever calls.
    pub description: Option<String>,
    /// The values that are valid, when they are listed.
    pub allowed: Vec<serde_json::Value>,
    /// The whole entry.
    pub span: Span,
}

/// An input that an exposed unit declares (specification, "ExposedInputParameter", "McpToolInputParameter").
#[derive(Clone, Debug)]
pub struct DeclaredInput {
    /// The name that callers use.
    pub name: Spanned<String>,
    /// Where callers put it, on an exposer that has places.
    pub place: Option<Place>,
    /// The type that a value must have.
    pub ty: Option<JsonType>,
    /// Whether callers must give it, when that is said.
    pub required: Option<bool>,
    /// For whoever calls.
    pub description: Option<String>,
    /// A regular expression that text must match.
    pub pattern: Option<Spanned<String>>,
    /// The values that are valid, when they are listed.
    pub allowed: Vec<serde_json::Value>,
    /// What is used instead of an input of the caller.
    pub value: Option<Node>,
    /// The whole entry.
    pub span: Span,
}

fn place(fields: &mut Fields<'_>, cx: &mut Context<'_>) -> Option<Place> {
    let word = fields.text("in", cx)?;
    let found = Place::parse(&word.value);
    if found.is_none() {
        let words = Place::ALL.iter().map(|(word, _)| *word);
        let near = did_you_mean(&word.value, words.clone());
        cx.out.push(codes::unknown_place::new(&word, words, near));
    }
    found
}

fn allowed(fields: &mut Fields<'_>, cx: &mut Context<'_>) -> Vec<serde_json::Value> {
    let Some(node) = fields.take("enum") else {
        return Vec::new();
    };
    match node.as_seq() {
        Some(list) => list.iter().map(Node::to_json).collect(),
        None => {
            cx.wrong_type(node, "enum", "a list");
            Vec::new()
        }
    }
}

/// The name of an entry: its key in a map, its `name` in a list.
pub(crate) fn name_of(
    key: Option<Spanned<String>>,
    fields: &mut Fields<'_>,
    what: &'static str,
    cx: &mut Context<'_>,
) -> Option<Spanned<String>> {
    let written = fields.text("name", cx);
    let name = key.or(written);
    if name.is_none() {
        cx.out
            .push(codes::missing_key::new(fields.span, what, "name"));
    }
    name
}

impl ConsumedInput {
    pub(crate) fn read_all(node: Option<&Node>, cx: &mut Context<'_>) -> Vec<Self> {
        let Some(node) = node else { return Vec::new() };
        let entries = items(node, "inputParameters", cx);
        entries
            .into_iter()
            .filter_map(|(key, node)| Self::read(key, node, cx))
            .collect()
    }

    fn read(key: Option<Spanned<String>>, node: &Node, cx: &mut Context<'_>) -> Option<Self> {
        let mut fields = Fields::open(node, "a consumed input", cx)?;
        let name = name_of(key, &mut fields, "a consumed input", cx);
        let missing_place = fields.key_span("in").is_none();
        let found = place(&mut fields, cx);
        if missing_place {
            let span = name.as_ref().map_or(node.span, |name| name.span);
            cx.out
                .push(codes::missing_key::new(span, "a consumed input", "in"));
        }
        let input = Some(Self {
            value: fields.take("value").cloned(),
            ty: JsonType::read(&mut fields, cx).map(|ty| ty.value),
            required: fields.boolean("required", cx),
            description: fields.text("description", cx).map(|text| text.value),
            allowed: allowed(&mut fields, cx),
            span: node.span,
            name: name?,
            place: found?,
        });
        fields.ignore(&["label", "display", "tags", "example", "examples"]);
        fields.finish(cx);
        input
    }
}

impl DeclaredInput {
    /// Reads the `inputParameters` of an exposed unit or resource.
    pub fn read_all(node: Option<&Node>, cx: &mut Context<'_>) -> Vec<Self> {
        let Some(node) = node else { return Vec::new() };
        let entries = items(node, "inputParameters", cx);
        entries
            .into_iter()
            .filter_map(|(key, node)| Self::read(key, node, cx))
            .collect()
    }

    fn read(key: Option<Spanned<String>>, node: &Node, cx: &mut Context<'_>) -> Option<Self> {
        let mut fields = Fields::open(node, "an input", cx)?;
        let name = name_of(key, &mut fields, "an input", cx);
        let input = Self {
            place: place(&mut fields, cx),
            ty: JsonType::read(&mut fields, cx).map(|ty| ty.value),
            required: fields.boolean("required", cx),
            description: fields.text("description", cx).map(|text| text.value),
            pattern: fields.text("pattern", cx),
            allowed: allowed(&mut fields, cx),
            value: fields.take("value").cloned(),
            span: node.span,
            name: name?,
        };
        // An annotation of MCP: its exposer reads it.
        fields.ignore(&["x-mcp-header"]);
        fields.ignore(&["label", "display", "tags", "example", "examples"]);
        fields.finish(cx);
        Some(input)
    }
}
