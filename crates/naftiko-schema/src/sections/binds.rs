//! Where variables come from: `externalRefs` until 0.5, `binds` since 1.0.0-alpha1.

use serde_json::{Value, json};

use crate::build::{Defs, Shape, exactly, exactly_one, matching, text};
use crate::dialect::Dialect;
use crate::names::{EXTENDED, LOCATION, VARIABLE, extended, kebab};

pub(super) fn define(d: Dialect, defs: &mut Defs) {
    if d.has_binds() {
        let binding = Shape::new("a bind")
            .need("namespace", kebab(), "The name of this bind.")
            .may("description", text(), "What this is.")
            .may(
                "location",
                matching(LOCATION),
                "The source of the values; the environment if left out.",
            )
            .need(
                "keys",
                keys(VARIABLE),
                "The key in the source for each variable.",
            )
            .build();
        defs.add("binding", binding);
        return;
    }
    defs.add(
        "externalRef",
        exactly_one("an external reference", &["fileRef", "runtimeRef"]),
    );
    let file =
        Shape::new("a reference to a file").need("name", kebab(), "The name of this reference.");
    // Only 0.4 asks files, and only files, for a description.
    let file = if d == Dialect::V0_4 {
        file.need("description", text(), "What this is.")
    } else {
        file.may("description", text(), "What this is.")
    };
    let file = file
        .need("type", exactly("environment"), "A file of variables.")
        .need("resolution", exactly("file"), "Read from a file.")
        .need("uri", text(), "The file.")
        .need(
            "keys",
            keys(EXTENDED),
            "The key in the source for each variable.",
        )
        .build();
    defs.add("fileRef", file);
    let runtime = Shape::new("a reference to the environment")
        .need("name", kebab(), "The name of this reference.")
        .may_if(d >= Dialect::V0_5, "description", text(), "What this is.")
        .need(
            "type",
            exactly("variables"),
            "Variables of the environment.",
        )
        .need(
            "resolution",
            exactly("runtime"),
            "Read when the capability starts.",
        )
        .need(
            "keys",
            keys(EXTENDED),
            "The key in the source for each variable.",
        )
        .build();
    defs.add("runtimeRef", runtime);
}

/// Variables to the keys of the source. A key has no dots: sources are flat.
fn keys(variable: &str) -> Value {
    json!({
        "type": "object",
        "propertyNames": { "pattern": variable },
        "additionalProperties": extended(),
    })
}
