//! From a plan to a running engine: variables, bases and upstream services.

use std::collections::BTreeMap;
use std::fmt;
use std::sync::Arc;

use naftiko_bindings::{
    BindProvider, Environment, MapEnvironment, MissingReason, Resolver, Secret,
};
use naftiko_engine::{Engine, EngineLimits, EngineSettings, StartError, UpstreamKind};
use naftiko_expose::Registry;
use naftiko_plan::{FlowId, Plan, VariableId, VariablePlan};

use crate::load::Loaded;

/// What the operator gives to a capability.
#[derive(Clone, Debug)]
pub struct Starter {
    /// Where variables are read.
    pub environment: Arc<dyn Environment>,
    /// Variables that the program itself gives, by key; they come before the environment.
    pub values: MapEnvironment,
    /// Sources of variables besides environment and files.
    pub providers: Vec<Arc<dyn BindProvider>>,
    /// Bases that replace those of the document, by namespace.
    pub upstreams: BTreeMap<String, String>,
    /// Values of base placeholders, by namespace and name.
    pub settings: BTreeMap<(String, String), String>,
    /// Bounds.
    pub limits: EngineLimits,
    /// Whether `{CAPABILITY}__KEY` is tried before `KEY`.
    pub own_keys: bool,
    /// Whether made-up values stand for variables that nothing gives.
    pub made_up: bool,
    /// The flows that will be run; all, when absent.
    pub only: Option<Vec<FlowId>>,
}

/// A started capability: an engine that can be [called](Started::call), and servers that can be
/// [mounted](Started::service). Clones share the engine.
#[derive(Clone, Debug)]
pub struct Started {
    /// Its engine.
    pub engine: Arc<Engine>,
    pub(crate) registry: Registry,
    pub(crate) limits: EngineLimits,
}

/// Why a capability does not start.
#[derive(Debug)]
pub enum Failure {
    /// There is no plan.
    NoPlan,
    /// Variables have no value.
    Variables(Vec<Lacking>),
    /// The engine cannot be made.
    Engine(StartError),
}

/// A variable that has no value.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Lacking {
    /// Its name.
    pub name: String,
    /// Why.
    pub why: String,
    /// Where it is used: `file:line:column` and the consumed API that it is sent to.
    pub uses: Vec<String>,
}

impl fmt::Display for Failure {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Failure::NoPlan => f.write_str("the document cannot be run"),
            Failure::Variables(lacking) => {
                let many = if lacking.len() == 1 {
                    "a variable has"
                } else {
                    "variables have"
                };
                write!(f, "{many} no value:")?;
                for Lacking { name, why, uses } in lacking {
                    write!(f, "\n  {name}: {why}")?;
                    for place in uses {
                        write!(f, "\n    used at {place}")?;
                    }
                }
                Ok(())
            }
            Failure::Engine(error) => error.fmt(f),
        }
    }
}

impl std::error::Error for Failure {}

/// What the program gives, then the environment.
#[derive(Debug)]
struct Own(MapEnvironment, Arc<dyn Environment>);

impl Environment for Own {
    fn get(&self, key: &str) -> Option<String> {
        self.0.get(key).or_else(|| self.1.get(key))
    }
}

impl Default for Starter {
    /// A starter that reads no environment, that of the process neither.
    fn default() -> Self {
        Self::new(Arc::new(MapEnvironment::default()))
    }
}

impl Starter {
    /// A starter that reads variables from `environment`, besides the files that documents name.
    pub fn new(environment: Arc<dyn Environment>) -> Self {
        Self {
            environment,
            values: MapEnvironment::default(),
            providers: Vec::new(),
            upstreams: BTreeMap::new(),
            settings: BTreeMap::new(),
            limits: EngineLimits::default(),
            own_keys: false,
            made_up: false,
            only: None,
        }
    }

    /// With the environment that variables are read from.
    #[must_use]
    pub fn with_environment(mut self, environment: impl Environment + 'static) -> Self {
        self.environment = Arc::new(environment);
        self
    }

    /// With a value for the environment variable `key`. It is a secret: it is masked wherever text is shown.
    #[must_use]
    pub fn with_value(mut self, key: impl Into<String>, value: impl Into<String>) -> Self {
        self.values.0.insert(key.into(), value.into());
        self
    }

    /// With a base that replaces the document's for the consumed API `namespace`.
    #[must_use]
    pub fn with_upstream(mut self, namespace: impl Into<String>, base: impl Into<String>) -> Self {
        self.upstreams.insert(namespace.into(), base.into());
        self
    }

    /// With the value of a placeholder in the base of the consumed API `namespace`.
    #[must_use]
    pub fn with_setting(
        mut self,
        namespace: impl Into<String>,
        name: impl Into<String>,
        value: impl Into<String>,
    ) -> Self {
        self.settings
            .insert((namespace.into(), name.into()), value.into());
        self
    }

    /// With those bounds.
    #[must_use]
    pub fn with_limits(mut self, limits: EngineLimits) -> Self {
        self.limits = limits;
        self
    }

