//! Answers as JSON that clients read: compact, written in one pass over what came.
//!
//! No tree is built, for it would be the greatest part of a call: values go from the library's reader to its writer as
//! they are met, so that what is accepted, and how numbers and escapes are written, is as if there was one. Answers that
//! one pass cannot write take the way over a tree: those that name a member twice, of which the last counts, and those
//! that do not keep a [`Promise`].

#[cfg(test)]
mod tests;

use std::fmt;

use serde::de::{DeserializeSeed, Deserializer, Error, MapAccess, SeqAccess, Visitor};
use serde_json::Value;

use crate::promise::{Kind, Promise};

/// A JSON value, written.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Json {
    /// The value without blanks.
    pub(crate) text: String,
    /// That text as a JSON string. Looking for what must be escaped would take a third of the time of writing the text;
    /// while it is written, that is known.
    pub(crate) quoted: String,
}

impl Json {
    fn of(value: &Value) -> Self {
        let text = value.to_string();
        Self {
            quoted: Value::String(text.clone()).to_string(),
            text,
        }
    }

    /// Whether it is an object.
    pub(crate) fn is_object(&self) -> bool {
        self.text.starts_with('{')
    }
}

/// `body` without blanks; nothing if it is no JSON.
pub(crate) fn compact(body: &[u8]) -> Option<Json> {
    let body = std::str::from_utf8(body).ok()?;
    match written(body, None) {
        Some(json) => Some(json),
        None => Some(Json::of(&serde_json::from_str(body).ok()?)),
    }
}

/// `body` as `promise` has it, without blanks; all of it null if it is no JSON.
pub(crate) fn fitted(body: &[u8], promise: &Promise) -> Json {
    let body = std::str::from_utf8(body).unwrap_or_default();
    match written(body, Some(promise)) {
        Some(json) => json,
        None => Json::of(&promise.fitted(serde_json::from_str(body).unwrap_or_default())),
    }
}

/// `body` as one pass writes it, if it can.
fn written(body: &str, promise: Option<&Promise>) -> Option<Json> {
    let mut writer = Writer {
        text: Vec::with_capacity(body.len()),
        // Two of five bytes of JSON are quotation marks, where its texts are short.
        quoted: Vec::with_capacity(body.len() + body.len() / 2),
        names: Vec::new(),
    };
    writer.quoted.push(b'"');
    let mut reader = serde_json::Deserializer::from_str(body);
    Item {
        writer: &mut writer,
        promise,
    }
    .deserialize(&mut reader)
    .ok()?;
    reader.end().ok()?;
    writer.quoted.push(b'"');
    Some(Json {
        text: String::from_utf8(writer.text).ok()?,
        quoted: String::from_utf8(writer.quoted).ok()?,
    })
}

/// Writes the text and the quoted text side by side.
struct Writer {
    text: Vec<u8>,
    quoted: Vec<u8>,
    /// The hashes of the names of the objects that are being written, those of the innermost last. Two names of one
    /// hash cost the way over a tree and nothing else.
    names: Vec<u64>,
}

impl Writer {
    /// What stands between texts.
    fn byte(&mut self, byte: u8) {
        self.text.push(byte);
        self.quoted.push(byte);
    }

    fn word(&mut self, word: &str) {
        self.text.extend_from_slice(word.as_bytes());
        self.quoted.extend_from_slice(word.as_bytes());
    }

    /// A text that was written without escapes, which therefore needs none.
    fn plain(&mut self, text: &str) {
        self.text.reserve(text.len() + 2);
        self.text.push(b'"');
        self.text.extend_from_slice(text.as_bytes());
        self.text.push(b'"');
        self.quoted.reserve(text.len() + 4);
        self.quoted.extend_from_slice(br#"\""#);
        self.quoted.extend_from_slice(text.as_bytes());
        self.quoted.extend_from_slice(br#"\""#);
    }

    fn number<E: Error>(&mut self, number: impl serde::Serialize) -> Result<(), E> {
        let start = self.text.len();
        serde_json::to_writer(&mut self.text, &number).map_err(E::custom)?;
        let written = self.text.get(start..).unwrap_or_default();
        self.quoted.extend_from_slice(written);
        Ok(())
    }

    /// A text that needs escapes.
    fn escaped<E: Error>(&mut self, text: &str) -> Result<(), E> {
        let start = self.text.len();
        serde_json::to_writer(&mut self.text, text).map_err(E::custom)?;
        let written = self.text.get(start..).unwrap_or_default();
        for run in written.split_inclusive(|byte| matches!(byte, b'"' | b'\\')) {
            if let Some((escaped @ (b'"' | b'\\'), run)) = run.split_last() {
                self.quoted.extend_from_slice(run);
                self.quoted.extend_from_slice(&[b'\\', *escaped]);
            } else {
                self.quoted.extend_from_slice(run);
            }
        }
        Ok(())
    }

    /// Whether the names from `start` on differ. They are forgotten.
    fn all_differ(&mut self, start: usize) -> bool {
        let names = self.names.get_mut(start..).unwrap_or_default();
        names.sort_unstable();
        let differ = names.windows(2).all(|two| two.first() != two.last());
        self.names.truncate(start);
        differ
    }
}

/// A value: read, it is written.
struct Item<'w, 'p> {
    writer: &'w mut Writer,
    promise: Option<&'p Promise>,
}

impl Item<'_, '_> {
    fn must<E: Error>(&self, kind: Kind) -> Result<(), E> {
        match self.promise {
            Some(promise) if !promise.takes(kind) => Err(E::custom("not what is promised")),
            _ => Ok(()),
        }
    }
}

impl<'de> DeserializeSeed<'de> for Item<'_, '_> {
    type Value = ();

    fn deserialize<D: Deserializer<'de>>(self, from: D) -> Result<(), D::Error> {
        from.deserialize_any(self)
    }
}

impl<'de> Visitor<'de> for Item<'_, '_> {
    type Value = ();

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a JSON value")
    }

