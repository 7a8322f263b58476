//! The forms of strings: their patterns, and the words in which a message says what a pattern asks for.
//!
//! The published patterns are restated so that every regex engine reads them alike: no bare `-` inside a class, and
//! `[0-9]` for digits.

use serde_json::{Value, json};

use crate::build::matching;

/// A name of a namespace, operation, tool or step. Upper case is allowed, unlike in kebab case proper.
pub(crate) const KEBAB: &str = "^[A-Za-z0-9-]+$";
/// A name of a parameter.
pub(crate) const EXTENDED: &str = "^[A-Za-z0-9_*-]+$";
/// A name of a variable.
pub(crate) const VARIABLE: &str = "^[A-Z][A-Z0-9_]*$";
/// `namespace.operation`
pub(crate) const CALL: &str = r"^[A-Za-z0-9-]+\.[A-Za-z0-9-]+$";
/// Where a step mapping writes, since 1.0.0-alpha2.
pub(crate) const TARGET: &str = "^[A-Za-z0-9_.-]+$";
/// Any URI with an authority part.
pub(crate) const LOCATION: &str = "^[A-Za-z][A-Za-z0-9+.-]*://";
/// A file of this machine.
pub(crate) const FILE: &str = "^file:///";
/// The base of a consumed API.
pub(crate) const BASE_URI: &str = "^https?://[^/]+(/[^{]*)?$";
/// A calendar day.
pub(crate) const DATE: &str = "^[0-9]{4}-(0[1-9]|1[0-2])-(0[1-9]|[12][0-9]|3[01])$";
/// An e-mail address.
pub(crate) const EMAIL: &str = r"^[A-Za-z0-9._%+-]+@[A-Za-z0-9.-]+\.[A-Za-z]{2,}$";
/// A size with its unit.
pub(crate) const SIZE: &str = r"^[0-9]+(\.[0-9]+)?(B|KiB|MiB|GiB)$";
/// A status, or a class of them.
pub(crate) const STATUS: &str = "^[1-5][0-9X]{2}$";
/// A media type with its parameters.
pub(crate) const MEDIA_TYPE: &str = concat!(
    r"^[A-Za-z0-9!#$&^_.+-]+/[A-Za-z0-9!#$&^_.+-]+",
    r#"(\s*;\s*[A-Za-z0-9!#$&^_.+-]+=([A-Za-z0-9!#$&^_.+-]+|"[^"]*"))*$"#,
);
/// A host name, which IPv4 addresses are too by their form, or a simplified IPv6 address.
pub(crate) const ADDRESS: &str = concat!(
    r"^([A-Za-z0-9]([A-Za-z0-9-]{0,61}[A-Za-z0-9])?(\.[A-Za-z0-9]([A-Za-z0-9-]{0,61}[A-Za-z0-9])?)*",
    r"|([0-9A-Fa-f]{0,4}:){2,7}[0-9A-Fa-f]{0,4})$",
);

/// What a pattern asks for, to be read after "must be".
const WORDS: [(&str, &str); 14] = [
    (KEBAB, "made of letters, digits and hyphens"),
    (
        EXTENDED,
        "made of letters, digits, hyphens, underscores and asterisks",
    ),
    (
        VARIABLE,
        "made of upper-case letters, digits and underscores, a letter first",
    ),
    (
        CALL,
        "a namespace, a dot and a name, each made of letters, digits and hyphens",
    ),
    (
        TARGET,
        "made of letters, digits, hyphens, underscores and dots",
    ),
    (
        LOCATION,
        "a URI with a scheme, such as `file:///settings.yaml`",
    ),
    (FILE, "a URI that begins with `file:///`"),
    (
        BASE_URI,
        "an `http://` or `https://` URI without a placeholder in its path",
    ),
    (DATE, "a date such as `2026-01-31`"),
    (EMAIL, "an e-mail address"),
    (SIZE, "a size with its unit, such as `10MiB`"),
    (
        STATUS,
        "an HTTP status such as `200`, or a class such as `2XX`",
    ),
    (MEDIA_TYPE, "a media type such as `application/json`"),
    (ADDRESS, "a host name or an IP address"),
];

/// What a pattern asks for, to be read after "must be".
pub(crate) fn words(pattern: &str) -> &'static str {
    WORDS
        .iter()
        .find(|(known, _)| *known == pattern)
        .map_or("of another form", |(_, words)| words)
}

pub(crate) fn kebab() -> Value {
    matching(KEBAB)
}

pub(crate) fn extended() -> Value {
    matching(EXTENDED)
}

pub(crate) fn call() -> Value {
    matching(CALL)
}

pub(crate) fn address() -> Value {
    matching(ADDRESS)
}

pub(crate) fn media_type() -> Value {
    matching(MEDIA_TYPE)
}

pub(crate) fn size() -> Value {
    matching(SIZE)
}

/// A file of this machine. The format is a note for editors; formats are not asserted.
pub(crate) fn file() -> Value {
    json!({ "type": "string", "format": "uri", "pattern": FILE })
}

/// A TCP port.
pub(crate) fn port() -> Value {
    json!({ "type": "integer", "minimum": 1, "maximum": 65535 })
}

/// What a value from outside is.
pub(crate) fn input_type() -> Value {
    crate::build::word(&["string", "number", "integer", "boolean", "array", "object"])
}

/// The methods that can be consumed and exposed.
pub(crate) fn method() -> Value {
    crate::build::word_or(&["GET", "POST", "PUT", "PATCH", "DELETE"], "GET")
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::Dialect;

    fn patterns<'s>(part: &'s Value, into: &mut Vec<&'s str>) {
        into.extend(part.get("pattern").and_then(Value::as_str));
        match part {
            Value::Object(map) => map.values().for_each(|part| patterns(part, into)),
            Value::Array(parts) => parts.iter().for_each(|part| patterns(part, into)),
            _ => {}
        }
    }

    #[test]
    fn every_pattern_of_a_schema_has_words() {
        for d in Dialect::ALL {
            let schema = crate::schema(d);
            let mut all = Vec::new();
            patterns(&schema, &mut all);
            assert!(!all.is_empty());
            for pattern in all {
                assert!(
                    WORDS.iter().any(|(known, _)| *known == pattern),
                    "{d}: {pattern}"
                );
            }
        }
    }
}
