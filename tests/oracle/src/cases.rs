//! A document as a list of cases: each exposed unit is broken, or a call with its expectations.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

use crate::caller::{Caller, Fill};
use crate::clients::completed_shape;
use crate::inputs::plan;
use crate::load::{Loaded, Verdict};
use crate::model::{Capability, Client, Exposer, Operation, Reason, Unit};
use crate::names::holes;
use crate::request::Expected;
use crate::response::{Answer, answer};

/// One capability document.
#[derive(Debug)]
pub struct Document {
    /// Where it was read.
    pub path: PathBuf,
    /// What the file is.
    pub verdict: Verdict,
    /// The consumed APIs, each of which needs an `--upstream`.
    pub upstreams: Vec<Upstream>,
    /// The environment that the document needs, with the values that the oracle chose.
    pub variables: BTreeMap<String, String>,
    /// Errors of the document that belong to no unit: a failed import, an unknown exposer type.
    pub problems: Vec<Reason>,
    capability: Capability,
}

/// One consumed API of a document.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Upstream {
    /// Its namespace, as `--upstream NS=URL` takes it.
    pub namespace: String,
    /// The `baseUri` as written; `--upstream` replaces it whole, path included.
    pub base: String,
    /// The path of the written `baseUri`, for a run without `--upstream`.
    pub base_path: String,
    /// Placeholders of the base that no variable fills: each needs `--set NS.NAME=VALUE`.
    pub to_set: Vec<String>,
}

/// One exposed REST operation or MCP tool.
#[derive(Debug)]
pub struct Case {
    /// The namespace of its exposer.
    pub exposer: String,
    /// Its own name.
    pub name: String,
    /// `GET /path`, or nothing for a tool.
    pub route: Option<String>,
    /// The written `call`.
    pub call: Option<String>,
    /// What to expect.
    pub outcome: Outcome,
    /// Points that decisions.md leaves open: a refusal of such a case is as good as the call.
    pub doubts: Vec<String>,
}

/// What to expect of a unit.
#[derive(Debug)]
pub enum Outcome {
    /// It cannot be run as meant, and must be refused at load.
    Broken(Reason),
    /// It uses what the oracle does not judge (steps, aggregates, mocks).
    Unjudged(String),
    /// It is called like this, with these effects.
    Call(Box<Call>),
}

/// A call and its effects.
#[derive(Debug)]
pub struct Call {
    /// How the unit is called.
    pub caller: Caller,
    /// What its inputs are once the call is read: typed values by name.
    pub inputs: BTreeMap<String, serde_json::Value>,
    /// What the upstream must see.
    pub expected: Expected,
    /// What the caller must get.
    pub answer: Answer,
    /// The consumed operation's `outputRawFormat`.
    pub format: String,
}

/// Reads one document with its imports; never fails, as the verdict says what came of it.
pub fn load(path: &Path) -> Document {
    let Loaded {
        verdict,
        capability,
        variables,
    } = crate::load::load(path);
    let upstreams = capability
        .clients
        .iter()
        .filter(|client| !client.base.is_empty())
        .map(upstream)
        .collect();
    let mut problems = capability.problems.clone();
    problems.extend(
        capability
            .exposers
            .iter()
            .filter_map(|exposer| exposer.error.clone()),
    );
    Document {
        path: path.to_path_buf(),
        verdict,
        upstreams,
        variables,
        problems,
        capability,
    }
}

fn upstream(client: &Client) -> Upstream {
    let after_scheme = client.base.split_once("://").map_or("", |(_, rest)| rest);
    let base_path = after_scheme
        .split_once('/')
        .map_or(String::new(), |(_, path)| {
            format!("/{}", path.trim_end_matches('/'))
        });
    let fixed = |name: &str| {
        client
            .operations
            .iter()
            .flat_map(|operation| &operation.inputs)
            .any(|input| input.name == name && input.value.is_some())
    };
    let mut to_set: Vec<String> = holes(&client.base, true);
    to_set.retain(|name| {
        !matches!(
            client.scope.classify(name),
            crate::names::Reference::Variable(_)
        ) && !fixed(name)
    });
    // `{{X}}` and `{{env.X}}` of a base are read from the environment without a bind.
    to_set.retain(|name| {
        let double = client.base.contains(&format!("{{{{{name}}}}}"));
        !(double
            && matches!(
                client.scope.classify(name),
                crate::names::Reference::Unbound(_)
            ))
    });
    Upstream {
        namespace: client.namespace.clone(),
        base: client.base.clone(),
        base_path: base_path.trim_end_matches('/').to_owned(),
        to_set,
    }
}

impl Document {
    /// Every exposed unit with its expectation, in document order.
    pub fn cases(&self, fill: Fill) -> Vec<Case> {
        let units = self
            .capability
            .exposers
            .iter()
            .flat_map(|exposer| exposer.units.iter().map(move |unit| (exposer, unit)));
        units
            .map(|(exposer, unit)| self.case(exposer, unit, fill))
            .collect()
    }

    /// Whether no exposed unit is broken.
    pub fn units_are_sound(&self) -> bool {
        !self
            .cases(Fill::All)
            .iter()
            .any(|case| matches!(case.outcome, Outcome::Broken(_)))
    }

