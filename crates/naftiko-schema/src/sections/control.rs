//! The exposed control server, since 1.0.0-alpha2: management and observability.

use serde_json::{Value, json};

use super::steps::language;
use crate::build::{Defs, Shape, exactly, flag_or, list, refer, text, word_or};
use crate::dialect::Dialect;
use crate::names::{address, file, port};

pub(super) fn define(d: Dialect, defs: &mut Defs) {
    if d < Dialect::Alpha2 {
        return;
    }
    let adapter = Shape::new("a control adapter")
        .need("type", exactly("control"), "A server for operators.")
        .may("address", address(), "The address to listen on.")
        .need("port", port(), "The port to listen on.")
        .may(
            "authentication",
            refer("authentication"),
            "How operators prove who they are.",
        )
        .may("management", refer("management"), "What operators can do.")
        .may(
            "observability",
            refer("observability"),
            "What operators can see.",
        )
        .build();
    defs.add("controlAdapter", adapter);
    defs.add("management", management());
    defs.add("logs", logs());
    defs.add("scripting", scripting());
    defs.add("observability", observability());
}

fn management() -> Value {
    let logs = json!({
        "title": "the log endpoint",
        "oneOf": [{ "type": "boolean" }, refer("logs")],
        "default": false,
    });
    Shape::new("`management`")
        .may(
            "health",
            flag_or(true),
            "Serves whether it is alive and ready.",
        )
        .may("info", flag_or(false), "Serves what runs.")
        .may("reload", flag_or(false), "Serves reloading.")
        .may("validate", flag_or(false), "Serves validation.")
        .may("logs", logs, "Serves logs.")
        .may("scripting", refer("scripting"), "What scripts may do.")
        .build()
}

fn logs() -> Value {
    let subscribers = json!({ "type": "integer", "minimum": 1, "maximum": 20, "default": 5 });
    Shape::new("the log endpoint")
        .may(
            "level-control",
            flag_or(true),
            "Whether levels can be changed.",
        )
        .may("stream", flag_or(false), "Whether logs are streamed.")
        .may(
            "max-subscribers",
            subscribers,
            "How many can listen at once.",
        )
        .build()
}

fn scripting() -> Value {
    let at_least_one =
        |default: u32| json!({ "type": "integer", "minimum": 1, "default": default });
    Shape::new("`scripting`")
        .may("enabled", flag_or(true), "Whether scripts run at all.")
        .may(
            "defaultLocation",
            file(),
            "Where scripts are, if a step does not say.",
        )
        .may(
            "defaultLanguage",
            language(),
            "Their language, if a step does not say.",
        )
        .may(
            "timeout",
            at_least_one(60_000),
            "The longest run of a script, in ms.",
        )
        .may(
            "statementLimit",
            at_least_one(100_000),
            "The most statements of one run.",
        )
        .may(
            "allowedLanguages",
            list(language()),
            "The languages that may run.",
        )
        .build()
}

fn observability() -> Value {
    let enabled = || flag_or(true);
    let local = Shape::new("local metrics")
        .may("enabled", enabled(), "Whether they are served.")
        .build();
    let metrics = Shape::new("`metrics`")
        .may("local", local, "Metrics served here.")
        .build();
    let buffer = json!({ "type": "integer", "minimum": 10, "maximum": 10000, "default": 100 });
    let local = Shape::new("local traces")
        .may("enabled", enabled(), "Whether they are served.")
        .may("buffer-size", buffer, "How many are kept.")
        .build();
    let sampling = json!({ "type": "number", "minimum": 0, "maximum": 1, "default": 1.0 });
    let traces = Shape::new("`traces`")
        .may("sampling", sampling, "The part of all traces that is kept.")
        .may(
            "propagation",
            word_or(&["w3c", "b3"], "w3c"),
            "The headers that carry a trace on.",
        )
        .may("local", local, "Traces served here.")
        .build();
    let otlp = Shape::new("the OTLP exporter")
        .need("endpoint", text(), "Where it sends to.")
        .build();
    let exporters = Shape::new("`exporters`")
        .may("otlp", otlp, "Sends to an OpenTelemetry collector.")
        .build();
    Shape::new("`observability`")
        .may("enabled", enabled(), "Whether there is any.")
        .may("metrics", metrics, "Counts and times.")
        .may("traces", traces, "What a request went through.")
        .may("exporters", exporters, "Where all this is sent.")
        .build()
}
