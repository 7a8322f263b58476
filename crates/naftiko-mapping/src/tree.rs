//! Shapes a tree: what a projection means, said plainly. It serves the parts that need a tree,
//! and tests hold the fast way against it.

use std::borrow::Cow;

use serde_json::Value;

use crate::shape::{Kind, Location, Place, Shape};
use crate::text;

/// Writes the JSON of `shape` for the node around it, and counts what does not fit its type.
pub(crate) fn write(
    shape: &Shape,
    place: Place,
    node: &Value,
    out: &mut Vec<u8>,
    mismatches: &mut usize,
) {
    if let Some(value) = &shape.constant {
        text::write_as(shape.kind, &value.to_string(), out);
        return;
    }
    let located = match shape.location(place) {
        Location::Nowhere => None,
        Location::Here => Some(Cow::Borrowed(node)),
        Location::At(path) => {
            if shape.shaped_properties().is_none()
                && let Some(nodes) = path.find_nodes(node)
            {
                *mismatches += usize::from(!matches!(shape.kind, Kind::Any | Kind::Array));
                return write_list(shape.shaped_items(), nodes, out, mismatches);
            }
            path.find(node)
        }
    };
    let located = located.unwrap_or(Cow::Owned(Value::Null));
    match (&*located, shape.shaped_properties(), shape.shaped_items()) {
        (Value::Null, _, _) => out.extend_from_slice(b"null"),
        (Value::Object(_) | Value::Array(_), Some(properties), _) => {
            for (at, (name, property)) in properties.iter().enumerate() {
                out.push(if at == 0 { b'{' } else { b',' });
                text::write_string(name, out);
                out.push(b':');
                write(property, Place::Property, &located, out, mismatches);
            }
            out.push(b'}');
        }
        (Value::Array(elements), _, Some(items)) => {
            write_list(Some(items), elements, out, mismatches);
        }
        (value, ..) => {
            if !text::write_as(shape.kind, &value.to_string(), out) {
                *mismatches += 1;
            }
        }
    }
}

/// Writes elements, shaped or as they are.
fn write_list<'a>(
    items: Option<&Shape>,
    elements: impl IntoIterator<Item = &'a Value>,
    out: &mut Vec<u8>,
    mismatches: &mut usize,
) {
    out.push(b'[');
    for (at, element) in elements.into_iter().enumerate() {
        if at > 0 {
            out.push(b',');
        }
        match items {
            Some(items) => write(items, Place::Element, element, out, mismatches),
            None => out.extend_from_slice(element.to_string().as_bytes()),
        }
    }
    out.push(b']');
}
