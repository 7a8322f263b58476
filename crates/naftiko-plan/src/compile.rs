//! The whole of lowering: clients first, then every unit of every exposure.

use std::any::Any;
use std::collections::{BTreeMap, BTreeSet};
use std::fmt;
use std::sync::Arc;

use naftiko_bindings::{Variable, Variables};
use naftiko_diagnostics::{Diagnostic, Diagnostics, Severity, Span, codes};
use naftiko_imports::Linked;
use naftiko_spec::yaml::{Node, NodeKind};
use naftiko_spec::{Exposure, Unit};
use serde_json::Value;

use crate::client::{ClientIndex, OperationIndex};
use crate::flow::Flow;
use crate::output::sample_of;
use crate::plan::{
    Broken, ExposurePlan, FlowId, OperationPlan, Plan, Transport, UnitPlan, UpstreamId,
    UpstreamPlan, VariableId, VariablePlan, VariableUse,
};
use crate::unit::lower_unit;

/// What the operator allows.
#[derive(Clone, Debug)]
pub struct Options {
    /// The kinds of consumed APIs that can be called.
    pub upstream_kinds: Vec<String>,
    /// Whether names in capitals that nothing binds are read from the environment (`--no-implicit-env` forbids it).
    pub implicit_env: bool,
    /// Whether a sandbox stands for the consumed APIs: credentials of unsupported kinds do not matter then.
    pub sandbox: bool,
}

impl Default for Options {
    fn default() -> Self {
        Self {
            upstream_kinds: vec![String::from("http")],
            implicit_env: true,
            sandbox: false,
        }
    }
}

/// An exposure whose kind has decoded it.
pub struct DecodedExposure {
    /// The common fields.
    pub exposure: Exposure,
    /// Its units in document order.
    pub units: Vec<Unit>,
    /// How callers reach it.
    pub transport: Transport,
    /// What the kind keeps for itself.
    pub settings: Arc<dyn Any + Send + Sync>,
}

impl fmt::Debug for DecodedExposure {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("DecodedExposure")
            .field("exposure", &self.exposure.label())
            .field("units", &self.units.len())
            .finish_non_exhaustive()
    }
}

/// Lowers a linked capability. `found` is what reading it found so far: a unit with an error inside is broken.
pub fn compile(
    linked: &Linked,
    name: &str,
    exposures: Vec<DecodedExposure>,
    options: &Options,
    found: &Diagnostics,
) -> (Plan, Diagnostics) {
    let mut compiler = Compiler {
        options,
        found,
        out: Diagnostics::new(),
        variables: Vec::new(),
        scopes: linked.scopes.iter().map(Variables::of).collect(),
        named: exposures
            .iter()
            .flat_map(|exposure| &exposure.units)
            .filter_map(|unit| unit.call.as_ref().map(|call| call.value.clone()))
            .collect(),
        called: BTreeSet::new(),
        missing: &linked.missing,
        samples: BTreeMap::new(),
    };
    let clients: Vec<ClientIndex<'_>> = linked
        .clients
        .iter()
        .enumerate()
        .map(|(index, client)| ClientIndex::build(UpstreamId(index), client, &mut compiler))
        .collect();
    let mut flows = Vec::new();
    let exposures = exposures
        .into_iter()
        .map(|decoded| compiler.exposure(decoded, &clients, &mut flows))
        .collect();
    let uncalled = uncalled(&clients, &compiler.called);
    compiler.unused_variables(&uncalled);
    let idle = idle(&clients, &compiler.called);
    let samples = std::mem::take(&mut compiler.samples);
    let info = &linked.document.info;
    let plan = Plan {
        name: name.to_owned(),
        title: info.label.clone(),
        description: info.description.clone(),
        version: info.version.clone(),
        upstreams: clients
            .into_iter()
            .map(|client| upstream(client, &samples))
            .collect(),
        idle,
        variables: compiler.variables,
        flows,
        exposures,
    };
    (plan, compiler.out)
}

fn upstream(client: ClientIndex<'_>, samples: &Samples) -> UpstreamPlan {
    let operations = client.operations.iter().map(|entry| {
        let name = entry.operation.name.value.clone();
        let sample = samples.get(&(client.id, name.clone())).cloned();
        OperationPlan {
            method: entry.method.clone(),
            path: entry
                .path
                .display(|name| crate::client::short(name).to_owned()),
            inputs: entry
                .inputs
                .iter()
                .map(|i| (i.name.value.clone(), i.place))
                .collect(),
            sample: sample.unwrap_or_else(|| sample_of(Value::Null, &entry.operation.outputs)),
            name,
        }
    });
    let base_text = client
        .linked
        .client
        .base_uri
        .as_ref()
        .map(|text| text.value.trim().to_owned());
    let kind = client.linked.client.kind.as_ref();
    UpstreamPlan {
        kind: kind.map_or_else(|| String::from("http"), |kind| kind.value.clone()),
        namespace: client.namespace().to_owned(),
        base_text: base_text.unwrap_or_default(),
        operations: operations.collect(),
        span: client.linked.client.span,
        base: client.base,
        credential: client.credential,
    }
}

