//! Request bodies of consumed operations (specification, "RequestBody").

use naftiko_diagnostics::{Span, Spanned};

use crate::fields::{Context, Fields};
use crate::yaml::{Node, NodeKind};

/// How a body is encoded.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum BodyKind {
    /// `json`, also a body that is plain text in the document.
    Json,
    /// `formUrlEncoded`, `form`.
    Form,
    /// `multipartForm`, `multipart`.
    Multipart,
    /// `text`.
    Text,
    /// `xml`.
    Xml,
    /// `sparql`.
    Sparql,
    /// `yaml`.
    Yaml,
    /// `binary`, `octet-stream`.
    Binary,
}

impl BodyKind {
    /// The spellings that are read, the specification's first.
    pub const ALL: [(&'static str, BodyKind); 12] = [
        ("json", BodyKind::Json),
        ("text", BodyKind::Text),
        ("xml", BodyKind::Xml),
        ("sparql", BodyKind::Sparql),
        ("formUrlEncoded", BodyKind::Form),
        ("multipartForm", BodyKind::Multipart),
        ("form", BodyKind::Form),
        ("multipart", BodyKind::Multipart),
        ("yaml", BodyKind::Yaml),
        ("binary", BodyKind::Binary),
        ("octet-stream", BodyKind::Binary),
        ("raw", BodyKind::Text),
    ];

    /// The kind that a word names.
    pub fn parse(word: &str) -> Option<Self> {
        Self::ALL
            .iter()
            .find(|(known, _)| known.eq_ignore_ascii_case(word))
            .map(|(_, kind)| *kind)
    }
}

/// A declared body.
#[derive(Clone, Debug)]
pub struct Body {
    /// The kind as written; `json` for a body that is only text or has no `type`.
    pub kind: Spanned<String>,
    /// The data with its templates; absent or null: there is none but the inputs.
    pub data: Option<Node>,
    /// The whole declaration.
    pub span: Span,
}

impl Body {
    pub(crate) fn read(node: &Node, cx: &mut Context<'_>) -> Option<Self> {
        let json = |span| Spanned::new(String::from("json"), span);
        if let NodeKind::String(_) = &node.kind {
            return Some(Self {
                kind: json(node.span),
                data: Some(node.clone()),
                span: node.span,
            });
        }
        let mut fields = Fields::open(node, "a body", cx)?;
        let body = Self {
            kind: fields.text("type", cx).unwrap_or_else(|| json(node.span)),
            data: fields.take("data").cloned(),
            span: node.span,
        };
        fields.finish(cx);
        Some(body)
    }
}
