//! Tools: the table of what can be called, built once, and a call from its arguments to its result.

use std::collections::HashMap;
use std::sync::Arc;

use naftiko_diagnostics::did_you_mean;
use naftiko_diagnostics::render::escape;
use naftiko_engine::{Arguments, check_json};
use naftiko_plan::{ExposurePlan, Flow, FlowId, OutputPlan, Plan};
use serde_json::{Map, Value};

use crate::names::safe_names;
use crate::promise::Promise;
use crate::result::{self, ToolResult};
use crate::schema::{input_schema, is_object, wrapped};
use crate::server::{Era, Server};
use crate::settings::{Hints, McpSettings};

/// How many names a message says.
const MENTIONED: usize = 5;

/// The tools of a server in document order. Those that cannot be served are not among them.
pub(crate) struct ToolTable {
    pub(crate) list: Vec<Tool>,
    /// By the listed name, and by the written one.
    by_name: HashMap<String, usize>,
}

/// One tool.
pub(crate) struct Tool {
    /// The name that is listed.
    pub(crate) name: String,
    pub(crate) title: Option<String>,
    pub(crate) description: Option<String>,
    pub(crate) hints: Hints,
    pub(crate) input_schema: Arc<Map<String, Value>>,
    pub(crate) output: Option<OutputSchema>,
    flow: FlowId,
    /// The slots of its inputs, by the listed name and by the written one.
    slots: HashMap<String, usize>,
    /// The listed names of its inputs, by slot.
    inputs: Vec<String>,
}

/// What a tool's results hold.
pub(crate) struct OutputSchema {
    /// The schema of the result itself.
    pub(crate) bare: Arc<Value>,
    /// What it promises.
    pub(crate) promise: Promise,
    /// The schema for clients that want an object, where the result is none.
    pub(crate) wrapped: Option<Arc<Map<String, Value>>>,
}

impl OutputSchema {
    /// The schema that is listed for clients of `era`.
    pub(crate) fn listed(&self, era: Era) -> Option<Arc<Map<String, Value>>> {
        match (&self.wrapped, era) {
            (Some(wrapped), Era::Legacy) => Some(Arc::clone(wrapped)),
            _ => self.bare.as_object().cloned().map(Arc::new),
        }
    }
}

impl ToolTable {
    pub(crate) fn new(plan: &Plan, exposure: &ExposurePlan, settings: &McpSettings) -> Self {
        let units: Vec<_> = exposure
            .units
            .iter()
            .zip(&settings.tools)
            .filter_map(|(unit, tool)| {
                let flow = *unit.flow.as_ref().ok()?;
                Some((unit, tool, flow, plan.flow(flow)?))
            })
            .collect();
        let names = safe_names(units.iter().map(|(unit, ..)| unit.name.as_str()));
        let mut list = Vec::new();
        let mut by_name = HashMap::new();
        for ((unit, tool, id, flow), name) in units.into_iter().zip(names) {
            by_name.insert(unit.name.clone(), list.len());
            by_name.insert(name.clone(), list.len());
            let inputs = safe_names(flow.inputs.iter().map(|input| input.name.as_str()));
            let mut slots = HashMap::new();
            for (slot, (input, listed)) in flow.inputs.iter().zip(&inputs).enumerate() {
                slots.insert(input.name.clone(), slot);
                slots.insert(listed.clone(), slot);
            }
            let listed = inputs.iter().map(String::as_str).zip(&flow.inputs);
            list.push(Tool {
                input_schema: Arc::new(input_schema(listed, &tool.headers)),
                name,
                title: unit.title.clone(),
                description: unit.description.clone(),
                hints: tool.hints,
                output: output(flow),
                flow: id,
                slots,
                inputs,
            });
        }
        Self { list, by_name }
    }

    /// The tool that is listed or written under `name`.
    pub(crate) fn find(&self, name: &str) -> Option<&Tool> {
        self.by_name.get(name).and_then(|at| self.list.get(*at))
    }

