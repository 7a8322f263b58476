//! Binds: the variables of a document and where their values come from (specification, "Binding"; "ExternalRef" in
//! 0.4 and 0.5).

use naftiko_diagnostics::{Span, Spanned};

use crate::fields::{Context, Fields, text_of};
use crate::import::Import;
use crate::yaml::Node;

/// A group of variables from one source.
#[derive(Clone, Debug)]
pub struct Bind {
    /// The label of the group; `env` is only a habit.
    pub namespace: Option<Spanned<String>>,
    /// The source: a `file:` URI; absent means the process environment.
    pub location: Option<Spanned<String>>,
    /// Each variable and its key in the source.
    pub keys: Vec<(Spanned<String>, Spanned<String>)>,
    /// The whole entry.
    pub span: Span,
}

/// An entry of `binds`.
#[derive(Clone, Debug)]
pub enum BindEntry {
    /// Written here.
    Bind(Bind),
    /// Taken from another document.
    Import(Import),
}

impl BindEntry {
    pub(crate) fn read_all(node: Option<&Node>, cx: &mut Context<'_>) -> Vec<Self> {
        let Some(node) = node else { return Vec::new() };
        let Some(list) = node.as_seq() else {
            cx.wrong_type(node, "binds", "a list");
            return Vec::new();
        };
        list.iter()
            .filter_map(|node| Self::read(node, cx))
            .collect()
    }

    fn read(node: &Node, cx: &mut Context<'_>) -> Option<Self> {
        if node.get("import").is_some() || node.get("from").is_some() {
            return Import::read(node, cx).map(BindEntry::Import);
        }
        let mut fields = Fields::open(node, "a bind", cx)?;
        let bind = Bind {
            namespace: fields.text("namespace", cx),
            location: fields.text("location", cx),
            keys: keys(fields.take("keys"), cx),
            span: node.span,
        };
        fields.ignore(&["description"]);
        fields.finish(cx);
        Some(BindEntry::Bind(bind))
    }

    /// Reads `externalRefs` of 0.4 and 0.5: the same idea under other names.
    pub(crate) fn read_external_refs(node: Option<&Node>, cx: &mut Context<'_>) -> Vec<Self> {
        let Some(node) = node else { return Vec::new() };
        let Some(list) = node.as_seq() else {
            cx.wrong_type(node, "externalRefs", "a list");
            return Vec::new();
        };
        let read = |node: &Node, cx: &mut Context<'_>| {
            let mut fields = Fields::open(node, "an external reference", cx)?;
            let bind = Bind {
                namespace: fields.text("name", cx),
                location: fields.text("uri", cx),
                keys: keys(fields.take("keys"), cx),
                span: node.span,
            };
            fields.ignore(&["description", "type", "resolution"]);
            fields.finish(cx);
            Some(BindEntry::Bind(bind))
        };
        list.iter().filter_map(|node| read(node, cx)).collect()
    }
}

/// `keys`: a map from variable to key; a list of names binds each to the key of the same name.
fn keys(node: Option<&Node>, cx: &mut Context<'_>) -> Vec<(Spanned<String>, Spanned<String>)> {
    let Some(node) = node else { return Vec::new() };
    if let Some(entries) = node.as_map() {
        return entries
            .iter()
            .filter_map(|entry| {
                let source = text_of(&entry.value, "a key of the source", cx)?;
                Some((entry.key.clone(), source))
            })
            .collect();
    }
    if let Some(list) = node.as_seq() {
        return list
            .iter()
            .filter_map(|item| text_of(item, "a key of the source", cx))
            .map(|name| (name.clone(), name))
            .collect();
    }
    cx.wrong_type(node, "keys", "a mapping from variable to key");
    Vec::new()
}
