//! Import entries (specification, "Import entries").

use naftiko_diagnostics::{Span, Spanned, codes};

use crate::fields::{Context, Fields};
use crate::yaml::Node;

/// An entry that takes one namespace of another document.
#[derive(Clone, Debug)]
pub struct Import {
    /// The document to read: `location` to 1.0.0-alpha2, `from` after.
    pub source: Spanned<String>,
    /// The namespace to take.
    pub namespace: Spanned<String>,
    /// The name that it gets here.
    pub alias: Option<Spanned<String>>,
    /// The whole entry.
    pub span: Span,
}

impl Import {
    /// Whether a mapping is an import entry.
    pub(crate) fn is_one(node: &Node) -> bool {
        node.get("import").is_some()
            || node.get("from").is_some()
            || (node.get("location").is_some() && node.get("baseUri").is_none())
    }

    pub(crate) fn read(node: &Node, cx: &mut Context<'_>) -> Option<Self> {
        let mut fields = Fields::open(node, "an import", cx)?;
        let source = fields.text_either("location", "from", cx);
        let namespace = fields.text("import", cx);
        let alias = fields.text("as", cx);
        fields.ignore(&["description"]);
        if source.is_none() {
            let key = match cx.dialect.family() {
                crate::Family::Naftiko => "location",
                crate::Family::Ikanos => "from",
            };
            cx.out
                .push(codes::missing_key::new(node.span, "an import", key));
        }
        if namespace.is_none() {
            cx.out
                .push(codes::missing_key::new(node.span, "an import", "import"));
        }
        fields.finish(cx);
        Some(Self {
            source: source?,
            namespace: namespace?,
            alias,
            span: node.span,
        })
    }
}
