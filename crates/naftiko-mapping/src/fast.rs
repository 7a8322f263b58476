//! Reads the wanted parts of a JSON text, and skips the rest without building it.
//!
//! A [`Node`] is a place in the document where something is wanted: below it (names, indexes), as
//! text (`capture`), or element by element (`lists`). Reading fills numbered [`Slot`]s.

mod seeds;

use std::fmt;

use naftiko_jsonpath::Step;
use serde::de::{DeserializeSeed, Deserializer, Error, MapAccess, SeqAccess, Visitor};
use serde_json::{Number, Value};

use self::seeds::{Name, Text};
use crate::projection::Program;
use crate::text;

/// What was found for one wanted place.
#[derive(Debug, Clone)]
pub(crate) enum Slot<'de> {
    Missing,
    /// The value's text.
    Raw(&'de str),
    /// An object or array, whose parts are in other slots.
    Container,
    /// JSON that is written already.
    Written {
        json: Vec<u8>,
        mismatches: usize,
    },
}

/// A place in the document and what is wanted from it.
#[derive(Debug, Default)]
pub(crate) struct Node {
    /// The slot for its text.
    pub(crate) capture: Option<usize>,
    /// The slot that tells an object or array from null, a scalar and nothing.
    pub(crate) gate: Option<usize>,
    /// Slots for its elements, each shaped by a program.
    pub(crate) lists: Vec<(usize, Program)>,
    pub(crate) names: Vec<(String, Node)>,
    pub(crate) indexes: Vec<(i64, Node)>,
    /// The slots from here down are numbered from `first` to before `end`.
    pub(crate) first: usize,
    pub(crate) end: usize,
}

impl Node {
    /// The place that `steps` lead to from here, made if it is new.
    pub(crate) fn at(&mut self, steps: &[Step]) -> &mut Self {
        let Some((step, rest)) = steps.split_first() else {
            return self;
        };
        let child = match step {
            Step::Name(name) => entry(&mut self.names, name),
            Step::Index(index) => entry(&mut self.indexes, index),
        };
        child.at(rest)
    }

    /// Numbers the slots anew, so that each place's are in one row with those below it;
    /// `numbers` gets the new number of each old one.
    pub(crate) fn number(&mut self, numbers: &mut [usize], next: &mut usize) {
        self.first = *next;
        let own = self.capture.iter_mut().chain(&mut self.gate);
        for slot in own.chain(self.lists.iter_mut().map(|(slot, _)| slot)) {
            if let Some(number) = numbers.get_mut(*slot) {
                *number = *next;
            }
            *slot = *next;
            *next += 1;
        }
        let names = self.names.iter_mut().map(|(_, child)| child);
        for child in names.chain(self.indexes.iter_mut().map(|(_, child)| child)) {
            child.number(numbers, next);
        }
        self.end = *next;
    }

    /// Whether one pass over the value serves all that is wanted from it. Otherwise it is taken
    /// as text first, and read from there.
    fn streams(&self) -> bool {
        let others = self.gate.is_some() || !self.names.is_empty() || !self.indexes.is_empty();
        self.capture.is_none() && (self.lists.is_empty() || (self.lists.len() == 1 && !others))
    }

    /// Reads this place from its text, which is inside `depth` arrays and objects.
    fn read_text<'de>(
        &self,
        raw: &'de str,
        slots: &mut [Slot<'de>],
        depth: usize,
    ) -> serde_json::Result<()> {
        if self.streams() {
            return self.read_part(Part::All, raw, slots, depth);
        }
        let is_container = raw.starts_with(['{', '[']);
        if let Some(slot) = self.capture {
            set(slots, slot, Slot::Raw(raw));
        }
        if let Some(slot) = self.gate {
            set(
                slots,
                slot,
                if is_container {
                    Slot::Container
                } else {
                    Slot::Raw(raw)
                },
            );
        }
        for list in 0..self.lists.len() {
            self.read_part(Part::List(list), raw, slots, depth)?;
        }
        if is_container && !(self.names.is_empty() && self.indexes.is_empty()) {
            self.read_part(Part::Children, raw, slots, depth)?;
        }
        Ok(())
    }

