//! The root of a document, the capability, and imports.

use serde_json::{Map, Value, json};

use crate::build::{Defs, Shape, exactly_one, filled_list, refer, requires, text};
use crate::dialect::Dialect;
use crate::names::kebab;
use crate::sections::definitions;

/// The whole schema of a dialect.
pub(crate) fn document(d: Dialect) -> Value {
    let version = json!({ "type": "string", "const": d.version() });
    let root = Shape::new("a document")
        .may(
            d.root_key(),
            version,
            "The version of the language that this document is written in.",
        )
        .may("info", refer("info"), "What this document is.")
        .may(
            "capability",
            refer("capability"),
            "What is consumed and exposed.",
        );
    let root = if d.has_binds() {
        root.may(
            "binds",
            binds(d),
            "Variables, and where their values come from.",
        )
    } else {
        let refs = filled_list(refer("externalRef"));
        root.may(
            "externalRefs",
            refs,
            "Variables, and where their values come from.",
        )
    };
    let root = root
        .may_if(
            d >= Dialect::V0_5,
            "consumes",
            consumes(d),
            "APIs for other documents to import.",
        )
        .may_if(
            d.imports_everywhere(),
            "exposes",
            exposes(d),
            "Servers for other documents to import.",
        )
        .may_if(
            d.imports_everywhere(),
            "aggregates",
            aggregates(d),
            "Flows for other documents to import.",
        );
    let root = forms(root, d).build();

    let mut schema = Map::new();
    schema.insert(
        "$schema".into(),
        "https://json-schema.org/draft/2020-12/schema".into(),
    );
    if let Value::Object(root) = root {
        schema.extend(root);
    }
    schema.insert("$defs".into(), definitions(d).into_value());
    schema.into()
}

/// What makes a document: until 0.4 a capability; then a capability or a section alone.
fn forms(root: Shape, d: Dialect) -> Shape {
    let key = d.root_key();
    if d == Dialect::V0_4 {
        return root.also("required", json!([key, "info", "capability"]));
    }
    if d < Dialect::Alpha3 {
        // Published as it is: a document with both sections is of both forms, hence of neither.
        return root.also(
            "oneOf",
            json!([requires(&[key, "capability"]), requires(&[key, "consumes"])]),
        );
    }
    let mut forms = vec![requires(&[key, "capability"])];
    for section in ["consumes", "exposes", "aggregates", "binds"] {
        forms.push(json!({ "required": [key, section], "not": requires(&["capability"]) }));
    }
    root.also("oneOf", forms.into())
}

pub(super) fn define(d: Dialect, defs: &mut Defs) {
    let capability = Shape::new("a capability")
        .may_if(
            d.has_binds(),
            "binds",
            binds(d),
            "Variables, and where their values come from.",
        )
        .may("exposes", exposes(d), "The servers of this capability.")
        .may(
            "consumes",
            consumes(d),
            "The APIs that this capability calls.",
        )
        .may_if(
            d.has_aggregates(),
            "aggregates",
            aggregates(d),
            "Flows that several servers share.",
        )
        .also(
            "anyOf",
            json!([requires(&["exposes"]), requires(&["consumes"])]),
        )
        .build();
    defs.add("capability", capability);
    if d >= Dialect::V0_5 {
        let from = if d.imports_everywhere() {
            "from"
        } else {
            "location"
        };
        let import = Shape::new("an import")
            .need(
                from,
                text(),
                "The file to import from, relative to this one.",
            )
            .need("import", kebab(), "The namespace to take.")
            .may("as", kebab(), "The namespace it has here.")
            .may_if(d >= Dialect::Alpha2, "description", text(), "What this is.")
            .build();
        defs.add("import", import);
    }
}

fn binds(d: Dialect) -> Value {
    filled_list(if d.imports_everywhere() {
        exactly_one("an entry of `binds`", &["binding", "import"])
    } else {
        refer("binding")
    })
}

fn consumes(d: Dialect) -> Value {
    filled_list(if d >= Dialect::V0_5 {
        exactly_one("an entry of `consumes`", &["consumedApi", "import"])
    } else {
        refer("consumedApi")
    })
}

fn exposes(d: Dialect) -> Value {
    let mut kinds = vec!["restAdapter", "mcpAdapter"];
    if d >= Dialect::V0_5 {
        kinds.push("skillAdapter");
    }
    if d >= Dialect::Alpha2 {
        kinds.push("controlAdapter");
    }
    if d.imports_everywhere() {
        kinds.push("import");
    }
    filled_list(exactly_one("an entry of `exposes`", &kinds))
}

fn aggregates(d: Dialect) -> Value {
    filled_list(if d.imports_everywhere() {
        exactly_one("an entry of `aggregates`", &["aggregate", "import"])
    } else {
        refer("aggregate")
    })
}
