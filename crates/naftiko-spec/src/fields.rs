//! Reading the fields of one mapping: each is taken by name, and what nobody took is an unknown key.

use naftiko_diagnostics::{Diagnostics, Span, Spanned, codes};

use crate::dialect::{Dialect, Family};
use crate::yaml::{Node, NodeKind};

/// What decoding carries along: the declared dialect and the findings so far.
#[derive(Debug)]
pub struct Context<'d> {
    /// The dialect that the document declares.
    pub dialect: Dialect,
    /// Where findings go.
    pub out: &'d mut Diagnostics,
}

impl Context<'_> {
    /// Says that `node` is not what stands at that place.
    pub fn wrong_type(&mut self, node: &Node, what: &str, expected: &str) {
        self.out.push(codes::wrong_type::new(
            node.span,
            what,
            expected,
            node.kind_name(),
        ));
    }
}

/// The fields of one mapping that are not taken yet.
#[derive(Debug)]
pub struct Fields<'n> {
    /// The place of the mapping.
    pub span: Span,
    what: &'static str,
    node: &'n Node,
    known: Vec<&'static str>,
}

impl<'n> Fields<'n> {
    /// Opens `node`, which is `what` ("a REST operation"). Anything but a mapping is a wrong type.
    pub fn open(node: &'n Node, what: &'static str, cx: &mut Context<'_>) -> Option<Self> {
        if node.as_map().is_none() {
            cx.wrong_type(node, what, "a mapping");
            return None;
        }
        Some(Self {
            span: node.span,
            what,
            node,
            known: Vec::new(),
        })
    }

    /// The value of `name`; a null is an absent value.
    pub fn take(&mut self, name: &'static str) -> Option<&'n Node> {
        self.take_even_null(name).filter(|node| !node.is_null())
    }

    /// The value of `name`, a null too.
    pub fn take_even_null(&mut self, name: &'static str) -> Option<&'n Node> {
        self.known.push(name);
        self.node.get(name)
    }

    /// The value under the spelling of the `naftiko` family or that of the `ikanos` family. Both are read in every
    /// dialect; the one that the declared dialect does not know is a warning.
    pub fn take_either(
        &mut self,
        naftiko: &'static str,
        ikanos: &'static str,
        cx: &mut Context<'_>,
    ) -> Option<&'n Node> {
        let (right, other) = match cx.dialect.family() {
            Family::Naftiko => (naftiko, ikanos),
            Family::Ikanos => (ikanos, naftiko),
        };
        if let Some(node) = self.take(right) {
            self.known.push(other);
            return Some(node);
        }
        let node = self.take(other)?;
        let span = self
            .node
            .entry(other)
            .map_or(node.span, |entry| entry.key.span);
        cx.out.push(codes::other_dialect::spelling(
            span,
            other,
            right,
            cx.dialect.version(),
        ));
        Some(node)
    }

    /// The text of `name`. A number or a boolean is read as the text it was written as; anything else is a wrong type.
    pub fn text(&mut self, name: &'static str, cx: &mut Context<'_>) -> Option<Spanned<String>> {
        let node = self.take(name)?;
        text_of(node, name, cx)
    }

    /// Like [`Fields::text`], for a field that has two spellings.
    pub fn text_either(
        &mut self,
        naftiko: &'static str,
        ikanos: &'static str,
        cx: &mut Context<'_>,
    ) -> Option<Spanned<String>> {
        let node = self.take_either(naftiko, ikanos, cx)?;
        text_of(node, naftiko, cx)
    }

    /// The boolean of `name`; the texts `true` and `false` are read as such.
    pub fn boolean(&mut self, name: &'static str, cx: &mut Context<'_>) -> Option<bool> {
        let node = self.take(name)?;
        let value = match &node.kind {
            NodeKind::Bool(value) => Some(*value),
            NodeKind::String(text) => text.parse().ok(),
            _ => None,
        };
        if value.is_none() {
            cx.wrong_type(node, name, "`true` or `false`");
        }
        value
    }

    /// The place of the key `name`, for findings about the field itself.
    pub fn key_span(&self, name: &str) -> Option<Span> {
        self.node.entry(name).map(|entry| entry.key.span)
    }

    /// Counts keys as known that have no effect on running the document (`tags`, `x-…` documentation).
    pub fn ignore(&mut self, names: &[&'static str]) {
        self.known.extend_from_slice(names);
    }

    /// Warns of every key that nobody took.
    pub fn finish(self, cx: &mut Context<'_>) {
        for entry in self.node.as_map().unwrap_or_default() {
            if !self.known.contains(&entry.key.as_str()) {
                cx.out.push(codes::unknown_key::new(
                    &entry.key,
                    self.what,
                    self.known.iter().copied(),
                ));
            }
        }
    }
}

/// The text of a scalar; a number or boolean gives the text it stands for.
pub(crate) fn text_of(node: &Node, what: &str, cx: &mut Context<'_>) -> Option<Spanned<String>> {
    let text = match &node.kind {
        NodeKind::String(text) => text.clone(),
        NodeKind::Number(number) => number.to_string(),
        NodeKind::Bool(value) => value.to_string(),
        NodeKind::Null | NodeKind::Sequence(_) | NodeKind::Mapping(_) => {
            cx.wrong_type(node, what, "text");
            return None;
        }
    };
    Some(Spanned::new(text, node.span))
}

/// The entries of a collection that is a list in the `naftiko` family and a keyed map in the `ikanos` family. The key
/// of a map entry is its name. Both forms are read in every dialect, with a warning where the dialect has the other.
pub fn items<'n>(
    node: &'n Node,
    what: &'static str,
    cx: &mut Context<'_>,
) -> Vec<(Option<Spanned<String>>, &'n Node)> {
    match &node.kind {
        NodeKind::Null => Vec::new(),
        NodeKind::Sequence(list) => {
            if cx.dialect.family() == Family::Ikanos {
                cx.out.push(codes::other_dialect::list(
                    node.span,
                    what,
                    cx.dialect.version(),
                ));
            }
            list.iter().map(|item| (None, item)).collect()
        }
        NodeKind::Mapping(entries) => {
            if cx.dialect.family() == Family::Naftiko {
                cx.out.push(codes::other_dialect::map(
                    node.span,
                    what,
                    cx.dialect.version(),
                ));
            }
            entries
                .iter()
                .map(|entry| (Some(entry.key.clone()), &entry.value))
                .collect()
        }
        _ => {
            cx.wrong_type(node, what, "a list");
            Vec::new()
        }
    }
}
