//! The two small reads under the reader: a value as text, and a member's name.

use std::fmt;

use serde::de::{DeserializeSeed, Deserializer, Error, Visitor};
use serde_json::value::RawValue;

use super::Node;
use crate::error::TOO_DEEP;
use crate::text;

/// Takes a value as text, wanted or not: either way its depth must be checked.
pub(super) struct Text {
    /// How many arrays and objects are around the value.
    pub(super) depth: usize,
}

impl<'de> DeserializeSeed<'de> for Text {
    type Value = &'de str;

    fn deserialize<D: Deserializer<'de>>(self, deserializer: D) -> Result<&'de str, D::Error> {
        let raw = <&RawValue as serde::Deserialize>::deserialize(deserializer)?.get();
        if text::keeps_depth(raw, self.depth) {
            Ok(raw)
        } else {
            Err(D::Error::custom(TOO_DEEP))
        }
    }
}

/// Looks a member's name up among the wanted ones, without copying it.
pub(super) struct Name<'p>(pub(super) &'p [(String, Node)]);

impl<'p, 'de> DeserializeSeed<'de> for Name<'p> {
    type Value = Option<&'p Node>;

    fn deserialize<D: Deserializer<'de>>(self, deserializer: D) -> Result<Self::Value, D::Error> {
        deserializer.deserialize_str(self)
    }
}

impl<'p> Visitor<'_> for Name<'p> {
    type Value = Option<&'p Node>;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a name")
    }

    fn visit_str<E: Error>(self, name: &str) -> Result<Self::Value, E> {
        Ok(self
            .0
            .iter()
            .find(|(wanted, _)| wanted == name)
            .map(|(_, node)| node))
    }
}
