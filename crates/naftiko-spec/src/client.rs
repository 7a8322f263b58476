//! Consumed HTTP APIs (specification, "ConsumesHttp").

use naftiko_diagnostics::{Span, Spanned, codes};

use crate::auth::Authentication;
use crate::body::Body;
use crate::fields::{Context, Fields, items};
use crate::import::Import;
use crate::input::{ConsumedInput, name_of};
use crate::output::OutputParameter;
use crate::yaml::Node;

/// An entry of `consumes`.
#[derive(Clone, Debug)]
pub enum ConsumesEntry {
    /// Taken from another document.
    Import(Import),
    /// Written here.
    Client(Client),
}

/// One consumed API.
#[derive(Clone, Debug)]
pub struct Client {
    /// The kind of upstream: `http`.
    pub kind: Option<Spanned<String>>,
    /// The first half of every `call`. A client without one cannot be called.
    pub namespace: Option<Spanned<String>>,
    /// Scheme, authority and the beginning of every path.
    pub base_uri: Option<Spanned<String>>,
    /// Inputs of every operation.
    pub inputs: Vec<ConsumedInput>,
    /// The credential.
    pub authentication: Option<Authentication>,
    /// Groups of operations.
    pub resources: Vec<ConsumedResource>,
    /// A way to the API that is not served: `tunnel`.
    pub tunnel: Option<Span>,
    /// The whole entry.
    pub span: Span,
}

/// Operations below one path.
#[derive(Clone, Debug)]
pub struct ConsumedResource {
    /// Its name.
    pub name: Option<Spanned<String>>,
    /// Joined with the base URI.
    pub path: Option<Spanned<String>>,
    /// Inputs of its operations.
    pub inputs: Vec<ConsumedInput>,
    /// Its operations.
    pub operations: Vec<ConsumedOperation>,
    /// The whole entry.
    pub span: Span,
}

/// One HTTP request that can be made.
#[derive(Clone, Debug)]
pub struct ConsumedOperation {
    /// The second half of a `call`.
    pub name: Spanned<String>,
    /// The HTTP method.
    pub method: Option<Spanned<String>>,
    /// Joined with the resource's path; no schema has it, many documents do.
    pub path: Option<Spanned<String>>,
    /// Its inputs.
    pub inputs: Vec<ConsumedInput>,
    /// Its body.
    pub body: Option<Body>,
    /// The format of what the upstream answers; JSON when absent.
    pub output_format: Option<Spanned<String>>,
    /// Named values of the answer, for steps.
    pub outputs: Vec<OutputParameter>,
    /// The whole entry.
    pub span: Span,
}

impl ConsumesEntry {
    pub(crate) fn read_all(node: Option<&Node>, cx: &mut Context<'_>) -> Vec<Self> {
        let Some(node) = node else { return Vec::new() };
        let Some(list) = node.as_seq() else {
            cx.wrong_type(node, "consumes", "a list");
            return Vec::new();
        };
        list.iter()
            .filter_map(|node| {
                if Import::is_one(node) {
                    Import::read(node, cx).map(ConsumesEntry::Import)
                } else {
                    Client::read(node, cx).map(ConsumesEntry::Client)
                }
            })
            .collect()
    }
}

impl Client {
    fn read(node: &Node, cx: &mut Context<'_>) -> Option<Self> {
        let mut fields = Fields::open(node, "a consumed API", cx)?;
        let resources = fields.take("resources");
        let client = Self {
            kind: fields.text("type", cx),
            namespace: fields.text("namespace", cx),
            base_uri: fields.text("baseUri", cx),
            inputs: ConsumedInput::read_all(fields.take("inputParameters"), cx),
            authentication: authentication(&mut fields, cx),
            resources: ConsumedResource::read_all(resources, cx),
            tunnel: fields.take("tunnel").map(|node| node.span),
            span: node.span,
        };
        if client.namespace.is_none() {
            cx.out.push(codes::missing_key::new(
                node.span,
                "a consumed API",
                "namespace",
            ));
        }
        if client.base_uri.is_none() {
            let span = client
                .namespace
                .as_ref()
                .map_or(node.span, |name| name.span);
            cx.out
                .push(codes::missing_key::new(span, "a consumed API", "baseUri"));
        }
        fields.ignore(&["description", "label", "display", "tags"]);
        fields.finish(cx);
        Some(client)
    }
}

