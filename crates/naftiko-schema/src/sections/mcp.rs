//! The exposed MCP server: tools, resources and prompts.

use serde_json::{Value, json};

use super::units;
use crate::build::{
    Defs, Named, Shape, exactly, filled_list, flag, flag_or, refer, requires, text, word, word_or,
};
use crate::dialect::Dialect;
use crate::names::{
    EXTENDED, KEBAB, address, extended, file, input_type, kebab, media_type, port, size,
};

pub(super) fn define(d: Dialect, defs: &mut Defs) {
    defs.add("mcpAdapter", adapter(d));
    defs.add("mcpTool", tool(d));
    let input = Shape::new("an input")
        .name(d, extended())
        .need("type", input_type(), "What it is.")
        .need("description", text(), "What it means.")
        .may("required", flag_or(true), "Whether a caller must give it.")
        .build();
    defs.add("input", input);
    if d >= Dialect::Alpha2 {
        let hints = Shape::new("the hints of a tool")
            .may("readOnly", flag(), "It changes nothing.")
            .may("destructive", flag(), "It may destroy something.")
            .may(
                "idempotent",
                flag(),
                "Calling it twice changes nothing more.",
            )
            .may("openWorld", flag(), "It reaches beyond this server.")
            .build();
        defs.add("mcpHints", hints);
    }
    if d >= Dialect::V0_5 {
        defs.add("mcpResource", resource(d));
        prompts(d, defs);
    }
}

fn adapter(d: Dialect) -> Value {
    let named = |item: &str| Named::new(refer(item)).keys(KEBAB).filled().build(d);
    let shape = Shape::new("an MCP adapter")
        .need("type", exactly("mcp"), "An MCP server.")
        .may(
            "transport",
            word_or(&["http", "stdio"], "http"),
            "How clients reach it.",
        )
        .may("address", address(), "The address to listen on.")
        .may("port", port(), "The port to listen on.")
        .need("namespace", kebab(), "The name of this server.")
        .may("description", text(), "What this server is for.")
        .may_if(
            d >= Dialect::Alpha2,
            "authentication",
            refer("authentication"),
            "How clients prove who they are.",
        )
        .may_if(
            d.has_binary(),
            "maxBinarySize",
            size(),
            "The largest binary payload.",
        )
        .may_if(
            d >= Dialect::Beta4,
            "ttlMs",
            json!({ "type": "integer" }),
            "How long answers stay fresh, in ms.",
        )
        .may_if(
            d >= Dialect::Beta4,
            "cacheScope",
            word(&["public", "private"]),
            "Who may share answers.",
        )
        .need("tools", named("mcpTool"), "What clients can call.");
    let shape = if d >= Dialect::V0_5 {
        shape
            .may("resources", named("mcpResource"), "What clients can read.")
            .may("prompts", named("mcpPrompt"), "What clients can ask with.")
    } else {
        shape
    };
    shape.also("oneOf", transports()).build()
}

/// HTTP needs a port and stdio has none. Without `transport` it is HTTP, if there is a port.
fn transports() -> Value {
    json!([
        {
            "title": "an MCP adapter over HTTP",
            "properties": { "transport": { "const": "http" } },
            "required": ["port"],
        },
        {
            "title": "an MCP adapter over stdio",
            "properties": { "transport": { "const": "stdio" } },
            "required": ["transport"],
            "not": requires(&["port"]),
        },
    ])
}

fn tool(d: Dialect) -> Value {
    let inputs = Named::new(refer("input")).keys(EXTENDED).build(d);
    let tool = Shape::new("an MCP tool");
    // What a flow says already need not be repeated, hence the forms ask for it since there are flows.
    let tool = match (d.has_aggregates(), d.keyed()) {
        (false, _) => tool
            .need("name", kebab(), "The name that clients call.")
            .need("description", text(), "What it does and when to call it."),
        (true, false) => tool
            .may("name", kebab(), "The name that clients call.")
            .may("description", text(), "What it does and when to call it."),
        (true, true) => tool.may("description", text(), "What it does and when to call it."),
    };
    let tool = tool
        .may_if(d >= Dialect::V0_5, d.label(), text(), "The name to show.")
        .tags(d)
        .may("inputParameters", inputs, "What clients give.");
    let tool = units::outputs(units::work(units::reference(tool, d), d), d);
    tool.may_if(
        d >= Dialect::Alpha2,
        "hints",
        refer("mcpHints"),
        "What clients may expect of it.",
    )
    .also("anyOf", tool_forms(d))
    .build()
}

fn tool_forms(d: Dialect) -> Value {
    let own: &[&str] = match (d.has_aggregates(), d.keyed()) {
        (false, _) => &[],
        (true, false) => &["name", "description"],
        (true, true) => &["description"],
    };
    let mut forms = vec![units::by_call(own), units::by_steps(d, own)];
    if d.has_aggregates() {
        forms.extend([units::by_reference(), units::by_mock(d, own)]);
    }
    forms.into()
}

fn resource(d: Dialect) -> Value {
    let outputs =
        json!({ "type": if d.keyed() { json!(["array", "object"]) } else { json!("array") } });
    let excluded = |mut form: Value, keys: Value| {
        if let Some(form) = form.as_object_mut() {
            form.insert("not".into(), keys);
        }
        form
    };
    let forms = json!([
        excluded(units::by_call(&[]), requires(&["location"])),
        excluded(units::by_steps(d, &[]), requires(&["location"])),
        excluded(
            requires(&["location"]),
            json!({ "anyOf": [requires(&["call"]), requires(&["steps"])] })
        ),
    ]);
    let shape = Shape::new("an MCP resource")
        .name(d, extended())
        .need(d.label(), text(), "The name to show.")
        .need("uri", text(), "The URI that clients read.")
        .need("description", text(), "What it is.")
        .may("mimeType", media_type(), "The media type.")
        .may_if(
            d.has_binary(),
            "binary",
            flag_or(false),
            "Whether it is passed on as bytes.",
        );
    units::work(shape, d)
        .may("outputParameters", outputs, "What comes out.")
        .may("location", file(), "A folder of files to serve.")
        .also("oneOf", forms)
        .build()
}

fn prompts(d: Dialect, defs: &mut Defs) {
    let arguments = Named::new(refer("promptArgument"))
        .keys(EXTENDED)
        .filled_as_list()
        .build(d);
    let prompt = Shape::new("an MCP prompt")
        .name(d, extended())
        .need(d.label(), text(), "The name to show.")
        .need("description", text(), "What it is for.")
        .may("arguments", arguments, "What clients fill in.")
        .may(
            "template",
            filled_list(refer("promptMessage")),
            "The messages, with placeholders.",
        )
        .may("location", file(), "A file that has the messages.")
        .also(
            "oneOf",
            json!([
                { "required": ["template"], "not": requires(&["location"]) },
                { "required": ["location"], "not": requires(&["template"]) },
            ]),
        )
        .build();
    defs.add("mcpPrompt", prompt);
    let argument = Shape::new("an argument of a prompt")
        .name(d, extended())
        .may(d.label(), text(), "The name to show.")
        .need("description", text(), "What it means.")
        .may("required", flag_or(true), "Whether a client must give it.")
        .build();
    defs.add("promptArgument", argument);
    let message = Shape::new("a message of a prompt")
        .need("role", word(&["user", "assistant"]), "Who says it.")
        .need("content", text(), "What is said, with placeholders.")
        .build();
    defs.add("promptMessage", message);
}
