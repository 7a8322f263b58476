//! Calling a unit from a program, with no server: its name, arguments as JSON, the answer as bytes within a bound.

use std::fmt;

use bytes::Bytes;
use http::StatusCode;
use naftiko_diagnostics::did_you_mean;
use naftiko_engine::{Arguments, FlowError, FlowOutput, check_json, collect};
use naftiko_plan::{Broken, Flow, FlowId, Plan, UnitPlan};
use serde::de::DeserializeOwned;
use serde_json::{Map, Value};

use crate::start::Started;

/// What a call gave: a status and the whole body.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Answer {
    /// The upstream's status.
    pub status: StatusCode,
    /// The body: JSON where the unit declares a shape, otherwise what the upstream sent. Empty when it sent none.
    pub body: Bytes,
}

impl Answer {
    /// The body as a value of the program's own type; an empty one is read as `null`.
    ///
    /// # Errors
    /// It is no JSON, or of another shape.
    pub fn json<T: DeserializeOwned>(&self) -> serde_json::Result<T> {
        let body: &[u8] = if self.body.is_empty() {
            b"null"
        } else {
            &self.body
        };
        serde_json::from_slice(body)
    }
}

/// Why a call gave no answer of the kind that the unit declares.
#[derive(Debug)]
pub enum CallError {
    /// The name means no unit that can be run.
    Unit(UnitError),
    /// The arguments are no JSON object.
    NotAnObject,
    /// There is an argument that the unit does not take.
    UnknownArgument {
        /// The argument.
        name: String,
        /// Those that the unit takes.
        takes: Vec<String>,
    },
    /// An input is missing or bad, or the upstream gives no usable answer.
    Flow(FlowError),
    /// The upstream answered with a status that is not 2xx; the body holds no secret of the capability.
    Status(Answer),
}

/// Why a name means no unit that can be run.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum UnitError {
    /// There is none of that name.
    Unknown {
        /// The name.
        name: String,
        /// All that there are, as `exposer.unit`.
        units: Vec<String>,
    },
    /// Several exposed servers have one of that name.
    Ambiguous {
        /// The name.
        name: String,
        /// Which, as `exposer.unit`.
        units: Vec<String>,
    },
    /// The document has errors in it.
    Broken(Broken),
}

impl fmt::Display for UnitError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            UnitError::Unknown { name, units } => {
                let units = || units.iter().map(String::as_str);
                write!(f, "there is no unit `{name}`; ")?;
                match did_you_mean(name, units()) {
                    Some(near) => write!(f, "did you mean `{near}`?"),
                    None if units().next().is_none() => f.write_str("there are none"),
                    None => write!(f, "there are {}", naftiko_diagnostics::list(units())),
                }
            }
            UnitError::Ambiguous { name, units } => {
                let units = naftiko_diagnostics::list(units.iter().map(String::as_str));
                write!(f, "`{name}` is exposed several times; name one of {units}")
            }
            UnitError::Broken(broken) => write!(f, "the unit cannot be run: {}", broken.message),
        }
    }
}

impl std::error::Error for UnitError {}

impl fmt::Display for CallError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            CallError::Unit(error) => error.fmt(f),
            CallError::NotAnObject => f.write_str("the arguments are no JSON object"),
            CallError::UnknownArgument { name, takes } => {
                let takes = || takes.iter().map(String::as_str);
                write!(f, "the unit has no input `{}`; ", name.escape_debug())?;
                match did_you_mean(name, takes()) {
                    Some(near) => write!(f, "did you mean `{near}`?"),
                    None if takes().next().is_none() => f.write_str("it takes none"),
                    None => write!(f, "it takes {}", naftiko_diagnostics::list(takes())),
                }
            }
            CallError::Flow(error) => f.write_str(&error.sentence()),
            CallError::Status(answer) => write!(f, "the upstream API answered {}", answer.status),
        }
    }
}

impl std::error::Error for CallError {
    fn source(&self) -> Option<&(dyn std::error::Error + 'static)> {
        match self {
            CallError::Unit(error) => Some(error),
            CallError::Flow(error) => Some(error),
            _ => None,
        }
    }
}

impl From<UnitError> for CallError {
    fn from(error: UnitError) -> Self {
        CallError::Unit(error)
    }
}

impl From<FlowError> for CallError {
    fn from(error: FlowError) -> Self {
        CallError::Flow(error)
    }
}

