//! A request as the sandbox looks at it: decoded once, without its headers.

use bytes::Bytes;
use percent_encoding::percent_decode_str;
use serde_json::{Map, Value};

/// The most text of a body that is not JSON that an echo gives back, in bytes.
const MAX_ECHOED_TEXT: usize = 64 * 1024;

/// What of a request may be echoed and filtered by.
#[derive(Debug)]
pub(crate) struct Incoming {
    /// The method, upper case.
    pub(crate) method: String,
    /// The decoded segments below the namespace.
    pub(crate) path: Vec<String>,
    /// The decoded query, in its order.
    pub(crate) query: Vec<(String, String)>,
    /// The media type of the body, lower case, without parameters.
    pub(crate) media_type: String,
    /// The whole body.
    pub(crate) body: Bytes,
}

impl Incoming {
    /// The value of a query parameter; `Err` when it was given more than once.
    pub(crate) fn query_value(&self, name: &str) -> Result<Option<&str>, GivenTwice> {
        let mut values = self
            .query
            .iter()
            .filter(|(n, _)| n == name)
            .map(|(_, v)| v.as_str());
        let first = values.next();
        if values.next().is_some() {
            Err(GivenTwice)
        } else {
            Ok(first)
        }
    }

    /// The body as JSON: a JSON document, a form's members, a text, or how many bytes it has.
    pub(crate) fn body_value(&self) -> Value {
        if self.body.is_empty() {
            return Value::Null;
        }
        if self.media_type == "application/x-www-form-urlencoded" {
            return pairs_value(&query_pairs(&String::from_utf8_lossy(&self.body)));
        }
        if let Ok(value) = serde_json::from_slice(&self.body) {
            return value;
        }
        match std::str::from_utf8(&self.body) {
            Ok(text) if text.len() <= MAX_ECHOED_TEXT => Value::from(text),
            _ => Value::from(Map::from_iter([(
                "bytes".to_owned(),
                Value::from(self.body.len()),
            )])),
        }
    }
}

/// A query parameter that takes one value came with several.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct GivenTwice;

/// The decoded pairs of a query or of a form body. Text that is not UTF-8 keeps its readable part.
pub(crate) fn query_pairs(query: &str) -> Vec<(String, String)> {
    let decode = |text: &str| {
        let spaced = text.replace('+', " ");
        percent_decode_str(&spaced).decode_utf8_lossy().into_owned()
    };
    query
        .split('&')
        .filter(|pair| !pair.is_empty())
        .map(|pair| {
            let (name, value) = pair.split_once('=').unwrap_or((pair, ""));
            (decode(name), decode(value))
        })
        .collect()
}

/// Pairs as an object; a repeated name becomes an array.
pub(crate) fn pairs_value(pairs: &[(String, String)]) -> Value {
    let mut object = Map::new();
    for (name, value) in pairs {
        match object.get_mut(name) {
            None => {
                object.insert(name.clone(), Value::from(value.as_str()));
            }
            Some(Value::Array(values)) => values.push(Value::from(value.as_str())),
            Some(first) => *first = Value::from(vec![first.take(), Value::from(value.as_str())]),
        }
    }
    Value::from(object)
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    fn incoming(media_type: &str, body: &[u8]) -> Incoming {
        Incoming {
            method: "POST".into(),
            path: vec![],
            query: query_pairs("a=1&b=x%20y+z&a=2&c&&=e"),
            media_type: media_type.into(),
            body: Bytes::copy_from_slice(body),
        }
    }

    #[test]
    fn queries_are_decoded_and_repeated_names_are_arrays() {
        let value = pairs_value(&incoming("", b"").query);
        assert_eq!(
            value,
            json!({"a": ["1", "2"], "b": "x y z", "c": "", "": "e"})
        );
        assert_eq!(incoming("", b"").query_value("a"), Err(GivenTwice));
        assert_eq!(incoming("", b"").query_value("c"), Ok(Some("")));
        assert_eq!(incoming("", b"").query_value("d"), Ok(None));
    }

    #[test]
    fn bodies_are_told_as_what_they_are() {
        let form = "application/x-www-form-urlencoded";
        assert_eq!(
            incoming("application/json", b"{\"a\":[1]}").body_value(),
            json!({"a": [1]})
        );
        assert_eq!(
            incoming(form, b"a=1&b=%C3%A9").body_value(),
            json!({"a": "1", "b": "é"})
        );
        assert_eq!(
            incoming("text/plain", b"hello").body_value(),
            json!("hello")
        );
        assert_eq!(
            incoming("", b"\xff\xfe\x00").body_value(),
            json!({"bytes": 3})
        );
        assert_eq!(incoming("", b"").body_value(), Value::Null);
        let deep = "[".repeat(100_000);
        assert_eq!(
            incoming("application/json", deep.as_bytes()).body_value(),
            json!({"bytes": 100_000})
        );
    }
}
