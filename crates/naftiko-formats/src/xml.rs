//! XML as a JSON tree, as the specification's reference reads it.

use quick_xml::events::{BytesStart, Event};
use quick_xml::{Reader, XmlVersion};
use serde_json::{Map, Value};

use crate::error::{FormatError, error};
use crate::format::DEPTH;

/// An element that is not closed yet.
#[derive(Default)]
struct Open {
    name: String,
    members: Map<String, Value>,
    text: String,
}

/// The tree of the root element: its name is dropped; attributes and child elements become members; siblings of one name
/// become a list, a single one stays as it is; text beside members stands under the empty name; every scalar is text.
/// Entities of a document type are not resolved: a document that uses one is refused.
pub(crate) fn decode(text: &str) -> Result<Value, FormatError> {
    let mut reader = Reader::from_str(text);
    let mut open: Vec<Open> = Vec::new();
    let mut root = None;
    loop {
        match reader.read_event().map_err(error)? {
            Event::Start(start) => {
                if open.len() >= DEPTH {
                    return Err(FormatError(format!("nested deeper than {DEPTH} levels")));
                }
                if root.is_some() {
                    return Err(FormatError(String::from(
                        "there is more than one root element",
                    )));
                }
                open.push(element(&start)?);
            }
            Event::Empty(start) => {
                let closed = element(&start)?;
                close(closed, &mut open, &mut root)?;
            }
            Event::End(_) => {
                let closed = open.pop().unwrap_or_default();
                close(closed, &mut open, &mut root)?;
            }
            Event::Text(part) => {
                let part = part.xml_content(XmlVersion::Implicit1_0);
                add_text(&mut open, &part)?;
            }
            Event::CData(part) => {
                let part = part.xml_content(XmlVersion::Implicit1_0);
                add_text(&mut open, &part)?;
            }
            Event::GeneralRef(reference) => {
                let resolved = match reference.resolve_char_ref().map_err(error)? {
                    Some(c) => c.to_string(),
                    None => quick_xml::escape::resolve_predefined_entity(&reference)
                        .map(str::to_owned)
                        .ok_or_else(|| FormatError(String::from("an entity is not known")))?,
                };
                add_text(&mut open, &resolved)?;
            }
            Event::Eof => break,
            Event::Comment(_) | Event::Decl(_) | Event::PI(_) | Event::DocType(_) => {}
        }
    }
    if !open.is_empty() {
        return Err(FormatError(String::from("an element is not closed")));
    }
    root.ok_or_else(|| FormatError(String::from("there is no root element")))
}

fn element(start: &BytesStart<'_>) -> Result<Open, FormatError> {
    let mut open = Open {
        name: local(start.name().0),
        ..Open::default()
    };
    for attribute in start.attributes() {
        let attribute = attribute.map_err(error)?;
        let name = attribute.key.0;
        if name == "xmlns" || name.starts_with("xmlns:") {
            continue;
        }
        let value = attribute
            .normalized_value(XmlVersion::Implicit1_0)
            .map_err(error)?;
        add_member(&mut open.members, local(name), Value::from(value.as_ref()));
    }
    Ok(open)
}

/// The name without its namespace prefix.
fn local(name: &str) -> String {
    name.rsplit(':').next().unwrap_or(name).to_owned()
}

fn add_text(open: &mut [Open], text: &str) -> Result<(), FormatError> {
    match open.last_mut() {
        Some(element) => element.text.push_str(text),
        None if text.trim().is_empty() => {}
        None => {
            return Err(FormatError(String::from(
                "there is text outside of the root element",
            )));
        }
    }
    Ok(())
}

/// Adds a member; a second one of the name makes a list of them.
fn add_member(members: &mut Map<String, Value>, name: String, value: Value) {
    match members.get_mut(&name) {
        None => {
            members.insert(name, value);
        }
        Some(Value::Array(list)) => list.push(value),
        Some(first) => *first = Value::Array(vec![first.take(), value]),
    }
}

fn close(element: Open, open: &mut [Open], root: &mut Option<Value>) -> Result<(), FormatError> {
    let Open {
        name,
        mut members,
        text,
    } = element;
    let value = if members.is_empty() {
        Value::from(text)
    } else {
        if !text.trim().is_empty() {
            add_member(&mut members, String::new(), Value::from(text.trim()));
        }
        Value::Object(members)
    };
    match open.last_mut() {
        Some(parent) => add_member(&mut parent.members, name, value),
        None if root.is_some() => {
            return Err(FormatError(String::from(
                "there is more than one root element",
            )));
        }
        None => *root = Some(value),
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn elements_attributes_and_siblings() {
        let text = r#"<?xml version="1.0"?><!-- c --><r:root xmlns:r="urn:x" id="7">
            <item>a</item><item n="1">b &amp; &#x63;</item><one><![CDATA[<x>]]></one><empty/>
        </r:root>"#;
        let expected = json!({
            "id": "7",
            "item": ["a", {"n": "1", "": "b & c"}],
            "one": "<x>",
            "empty": "",
        });
        assert_eq!(decode(text).unwrap(), expected);
        assert_eq!(decode("<r>text</r>").unwrap(), json!("text"));
    }

    #[test]
    fn what_is_not_xml_is_refused() {
        for text in [
            "",
            "plain",
            "<a>",
            "<a></b>",
            "<a/><b/>",
            "<a/>x",
            "{}",
            "<a b=1/>",
            "<a>&x;</a>",
        ] {
            assert!(decode(text).is_err(), "{text}");
        }
        assert!(decode(&"<a>".repeat(100_000)).is_err());
        let bomb = "<!DOCTYPE a [<!ENTITY x \"y\">]><a>&x;</a>";
        assert!(decode(bomb).is_err());
    }
}
