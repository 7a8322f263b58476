//! Flows: what one unit runs, from the inputs of a caller to the answer.

use std::sync::Arc;

use http::{HeaderName, HeaderValue, Method};
use naftiko_formats::Format;
use naftiko_mapping::Projection;
use naftiko_spec::{JsonType, Place};
use regex::Regex;
use serde_json::Value;

use crate::expr::Expr;
use crate::plan::{UpstreamId, VariableId, variables_in};

/// What one unit runs.
#[derive(Clone, Debug)]
pub struct Flow {
    /// The unit's name.
    pub name: String,
    /// What callers give, by slot.
    pub inputs: Vec<InputPlan>,
    /// The call that it makes.
    pub call: CallPlan,
    /// What becomes of the answer.
    pub output: OutputPlan,
}

/// One input of a caller.
#[derive(Clone, Debug)]
pub struct InputPlan {
    /// The name that callers use.
    pub name: String,
    /// The type that its value must have; any when absent.
    pub ty: Option<JsonType>,
    /// Whether a call without it is refused.
    pub required: bool,
    /// For whoever calls.
    pub description: Option<String>,
    /// A pattern that text must match.
    pub pattern: Option<Regex>,
    /// The values that are valid; any when empty.
    pub allowed: Vec<Value>,
    /// Where callers that have places put it.
    pub source: InputSource,
}

/// Where callers put an input.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum InputSource {
    /// Where the unit declares it; without a place, wherever it is found.
    Declared(Option<Place>),
    /// By name in the path, the query or a body member; `header`: also in a header of that name, because the consumed
    /// input is one.
    Undeclared {
        /// Whether a header may give it.
        header: bool,
    },
}

/// One call of a consumed operation.
#[derive(Clone, Debug)]
pub struct CallPlan {
    /// The consumed API.
    pub upstream: UpstreamId,
    /// The operation's name.
    pub operation: String,
    /// The request.
    pub request: RequestPlan,
}

/// How a request is made from the inputs.
#[derive(Clone, Debug)]
pub struct RequestPlan {
    /// The method.
    pub method: Method,
    /// The path below the upstream's base.
    pub path: Vec<PathPiece>,
    /// The query, in order.
    pub query: Vec<QueryPart>,
    /// The header fields.
    pub headers: Vec<HeaderPlan>,
    /// The cookies.
    pub cookies: Vec<(String, Expr)>,
    /// The body.
    pub body: BodyPlan,
}

/// One piece of a path.
#[derive(Clone, Debug, PartialEq)]
pub enum PathPiece {
    /// Text that is encoded already.
    Text(String),
    /// A value that fills a segment, or a part of one.
    Value {
        /// The placeholder, for messages.
        name: String,
        /// The value.
        expr: Expr,
    },
}

/// One part of a query.
#[derive(Clone, Debug, PartialEq)]
pub enum QueryPart {
    /// A pair that the path was written with: encoded text with values in it.
    Written(Vec<QueryPiece>),
    /// A parameter.
    Pair {
        /// The name, encoded.
        name: String,
        /// The value; the parameter is left out when there is none, and repeated for a list.
        expr: Expr,
    },
}

/// One piece of a written query.
#[derive(Clone, Debug, PartialEq)]
pub enum QueryPiece {
    /// Text that is encoded already.
    Text(String),
    /// A value.
    Value(Expr),
}

/// One header field.
#[derive(Clone, Debug, PartialEq)]
pub struct HeaderPlan {
    /// Its name.
    pub name: HeaderName,
    /// Its value; the field is left out when there is none.
    pub expr: Expr,
}

/// The body of a request.
#[derive(Clone, Debug, PartialEq)]
pub enum BodyPlan {
    /// None.
    None,
    /// A JSON value; no body when the expression has no value.
    Json(Expr),
    /// A value as YAML text.
    Yaml(Expr),
    /// Pairs; those without a value are left out, lists repeat the name.
    Form(Vec<(String, Expr)>),
    /// Parts; those without a value are left out.
    Multipart(Vec<PartPlan>),
    /// Text with values in it; no body when it is one value that is missing.
    Text {
        /// The pieces.
        pieces: Vec<BodyPiece>,
        /// How values are written into it.
        escape: Escape,
        /// The media type.
        content_type: HeaderValue,
    },
}

/// One part of a multipart body.
#[derive(Clone, Debug, PartialEq)]
pub struct PartPlan {
    /// The name of the field.
    pub name: String,
    /// Its value.
    pub value: Expr,
    /// The name of a file.
    pub filename: Option<Expr>,
    /// The media type.
    pub content_type: Option<Expr>,
}

/// One piece of a text body.
#[derive(Clone, Debug, PartialEq)]
pub enum BodyPiece {
    /// Text of the document.
    Text(String),
    /// A value.
    Value(Expr),
}

/// How values are written into a text body.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Escape {
    /// As they are.
    None,
    /// With entities.
    Xml,
    /// As a form component.
    Form,
}

impl BodyPlan {
    /// Every expression of the body.
    pub fn exprs(&self) -> Vec<&Expr> {
        match self {
            BodyPlan::None => Vec::new(),
            BodyPlan::Json(expr) | BodyPlan::Yaml(expr) => vec![expr],
            BodyPlan::Form(pairs) => pairs.iter().map(|(_, expr)| expr).collect(),
            BodyPlan::Multipart(parts) => parts
                .iter()
                .flat_map(|part| {
                    [
                        Some(&part.value),
                        part.filename.as_ref(),
                        part.content_type.as_ref(),
                    ]
                })
                .flatten()
                .collect(),
            BodyPlan::Text { pieces, .. } => pieces
                .iter()
                .filter_map(|piece| match piece {
                    BodyPiece::Value(expr) => Some(expr),
                    BodyPiece::Text(_) => None,
                })
                .collect(),
        }
    }
}

/// What becomes of an answer.
#[derive(Clone, Debug)]
pub enum OutputPlan {
    /// The upstream's answer as it is: streamed where the caller can take a stream.
    Identity,
    /// A shape.
    Shaped {
        /// What the upstream answers.
        format: Format,
        /// What makes it.
        projection: Arc<Projection>,
        /// The JSON Schema of what it makes, when it says anything.
        schema: Option<Arc<Value>>,
    },
}

impl Flow {
    /// The variables that its request uses.
    pub fn variables(&self) -> Vec<VariableId> {
        variables_in(self.call.request.exprs())
    }
}

impl RequestPlan {
    /// Every expression of the request.
    pub fn exprs(&self) -> impl Iterator<Item = &Expr> {
        let path = self.path.iter().filter_map(|piece| match piece {
            PathPiece::Value { expr, .. } => Some(expr),
            PathPiece::Text(_) => None,
        });
        let query = self.query.iter().flat_map(|part| match part {
            QueryPart::Pair { expr, .. } => vec![expr],
            QueryPart::Written(pieces) => pieces
                .iter()
                .filter_map(|piece| match piece {
                    QueryPiece::Value(expr) => Some(expr),
                    QueryPiece::Text(_) => None,
                })
                .collect(),
        });
        let headers = self.headers.iter().map(|header| &header.expr);
        let body = self.body.exprs();
        let cookies = self.cookies.iter().map(|(_, expr)| expr);
        path.chain(query).chain(headers).chain(cookies).chain(body)
    }
}