/// The credential; some documents call it `auth`, and to drop it would be to call without one.
fn authentication(fields: &mut Fields<'_>, cx: &mut Context<'_>) -> Option<Authentication> {
    if let Some(node) = fields.take("authentication") {
        return Authentication::read(node, cx);
    }
    let node = fields.take("auth")?;
    let span = fields.key_span("auth").unwrap_or(node.span);
    cx.out.push(codes::unknown_key::renamed(
        span,
        "auth",
        "authentication",
        "a consumed API",
    ));
    Authentication::read(node, cx)
}

impl ConsumedResource {
    fn read_all(node: Option<&Node>, cx: &mut Context<'_>) -> Vec<Self> {
        let Some(node) = node else { return Vec::new() };
        let entries = items(node, "resources", cx);
        entries
            .into_iter()
            .filter_map(|(key, node)| Self::read(key, node, cx))
            .collect()
    }

    fn read(key: Option<Spanned<String>>, node: &Node, cx: &mut Context<'_>) -> Option<Self> {
        let mut fields = Fields::open(node, "a consumed resource", cx)?;
        let operations = fields.take("operations");
        let resource = Self {
            name: key.or_else(|| fields.text("name", cx)),
            path: fields.text("path", cx),
            inputs: ConsumedInput::read_all(fields.take("inputParameters"), cx),
            operations: ConsumedOperation::read_all(operations, cx),
            span: node.span,
        };
        fields.ignore(&["name", "description", "label", "display", "tags"]);
        fields.finish(cx);
        Some(resource)
    }
}

impl ConsumedOperation {
    fn read_all(node: Option<&Node>, cx: &mut Context<'_>) -> Vec<Self> {
        let Some(node) = node else { return Vec::new() };
        let entries = items(node, "operations", cx);
        entries
            .into_iter()
            .filter_map(|(key, node)| Self::read(key, node, cx))
            .collect()
    }

    fn read(key: Option<Spanned<String>>, node: &Node, cx: &mut Context<'_>) -> Option<Self> {
        const WHAT: &str = "a consumed operation";
        let mut fields = Fields::open(node, WHAT, cx)?;
        let written = if key.is_none() && fields.key_span("name").is_none() {
            // Some documents call it `id`.
            let id = fields.text("id", cx);
            if let (Some(_), Some(span)) = (&id, fields.key_span("id")) {
                cx.out
                    .push(codes::unknown_key::renamed(span, "id", "name", WHAT));
            }
            fields.ignore(&["name"]);
            if id.is_none() {
                cx.out
                    .push(codes::missing_key::new(node.span, WHAT, "name"));
            }
            id
        } else {
            name_of(key, &mut fields, WHAT, cx)
        };
        let operation = Self {
            method: fields.text("method", cx),
            path: fields.text("path", cx),
            inputs: ConsumedInput::read_all(fields.take("inputParameters"), cx),
            body: fields.take("body").and_then(|node| Body::read(node, cx)),
            output_format: fields.text("outputRawFormat", cx),
            outputs: OutputParameter::read_all(fields.take("outputParameters"), cx),
            span: node.span,
            name: written?,
        };
        if operation.method.is_none() {
            cx.out
                .push(codes::missing_key::new(operation.name.span, WHAT, "method"));
        }
        fields.ignore(&[
            "description",
            "label",
            "display",
            "tags",
            "outputSchema",
            "outputMediaType",
            "maxBinarySize",
        ]);
        fields.finish(cx);
        Some(operation)
    }
}
