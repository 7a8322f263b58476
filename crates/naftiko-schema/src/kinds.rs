//! The schema of a dialect for programs with kinds of their own: what editors need to know of those.

use serde_json::{Value, json};

use crate::build::refer;
use crate::dialect::Dialect;
use crate::sections::root;

/// Where documents of all dialects list servers.
const SERVERS: [&str; 2] = [
    "/$defs/capability/properties/exposes/items/oneOf",
    "/properties/exposes/items/oneOf",
];
/// Where the `type` of a consumed API stands.
const API_TYPE: &str = "/$defs/consumedApi/properties/type";

/// [`schema`](crate::schema) with kinds that no dialect has: the words that documents may write as `type` of a server,
/// and of a consumed API, besides those of the dialect.
///
/// A server of such a kind has a `type` and whatever else: what it may say is for its kind to tell. Consumed APIs are
/// written alike whatever their kind. Nothing is measured against this schema but by editors.
pub fn schema_with_kinds(d: Dialect, servers: &[&str], apis: &[&str]) -> Value {
    let mut schema = root::document(d);
    if !servers.is_empty() {
        for place in SERVERS {
            if let Some(Value::Array(forms)) = schema.pointer_mut(place) {
                forms.push(refer("otherServer"));
            }
        }
        if let Some(Value::Object(definitions)) = schema.get_mut("$defs") {
            let server = json!({
                "title": "a server of another type",
                "type": "object",
                "properties": {"type": {"type": "string", "enum": servers}},
                "required": ["type"],
            });
            definitions.insert("otherServer".to_owned(), server);
        }
    }
    if !apis.is_empty()
        && let Some(Value::Object(kind)) = schema.pointer_mut(API_TYPE)
    {
        let own = kind.remove("const");
        let words = own.into_iter().chain(apis.iter().copied().map(Value::from));
        kind.insert("enum".to_owned(), words.collect());
    }
    schema
}

#[cfg(test)]
mod tests {
    use super::*;

    fn document(d: Dialect, server: &str, api: &str) -> Value {
        let resources = if d.keyed() {
            json!({"all": {"path": "/all", "operations": {"list": {"method": "GET"}}}})
        } else {
            json!([{"name": "all", "path": "/all", "operations": [{"name": "list", "method": "GET"}]}])
        };
        json!({
            d.root_key(): d.version(),
            "info": {d.label(): "Shop", "description": "A shop."},
            "capability": {
                "exposes": [{"type": server, "port": 8080, "namespace": "shop-rpc", "methods": []}],
                "consumes": [{"type": api, "namespace": "shop", "description": "A shop.",
                    "baseUri": "https://shop.example.com", "resources": resources}],
            },
        })
    }

    #[test]
    fn kinds_of_a_program_are_words_like_others() {
        for d in Dialect::ALL.iter().copied() {
            let schema = schema_with_kinds(d, &["jsonrpc"], &["warehouse"]);
            let validator = jsonschema::validator_for(&schema).unwrap();
            let errors = |server, api| {
                let document = document(d, server, api);
                let errors = validator.iter_errors(&document);
                errors.map(|error| error.to_string()).collect::<Vec<_>>()
            };
            let version = d.version();
            assert!(
                errors("jsonrpc", "warehouse").is_empty(),
                "{version}: {:?}",
                errors("jsonrpc", "warehouse")
            );
            assert!(errors("jsonrpc", "http").is_empty(), "{version}");
            assert!(!errors("jsonrcp", "http").is_empty(), "{version}");
            assert!(!errors("jsonrpc", "warehous").is_empty(), "{version}");
            // The kinds of the specification are held to it as before.
            assert!(!errors("rest", "http").is_empty(), "{version}");
        }
    }

    #[test]
    fn without_kinds_it_is_the_schema_of_the_dialect() {
        for d in Dialect::ALL.iter().copied() {
            assert_eq!(schema_with_kinds(d, &[], &[]), crate::schema(d));
        }
    }
}