impl Started {
    /// The flow of the unit that `name` means: `exposer.unit`, or `unit` alone where one exposed server has it.
    ///
    /// # Errors
    /// None, several, or one that cannot be run.
    pub fn flow(&self, name: &str) -> Result<FlowId, UnitError> {
        let named = |label: &str, unit: &UnitPlan| {
            let rest = name.strip_prefix(label);
            rest.and_then(|rest| rest.strip_prefix('.')) == Some(unit.name.as_str())
        };
        let all = || units(self.engine.plan());
        // The full name wins: a unit may itself be called `a.b`.
        let mut found: Vec<_> = all().filter(|(label, unit)| named(label, unit)).collect();
        if found.is_empty() {
            found = all().filter(|(_, unit)| unit.name == name).collect();
        }
        let full = |(label, unit): (&str, &UnitPlan)| format!("{label}.{}", unit.name);
        match found.as_slice() {
            [] => Err(UnitError::Unknown {
                name: name.to_owned(),
                units: all().map(full).collect(),
            }),
            [(_, unit)] => unit.flow.clone().map_err(UnitError::Broken),
            _ => Err(UnitError::Ambiguous {
                name: name.to_owned(),
                units: found.into_iter().map(full).collect(),
            }),
        }
    }

    /// Runs a unit and waits for the whole answer, of which at most [`EngineLimits::shaped`] bytes are kept. Dropping
    /// the future gives the call up, and its connection is closed. `arguments` is an object with a member for each
    /// input; `null` is an absent value, and so is the whole object.
    ///
    /// [`EngineLimits::shaped`]: naftiko_engine::EngineLimits::shaped
    ///
    /// # Errors
    /// No such unit, bad arguments, an upstream that does not answer or refuses.
    pub async fn call(&self, name: &str, arguments: Value) -> Result<Answer, CallError> {
        let limit = self.limits.shaped;
        let collected = |body| async move {
            collect(body, limit)
                .await
                .map_err(|error| CallError::Flow(FlowError::Upstream(error)))
        };
        match self.stream(name, arguments).await? {
            FlowOutput::Value { status, bytes } => Ok(Answer {
                status,
                body: bytes,
            }),
            FlowOutput::Empty { status } => Ok(Answer {
                status,
                body: Bytes::new(),
            }),
            FlowOutput::Relay { success, response } => {
                let status = response.status();
                let body = collected(response.into_body()).await?;
                let answer = Answer { status, body };
                if success {
                    Ok(answer)
                } else {
                    Err(CallError::Status(answer))
                }
            }
        }
    }

    /// Like [`Started::call`], but an answer that is passed on is a stream: nothing of it is waited for or kept.
    ///
    /// # Errors
    /// No such unit, bad arguments, an upstream that does not answer. Its refusal is an output here.
    pub async fn stream(&self, name: &str, arguments: Value) -> Result<FlowOutput, CallError> {
        let id = self.flow(name)?;
        let flow = self.engine.plan().flow(id).ok_or(FlowError::NoSuchFlow)?;
        let members = match arguments {
            Value::Object(members) => members,
            Value::Null => Map::new(),
            _ => return Err(CallError::NotAnObject),
        };
        let arguments = by_name(flow, members)?;
        Ok(self.engine.run(id, &arguments).await?)
    }
}

/// The arguments of a flow from the members of a JSON object: for programs, and for exposers whose callers name inputs.
///
/// # Errors
/// A name that the flow does not have; a value that is not what it must be. That everything required is there is
/// checked when the flow runs.
pub fn by_name(flow: &Flow, members: Map<String, Value>) -> Result<Arguments, CallError> {
    let mut arguments = Arguments::of(flow);
    for (name, value) in members {
        let found = flow
            .inputs
            .iter()
            .enumerate()
            .find(|(_, input)| input.name == name);
        let Some((slot, input)) = found else {
            let takes = flow.inputs.iter().map(|input| input.name.clone()).collect();
            return Err(CallError::UnknownArgument { name, takes });
        };
        let value = check_json(input, value).map_err(FlowError::Input)?;
        arguments.set(slot, value);
    }
    Ok(arguments)
}

fn units(plan: &Plan) -> impl Iterator<Item = (&str, &UnitPlan)> {
    let exposures = plan.exposures.iter();
    exposures.flat_map(|exposure| exposure.units.iter().map(|unit| (exposure.label(), unit)))
}

#[cfg(test)]
pub(crate) mod tests;
