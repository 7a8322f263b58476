//! The exposed REST server: its resources and operations.

use serde_json::{Value, json};

use super::units;
use crate::build::{
    Defs, Named, Shape, exactly, filled_list, flag_or, refer, requires, text, word,
};
use crate::dialect::Dialect;
use crate::names::{
    EXTENDED, KEBAB, MEDIA_TYPE, STATUS, address, extended, input_type, kebab, media_type, method,
    port, size,
};

pub(super) fn define(d: Dialect, defs: &mut Defs) {
    defs.add("restAdapter", adapter(d));
    defs.add("restResource", resource(d));
    defs.add("restOperation", operation(d));
    defs.add("restInput", input(d));
    let forward = Shape::new("a forward")
        .need(
            "targetNamespace",
            kebab(),
            "The consumed API that requests are passed to.",
        )
        .may(
            "trustedHeaders",
            filled_list(text()),
            "The headers of the caller that are passed on.",
        )
        .build();
    defs.add("forward", forward);
}

fn adapter(d: Dialect) -> Value {
    let kind = if d == Dialect::V0_4 { "api" } else { "rest" };
    let resources = Named::new(refer("restResource"))
        .keys(KEBAB)
        .filled()
        .build(d);
    Shape::new("a REST adapter")
        .need("type", exactly(kind), "A REST server.")
        .may("address", address(), "The address to listen on.")
        .need("port", port(), "The port to listen on.")
        .need("namespace", kebab(), "The name of this server.")
        .may(
            "authentication",
            refer("authentication"),
            "How callers prove who they are.",
        )
        .may_if(
            d.has_binary(),
            "maxBinarySize",
            size(),
            "The largest binary payload.",
        )
        .may("resources", resources, "What is served.")
        .build()
}

fn resource(d: Dialect) -> Value {
    let resource = Shape::new("a REST resource");
    let resource = if d.keyed() {
        resource
    } else {
        resource.may("name", kebab(), "The name of this resource.")
    };
    let resource = resource.may(d.label(), text(), "The name to show.").tags(d);
    let resource = if d == Dialect::V0_4 {
        resource.need("description", text(), "What this resource is.")
    } else {
        resource.may("description", text(), "What this resource is.")
    };
    let operations = Named::new(refer("restOperation"))
        .keys(KEBAB)
        .filled_as_map()
        .build(d);
    resource
        .need("path", text(), "The path, with placeholders.")
        .may(
            "inputParameters",
            inputs(d),
            "What callers send to every operation.",
        )
        .may(
            "operations",
            operations,
            "What can be done with this resource.",
        )
        .may(
            "forward",
            refer("forward"),
            "Passes requests on to a consumed API.",
        )
        .also(
            "anyOf",
            json!([requires(&["operations"]), requires(&["forward"])]),
        )
        .build()
}

fn operation(d: Dialect) -> Value {
    let operation = Shape::new("a REST operation");
    let operation = if d.keyed() {
        operation
    } else {
        operation.may("name", kebab(), "The name of this operation.")
    };
    let operation = operation
        .may(d.label(), text(), "The name to show.")
        .tags(d)
        .may("description", text(), "What this operation does.")
        .need("method", method(), "The HTTP method.")
        .may("inputParameters", inputs(d), "What callers send.");
    let operation = units::outputs(units::work(units::reference(operation, d), d), d);
    let operation = if d.has_binary() {
        operation
            .may("responses", responses(), "What is answered, by status.")
            .may(
                "responseBinary",
                response_binary(),
                "The binary that is answered.",
            )
            .also("not", requires(&["responses", "responseBinary"]))
    } else {
        operation
    };
    operation.also("anyOf", forms(d)).build()
}

/// Nothing is required of the first form, so that an operation without a call is a mock. It checks the items of a list
/// alone: since outputs may be maps, a map of anything passes it.
fn forms(d: Dialect) -> Value {
    let simple =
        json!({ "properties": { "outputParameters": { "items": refer("mappedOutput") } } });
    let steps = units::by_steps(d, if d.keyed() { &[] } else { &["name"] });
    let mut forms = vec![simple, steps];
    if d.has_aggregates() {
        forms.push(units::by_reference());
    }
    forms.into()
}

fn inputs(d: Dialect) -> Value {
    Named::new(refer("restInput")).keys(EXTENDED).build(d)
}

fn input(d: Dialect) -> Value {
    Shape::new("a REST input")
        .name(d, extended())
        .need(
            "in",
            word(&["query", "header", "path", "cookie", "body"]),
            "Where it comes from.",
        )
        .need("type", input_type(), "What it is.")
        .need("description", text(), "What it means.")
        .may(
            "pattern",
            text(),
            "A regular expression that it must match.",
        )
        .may("value", text(), "A constant, or a JSONPath into the body.")
        .build()
}

fn responses() -> Value {
    let media = Shape::new("the content of a response")
        .may(
            "binary",
            flag_or(false),
            "Whether it is passed on as bytes.",
        )
        .may("schema", json!({ "type": "object" }), "What it looks like.")
        .build();
    let content = json!({
        "type": "object",
        "propertyNames": { "pattern": MEDIA_TYPE },
        "additionalProperties": media,
        "minProperties": 1,
    });
    let response = Shape::new("a response")
        .may("description", text(), "When it is answered.")
        .may("content", content, "What is answered, by media type.")
        .build();
    json!({ "type": "object", "propertyNames": { "pattern": STATUS }, "additionalProperties": response })
}

fn response_binary() -> Value {
    let status = json!({ "type": "integer", "minimum": 100, "maximum": 599, "default": 200 });
    Shape::new("a binary response")
        .may("status", status, "The HTTP status.")
        .need("mediaType", media_type(), "The media type.")
        .may("description", text(), "What it is.")
        .build()
}
