//! Which inputs a unit has (decisions, section 4).
//!
//! Each demand of the called operation is answered by `with`, by a variable, or by an input of the
//! caller; the inputs of a unit follow from that.

use std::collections::{BTreeMap, BTreeSet};

use serde_json::Value;

use crate::clients::bare;
use crate::demands::{Demand, Feed, demands, is_asked, is_credential};
use crate::model::{Client, Input, Operation, Place, Reason, Unit};
use crate::names::{Scope, holes};
use crate::with::{Given, given, names_of};

/// The types that inputs have; a declared type that is none of them is as good as no type.
const TYPES: [&str; 6] = ["string", "integer", "number", "boolean", "array", "object"];

/// One input of a unit.
#[derive(Debug, Clone)]
pub(crate) struct UnitInput {
    pub(crate) name: String,
    pub(crate) kind: Option<String>,
    pub(crate) required: bool,
    pub(crate) pattern: Option<String>,
    pub(crate) choices: Vec<Value>,
    /// Declared on the exposer.
    pub(crate) declared: bool,
    pub(crate) place: Option<Place>,
    pub(crate) feeds: BTreeSet<Feed>,
    pub(crate) walks: Vec<String>,
}

/// A unit with its call resolved.
#[derive(Debug)]
pub(crate) struct Plan<'d> {
    pub(crate) unit: &'d Unit,
    pub(crate) client: &'d Client,
    pub(crate) operation: &'d Operation,
    pub(crate) inputs: Vec<UnitInput>,
    pub(crate) with: Vec<(String, Given)>,
    /// `with` keys that nothing takes, in order.
    pub(crate) extra: Vec<String>,
    /// The unit has the optional input `body`, passed on as it comes.
    pub(crate) passes_body: bool,
    pub(crate) doubts: Vec<String>,
}

/// Derives the inputs of a unit; the reason says why it cannot be run as meant.
pub(crate) fn plan<'d>(
    unit: &'d Unit,
    client: &'d Client,
    operation: &'d Operation,
    scope: &Scope,
) -> Result<Plan<'d>, Reason> {
    let own: Vec<String> = unit
        .route
        .iter()
        .flat_map(|(_, path)| holes(path, true))
        .map(|hole| bare(&hole).to_owned())
        .collect();
    let asked: Vec<&Input> = operation
        .inputs
        .iter()
        .filter(|input| is_asked(input, client))
        .collect();
    let known: BTreeSet<String> = unit
        .inputs
        .iter()
        .map(|input| input.name.clone())
        .chain(own.iter().cloned())
        .chain(operation.inputs.iter().map(|input| input.name.clone()))
        .collect();
    let is_known = |name: &str| known.contains(name);
    let with = unit
        .with
        .iter()
        .map(|(key, value)| Ok((key.clone(), given(key, value, scope, &is_known)?)))
        .collect::<Result<Vec<_>, Reason>>()?;
    let keys: BTreeSet<&str> = with.iter().map(|(key, _)| key.as_str()).collect();
    let mut demands = demands(client, operation, &asked, &|name| {
        is_known(name) || keys.contains(name)
    })?;
    let taken: BTreeSet<String> = demands
        .iter()
        .map(|demand| demand.name.clone())
        .chain(operation.inputs.iter().map(|input| input.name.clone()))
        .collect();
    let extra: Vec<String> = with
        .iter()
        .map(|(key, _)| key.clone())
        .filter(|key| !taken.contains(key))
        .collect();
    if let (Some(key), true) = (extra.first(), operation.body.is_some()) {
        let text = format!(
            "`with` gives `{key}`, which nothing of `{}` takes, beside its declared body",
            operation.name
        );
        return Err(Reason::new("with-beside-body", text));
    }
    let writes = is_write(&operation.method);
    for key in &extra {
        let feed = if writes { Feed::Json } else { Feed::Query };
        demands.push(Demand {
            name: key.clone(),
            walk: None,
            place: None,
            feed,
            always: true,
            required: false,
            consumed: None,
        });
    }
    let in_body = operation
        .inputs
        .iter()
        .any(|input| input.place == Some(Place::Body));
    let mut plan = Plan {
        unit,
        client,
        operation,
        inputs: Vec::new(),
        with,
        extra,
        passes_body: writes && operation.body.is_none() && !in_body && unit.inputs.is_empty(),
        doubts: Vec::new(),
    };
    plan.collect(&own, &demands, scope);
    if !plan.extra.is_empty() || plan.inputs.iter().any(|input| input.name == "body") {
        plan.passes_body = false;
    }
    Ok(plan)
}