    /// Where the tool of that name stands.
    pub(crate) fn position(&self, name: &str) -> Option<usize> {
        self.by_name.get(name).copied()
    }

    /// What is said of a name that no tool has.
    pub(crate) fn unknown(&self, name: &str) -> String {
        let known = self.list.iter().map(|tool| tool.name.as_str());
        unknown("tool", name, known)
    }
}

/// What is said of a `what` that nothing is called: one short sentence that says what to do.
pub(crate) fn unknown<'k>(
    what: &str,
    name: &str,
    known: impl Iterator<Item = &'k str> + Clone,
) -> String {
    let shown: String = name.chars().take(80).collect();
    let name = escape(&shown);
    let many = known.clone().count();
    match did_you_mean(&shown, known.clone()) {
        Some(near) => format!("there is no {what} `{name}`; did you mean `{near}`?"),
        None if many == 0 => format!("there is no {what} `{name}`; use none, for there is none"),
        None if many > MENTIONED => format!("there is no {what} `{name}`; use one that is listed"),
        None => {
            let names = naftiko_diagnostics::list(known);
            format!("there is no {what} `{name}`; use one of {names}")
        }
    }
}

fn output(flow: &Flow) -> Option<OutputSchema> {
    let OutputPlan::Shaped {
        schema: Some(schema),
        ..
    } = &flow.output
    else {
        return None;
    };
    Some(OutputSchema {
        bare: Arc::clone(schema),
        promise: Promise::of(schema),
        wrapped: (!is_object(schema)).then(|| Arc::new(wrapped(schema))),
    })
}

impl Tool {
    /// Runs the tool. Everything that goes wrong is a result: the model that called reads it and may try again.
    /// Dropping the future gives the call up, down to the upstream.
    pub(crate) async fn call(
        &self,
        server: &Server,
        arguments: Map<String, Value>,
        era: Era,
    ) -> ToolResult {
        let plan = server.engine.plan();
        let Some(flow) = plan.flow(self.flow) else {
            return ToolResult::error("the tool cannot be run");
        };
        let arguments = match self.arguments(flow, arguments) {
            Ok(arguments) => arguments,
            Err(why) => return ToolResult::error(why),
        };
        match server.engine.run(self.flow, &arguments).await {
            Ok(output) => result::of(output, self, era, &server.limits).await,
            Err(error) => {
                let said = server.engine.masker().mask(&error.to_string());
                result::failed(&error, self, &said)
            }
        }
    }

    /// The arguments by slot, checked.
    fn arguments(&self, flow: &Flow, given: Map<String, Value>) -> Result<Arguments, String> {
        let mut arguments = Arguments::of(flow);
        for (name, value) in given {
            let Some(slot) = self.slots.get(&name).copied() else {
                let known = self.inputs.iter().map(String::as_str);
                return Err(unknown("argument", &name, known));
            };
            let Some(input) = flow.inputs.get(slot) else {
                continue;
            };
            let value = check_json(input, value).map_err(|problem| self.say(flow, &problem))?;
            if value.is_some() && arguments.get(slot).is_some() {
                let listed = self.inputs.get(slot).map_or("", String::as_str);
                return Err(format!(
                    "the argument `{listed}` is given twice, as `{}` too",
                    input.name
                ));
            }
            if value.is_some() {
                arguments.set(slot, value);
            }
        }
        arguments
            .check(flow)
            .map_err(|problem| self.say(flow, &problem))?;
        Ok(arguments)
    }

    /// A problem of an input under the name that the caller was shown.
    fn say(&self, flow: &Flow, problem: &naftiko_engine::InputProblem) -> String {
        let slot = flow
            .inputs
            .iter()
            .position(|input| input.name == problem.input());
        let listed = slot.and_then(|slot| self.inputs.get(slot));
        let text = problem.to_string();
        match listed.filter(|listed| *listed != problem.input()) {
            Some(listed) => format!("{text} (it is listed as `{listed}`)"),
            None => text,
        }
    }
}
