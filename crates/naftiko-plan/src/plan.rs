//! The plan: everything that running a capability needs, and nothing of how it was written.

use std::any::Any;
use std::fmt;
use std::sync::Arc;

use naftiko_bindings::Variable;
use naftiko_spec::{ApiKeyPlacement, Span};
use serde_json::Value;

use crate::expr::Expr;
use crate::flow::Flow;

/// Names a variable of a plan.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct VariableId(pub usize);

/// Names an upstream of a plan.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct UpstreamId(pub usize);

/// Names a flow of a plan.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct FlowId(pub usize);

/// A capability, ready to run.
#[derive(Clone, Debug)]
pub struct Plan {
    /// The name that the command line and the environment know it by.
    pub name: String,
    /// A title for people.
    pub title: Option<String>,
    /// What it is for.
    pub description: Option<String>,
    /// Its own version.
    pub version: Option<String>,
    /// The variables that something uses.
    pub variables: Vec<VariablePlan>,
    /// The consumed APIs.
    pub upstreams: Vec<UpstreamPlan>,
    /// What callers can run.
    pub flows: Vec<Flow>,
    /// The exposed servers.
    pub exposures: Vec<ExposurePlan>,
    /// The parts of consumed APIs that no unit calls.
    pub idle: Vec<Span>,
}

/// A variable that something uses.
#[derive(Clone, Debug)]
pub struct VariablePlan {
    /// The variable and where it is read.
    pub variable: Variable,
    /// Whether the document does not bind it: it is read because of how its name is written.
    pub implicit: bool,
    /// Where it is used.
    pub uses: Vec<VariableUse>,
}

/// One use of a variable.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct VariableUse {
    /// The place in the document.
    pub span: Span,
    /// The consumed API that it is sent to.
    pub upstream: UpstreamId,
}

/// One consumed API.
#[derive(Clone, Debug)]
pub struct UpstreamPlan {
    /// The kind of consumed API.
    pub kind: String,
    /// Its namespace.
    pub namespace: String,
    /// The base URI as written.
    pub base_text: String,
    /// The base URI in pieces.
    pub base: Vec<BasePiece>,
    /// The credential.
    pub credential: CredentialPlan,
    /// All its operations, called or not: what a sandbox answers for.
    pub operations: Vec<OperationPlan>,
    /// Where it is written.
    pub span: Span,
}

/// One operation of a consumed API, as a sandbox needs to know it.
#[derive(Clone, Debug)]
pub struct OperationPlan {
    /// Its name.
    pub name: String,
    /// The method.
    pub method: http::Method,
    /// The path below the base: placeholders as `{name}`, an appended input too, a written query kept.
    pub path: String,
    /// Its inputs: names on the wire and places.
    pub inputs: Vec<(String, naftiko_spec::Place)>,
    /// A sample of what it answers, made from its declared outputs; null when they shape nothing.
    pub sample: Value,
}

/// One piece of a base URI.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum BasePiece {
    /// Text of the document.
    Text(String),
    /// A variable.
    Variable(VariableId),
    /// A name that the operator sets with `--set NAMESPACE.NAME=VALUE`.
    Setting(String),
}

/// A text made from literals and variables, such as `Bearer {{TOKEN}}`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SecretText(pub Vec<TextPiece>);

/// One piece of a [`SecretText`].
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum TextPiece {
    /// Text of the document.
    Text(String),
    /// A variable.
    Variable(VariableId),
}

/// How a client shows who it is.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum CredentialPlan {
    /// It does not.
    None,
    /// `Authorization: Basic`.
    Basic {
        /// The name.
        username: SecretText,
        /// The password.
        password: SecretText,
    },
    /// `Authorization: Bearer`.
    Bearer(SecretText),
    /// Named values.
    Keys(Vec<KeyPlan>),
    /// A kind that is not served; only a sandbox runs such a client.
    Unsupported(String),
}

/// One named value of a credential.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct KeyPlan {
    /// The header or query parameter.
    pub name: String,
    /// Where it goes.
    pub placement: ApiKeyPlacement,
    /// Its value.
    pub value: SecretText,
}

/// One exposed server.
#[derive(Clone)]
pub struct ExposurePlan {
    /// Its kind: which exposer serves it.
    pub kind: String,
    /// Its namespace.
    pub namespace: Option<String>,
    /// The address that the document asks for.
    pub address: Option<String>,
    /// The port that the document asks for.
    pub port: Option<u16>,
    /// What it is for.
    pub description: Option<String>,
    /// What it offers, in document order.
    pub units: Vec<UnitPlan>,
    /// How callers reach it.
    pub transport: Transport,
    /// What its exposer decoded for itself.
    pub settings: Arc<dyn Any + Send + Sync>,
    /// Why none of it can be served.
    pub broken: Option<Broken>,
    /// Where it is written.
    pub span: Span,
}

