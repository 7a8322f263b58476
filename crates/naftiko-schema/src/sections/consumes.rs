//! Consumed APIs: the client, its resources, their operations, and what goes in and comes out.

use serde_json::Value;

use crate::build::{Defs, Named, Shape, exactly, matching, refer, text, word, word_or};
use crate::dialect::Dialect;
use crate::names::{BASE_URI, EXTENDED, KEBAB, extended, kebab, method, size};

pub(super) fn define(d: Dialect, defs: &mut Defs) {
    defs.add("consumedApi", api(d));
    defs.add("consumedResource", resource(d));
    defs.add("consumedOperation", operation(d));
    defs.add("consumedInput", input(d));
    defs.add("consumedOutput", output(d));
    if d >= Dialect::Alpha3 {
        let tunnel = Shape::new("a tunnel")
            .need("type", exactly("ziti"), "The kind of tunnel.")
            .need("service", text(), "The service at the far end.")
            .need("identity", text(), "The identity to enrol with.")
            .may(
                "fallback",
                word_or(&["fail", "direct"], "fail"),
                "What to do without the tunnel.",
            )
            .build();
        defs.add("tunnel", tunnel);
    }
}

fn api(d: Dialect) -> Value {
    let api = Shape::new("a consumed API")
        .need("type", exactly("http"), "The protocol.")
        .need(
            "namespace",
            kebab(),
            "The first half of every `call` to this API.",
        );
    let api = if d == Dialect::V0_4 {
        api.need("description", text(), "What this API does.")
    } else {
        api.may("description", text(), "What this API does.")
    };
    let resources = Named::new(refer("consumedResource"))
        .keys(KEBAB)
        .filled()
        .build(d);
    api.need(
        "baseUri",
        matching(BASE_URI),
        "What every path of this API is appended to.",
    )
    .may(
        "inputParameters",
        inputs(d),
        "What goes with every request.",
    )
    .may(
        "authentication",
        refer("authentication"),
        "How requests prove who sends them.",
    )
    .may_if(
        d >= Dialect::Alpha3,
        "tunnel",
        refer("tunnel"),
        "The network that requests go through.",
    )
    .may("resources", resources, "The parts of this API.")
    .build()
}

fn resource(d: Dialect) -> Value {
    let operations = Named::new(refer("consumedOperation"))
        .keys(KEBAB)
        .filled()
        .build(d);
    Shape::new("a consumed resource")
        .name(d, kebab())
        .may(d.label(), text(), "The name to show.")
        .tags(d)
        .may("description", text(), "What this resource is.")
        .need(
            "path",
            text(),
            "The path below `baseUri`, with placeholders.",
        )
        .may(
            "inputParameters",
            inputs(d),
            "What goes with every request to this resource.",
        )
        .need(
            "operations",
            operations,
            "What can be done with this resource.",
        )
        .build()
}

/// Since 1.0.0-beta1 the published schema asks a consumed operation in addition to be in one of the forms of an exposed
/// one and to have not both `responses` and `responseBinary`. It changes no verdict: none of these keys is known here.
fn operation(d: Dialect) -> Value {
    let mut formats = vec!["json", "xml", "avro", "protobuf", "csv", "yaml"];
    if d >= Dialect::Alpha2 {
        formats.extend(["tsv", "psv", "html", "markdown"]);
    }
    if d.has_binary() {
        formats.push("binary");
    }
    // Unlike elsewhere, the names of consumed outputs are free where they are keys.
    let outputs = Named::new(refer("consumedOutput")).build(d);
    Shape::new("a consumed operation")
        .name(d, kebab())
        .may(d.label(), text(), "The name to show.")
        .tags(d)
        .may("description", text(), "What this operation does.")
        .need("method", method(), "The HTTP method.")
        .may("inputParameters", inputs(d), "What goes with the request.")
        .may(
            "outputRawFormat",
            word_or(&formats, "json"),
            "The format of the response.",
        )
        .may_if(
            d.has_binary(),
            "outputMediaType",
            text(),
            "The media type, if not the one of the response.",
        )
        .may_if(
            d.has_binary(),
            "maxBinarySize",
            size(),
            "The largest binary response to read.",
        )
        .may_if(
            d >= Dialect::Alpha2,
            "outputSchema",
            text(),
            "What some formats need to be read.",
        )
        .may(
            "outputParameters",
            outputs,
            "What is taken from the response.",
        )
        .may("body", refer("requestBody"), "What is sent.")
        .build()
}

fn inputs(d: Dialect) -> Value {
    Named::new(refer("consumedInput")).keys(EXTENDED).build(d)
}

fn input(d: Dialect) -> Value {
    Shape::new("a consumed input")
        .name(d, extended())
        .need(
            "in",
            word(&["query", "header", "path", "cookie", "body", "environment"]),
            "Where it goes.",
        )
        .may("value", text(), "What is sent: a constant or a template.")
        .build()
}

fn output(d: Dialect) -> Value {
    Shape::new("a consumed output")
        .name(d, extended())
        .need("type", super::outputs::output_type(), "What the value is.")
        .need("value", text(), "A JSONPath into the response.")
        .build()
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn the_name_is_a_field_only_where_collections_are_lists() {
        assert_eq!(input(Dialect::Alpha2)["required"], json!(["name", "in"]));
        assert_eq!(input(Dialect::Alpha3)["required"], json!(["in"]));
    }
}