/// The parts of consumed APIs that no unit calls: what is wrong there stops nothing.
fn idle(clients: &[ClientIndex<'_>], called: &BTreeSet<(UpstreamId, String)>) -> Vec<Span> {
    let mut idle = Vec::new();
    for client in clients {
        let used = |name: &str| called.contains(&(client.id, name.to_owned()));
        if !client.names().any(used) {
            idle.push(client.linked.client.span);
        }
        for entry in &client.operations {
            if !used(entry.operation.name.as_str()) {
                idle.push(entry.operation.span);
            }
        }
    }
    idle
}

/// The texts with placeholders of the operations that no unit calls.
fn uncalled(clients: &[ClientIndex<'_>], called: &BTreeSet<(UpstreamId, String)>) -> Vec<String> {
    let mut texts = Vec::new();
    for client in clients {
        for entry in &client.operations {
            let name = entry.operation.name.value.clone();
            if called.contains(&(client.id, name)) {
                continue;
            }
            let inputs = entry.inputs.iter().filter_map(|input| input.value.as_ref());
            let body = entry.operation.body.as_ref();
            for node in inputs.chain(body.and_then(|body| body.data.as_ref())) {
                templates(node, &mut texts);
            }
            texts.extend(entry.path.placeholders().map(|named| named.name.clone()));
        }
    }
    texts
}

fn templates(node: &Node, texts: &mut Vec<String>) {
    match &node.kind {
        NodeKind::String(text) if text.contains("{{") => texts.push(text.clone()),
        NodeKind::Sequence(list) => list.iter().for_each(|item| templates(item, texts)),
        NodeKind::Mapping(entries) => {
            for entry in entries.iter() {
                templates(&entry.value, texts);
            }
        }
        _ => {}
    }
}

/// What each called operation would answer in a sandbox.
type Samples = BTreeMap<(UpstreamId, String), Value>;

/// What lowering carries along.
pub(crate) struct Compiler<'a> {
    pub(crate) options: &'a Options,
    pub(crate) found: &'a Diagnostics,
    pub(crate) out: Diagnostics,
    variables: Vec<VariablePlan>,
    scopes: Vec<Variables>,
    /// The namespaces whose import failed, and why.
    pub(crate) missing: &'a [(String, Diagnostic)],
    /// What the `call`s of all units say.
    pub(crate) named: BTreeSet<String>,
    /// The operations that units name, whether they can be called or not.
    called: BTreeSet<(UpstreamId, String)>,
    samples: Samples,
}

impl<'a> Compiler<'a> {
    fn exposure(
        &mut self,
        decoded: DecodedExposure,
        clients: &[ClientIndex<'a>],
        flows: &mut Vec<Flow>,
    ) -> ExposurePlan {
        let DecodedExposure {
            exposure,
            units,
            transport,
            settings,
        } = decoded;
        let span = exposure.span();
        // An error in a field of the exposure itself concerns all of its units; one in a list of units does not.
        let fields = exposure.node.as_map().unwrap_or_default();
        let lists: Vec<Span> = fields
            .iter()
            .filter(|entry| entry.key.value != "authentication")
            .map(|entry| &entry.value)
            .filter(|value| value.as_map().is_some() || value.as_seq().is_some())
            .map(|value| value.span)
            .collect();
        let outside = |finding: &&Diagnostic| {
            let place = finding.primary.as_ref().map(|label| label.span);
            place.is_some_and(|place| !lists.iter().any(|list| list.contains(place)))
        };
        let broken = self.found.errors_within(span).find(outside).map(broken_by);
        let own = exposure.namespace.as_ref().map(|name| name.value.as_str());
        let units = units
            .iter()
            .map(|unit| {
                let flow = self.unit(unit, own, clients, flows);
                UnitPlan {
                    name: unit.label().to_owned(),
                    title: unit.title.clone(),
                    description: unit.description.clone(),
                    flow: match &broken {
                        Some(broken) => Err(broken.clone()),
                        None => flow,
                    },
                    span: unit.span,
                }
            })
            .collect();
        ExposurePlan {
            kind: exposure.kind.value.clone(),
            namespace: exposure.namespace.as_ref().map(|name| name.value.clone()),
            address: exposure
                .address
                .as_ref()
                .map(|address| address.value.clone()),
            port: exposure.port.as_ref().map(|port| port.value),
            description: exposure.description.clone(),
            units,
            transport,
            settings,
            broken,
            span,
        }
    }

    fn unit(
        &mut self,
        unit: &Unit,
        own: Option<&str>,
        clients: &[ClientIndex<'a>],
        flows: &mut Vec<Flow>,
    ) -> Result<FlowId, Broken> {
        let mut found = Diagnostics::new();
        let flow = lower_unit(unit, own, clients, self, &mut found);
        let earlier = self.found.errors_within(unit.span).next();
        let broken = earlier
            .or_else(|| found.iter().find(|d| d.is_error()))
            .map(broken_by);
        self.out.extend(found);
        match (broken, flow) {
            (Some(broken), _) => Err(broken),
            (None, Ok(flow)) => {
                flows.push(flow);
                Ok(FlowId(flows.len() - 1))
            }
            (None, Err(broken)) => Err(broken),
        }
    }

    /// The variable that `name` means in `scope`, used at `span` by `upstream`. An imported API sees the variables of
    /// its own file first, then those of the document that imports it.
    pub(crate) fn variable(
        &mut self,
        scope: usize,
        name: &str,
        span: Span,
        upstream: UpstreamId,
    ) -> Option<VariableId> {
        let find = |scope: usize| self.scopes.get(scope).and_then(|known| known.find(name));
        let variable = find(scope).or_else(|| find(0))?.clone();
        Some(self.intern(variable, false, span, upstream))
    }

    /// Notes that `unit` calls an operation, and what the answer must hold for the unit's outputs.
    pub(crate) fn calls(
        &mut self,
        client: &ClientIndex<'_>,
        entry: &OperationIndex<'_>,
        unit: &Unit,
    ) {
        let key = (client.id, entry.operation.name.value.clone());
        let start = || sample_of(Value::Null, &entry.operation.outputs);
        let sample = self.samples.remove(&key).unwrap_or_else(start);
        self.samples
            .insert(key.clone(), sample_of(sample, &unit.outputs));
        self.called.insert(key);
    }

    /// Whether `name` is bound in `scope`, without using it.
    pub(crate) fn is_bound(&self, scope: usize, name: &str) -> bool {
        let find = |scope: usize| {
            self.scopes
                .get(scope)
                .is_some_and(|s| s.find(name).is_some())
        };
        find(scope) || find(0)
    }

    /// A variable that no bind names, read from the environment, with a warning; nothing when that is forbidden.
    pub(crate) fn implicit(
        &mut self,
        key: &str,
        span: Span,
        upstream: UpstreamId,
        found: &mut Diagnostics,
    ) -> Option<VariableId> {
        if !self.options.implicit_env {
            return None;
        }
        found.push(codes::implicit_variable::new(span, key));
        let variable = Variable {
            name: key.to_owned(),
            key: key.to_owned(),
            origin: naftiko_bindings::Origin::Environment,
            namespace: None,
            span,
        };
        Some(self.intern(variable, true, span, upstream))
    }

    fn intern(
        &mut self,
        variable: Variable,
        implicit: bool,
        span: Span,
        upstream: UpstreamId,
    ) -> VariableId {
        let same = |known: &VariablePlan| {
            known.variable.name == variable.name
                && known.variable.key == variable.key
                && known.variable.origin == variable.origin
        };
        let at = self.variables.iter().position(same).unwrap_or_else(|| {
            self.variables.push(VariablePlan {
                variable,
                implicit,
                uses: Vec::new(),
            });
            self.variables.len() - 1
        });
        if let Some(known) = self.variables.get_mut(at) {
            let used = VariableUse { span, upstream };
            if !known.uses.contains(&used) {
                known.uses.push(used);
            }
        }
        VariableId(at)
    }

    /// Warns of variables that nothing uses. A name that is used from another file counts as used, and so does one in the
    /// texts of operations that no unit calls here: another document may import them.
    fn unused_variables(&mut self, uncalled: &[String]) {
        for variable in self.scopes.iter().flat_map(Variables::iter) {
            let used = self
                .variables
                .iter()
                .any(|known| known.variable.name == variable.name);
            let named = || uncalled.iter().any(|text| text.contains(&variable.name));
            if !used && !named() {
                self.out
                    .push(codes::unused_variable::new(variable.span, &variable.name));
            }
        }
    }
}

/// The reason that an error gives.
pub(crate) fn broken_by(finding: &Diagnostic) -> Broken {
    debug_assert_eq!(finding.severity, Severity::Error);
    Broken {
        code: finding.code.id,
        message: finding.message.clone(),
    }
}