    fn read_part<'de>(
        &self,
        part: Part,
        raw: &'de str,
        slots: &mut [Slot<'de>],
        depth: usize,
    ) -> serde_json::Result<()> {
        let mut deserializer = serde_json::Deserializer::from_str(raw);
        deserializer.deserialize_any(Reader {
            node: self,
            part,
            slots,
            depth,
        })
    }
}

fn entry<'n, K: Clone + PartialEq>(children: &'n mut Vec<(K, Node)>, key: &K) -> &'n mut Node {
    let at = children
        .iter()
        .position(|(known, _)| known == key)
        .unwrap_or_else(|| {
            children.push((key.clone(), Node::default()));
            children.len() - 1
        });
    #[expect(
        clippy::indexing_slicing,
        reason = "the position was found or made just above"
    )]
    &mut children[at].1
}

fn set<'de>(slots: &mut [Slot<'de>], at: usize, value: Slot<'de>) {
    if let Some(slot) = slots.get_mut(at) {
        *slot = value;
    }
}

/// Which of a node's wishes a pass over its value serves.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Part {
    All,
    Children,
    List(usize),
}

/// Reads one value for a node.
pub(crate) struct Reader<'p, 's, 'de> {
    node: &'p Node,
    part: Part,
    slots: &'s mut [Slot<'de>],
    /// How many arrays and objects are around the value.
    depth: usize,
}

impl<'p, 's, 'de> Reader<'p, 's, 'de> {
    pub(crate) fn new(node: &'p Node, slots: &'s mut [Slot<'de>], depth: usize) -> Self {
        Self {
            node,
            part: Part::All,
            slots,
            depth,
        }
    }

    fn child<'c>(&'c mut self, node: &'c Node) -> Reader<'c, 'c, 'de> {
        // A name that comes twice: the last one counts, with all that is in it.
        if let Some(slots) = self.slots.get_mut(node.first..node.end) {
            slots.fill(Slot::Missing);
        }
        Reader {
            node,
            part: Part::All,
            slots: self.slots,
            depth: self.depth + 1,
        }
    }

    fn list(&self) -> Option<&'p (usize, Program)> {
        match self.part {
            Part::All => self.node.lists.first(),
            Part::List(at) => self.node.lists.get(at),
            Part::Children => None,
        }
    }

    fn gate(&mut self, value: Slot<'de>) {
        if let (Part::All, Some(slot)) = (self.part, self.node.gate) {
            set(self.slots, slot, value);
        }
    }

    /// A value that has no parts.
    fn scalar(mut self, value: &Value) {
        let json = value.to_string().into_bytes();
        let mismatches = usize::from(!value.is_null());
        if let Some((slot, _)) = self.list() {
            set(self.slots, *slot, Slot::Written { json, mismatches });
        } else {
            self.gate(Slot::Written {
                json,
                mismatches: 0,
            });
        }
    }

    /// The array that a list wants, element by element.
    fn elements<A: SeqAccess<'de>>(
        self,
        slot: usize,
        program: &Program,
        mut elements: A,
    ) -> Result<(), A::Error> {
        let (mut json, mut mismatches) = (vec![b'['], 0);
        let mut slots = program.slots();
        loop {
            slots.fill(Slot::Missing);
            let reader = Reader::new(program.root(), &mut slots, self.depth + 1);
            if elements.next_element_seed(reader)?.is_none() {
                break;
            }
            if json.len() > 1 {
                json.push(b',');
            }
            program
                .write(&slots, &mut json, &mut mismatches)
                .map_err(A::Error::custom)?;
        }
        json.push(b']');
        set(self.slots, slot, Slot::Written { json, mismatches });
        Ok(())
    }

    /// Indexes from the end are known at the end: the elements are kept as text until then.
    fn counted_back<A: SeqAccess<'de>>(mut self, mut elements: A) -> Result<(), A::Error> {
        let mut texts = Vec::new();
        while let Some(text) = elements.next_element_seed(Text {
            depth: self.depth + 1,
        })? {
            texts.push(text);
        }
        for (index, child) in &self.node.indexes {
            let back = usize::try_from(index.unsigned_abs()).ok();
            let at = if *index < 0 {
                back.and_then(|b| texts.len().checked_sub(b))
            } else {
                back
            };
            if let Some(text) = at.and_then(|at| texts.get(at)) {
                let Reader { slots, depth, .. } = self.child(child);
                child
                    .read_text(text, slots, depth)
                    .map_err(A::Error::custom)?;
            }
        }
        Ok(())
    }
}

