//! What a consumed operation sends.

use serde_json::{Value, json};

use crate::build::{Defs, Shape, exactly, exactly_one, list, refer, text, word};
use crate::dialect::Dialect;

pub(super) fn define(_: Dialect, defs: &mut Defs) {
    let kinds = [
        "bodyJson",
        "bodyText",
        "bodyForm",
        "bodyMultipart",
        "bodyRaw",
    ];
    defs.add("requestBody", exactly_one("a request body", &kinds));
    let json_data = json!({ "type": ["string", "object", "array"] });
    defs.add("bodyJson", body("a JSON body", exactly("json"), json_data));
    defs.add(
        "bodyText",
        body("a text body", word(&["text", "xml", "sparql"]), text()),
    );
    let fields = json!({ "type": ["string", "object"], "additionalProperties": text() });
    defs.add(
        "bodyForm",
        body("a form body", exactly("formUrlEncoded"), fields),
    );
    defs.add(
        "bodyMultipart",
        body(
            "a multipart body",
            exactly("multipartForm"),
            list(refer("bodyPart")),
        ),
    );
    defs.add(
        "bodyRaw",
        json!({ "title": "a raw body", "type": "string" }),
    );
    let part = Shape::new("a part of a multipart body")
        .need("name", text(), "The name of the part.")
        .need("value", text(), "What is sent: a constant or a template.")
        .may("filename", text(), "The file name to claim.")
        .may("contentType", text(), "The media type of the part.")
        .build();
    defs.add("bodyPart", part);
}

fn body(title: &'static str, kind: Value, data: Value) -> Value {
    Shape::new(title)
        .need("type", kind, "How the data is encoded.")
        .need("data", data, "What is sent, with placeholders.")
        .build()
}