    fn visit_unit<E: Error>(self) -> Result<(), E> {
        self.must(Kind::Null)?;
        self.writer.word("null");
        Ok(())
    }

    fn visit_bool<E: Error>(self, value: bool) -> Result<(), E> {
        self.must(Kind::Boolean)?;
        self.writer.word(if value { "true" } else { "false" });
        Ok(())
    }

    fn visit_u64<E: Error>(self, value: u64) -> Result<(), E> {
        self.must(Kind::Integer)?;
        self.writer.number(value)
    }

    fn visit_i64<E: Error>(self, value: i64) -> Result<(), E> {
        self.must(Kind::Integer)?;
        self.writer.number(value)
    }

    fn visit_f64<E: Error>(self, value: f64) -> Result<(), E> {
        self.must(Kind::of_number(value))?;
        self.writer.number(value)
    }

    fn visit_borrowed_str<E: Error>(self, text: &'de str) -> Result<(), E> {
        self.must(Kind::String)?;
        self.writer.plain(text);
        Ok(())
    }

    fn visit_str<E: Error>(self, text: &str) -> Result<(), E> {
        self.must(Kind::String)?;
        self.writer.escaped(text)
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut list: A) -> Result<(), A::Error> {
        self.must(Kind::Array)?;
        let items = self.promise.and_then(Promise::items);
        let writer = self.writer;
        writer.byte(b'[');
        let mut first = true;
        while list
            .next_element_seed(Element {
                first: std::mem::take(&mut first),
                item: Item {
                    writer: &mut *writer,
                    promise: items,
                },
            })?
            .is_some()
        {}
        writer.byte(b']');
        Ok(())
    }

    fn visit_map<A: MapAccess<'de>>(self, mut members: A) -> Result<(), A::Error> {
        self.must(Kind::Object)?;
        let mut promised = Promised {
            properties: self.promise.and_then(Promise::properties),
            met: 0,
        };
        let writer = self.writer;
        let start = writer.names.len();
        writer.byte(b'{');
        while let Some(promise) = members.next_key_seed(Name {
            writer: &mut *writer,
            promised: &mut promised,
            first: start,
        })? {
            writer.byte(b':');
            members.next_value_seed(Item {
                writer: &mut *writer,
                promise,
            })?;
        }
        if !writer.all_differ(start) {
            return Err(A::Error::custom("a name stands twice"));
        }
        if promised
            .properties
            .is_some_and(|all| promised.met < all.len())
        {
            return Err(A::Error::custom("not all that is promised"));
        }
        writer.byte(b'}');
        Ok(())
    }
}

/// An item of an array.
struct Element<'w, 'p> {
    first: bool,
    item: Item<'w, 'p>,
}

impl<'de> DeserializeSeed<'de> for Element<'_, '_> {
    type Value = ();

    fn deserialize<D: Deserializer<'de>>(self, from: D) -> Result<(), D::Error> {
        if !self.first {
            self.item.writer.byte(b',');
        }
        self.item.deserialize(from)
    }
}

/// What is promised of an object's members.
struct Promised<'p> {
    properties: Option<&'p [(String, Promise)]>,
    /// How many were met. Members mostly come in the order of their promises.
    met: usize,
}

impl<'p> Promised<'p> {
    fn of(&mut self, name: &str) -> Option<&'p Promise> {
        let all = self.properties?;
        let found = match all.get(self.met) {
            Some((next, promise)) if next == name => promise,
            _ => &all.iter().find(|(other, _)| other == name)?.1,
        };
        self.met += 1;
        Some(found)
    }
}

/// The name of a member: read, it is written, and is what is promised of the member.
struct Name<'w, 'n, 'p> {
    writer: &'w mut Writer,
    promised: &'n mut Promised<'p>,
    /// Where the names of this object begin.
    first: usize,
}

impl Name<'_, '_, '_> {
    fn note(&mut self, name: &str) {
        if self.writer.names.len() > self.first {
            self.writer.byte(b',');
        }
        // FNV-1a: names are short.
        let hash = name.bytes().fold(0xcbf2_9ce4_8422_2325, |hash, byte| {
            (hash ^ u64::from(byte)).wrapping_mul(0x0100_0000_01b3)
        });
        self.writer.names.push(hash);
    }
}

impl<'de, 'p> DeserializeSeed<'de> for Name<'_, '_, 'p> {
    type Value = Option<&'p Promise>;

    fn deserialize<D: Deserializer<'de>>(self, from: D) -> Result<Self::Value, D::Error> {
        from.deserialize_str(self)
    }
}

impl<'de, 'p> Visitor<'de> for Name<'_, '_, 'p> {
    type Value = Option<&'p Promise>;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a name")
    }

    fn visit_borrowed_str<E: Error>(mut self, name: &'de str) -> Result<Self::Value, E> {
        self.note(name);
        self.writer.plain(name);
        Ok(self.promised.of(name))
    }

    fn visit_str<E: Error>(mut self, name: &str) -> Result<Self::Value, E> {
        self.note(name);
        self.writer.escaped(name)?;
        Ok(self.promised.of(name))
    }
}
