//! The formats of answers.

use std::borrow::Cow;

use serde_json::Value;

use crate::error::{FormatError, error};
use crate::{delimited, xml};

/// How deep a decoded tree may be: as deep as JSON text is read.
pub(crate) const DEPTH: usize = 128;

/// A format that can be read as a JSON tree.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Format {
    /// As it is.
    Json,
    /// Elements and attributes become members; the name of the root is dropped, siblings of one name become a list,
    /// every scalar is text.
    Xml,
    /// The first document.
    Yaml,
    /// A list of objects: the first row holds the names, commas between.
    Csv,
    /// The same with tabs.
    Tsv,
    /// The same with `|`.
    Psv,
    /// One text.
    Text,
}

impl Format {
    /// The words of documents.
    pub const ALL: [(&'static str, Format); 7] = [
        ("json", Format::Json),
        ("xml", Format::Xml),
        ("yaml", Format::Yaml),
        ("csv", Format::Csv),
        ("tsv", Format::Tsv),
        ("psv", Format::Psv),
        ("text", Format::Text),
    ];

    /// The format that a word names, in any case.
    pub fn parse(word: &str) -> Option<Self> {
        Self::ALL
            .iter()
            .find(|(known, _)| known.eq_ignore_ascii_case(word))
            .map(|(_, f)| *f)
    }

    /// The bytes as JSON text.
    ///
    /// # Errors
    /// Bytes that are not of the format, or nested deeper than JSON text is read. JSON itself is not looked at.
    pub fn to_json(self, bytes: &[u8]) -> Result<Cow<'_, [u8]>, FormatError> {
        let value = match self {
            Format::Json => return Ok(Cow::Borrowed(bytes)),
            Format::Xml => xml::decode(text(bytes)?)?,
            Format::Yaml => yaml(text(bytes)?)?,
            Format::Csv => delimited::decode(bytes, b',')?,
            Format::Tsv => delimited::decode(bytes, b'\t')?,
            Format::Psv => delimited::decode(bytes, b'|')?,
            Format::Text => Value::from(text(bytes)?),
        };
        serde_json::to_vec(&value).map(Cow::Owned).map_err(error)
    }
}

/// The text of the bytes, without a byte order mark.
fn text(bytes: &[u8]) -> Result<&str, FormatError> {
    let text = std::str::from_utf8(bytes).map_err(error)?;
    Ok(text.strip_prefix('\u{feff}').unwrap_or(text))
}

/// The first YAML document. The bracket depth is looked at first: the parser takes quadratic time over deep brackets.
fn yaml(text: &str) -> Result<Value, FormatError> {
    let mut depth = 0_usize;
    for byte in text.bytes() {
        match byte {
            b'[' | b'{' => depth += 1,
            b']' | b'}' => depth = depth.saturating_sub(1),
            _ => {}
        }
        if depth > DEPTH {
            return Err(FormatError(format!("nested deeper than {DEPTH} levels")));
        }
    }
    let first = serde_yaml::Deserializer::from_str(text)
        .next()
        .ok_or_else(|| FormatError(String::from("there is no document")))?;
    let value: serde_yaml::Value = serde::Deserialize::deserialize(first).map_err(error)?;
    serde_json::to_value(value).map_err(error)
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    fn read(format: Format, text: &str) -> Value {
        serde_json::from_slice(&format.to_json(text.as_bytes()).unwrap()).unwrap()
    }

    #[test]
    fn words_name_formats() {
        assert_eq!(Format::parse("XML"), Some(Format::Xml));
        assert_eq!(Format::parse("avro"), None);
    }

    #[test]
    fn yaml_is_its_first_document() {
        assert_eq!(
            read(Format::Yaml, "a: 1\nb: [x, null]\n---\nc: 2\n"),
            json!({"a": 1, "b": ["x", null]})
        );
        assert!(Format::Yaml.to_json(b"a: [").is_err());
        assert!(
            Format::Yaml
                .to_json("[".repeat(100_000).as_bytes())
                .is_err()
        );
    }

    #[test]
    fn text_is_one_text() {
        assert_eq!(read(Format::Text, "\u{feff}a\n\"b\""), json!("a\n\"b\""));
        assert!(Format::Text.to_json(&[0xff]).is_err());
    }
}