impl<'de> DeserializeSeed<'de> for Reader<'_, '_, 'de> {
    type Value = ();

    fn deserialize<D: Deserializer<'de>>(self, deserializer: D) -> Result<(), D::Error> {
        if self.node.streams() {
            return deserializer.deserialize_any(self);
        }
        let text = Text { depth: self.depth }.deserialize(deserializer)?;
        self.node
            .read_text(text, self.slots, self.depth)
            .map_err(D::Error::custom)
    }
}

impl<'de> Visitor<'de> for Reader<'_, '_, 'de> {
    type Value = ();

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("JSON")
    }

    fn visit_map<A: MapAccess<'de>>(mut self, mut members: A) -> Result<(), A::Error> {
        if let Some((slot, _)) = self.list() {
            // An object where an array is declared goes through as it is.
            let mut json = Vec::new();
            while let Some(name) = members.next_key::<String>()? {
                json.push(if json.is_empty() { b'{' } else { b',' });
                text::write_string(&name, &mut json);
                json.push(b':');
                text::splice(
                    members.next_value_seed(Text {
                        depth: self.depth + 1,
                    })?,
                    &mut json,
                );
            }
            json.extend_from_slice(if json.is_empty() { b"{}" } else { b"}" });
            set(
                self.slots,
                *slot,
                Slot::Written {
                    json,
                    mismatches: 1,
                },
            );
            return Ok(());
        }
        self.gate(Slot::Container);
        let node = self.node;
        while let Some(child) = members.next_key_seed(Name(&node.names))? {
            match child {
                Some(child) => members.next_value_seed(self.child(child))?,
                None => drop(members.next_value_seed(Text {
                    depth: self.depth + 1,
                })?),
            }
        }
        Ok(())
    }

    fn visit_seq<A: SeqAccess<'de>>(mut self, mut elements: A) -> Result<(), A::Error> {
        if let Some((slot, program)) = self.list() {
            return self.elements(*slot, program, elements);
        }
        self.gate(Slot::Container);
        let node = self.node;
        if node.indexes.iter().any(|(index, _)| *index < 0) {
            return self.counted_back(elements);
        }
        for at in 0_i64.. {
            let child = node.indexes.iter().find(|(index, _)| *index == at);
            let more = match child {
                Some((_, child)) => elements.next_element_seed(self.child(child))?.is_some(),
                None => elements
                    .next_element_seed(Text {
                        depth: self.depth + 1,
                    })?
                    .is_some(),
            };
            if !more {
                break;
            }
        }
        Ok(())
    }

    fn visit_unit<E: Error>(self) -> Result<(), E> {
        self.scalar(&Value::Null);
        Ok(())
    }

    fn visit_bool<E: Error>(self, value: bool) -> Result<(), E> {
        self.scalar(&Value::Bool(value));
        Ok(())
    }

    fn visit_i64<E: Error>(self, value: i64) -> Result<(), E> {
        self.scalar(&Value::from(value));
        Ok(())
    }

    fn visit_u64<E: Error>(self, value: u64) -> Result<(), E> {
        self.scalar(&Value::from(value));
        Ok(())
    }

    fn visit_f64<E: Error>(self, value: f64) -> Result<(), E> {
        self.scalar(&Number::from_f64(value).map_or(Value::Null, Value::Number));
        Ok(())
    }

    fn visit_str<E: Error>(self, value: &str) -> Result<(), E> {
        self.scalar(&Value::from(value));
        Ok(())
    }
}