    /// Whether nothing is broken, not even what no unit calls.
    pub fn is_spotless(&self) -> bool {
        self.problems.is_empty() && self.units_are_sound() && self.unused_errors().is_empty()
    }

    /// Errors of clients and operations that no unit calls.
    pub fn unused_errors(&self) -> Vec<Reason> {
        let called = |client: &Client, operation: &Operation| self.is_called(client, operation);
        let mut found = Vec::new();
        for client in &self.capability.clients {
            let used = client
                .operations
                .iter()
                .any(|operation| called(client, operation));
            found.extend(
                client
                    .error
                    .clone()
                    .filter(|error| !used && error.code != "import-failed"),
            );
            let unused = client
                .operations
                .iter()
                .filter(|operation| !called(client, operation));
            found.extend(unused.filter_map(|operation| operation.error.clone()));
        }
        found
    }

    fn case(&self, exposer: &Exposer, unit: &Unit, fill: Fill) -> Case {
        let mut doubts = Vec::new();
        let outcome = match self.outcome(exposer, unit, fill, &mut doubts) {
            Ok(outcome) => outcome,
            Err(reason) => Outcome::Broken(reason),
        };
        Case {
            exposer: exposer.namespace.clone(),
            name: unit.name.clone(),
            route: unit
                .route
                .as_ref()
                .map(|(method, path)| format!("{method} {path}")),
            call: unit.call.clone(),
            outcome,
            doubts,
        }
    }

    fn outcome(
        &self,
        exposer: &Exposer,
        unit: &Unit,
        fill: Fill,
        doubts: &mut Vec<String>,
    ) -> Result<Outcome, Reason> {
        if let Some(beyond) = &unit.beyond {
            return Ok(Outcome::Unjudged(beyond.clone()));
        }
        let broken_exposer = exposer
            .error
            .clone()
            .filter(|reason| reason.code == "exposer-clash");
        if let Some(reason) = unit.error.clone().or(broken_exposer) {
            return Err(reason);
        }
        let (client, operation) = self.called(unit, doubts)?;
        if client.base.contains("://") && !client.base.to_ascii_lowercase().starts_with("http") {
            doubts.push("a base that is not HTTP, unless `--upstream` replaces it".to_owned());
        }
        let mut plan = plan(unit, client, operation, &self.capability.scope)?;
        doubts.append(&mut plan.doubts);
        let (caller, values) = crate::caller::call(&plan, fill, doubts);
        let expected = crate::request::expected(&plan, &values, doubts);
        let answer = match answer(&unit.outputs, &operation.format) {
            // How a tool shows bytes that are not JSON is not settled by the echo's JSON.
            Answer::Identity if unit.route.is_none() && operation.format != "json" => {
                Answer::Unknown(format!("a tool over {}", operation.format))
            }
            other => other,
        };
        Ok(Outcome::Call(Box::new(Call {
            caller,
            inputs: values,
            expected,
            answer,
            format: operation.format.clone(),
        })))
    }

    /// The operation that a unit calls.
    fn called(
        &self,
        unit: &Unit,
        doubts: &mut Vec<String>,
    ) -> Result<(&Client, &Operation), Reason> {
        let call = unit.call.as_deref().unwrap_or_default();
        let client = self.capability.clients.iter().find_map(|client| {
            Some((
                client,
                call.strip_prefix(client.namespace.as_str())?
                    .strip_prefix('.')?,
            ))
        });
        let Some((client, name)) = client else {
            return Err(Reason::new(
                "unknown-namespace",
                format!("`{call}`: no such namespace is consumed"),
            ));
        };
        if let Some(reason) = &client.error {
            return Err(reason.clone());
        }
        let mut found = client
            .operations
            .iter()
            .filter(|operation| operation.name == name);
        let Some(operation) = found.next() else {
            return Err(Reason::new(
                "unknown-operation",
                format!("`{call}`: no such operation"),
            ));
        };
        if found.next().is_some() {
            doubts.push(format!("two operations are called `{call}`"));
        }
        match &operation.error {
            Some(reason) if self.really_two(client, operation, reason) => Err(reason.clone()),
            _ => Ok((client, operation)),
        }
    }

    /// Whether an error stands when only what units call counts: an operation that nobody calls makes no request, so
    /// that a completed path that is otherwise only its own is not ambiguous.
    fn really_two(&self, client: &Client, operation: &Operation, reason: &Reason) -> bool {
        reason.code != "ambiguous-completed-path"
            || client.operations.iter().any(|other| {
                !std::ptr::eq(other, operation)
                    && completed_shape(other) == completed_shape(operation)
                    && self.is_called(client, other)
            })
    }

    fn is_called(&self, client: &Client, operation: &Operation) -> bool {
        let call = format!("{}.{}", client.namespace, operation.name);
        let mut units = self
            .capability
            .exposers
            .iter()
            .flat_map(|exposer| &exposer.units);
        units.any(|unit| unit.call.as_deref() == Some(call.as_str()))
    }
}

#[cfg(test)]
#[path = "cases_tests.rs"]
mod tests;
