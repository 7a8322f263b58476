//! What REST operations, MCP tools and flows have in common: the keys of a unit of work, and its forms.
//!
//! A unit calls one operation and maps its response, or runs steps and collects their outputs, or refers to a flow, or
//! says itself what it answers. The form decides what `outputParameters` may hold.

use serde_json::{Map, Value, json};

use crate::build::{Named, Shape, list, refer};
use crate::dialect::Dialect;
use crate::names::{KEBAB, call};

/// Adds `call`, `with`, `steps` and `mappings`.
pub(super) fn work(shape: Shape, d: Dialect) -> Shape {
    let steps = Named::new(refer("step")).keys(KEBAB).filled().build(d);
    shape
        .may(
            "call",
            call(),
            "The consumed operation to call, as `namespace.operation`.",
        )
        .may("with", refer("with"), "The inputs of the call.")
        .may("steps", steps, "Steps to run in turn.")
        .may(
            "mappings",
            list(refer("stepMapping")),
            "What is taken from the steps.",
        )
}

/// Adds `ref`, which came with aggregates.
pub(super) fn reference(shape: Shape, d: Dialect) -> Shape {
    shape.may_if(
        d.has_aggregates(),
        "ref",
        call(),
        "The flow to run, as `namespace.flow`.",
    )
}

/// Adds `outputParameters`, whose content depends on the form: a list, and maps too since 1.0.0-alpha3.
pub(super) fn outputs(shape: Shape, d: Dialect) -> Shape {
    let any = if d.keyed() {
        Value::Bool(true)
    } else {
        json!({ "type": "array" })
    };
    shape.may("outputParameters", any, "What comes out.")
}

/// Calls one operation: what comes out is a list of mapped outputs, also where other collections are maps.
pub(super) fn by_call(required: &[&str]) -> Value {
    form(required, "call", Some(list(refer("mappedOutput"))))
}

/// Runs steps: what comes out are named outputs.
pub(super) fn by_steps(d: Dialect, required: &[&str]) -> Value {
    form(
        required,
        "steps",
        Some(Named::new(refer("stepOutput")).build(d)),
    )
}

/// Refers to a flow, which says the rest.
pub(super) fn by_reference() -> Value {
    form(&[], "ref", None)
}

/// Answers by itself with values.
pub(super) fn by_mock(d: Dialect, required: &[&str]) -> Value {
    let outputs = Named::new(refer("mockOutput")).filled().build(d);
    form(required, "outputParameters", Some(outputs))
}

fn form(required: &[&str], own: &str, outputs: Option<Value>) -> Value {
    let keys: Vec<&str> = required.iter().copied().chain([own]).collect();
    let mut form = Map::new();
    form.insert("required".into(), json!(keys));
    if let Some(outputs) = outputs {
        form.insert("properties".into(), json!({ "outputParameters": outputs }));
    }
    form.into()
}