/// POST, PUT and PATCH carry a body.
pub(crate) fn is_write(method: &str) -> bool {
    matches!(method, "POST" | "PUT" | "PATCH")
}

impl Plan<'_> {
    /// What `with` gives for a name; the outer option says whether it is a key at all.
    pub(crate) fn with_of(&self, name: &str) -> Option<&Given> {
        self.with
            .iter()
            .find(|(key, _)| key == name)
            .map(|(_, given)| given)
    }

    /// Gathers the inputs: declared ones, the unit's own placeholders, `with` names, demands.
    fn collect(&mut self, own: &[String], demands: &[Demand], scope: &Scope) {
        for input in &self.unit.inputs {
            let fixed = input.value.is_some();
            if fixed {
                self.doubts
                    .push(format!("declared input `{}` has a value", input.name));
                continue;
            }
            let mut entry = blank(&input.name);
            entry.kind.clone_from(&input.kind);
            if let Some(unknown) = entry.kind.take_if(|kind| !TYPES.contains(&kind.as_str())) {
                self.doubts
                    .push(format!("`{}` has the unknown type `{unknown}`", input.name));
            }
            entry.pattern.clone_from(&input.pattern);
            entry.choices.clone_from(&input.choices);
            entry.declared = true;
            entry.place = input.place;
            entry.required = input.required.unwrap_or(false);
            self.inputs.push(entry);
        }
        for name in own {
            let entry = self.entry(name);
            entry.place = Some(Place::Path);
            entry.required = true;
        }
        let declares_none = self.unit.inputs.is_empty();
        let refs: Vec<(String, Option<String>, Option<Demand>)> = self
            .with
            .iter()
            .flat_map(|(key, given)| {
                let demand = demands
                    .iter()
                    .find(|demand| demand.name == *key && demand.consumed.is_some())
                    .or_else(|| demands.iter().find(|demand| demand.name == *key))
                    .cloned();
                let lone = matches!(given, Given::Input(..));
                names_of(given).into_iter().map(move |(name, walk)| {
                    let mut demand = demand.clone();
                    if let Some(demand) = demand.as_mut().filter(|_| !lone) {
                        demand.consumed = None;
                        if demand.feed == Feed::Json {
                            demand.feed = Feed::Text;
                        }
                    }
                    (name, walk, demand)
                })
            })
            .collect();
        for (name, walk, demand) in refs {
            let place = self.place_in_with(&name, scope);
            self.feed(&name, walk, place, demand.as_ref());
        }
        for demand in demands {
            if self.with_of(&demand.name).is_some() {
                continue;
            }
            let there = self.inputs.iter().any(|input| input.name == demand.name);
            if there || demand.always || declares_none {
                self.feed(
                    &demand.name,
                    demand.walk.clone(),
                    demand.place,
                    Some(demand),
                );
            }
        }
        // A second demand of a `with` key widens what its input feeds.
        for demand in demands {
            let names = self.with_of(&demand.name).map(names_of).unwrap_or_default();
            for (name, _) in names {
                self.entry(&name).feeds.insert(demand.feed.clone());
            }
        }
        // Nothing is sent without a path value, whatever a declaration says.
        for input in self
            .inputs
            .iter_mut()
            .filter(|input| input.feeds.contains(&Feed::Path))
        {
            input.required = true;
        }
        self.drop_credential(own);
        self.settle_required(demands);
    }

    /// An input that could only be the credential is never asked for, declared or not.
    fn drop_credential(&mut self, own: &[String]) {
        let credentials: Vec<&str> = (self.operation.inputs.iter())
            .filter(|input| is_credential(input, &self.client.auth))
            .map(|input| input.name.as_str())
            .collect();
        let referred: Vec<String> = (self.with.iter())
            .filter(|(key, _)| credentials.contains(&key.as_str()))
            .flat_map(|(_, given)| names_of(given))
            .map(|(name, _)| name)
            .collect();
        self.inputs.retain(|input| {
            let only_credential =
                credentials.contains(&input.name.as_str()) || referred.contains(&input.name);
            !input.feeds.is_empty() || own.contains(&input.name) || !only_credential
        });
    }

    /// A declared tool input is required as its consumed input says, else by default.
    fn settle_required(&mut self, demands: &[Demand]) {
        let is_tool = self.unit.route.is_none();
        let silent: Vec<String> = self
            .unit
            .inputs
            .iter()
            .filter(|input| input.required.is_none())
            .map(|input| input.name.clone())
            .collect();
        for name in silent {
            let fed: Vec<&Demand> = demands
                .iter()
                .filter(|demand| match self.with_of(&demand.name) {
                    Some(given) => names_of(given).iter().any(|(from, _)| *from == name),
                    None => demand.name == name,
                })
                .collect();
            let says = fed.iter().find_map(|demand| {
                let input = demand.consumed.as_ref();
                if demand.required {
                    Some(true)
                } else {
                    input.and_then(|input| input.required)
                }
            });
            let required = says.unwrap_or(is_tool);
            if let Some(input) = self.inputs.iter_mut().find(|input| input.name == name) {
                input.required |= required;
            }
        }
    }

    fn feed(
        &mut self,
        name: &str,
        walk: Option<String>,
        place: Option<Place>,
        demand: Option<&Demand>,
    ) {
        let entry = self.entry(name);
        entry.place = entry.place.or(place);
        entry.walks.extend(walk);
        let Some(demand) = demand else { return };
        entry.feeds.insert(demand.feed.clone());
        // What the exposer declares wins; what it leaves open comes from the consumed input.
        if !entry.declared {
            entry.required |= demand.required;
        }
        if let Some(input) = &demand.consumed {
            entry.kind = entry.kind.take().or_else(|| input.kind.clone());
            entry.pattern = entry.pattern.take().or_else(|| input.pattern.clone());
            if entry.choices.is_empty() {
                entry.choices.clone_from(&input.choices);
            }
        }
    }

    /// The place that `rest.query.page` names, looked up in the written `with`.
    fn place_in_with(&self, name: &str, scope: &Scope) -> Option<Place> {
        self.unit.with.iter().find_map(|(_, value)| {
            let rest = scope.after_caller_prefix(value.as_str()?)?;
            let (place, tail) = rest.split_once('.')?;
            let known = ["path", "query", "header", "body"].contains(&place);
            (known && tail == name).then(|| Place::parse(place))
        })
    }

    fn entry(&mut self, name: &str) -> &mut UnitInput {
        let index = self
            .inputs
            .iter()
            .position(|input| input.name == name)
            .unwrap_or(self.inputs.len());
        if index == self.inputs.len() {
            self.inputs.push(blank(name));
        }
        // The index is that of the entry found or just pushed.
        #[expect(clippy::indexing_slicing, reason = "found or pushed above")]
        &mut self.inputs[index]
    }
}

fn blank(name: &str) -> UnitInput {
    UnitInput {
        name: name.to_owned(),
        kind: None,
        required: false,
        pattern: None,
        choices: Vec::new(),
        declared: false,
        place: None,
        feeds: BTreeSet::new(),
        walks: Vec::new(),
    }
}

/// All values that a set of caller inputs has, by name.
pub(crate) type Values = BTreeMap<String, Value>;

#[cfg(test)]
#[path = "inputs_tests.rs"]
mod tests;
