//! Steps, what is taken from them, and the inputs of a call.

use serde_json::{Value, json};

use crate::build::{Defs, Shape, exactly, exactly_one, filled_list, matching, refer, text, word};
use crate::dialect::Dialect;
use crate::names::{EXTENDED, TARGET, call, file, kebab};

/// The languages of scripts.
pub(super) fn language() -> Value {
    word(&["javascript", "python", "groovy"])
}

pub(super) fn define(d: Dialect, defs: &mut Defs) {
    let mut kinds = vec!["stepCall", "stepLookup"];
    if d >= Dialect::Alpha2 {
        kinds.push("stepScript");
        defs.add("stepScript", script(d));
    }
    defs.add("step", exactly_one("a step", &kinds));
    let by_call = Shape::new("a call step")
        .name(d, kebab())
        .need("type", exactly("call"), "Calls a consumed operation.")
        .need("call", call(), "The operation, as `namespace.operation`.")
        .may("with", refer("with"), "The inputs of the call.")
        .build();
    defs.add("stepCall", by_call);
    let lookup = Shape::new("a lookup step")
        .name(d, kebab())
        .need(
            "type",
            exactly("lookup"),
            "Finds an item in the output of an earlier step.",
        )
        .need("index", kebab(), "The earlier step.")
        .need("match", kebab(), "The field of an item to compare.")
        .need("lookupValue", text(), "What it must equal.")
        .need(
            "outputParameters",
            filled_list(text()),
            "The fields to take from the item.",
        )
        .build();
    defs.add("stepLookup", lookup);
    defs.add("stepMapping", mapping(d));
    let with = json!({
        "title": "`with`",
        "type": "object",
        "additionalProperties": { "type": ["string", "number"] },
    });
    defs.add("with", with);
}

fn script(d: Dialect) -> Value {
    let some_text = || json!({ "type": "string", "minLength": 1 });
    Shape::new("a script step")
        .name(d, kebab())
        .need("type", exactly("script"), "Runs a script.")
        .may("language", language(), "The language of the script.")
        .may("location", file(), "The folder of the script.")
        .need("file", some_text(), "The script.")
        .may(
            "dependencies",
            filled_list(some_text()),
            "Scripts to load before it.",
        )
        .may("with", refer("with"), "What the script is given.")
        .build()
}

fn mapping(d: Dialect) -> Value {
    let key = if d.keyed() { "target" } else { "targetName" };
    let target = matching(if d >= Dialect::Alpha2 {
        TARGET
    } else {
        EXTENDED
    });
    Shape::new("a mapping of steps")
        .need(key, target, "The output to fill.")
        .need("value", text(), "A reference to what a step gave.")
        .build()
}
