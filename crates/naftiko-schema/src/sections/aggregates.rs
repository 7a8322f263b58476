//! Aggregates, since 1.0.0-alpha2: flows that several servers share.

use serde_json::Value;

use super::units;
use crate::build::{Defs, Named, Shape, flag, refer, text};
use crate::dialect::Dialect;
use crate::names::{EXTENDED, KEBAB, kebab};

pub(super) fn define(d: Dialect, defs: &mut Defs) {
    if !d.has_aggregates() {
        return;
    }
    let flows = Named::new(refer("flow")).keys(KEBAB).filled().build(d);
    let aggregate = Shape::new("an aggregate").need(d.label(), text(), "The name to show.");
    let aggregate = if d.keyed() {
        aggregate
            .may("namespace", kebab(), "The first half of every `ref` to it.")
            .need("flows", flows, "Its flows.")
    } else {
        aggregate
            .need("namespace", kebab(), "The first half of every `ref` to it.")
            .need("functions", flows, "Its functions.")
    };
    defs.add("aggregate", aggregate.build());
    defs.add("flow", flow(d));
    let semantics = Shape::new("`semantics`")
        .may("safe", flag(), "It changes nothing.")
        .may(
            "idempotent",
            flag(),
            "Running it twice changes nothing more.",
        )
        .may("cacheable", flag(), "Its answer can be kept.")
        .build();
    defs.add("semantics", semantics);
}

fn flow(d: Dialect) -> Value {
    let inputs = Named::new(refer("input")).keys(EXTENDED).build(d);
    let flow = Shape::new(if d.keyed() {
        "a flow"
    } else {
        "a function of an aggregate"
    })
    .name(d, kebab())
    .need("description", text(), "What it does.")
    .tags(d)
    .may(
        "semantics",
        refer("semantics"),
        "What callers may expect of it.",
    )
    .may_if(
        d.has_binary(),
        "outputMediaType",
        text(),
        "The media type of what comes out.",
    )
    .may("inputParameters", inputs, "What it is given.");
    let forms = vec![
        units::by_call(&[]),
        units::by_steps(d, &[]),
        units::by_mock(d, &[]),
    ];
    units::outputs(units::work(flow, d), d)
        .also("anyOf", forms.into())
        .build()
}
