//! The document as a whole (specification, "Document shape").

use naftiko_diagnostics::{Diagnostics, FileId, Span, Spanned, codes};

use crate::bind::BindEntry;
use crate::client::ConsumesEntry;
use crate::dialect::{Dialect, Family};
use crate::exposure::Exposure;
use crate::fields::{Context, Fields, text_of};
use crate::yaml::Node;

/// A capability document, or a part of one that others import.
#[derive(Clone, Debug)]
pub struct Document {
    /// The file that it was read from.
    pub file: FileId,
    /// The tree, for checks of the whole.
    pub root: Node,
    /// The version that it declares.
    pub dialect: Dialect,
    /// Whether the version is exactly one that is known.
    pub version_known: bool,
    /// Who it is.
    pub info: Info,
    /// Its variables: those at the root, then those of the capability.
    pub binds: Vec<BindEntry>,
    /// The APIs that it consumes: those at the root, then those of the capability.
    pub consumes: Vec<ConsumesEntry>,
    /// The servers that it exposes: those at the root, then those of the capability.
    pub exposes: Vec<Exposure>,
    /// Its aggregates.
    pub aggregates: Option<Span>,
}

/// The `info` section.
#[derive(Clone, Debug, Default)]
pub struct Info {
    /// A title for people.
    pub label: Option<String>,
    /// What it is for.
    pub description: Option<String>,
    /// The version of the capability itself.
    pub version: Option<String>,
}

impl Document {
    /// Reads a document from its tree. Without a root key it is no capability, which is an error in one sentence.
    #[allow(
        clippy::needless_pass_by_value,
        reason = "the document keeps the tree: nobody should be left with another one"
    )]
    pub fn decode(file: FileId, root: Node, out: &mut Diagnostics) -> Option<Self> {
        if root.as_map().is_none() {
            out.push(codes::not_a_capability::not_a_mapping(
                root.span,
                root.kind_name(),
            ));
            return None;
        }
        let family = match (root.get("naftiko"), root.get("ikanos")) {
            (Some(_), Some(_)) => {
                let span = root
                    .entry("ikanos")
                    .map_or(root.span, |entry| entry.key.span);
                out.push(codes::not_a_capability::two_versions(span));
                Family::Naftiko
            }
            (Some(_), None) => Family::Naftiko,
            (None, Some(_)) => Family::Ikanos,
            (None, None) => {
                let keys = root
                    .as_map()
                    .unwrap_or_default()
                    .iter()
                    .map(|e| e.key.as_str());
                let first = root
                    .as_map()
                    .and_then(|m| m.first())
                    .map(|entry| entry.key.span);
                out.push(codes::not_a_capability::no_root_key(
                    first.unwrap_or(root.span),
                    keys,
                ));
                return None;
            }
        };
        let mut errors = Diagnostics::new();
        let mut cx = Context {
            dialect: Dialect::Alpha2,
            out: &mut errors,
        };
        let version = root
            .get(family.root_key())
            .and_then(|node| text_of(node, family.root_key(), &mut cx));
        let version = version.unwrap_or_else(|| Spanned::new(String::new(), root.span));
        let found_type_error = errors.has_errors();
        out.extend(errors);
        let dialect = if found_type_error {
            match family {
                Family::Naftiko => Dialect::Alpha2,
                Family::Ikanos => Dialect::Beta5,
            }
        } else {
            Dialect::of(family, &version, out)
        };
        let cx = Context { dialect, out };
        Some(Self::read(file, &root, family, &version, cx))
    }

    fn read(
        file: FileId,
        root: &Node,
        family: Family,
        version: &Spanned<String>,
        mut cx: Context<'_>,
    ) -> Self {
        let cx = &mut cx;
        let mut document = Self {
            file,
            root: root.clone(),
            dialect: cx.dialect,
            version_known: cx.dialect.version() == version.value && cx.dialect.family() == family,
            info: Info::default(),
            binds: Vec::new(),
            consumes: Vec::new(),
            exposes: Vec::new(),
            aggregates: None,
        };
        let Some(mut fields) = Fields::open(root, "a capability document", cx) else {
            return document;
        };
        fields.ignore(&["naftiko", "ikanos"]);
        document.info = fields
            .take("info")
            .map_or_else(Info::default, |node| Info::read(node, cx));
        document.sections(&mut fields, cx);
        document.binds.extend(BindEntry::read_external_refs(
            fields.take("externalRefs"),
            cx,
        ));
        if let Some(node) = fields.take("capability")
            && let Some(mut inner) = Fields::open(node, "the capability", cx)
        {
            document.sections(&mut inner, cx);
            inner.finish(cx);
        }
        fields.finish(cx);
        document
    }

    fn sections(&mut self, fields: &mut Fields<'_>, cx: &mut Context<'_>) {
        self.binds
            .extend(BindEntry::read_all(fields.take("binds"), cx));
        self.consumes
            .extend(ConsumesEntry::read_all(fields.take("consumes"), cx));
        self.exposes
            .extend(Exposure::read_all(fields.take("exposes"), cx));
        if let Some(node) = fields.take("aggregates") {
            self.aggregates = Some(node.span);
        }
    }
}

impl Info {
    fn read(node: &Node, cx: &mut Context<'_>) -> Self {
        let Some(mut fields) = Fields::open(node, "info", cx) else {
            return Self::default();
        };
        let info = Self {
            label: fields
                .text_either("label", "display", cx)
                .map(|text| text.value),
            description: fields.text("description", cx).map(|text| text.value),
            version: fields.text("version", cx).map(|text| text.value),
        };
        fields.ignore(&["tags", "created", "modified", "stakeholders"]);
        fields.finish(cx);
        info
    }
}
