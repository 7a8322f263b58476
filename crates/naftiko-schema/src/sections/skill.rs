//! The exposed skill server, since 0.5.

use serde_json::{Value, json};

use crate::build::{Defs, Named, Shape, exactly, flag_or, refer, requires, text};
use crate::dialect::Dialect;
use crate::names::{KEBAB, address, file, kebab, port};

pub(super) fn define(d: Dialect, defs: &mut Defs) {
    if d < Dialect::V0_5 {
        return;
    }
    let skills = Named::new(refer("skill")).keys(KEBAB).filled().build(d);
    let adapter = Shape::new("a skill adapter")
        .need("type", exactly("skill"), "A server of skills.")
        .may("address", address(), "The address to listen on.")
        .need("port", port(), "The port to listen on.")
        .need("namespace", kebab(), "The name of this server.")
        .may("description", text(), "What this server is for.")
        .may(
            "authentication",
            refer("authentication"),
            "How callers prove who they are.",
        )
        .need("skills", skills, "What is served.")
        .build();
    defs.add("skillAdapter", adapter);
    defs.add("skill", skill(d));
    defs.add("skillTool", tool(d));
}

fn skill(d: Dialect) -> Value {
    let tools = Named::new(refer("skillTool")).keys(KEBAB).filled().build(d);
    Shape::new("a skill")
        .name(d, kebab())
        .need(
            "description",
            up_to(1024),
            "What it does and when to use it.",
        )
        .may("license", text(), "The licence of the skill.")
        .may("compatibility", up_to(500), "What it needs.")
        .may(
            "metadata",
            json!({ "type": "object", "additionalProperties": text() }),
            "Anything else about it.",
        )
        .may("allowed-tools", up_to(1024), "The tools that it may use.")
        .may("argument-hint", text(), "What to write after its name.")
        .may(
            "user-invocable",
            flag_or(true),
            "Whether people can call it.",
        )
        .may(
            "disable-model-invocation",
            flag_or(false),
            "Whether models cannot.",
        )
        .may("location", file(), "The folder of its files.")
        .may("tools", tools, "The tools that it brings.")
        .build()
}

fn tool(d: Dialect) -> Value {
    let from = Shape::new("the source of a skill tool")
        .need("sourceNamespace", text(), "The server that has the tool.")
        .need("action", text(), "The tool or operation there.")
        .build();
    Shape::new("a tool of a skill")
        .name(d, kebab())
        .need("description", text(), "What it does.")
        .may(
            "from",
            from,
            "The tool of another server of this capability.",
        )
        .may("instruction", text(), "A file that tells what to do.")
        .also(
            "oneOf",
            json!([requires(&["from"]), requires(&["instruction"])]),
        )
        .build()
}

fn up_to(length: u32) -> Value {
    json!({ "type": "string", "maxLength": length })
}
