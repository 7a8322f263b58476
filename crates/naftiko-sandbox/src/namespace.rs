//! What the sandbox is given: plain values that know nothing of the documents they came from.

use http::{HeaderMap, HeaderValue};
use serde_json::Value;

use crate::Fixture;

/// One consumed API that the sandbox answers for.
#[derive(Debug, Clone)]
pub struct Namespace {
    /// The name below which it is served: `http://127.0.0.1:PORT/{name}`. Unique in a sandbox.
    pub name: String,
    /// The declared operations. Of two with the same method and path the first answers.
    pub operations: Vec<SandboxOperation>,
    /// Data and rules of its own. A route of the fixture answers before the operations do;
    /// operations that it has no route for are answered from their samples.
    pub fixture: Option<Fixture>,
    /// Where the client puts its credential: never echoed, and logged only as sent or missing.
    pub credential: Option<Credential>,
}

/// One declared operation of a consumed API.
#[derive(Debug, Clone)]
pub struct SandboxOperation {
    /// The operation's name, which the log and the header `x-sandbox-operation` carry.
    pub name: String,
    /// The HTTP method, in any case.
    pub method: String,
    /// The path below the base, resource and operation joined. `{x}` is a placeholder and may
    /// fill a part of a segment (`/{topic}:publish`); a query may be written behind it.
    pub path: String,
    /// The declared inputs, whose values come back in members of the sample with their names.
    pub inputs: Vec<Input>,
    /// A sample of the declared output shape, as the upstream would send it; null for
    /// operations that pass on whatever comes, which are answered with an echo.
    pub answer: Value,
}

/// One declared input of an operation.
#[derive(Debug, Clone)]
pub struct Input {
    /// Its name on the wire.
    pub name: String,
    /// Where it travels.
    pub place: Place,
}

/// Where an input travels in a request.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Place {
    /// In a placeholder of the path.
    Path,
    /// In the query.
    Query,
    /// As a member of the body, or the whole of it when its name is `body`.
    Body,
    /// In a header. Headers carry credentials, so these are never echoed.
    Header,
    /// Anywhere else (a cookie, the environment). Never echoed either.
    Other,
}

/// Where a client puts its credential.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Credential {
    /// In the header of this name.
    Header(String),
    /// In the query parameter of this name.
    Query(String),
}

impl Credential {
    /// What a request has at this place.
    pub(crate) fn of<'r>(
        &self,
        query: &'r [(String, String)],
        headers: &'r HeaderMap,
    ) -> Option<&'r [u8]> {
        match self {
            Self::Header(name) => headers.get(name).map(HeaderValue::as_bytes),
            Self::Query(name) => query
                .iter()
                .find(|(given, _)| given == name)
                .map(|(_, value)| value.as_bytes()),
        }
    }
}