    /// Starts the engine of `loaded`. `kind` is one kind of consumed APIs, or several as
    /// [`UpstreamKinds`](naftiko_engine::UpstreamKinds).
    ///
    /// # Errors
    /// Every variable that is needed and has no value; a base or credential that cannot be used.
    pub fn start(&self, loaded: &Loaded, kind: &dyn UpstreamKind) -> Result<Started, Failure> {
        let plan = loaded.plan.as_ref().ok_or(Failure::NoPlan)?;
        let variables = self.variables(plan, loaded)?;
        let settings = EngineSettings {
            variables,
            upstreams: self.upstreams.clone(),
            settings: self.settings.clone(),
            limits: self.limits,
            only: self.only.clone(),
        };
        let engine = Engine::new(Arc::clone(plan), settings, kind).map_err(Failure::Engine)?;
        Ok(Started {
            engine: Arc::new(engine),
            registry: loaded.registry.clone(),
            limits: self.limits,
        })
    }

    fn variables(&self, plan: &Arc<Plan>, loaded: &Loaded) -> Result<Vec<Option<Secret>>, Failure> {
        let flows = self
            .only
            .clone()
            .unwrap_or_else(|| plan.flow_ids().collect());
        let needed: Vec<VariableId> = self.needed(plan, &flows);
        let environment = Own(self.values.clone(), Arc::clone(&self.environment));
        let mut resolver = Resolver::new(Arc::new(environment), Arc::clone(&loaded.files));
        for provider in &self.providers {
            resolver = resolver.with_provider(Arc::clone(provider));
        }
        if self.own_keys {
            resolver = resolver.with_prefix(&loaded.name);
        }
        let asked: Vec<(VariableId, &VariablePlan)> = needed
            .into_iter()
            .filter_map(|id| Some((id, plan.variables.get(id.0)?)))
            .collect();
        // All in one go, so that a source is read once for all its variables; again only for what is left beside those
        // that are missing.
        let missing = match resolver.resolve(asked.iter().map(|(_, plan)| &plan.variable)) {
            Ok(found) => {
                let found = asked.iter().map(|(id, _)| *id).zip(found);
                return Ok(by_id(plan, found));
            }
            Err(missing) => missing,
        };
        if !self.made_up {
            let lacking = missing.into_iter().filter_map(|missing| {
                let (_, variable) = asked.get(missing.variable)?;
                Some(Lacking {
                    name: variable.variable.name.clone(),
                    why: why(&missing.reason),
                    uses: uses(variable, plan, loaded),
                })
            });
            return Err(Failure::Variables(lacking.collect()));
        }
        let is_missing = |index| missing.iter().any(|missing| missing.variable == index);
        let (lost, there): (Vec<_>, Vec<_>) = asked
            .iter()
            .enumerate()
            .partition(|(index, _)| is_missing(*index));
        let found = resolver.resolve(there.iter().map(|(_, (_, plan))| &plan.variable));
        let found = there
            .iter()
            .map(|(_, (id, _))| *id)
            .zip(found.unwrap_or_default());
        let made_up = lost.iter().map(|(_, (id, plan))| {
            let value = format!("sandbox-{}", plan.variable.name);
            (*id, Secret::new(value))
        });
        Ok(by_id(plan, found.chain(made_up)))
    }

    /// The variables that the flows need. One that stands only in a base that is replaced is not needed.
    fn needed(&self, plan: &Plan, flows: &[FlowId]) -> Vec<VariableId> {
        let mut needed: Vec<VariableId> = Vec::new();
        for flow in flows.iter().filter_map(|id| plan.flow(*id)) {
            needed.extend(flow.variables());
            if let Some(upstream) = plan.upstream(flow.call.upstream) {
                needed.extend(upstream.credential.variables());
                if !self.upstreams.contains_key(&upstream.namespace) {
                    needed.extend(upstream.base_variables());
                }
            }
        }
        needed.sort_unstable();
        needed.dedup();
        needed
    }
}

/// The values at the places of their variables.
fn by_id(
    plan: &Plan,
    found: impl IntoIterator<Item = (VariableId, Secret)>,
) -> Vec<Option<Secret>> {
    let mut values = vec![None; plan.variables.len()];
    for (id, value) in found {
        if let Some(place) = values.get_mut(id.0) {
            *place = Some(value);
        }
    }
    values
}

fn why(reason: &MissingReason) -> String {
    match reason {
        MissingReason::NotInEnvironment(key) => {
            format!("set `{key}` in the environment or in an `--env-file`")
        }
        MissingReason::NotInSource(place) => format!("the source has no such key ({place})"),
        MissingReason::Source(why) => format!("its source cannot be read: {why}"),
        MissingReason::NoProvider(scheme) => {
            format!("there is no provider for `{scheme}:` sources")
        }
    }
}

fn uses(variable: &VariablePlan, plan: &Plan, loaded: &Loaded) -> Vec<String> {
    variable
        .uses
        .iter()
        .map(|used| {
            let place = loaded.sources.locate(used.span);
            match plan.upstream(used.upstream) {
                Some(upstream) => format!("{place}, sent to `{}`", upstream.namespace),
                None => place,
            }
        })
        .collect()
}

#[cfg(test)]
mod tests;
