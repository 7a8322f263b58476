//! Exposed servers, as far as every kind has the same fields (specification, "Exposed … adapter").

use naftiko_diagnostics::{Span, Spanned, codes};

use crate::fields::{Context, Fields, text_of};
use crate::yaml::{Node, NodeKind};

/// One entry of `exposes`. Its kind decides what else is in it: an exposer reads that from `node`.
#[derive(Clone, Debug)]
pub struct Exposure {
    /// The kind: `rest`, `mcp`, or one that somebody registered.
    pub kind: Spanned<String>,
    /// Its name among the exposures.
    pub namespace: Option<Spanned<String>>,
    /// The address to listen on; loopback when absent.
    pub address: Option<Spanned<String>>,
    /// The port to listen on.
    pub port: Option<Spanned<u16>>,
    /// What it is for.
    pub description: Option<String>,
    /// What callers must show.
    pub authentication: Option<Span>,
    /// The whole entry, for the kind's own fields.
    pub node: Node,
}

impl Exposure {
    /// The fields that every kind has: a kind ignores them when it looks for unknown keys.
    pub const COMMON: [&'static str; 6] = [
        "type",
        "namespace",
        "address",
        "port",
        "description",
        "authentication",
    ];

    pub(crate) fn read_all(node: Option<&Node>, cx: &mut Context<'_>) -> Vec<Self> {
        let Some(node) = node else { return Vec::new() };
        let Some(list) = node.as_seq() else {
            cx.wrong_type(node, "exposes", "a list");
            return Vec::new();
        };
        list.iter()
            .filter_map(|node| Self::read(node, cx))
            .collect()
    }

    fn read(node: &Node, cx: &mut Context<'_>) -> Option<Self> {
        if node.get("import").is_some() && node.get("type").is_none() {
            cx.out.push(codes::not_supported::new(
                node.span,
                "importing an exposed server",
            ));
            return None;
        }
        let mut fields = Fields::open(node, "an exposed server", cx)?;
        if fields.key_span("type").is_none() {
            cx.out.push(codes::missing_key::new(
                node.span,
                "an exposed server",
                "type",
            ));
        }
        let kind = fields.text("type", cx);
        Some(Self {
            namespace: fields.text("namespace", cx),
            address: fields.text("address", cx),
            port: fields.take("port").and_then(|node| port(node, cx)),
            description: fields
                .take("description")
                .and_then(|node| text_of(node, "description", cx).map(|text| text.value)),
            authentication: fields.take("authentication").map(|node| node.span),
            node: node.clone(),
            kind: kind?,
        })
    }

    /// The whole entry.
    pub fn span(&self) -> Span {
        self.node.span
    }

    /// The namespace, or the kind of an exposure without one: how the command line names it.
    pub fn label(&self) -> &str {
        self.namespace.as_ref().unwrap_or(&self.kind).as_str()
    }
}

/// A port: a number, or a text that is one.
fn port(node: &Node, cx: &mut Context<'_>) -> Option<Spanned<u16>> {
    let value = match &node.kind {
        NodeKind::Number(number) => number.as_u64().and_then(|n| u16::try_from(n).ok()),
        NodeKind::String(text) => text.trim().parse().ok(),
        _ => None,
    };
    if let Some(port) = value.filter(|port| *port > 0) {
        return Some(Spanned::new(port, node.span));
    }
    let found = match &node.kind {
        NodeKind::Number(number) => number.to_string(),
        _ => node.kind_name().to_owned(),
    };
    cx.out.push(codes::wrong_type::new(
        node.span,
        "port",
        "a number from 1 to 65535",
        &found,
    ));
    None
}
