//! `info`: what the document is and who stands behind it.

use crate::build::{Defs, Shape, list, matching, refer, text};
use crate::dialect::Dialect;
use crate::names::{DATE, EMAIL};

pub(super) fn define(d: Dialect, defs: &mut Defs) {
    let info = Shape::new("`info`")
        .need(d.label(), text(), "The name to show.")
        .need("description", text(), "What the capability does.")
        .may("tags", list(text()), "Words to find this by.")
        .may("created", matching(DATE), "The day it was made; quote it.")
        .may(
            "modified",
            matching(DATE),
            "The day it was last changed; quote it.",
        )
        .may_if(
            d >= Dialect::Beta4,
            "version",
            text(),
            "The version of the capability itself.",
        )
        .may(
            "stakeholders",
            list(refer("person")),
            "Who stands behind it.",
        )
        .build();
    defs.add("info", info);
    let person = Shape::new("a stakeholder")
        .need("role", text(), "What they do.")
        .need("fullName", text(), "Who they are.")
        .may("email", matching(EMAIL), "Where to write to them.")
        .build();
    defs.add("person", person);
}
