//! What comes out: mapped outputs of a call, named outputs of steps, and the values of a mock.

use serde_json::{Value, json};

use crate::build::{
    Defs, Named, Shape, exactly, exactly_one, filled_list, refer, requires, text, word,
};
use crate::dialect::Dialect;
use crate::names::extended;

/// What an output is; there are no integers.
pub(super) fn output_type() -> Value {
    word(&["string", "number", "boolean", "object", "array"])
}

pub(super) fn define(d: Dialect, defs: &mut Defs) {
    mapped(d, defs);
    of_steps(d, defs);
    if d.has_aggregates() {
        let mock = Shape::new("an output of a mock (without `call`, `steps` or `ref`)")
            .name(d, extended())
            .need(
                "type",
                word(&["string", "number", "boolean"]),
                "What the value is.",
            )
            .need("value", text(), "The value.")
            .build();
        defs.add("mockOutput", mock);
    }
}

fn mapped(d: Dialect, defs: &mut Defs) {
    let kinds = [
        "mappedString",
        "mappedNumber",
        "mappedBoolean",
        "mappedObject",
        "mappedArray",
    ];
    defs.add("mappedOutput", exactly_one("a mapped output", &kinds));
    // 1.0.0-alpha2 made `value` the static output and left `const` as a remark.
    let fixed = if d >= Dialect::Alpha2 {
        "value"
    } else {
        "const"
    };
    for (name, title, kind) in [
        ("mappedString", "a mapped string output", "string"),
        ("mappedNumber", "a mapped number output", "number"),
        ("mappedBoolean", "a mapped boolean output", "boolean"),
    ] {
        let scalar = mapped_base(d, title, kind)
            .also("oneOf", json!([requires(&["mapping"]), requires(&[fixed])]))
            .build();
        defs.add(name, scalar);
    }
    let properties = json!({ "type": "object", "additionalProperties": refer("mappedOutput") });
    let object = mapped_base(d, "a mapped object output", "object")
        .need(
            "properties",
            properties,
            "The members of the object, by name.",
        )
        .build();
    defs.add("mappedObject", object);
    let items = if d >= Dialect::Alpha1 {
        refer("mappedOutput")
    } else {
        filled_list(refer("mappedOutput"))
    };
    let array = mapped_base(d, "a mapped array output", "array")
        .need("items", items, "What every item becomes.")
        .build();
    defs.add("mappedArray", array);
}

fn mapped_base(d: Dialect, title: &'static str, kind: &str) -> Shape {
    let constant = json!({ "type": ["string", "number", "boolean", "array", "object"] });
    Shape::new(title)
        .need("type", exactly(kind), "What the value is.")
        .may("mapping", text(), "A JSONPath into the response.")
        .may("const", constant, "A value that is always the same.")
        .may_if(
            d >= Dialect::Alpha2,
            "value",
            text(),
            "A value that is always the same, or a template.",
        )
}

fn of_steps(d: Dialect, defs: &mut Defs) {
    let kinds = ["stepScalar", "stepArray", "stepObject"];
    defs.add("stepOutput", exactly_one("an output of steps", &kinds));
    let scalar = Shape::new("a scalar output of steps")
        .name(d, extended())
        .need(
            "type",
            word(&["string", "number", "boolean"]),
            "What the value is.",
        )
        .build();
    defs.add("stepScalar", scalar);
    let items = Named::new(refer("stepOutput")).filled().build(d);
    let array = Shape::new("an array output of steps")
        .name(d, extended())
        .need("type", exactly("array"), "What the value is.")
        .need("items", items, "What every item has.")
        .build();
    defs.add("stepArray", array);
    let properties = json!({ "type": "object", "additionalProperties": refer("stepOutput") });
    let object = Shape::new("an object output of steps")
        .name(d, extended())
        .need("type", exactly("object"), "What the value is.")
        .need(
            "properties",
            properties,
            "The members of the object, by name.",
        )
        .build();
    defs.add("stepObject", object);
}
