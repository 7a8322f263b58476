//! A capability document as the oracle reads it: plain data, every spelling made one.

use serde_json::Value;

use crate::names::Scope;

/// Why something in a document cannot be run as meant.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Reason {
    /// A stable short code, for grouping: `unknown-operation`, `route-clash`, ….
    pub code: &'static str,
    /// One line for a person.
    pub text: String,
}

impl Reason {
    pub(crate) fn new(code: &'static str, text: impl Into<String>) -> Self {
        Self {
            code,
            text: text.into(),
        }
    }
}

impl std::fmt::Display for Reason {
    fn fmt(&self, out: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(out, "{}: {}", self.code, self.text)
    }
}

/// Where a value stands in an HTTP request.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Place {
    /// A part of the path.
    Path,
    /// The query.
    Query,
    /// A header.
    Header,
    /// A cookie.
    Cookie,
    /// The body.
    Body,
    /// Anything else that a document writes (`environment`, a typing error).
    Other,
}

impl Place {
    pub(crate) fn parse(text: &str) -> Self {
        match text {
            "path" => Self::Path,
            "query" => Self::Query,
            "header" => Self::Header,
            "cookie" => Self::Cookie,
            "body" => Self::Body,
            _ => Self::Other,
        }
    }
}

/// An input as written, on either side.
#[derive(Debug, Clone)]
pub(crate) struct Input {
    pub(crate) name: String,
    pub(crate) place: Option<Place>,
    pub(crate) kind: Option<String>,
    pub(crate) required: Option<bool>,
    pub(crate) value: Option<Value>,
    pub(crate) pattern: Option<String>,
    pub(crate) choices: Vec<Value>,
}

/// The credential that a client sends.
#[derive(Debug, Clone)]
pub(crate) enum Auth {
    None,
    /// Header names with the written values.
    Headers(Vec<(String, String)>),
    /// Query names with the written values.
    Query(Vec<(String, String)>),
    /// Bearer token, as written.
    Bearer(String),
    /// User name and password, as written.
    Basic(String, String),
    /// Answers a challenge, and so sends nothing to an upstream that does not challenge.
    Digest,
}

/// How a body is encoded.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum BodyKind {
    Json,
    Form,
    Multipart,
    Yaml,
    /// Text, XML, SPARQL, binary: sent as it is under this content type.
    Raw(String),
}

/// A declared request body.
#[derive(Debug, Clone)]
pub(crate) struct Body {
    pub(crate) kind: BodyKind,
    pub(crate) data: Value,
}

/// One operation of a consumed API.
#[derive(Debug, Clone)]
pub(crate) struct Operation {
    pub(crate) name: String,
    pub(crate) method: String,
    /// Joined from the resource and the operation; without the query.
    pub(crate) path: String,
    /// The query that was written in a path.
    pub(crate) query: String,
    /// Those of the client, the resource and the operation, in this order.
    pub(crate) inputs: Vec<Input>,
    pub(crate) body: Option<Body>,
    pub(crate) format: String,
    /// `in: path` inputs without a placeholder, appended as segments.
    pub(crate) appended: Vec<String>,
    pub(crate) error: Option<Reason>,
}

/// One consumed API.
#[derive(Debug, Clone)]
pub(crate) struct Client {
    pub(crate) namespace: String,
    pub(crate) base: String,
    pub(crate) auth: Auth,
    pub(crate) operations: Vec<Operation>,
    pub(crate) scope: Scope,
    pub(crate) error: Option<Reason>,
}

/// A `with` map, an output list and what else both kinds of units share.
#[derive(Debug, Clone)]
pub(crate) struct Unit {
    pub(crate) name: String,
    /// Method and path of a REST operation; nothing for a tool.
    pub(crate) route: Option<(String, String)>,
    pub(crate) call: Option<String>,
    pub(crate) inputs: Vec<Input>,
    pub(crate) with: Vec<(String, Value)>,
    pub(crate) outputs: Vec<Value>,
    pub(crate) error: Option<Reason>,
    /// What the oracle does not judge: steps, aggregates, forwarding, mocks.
    pub(crate) beyond: Option<String>,
}

/// One exposed server.
#[derive(Debug, Clone)]
pub(crate) struct Exposer {
    pub(crate) namespace: String,
    pub(crate) units: Vec<Unit>,
    pub(crate) error: Option<Reason>,
}

/// A whole document with its imports followed.
#[derive(Debug, Clone, Default)]
pub(crate) struct Capability {
    pub(crate) clients: Vec<Client>,
    pub(crate) exposers: Vec<Exposer>,
    pub(crate) scope: Scope,
    /// Errors that belong to no client, exposer or unit.
    pub(crate) problems: Vec<Reason>,
}