/// How callers reach an exposed server.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Transport {
    /// It listens on a port.
    Http,
    /// It talks over the standard streams of the process.
    Stdio,
}

impl ExposurePlan {
    /// The namespace, or the kind of an exposure without one: how the command line names it.
    pub fn label(&self) -> &str {
        self.namespace.as_deref().unwrap_or(&self.kind)
    }
}

impl fmt::Debug for ExposurePlan {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("ExposurePlan")
            .field("kind", &self.kind)
            .field("namespace", &self.namespace)
            .field("address", &self.address)
            .field("port", &self.port)
            .field("units", &self.units)
            .field("broken", &self.broken)
            .finish_non_exhaustive()
    }
}

/// One unit of an exposed server.
#[derive(Clone, Debug)]
pub struct UnitPlan {
    /// Its name, or the operation that it calls.
    pub name: String,
    /// A title for people.
    pub title: Option<String>,
    /// What it does.
    pub description: Option<String>,
    /// What it runs, or why it cannot.
    pub flow: Result<FlowId, Broken>,
    /// Where it is written.
    pub span: Span,
}

/// Why a part of a capability cannot be served.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Broken {
    /// The code of the first error.
    pub code: &'static str,
    /// Its message.
    pub message: String,
}

impl Plan {
    /// The flow of that id.
    pub fn flow(&self, id: FlowId) -> Option<&Flow> {
        self.flows.get(id.0)
    }

    /// The upstream of that id.
    pub fn upstream(&self, id: UpstreamId) -> Option<&UpstreamPlan> {
        self.upstreams.get(id.0)
    }

    /// The flows that can be run.
    pub fn flow_ids(&self) -> impl Iterator<Item = FlowId> + use<> {
        (0..self.flows.len()).map(FlowId)
    }
}

impl UpstreamPlan {
    /// The variables of its base.
    pub fn base_variables(&self) -> impl Iterator<Item = VariableId> {
        self.base.iter().filter_map(|piece| match piece {
            BasePiece::Variable(id) => Some(*id),
            BasePiece::Text(_) | BasePiece::Setting(_) => None,
        })
    }

    /// The names of its base that the operator must set.
    pub fn settings(&self) -> impl Iterator<Item = &str> {
        self.base.iter().filter_map(|piece| match piece {
            BasePiece::Setting(name) => Some(name.as_str()),
            BasePiece::Text(_) | BasePiece::Variable(_) => None,
        })
    }
}

impl CredentialPlan {
    /// The variables of the credential.
    pub fn variables(&self) -> Vec<VariableId> {
        let texts: Vec<&SecretText> = match self {
            CredentialPlan::None | CredentialPlan::Unsupported(_) => Vec::new(),
            CredentialPlan::Basic { username, password } => vec![username, password],
            CredentialPlan::Bearer(token) => vec![token],
            CredentialPlan::Keys(keys) => keys.iter().map(|key| &key.value).collect(),
        };
        texts
            .into_iter()
            .flat_map(|text| &text.0)
            .filter_map(|piece| match piece {
                TextPiece::Variable(id) => Some(*id),
                TextPiece::Text(_) => None,
            })
            .collect()
    }

    /// Whether a request already carries the credential at that place and name: such an input is none.
    pub fn occupies(&self, place: naftiko_spec::Place, name: &str) -> bool {
        use naftiko_spec::Place;
        match self {
            CredentialPlan::None | CredentialPlan::Unsupported(_) => false,
            CredentialPlan::Basic { .. } | CredentialPlan::Bearer(_) => {
                place == Place::Header && name.eq_ignore_ascii_case("authorization")
            }
            CredentialPlan::Keys(keys) => keys.iter().any(|key| match key.placement {
                ApiKeyPlacement::Header => {
                    place == Place::Header && key.name.eq_ignore_ascii_case(name)
                }
                ApiKeyPlacement::Query => place == Place::Query && key.name == name,
            }),
        }
    }
}

/// Collects the variables of expressions.
pub(crate) fn variables_in<'e>(exprs: impl IntoIterator<Item = &'e Expr>) -> Vec<VariableId> {
    let mut found = Vec::new();
    for expr in exprs {
        expr.each_variable(&mut |id| found.push(id));
    }
    found
}
