//! Encoders of request bodies.

use std::hash::{BuildHasher, RandomState};

use serde_json::Value;

use crate::error::{FormatError, error};

/// `name=value` pairs as `application/x-www-form-urlencoded`.
pub fn form<'a>(pairs: impl IntoIterator<Item = (&'a str, &'a str)>) -> String {
    form_urlencoded::Serializer::new(String::new())
        .extend_pairs(pairs)
        .finish()
}

/// One text as a form writes it.
pub fn form_component(text: &str) -> String {
    form_urlencoded::byte_serialize(text.as_bytes()).collect()
}

/// Text with the five characters of XML written as entities. Control characters that XML cannot hold are left out.
pub fn xml_text(text: &str) -> String {
    let held: String = text
        .chars()
        .filter(|c| !c.is_control() || matches!(c, '\t' | '\n' | '\r'))
        .collect();
    quick_xml::escape::escape(held).into_owned()
}

/// A value as YAML text.
///
/// # Errors
/// A value that YAML cannot hold; there is none among JSON values.
pub fn yaml(value: &Value) -> Result<String, FormatError> {
    serde_yaml::to_string(value).map_err(error)
}

/// One part of a multipart body.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Part {
    /// The name of the field.
    pub name: String,
    /// Its value.
    pub value: String,
    /// The name of a file.
    pub filename: Option<String>,
    /// The media type.
    pub content_type: Option<String>,
}

/// Parts as `multipart/form-data`: the media type with its boundary, and the body.
pub fn multipart(parts: &[Part]) -> (String, Vec<u8>) {
    let boundary = boundary(parts);
    let mut body = String::new();
    for part in parts {
        body.push_str(&format!(
            "--{boundary}\r\nContent-Disposition: form-data; name=\""
        ));
        body.push_str(&quoted(&part.name));
        body.push('"');
        if let Some(filename) = &part.filename {
            body.push_str(&format!("; filename=\"{}\"", quoted(filename)));
        }
        body.push_str("\r\n");
        if let Some(kind) = &part.content_type {
            let kind: String = kind.chars().filter(|c| !c.is_control()).collect();
            body.push_str(&format!("Content-Type: {kind}\r\n"));
        }
        body.push_str("\r\n");
        body.push_str(&part.value);
        body.push_str("\r\n");
    }
    body.push_str(&format!("--{boundary}--\r\n"));
    (
        format!("multipart/form-data; boundary={boundary}"),
        body.into_bytes(),
    )
}

/// A boundary that no part holds. It is random, so that nobody who gives a value can guess it.
fn boundary(parts: &[Part]) -> String {
    loop {
        let random = |salt: u8| RandomState::new().hash_one((parts.len(), salt));
        let boundary = format!("naftiko-{:016x}{:016x}", random(0), random(1));
        if !parts.iter().any(|part| part.value.contains(&boundary)) {
            return boundary;
        }
    }
}

/// A name inside the quotes of a header, as browsers write it.
fn quoted(text: &str) -> String {
    text.replace('"', "%22")
        .replace('\r', "%0D")
        .replace('\n', "%0A")
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn forms_are_encoded() {
        assert_eq!(form([("a b", "c&d"), ("e", "é+")]), "a+b=c%26d&e=%C3%A9%2B");
        assert_eq!(form_component("x y&z"), "x+y%26z");
    }

    #[test]
    fn xml_text_cannot_break_out() {
        assert_eq!(
            xml_text("<a b=\"c\">&'\u{0}"),
            "&lt;a b=&quot;c&quot;&gt;&amp;&apos;"
        );
    }

    #[test]
    fn yaml_is_written_by_the_library() {
        assert_eq!(
            yaml(&json!({"a": [1, "x: y"]})).unwrap(),
            "a:\n- 1\n- 'x: y'\n"
        );
    }

    #[test]
    fn parts_are_separated_by_a_boundary_of_their_own() {
        let part = |name: &str, value: &str| Part {
            name: name.into(),
            value: value.into(),
            filename: None,
            content_type: None,
        };
        let mut file = part("f\"\r\n", "content");
        file.filename = Some("a.txt".into());
        file.content_type = Some("text/plain\r\nX: y".into());
        let (kind, body) = multipart(&[part("a", "1"), file]);
        let boundary = kind.strip_prefix("multipart/form-data; boundary=").unwrap();
        let body = String::from_utf8(body).unwrap().replace(boundary, "B");
        let expected = "--B\r\nContent-Disposition: form-data; name=\"a\"\r\n\r\n1\r\n--B\r\n\
            Content-Disposition: form-data; name=\"f%22%0D%0A\"; filename=\"a.txt\"\r\n\
            Content-Type: text/plainX: y\r\n\r\ncontent\r\n--B--\r\n";
        assert_eq!(body, expected);
    }
}
