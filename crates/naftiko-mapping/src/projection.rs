//! Compiles outputs to programs: what to read from the document, and what to write of it.

use naftiko_jsonpath::Step;
use serde::de::DeserializeSeed as _;
use serde_json::Value;

use crate::error::MappingError;
use crate::fast::{Node, Reader, Slot};
use crate::shape::{Kind, Location, Output, Place, Shape};
use crate::{text, tree};

/// Outputs compiled for any number of answers.
#[derive(Debug)]
pub struct Projection {
    /// None for [`Output::Identity`].
    program: Option<Program>,
}

/// A shaped answer.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Projected {
    /// Compact JSON; of an identity the bytes as they came.
    pub bytes: Vec<u8>,
    /// How many values did not fit their declared type and were passed on as they are.
    pub mismatches: usize,
}

impl Projection {
    /// Compiles outputs. This never fails: their paths are compiled already.
    pub fn compile(output: &Output) -> Self {
        let compile = |write: &dyn Fn(&mut Compiler) -> Write| Some(Program::compile(write));
        let program = match output {
            Output::Identity => None,
            Output::One(shape) => compile(&|compiler| compiler.shape(shape, Place::Output, &[])),
            Output::Named(shapes) => compile(&|compiler| {
                let members = compiler.members(shapes, Place::Output, &[]);
                Write::Object {
                    gate: None,
                    members,
                }
            }),
            Output::FirstPresent(shapes) => compile(&|compiler| {
                let each = |shape| compiler.shape(shape, Place::Output, &[]);
                Write::First(shapes.iter().map(each).collect())
            }),
        };
        Self { program }
    }

    /// Whether answers go through byte for byte, and need not be read at all.
    pub fn is_identity(&self) -> bool {
        self.program.is_none()
    }

    /// Shapes one answer. All of it is checked to be JSON (RFC 8259, in UTF-8, with or without a
    /// byte order mark), also what the shape does not ask for; only an identity is not read.
    ///
    /// # Errors
    ///
    /// [`MappingError`] if it is not JSON or nested too deep.
    pub fn apply(&self, body: &[u8]) -> Result<Projected, MappingError> {
        let Some(program) = &self.program else {
            return Ok(Projected {
                bytes: body.to_vec(),
                mismatches: 0,
            });
        };
        let body = std::str::from_utf8(body).map_err(|error| MappingError::NotUtf8 {
            position: error.valid_up_to(),
        })?;
        let body = body.strip_prefix('\u{feff}').unwrap_or(body);
        let mut slots = program.slots();
        let mut deserializer = serde_json::Deserializer::from_str(body);
        Reader::new(&program.root, &mut slots, 0).deserialize(&mut deserializer)?;
        deserializer.end()?;
        let mut projected = Projected {
            bytes: Vec::new(),
            mismatches: 0,
        };
        program.write(&slots, &mut projected.bytes, &mut projected.mismatches)?;
        Ok(projected)
    }
}

/// What to read of one value, and what to write of it.
#[derive(Debug)]
pub(crate) struct Program {
    root: Node,
    write: Write,
}

impl Program {
    fn compile(compile: &dyn Fn(&mut Compiler) -> Write) -> Self {
        let mut compiler = Compiler::default();
        let write = compile(&mut compiler);
        let Compiler { mut root, slots } = compiler;
        let mut numbers = vec![0; slots];
        root.number(&mut numbers, &mut 0);
        Self {
            root,
            write: write.renumbered(&numbers),
        }
    }

    pub(crate) fn root(&self) -> &Node {
        &self.root
    }

    pub(crate) fn slots<'de>(&self) -> Vec<Slot<'de>> {
        vec![Slot::Missing; self.root.end]
    }

    pub(crate) fn write(
        &self,
        slots: &[Slot<'_>],
        out: &mut Vec<u8>,
        mismatches: &mut usize,
    ) -> Result<(), MappingError> {
        self.write.write(slots, out, mismatches)
    }
}

/// What to write once the slots are filled.
#[derive(Debug)]
enum Write {
    Constant(Vec<u8>),
    /// The text of a slot, as this kind.
    Text {
        slot: usize,
        kind: Kind,
    },
    /// An object. Of null, a scalar and nothing at its `gate`, that is written instead.
    Object {
        gate: Option<usize>,
        members: Vec<(Vec<u8>, Write)>,
    },
    /// A list that is written already.
    List {
        slot: usize,
    },
    /// The text of a slot, as a tree, shaped.
    Tree {
        slot: usize,
        shape: Box<Shape>,
    },
    /// The first that is not null.
    First(Vec<Write>),
}

impl Write {
    fn write(
        &self,
        slots: &[Slot<'_>],
        out: &mut Vec<u8>,
        mismatches: &mut usize,
    ) -> Result<(), MappingError> {
        let slot = |at: usize| slots.get(at).unwrap_or(&Slot::Missing);
        match self {
            Self::Constant(json) => out.extend_from_slice(json),
            Self::Text { slot: at, kind } => match slot(*at) {
                Slot::Raw(raw) => *mismatches += usize::from(!text::write_as(*kind, raw, out)),
                _ => out.extend_from_slice(b"null"),
            },
            Self::List { slot: at } => match slot(*at) {
                Slot::Written {
                    json,
                    mismatches: inside,
                } => {
                    out.extend_from_slice(json);
                    *mismatches += inside;
                }
                _ => out.extend_from_slice(b"null"),
            },
            Self::Object { gate, members } => {
                // A scalar where an object with properties is declared goes through as it is.
                let instead = match gate.map(slot) {
                    None | Some(Slot::Container) => None,
                    Some(Slot::Missing) => Some("null"),
                    Some(Slot::Raw(raw)) => Some(*raw),
                    Some(Slot::Written { json, .. }) => std::str::from_utf8(json).ok(),
                };
                if let Some(json) = instead {
                    *mismatches += usize::from(!text::write_as(Kind::Object, json, out));
                    return Ok(());
                }
                for (at, (name, member)) in members.iter().enumerate() {
                    out.push(if at == 0 { b'{' } else { b',' });
                    out.extend_from_slice(name);
                    member.write(slots, out, mismatches)?;
                }
                out.push(b'}');
            }
            Self::Tree { slot: at, shape } => match slot(*at) {
                Slot::Raw(raw) => {
                    let node: Value = serde_json::from_str(raw)?;
                    tree::write(shape, Place::Output, &node, out, mismatches);
                }
                _ => out.extend_from_slice(b"null"),
            },
            Self::First(each) => {
                let start = out.len();
                for write in each {
                    write.write(slots, out, mismatches)?;
                    if out.get(start..) != Some(b"null") {
                        return Ok(());
                    }
                    // Null fits every type, so nothing was counted.
                    out.truncate(start);
                }
                out.extend_from_slice(b"null");
            }
        }
        Ok(())
    }

    /// The same with the numbers that the slots have at last.
    fn renumbered(self, numbers: &[usize]) -> Self {
        let number = |slot: usize| numbers.get(slot).copied().unwrap_or(slot);
        match self {
            Self::Constant(json) => Self::Constant(json),
            Self::Text { slot, kind } => Self::Text {
                slot: number(slot),
                kind,
            },
            Self::List { slot } => Self::List { slot: number(slot) },
            Self::Tree { slot, shape } => Self::Tree {
                slot: number(slot),
                shape,
            },
            Self::Object { gate, members } => Self::Object {
                gate: gate.map(number),
                members: members
                    .into_iter()
                    .map(|(n, m)| (n, m.renumbered(numbers)))
                    .collect(),
            },
            Self::First(each) => Self::First(
                each.into_iter()
                    .map(|write| write.renumbered(numbers))
                    .collect(),
            ),
        }
    }
}

/// Gathers what a program reads while what it writes is compiled.
#[derive(Default)]
struct Compiler {
    root: Node,
    slots: usize,
}

impl Compiler {
    fn slot(&mut self) -> usize {
        self.slots += 1;
        self.slots - 1
    }

    /// Compiles a shape that stands in `place` of the node that `at` leads to.
    fn shape(&mut self, shape: &Shape, place: Place, at: &[Step]) -> Write {
        if let Some(constant) = &shape.constant {
            let mut json = Vec::new();
            text::write_as(shape.kind, &constant.to_string(), &mut json);
            return Write::Constant(json);
        }
        let mut at = at.to_vec();
        match shape.location(place) {
            Location::Nowhere => return Write::Constant(b"null".to_vec()),
            Location::Here => {}
            Location::At(path) => {
                let (steps, rest) = path.split();
                at.extend_from_slice(steps);
                if !rest.is_whole_document() {
                    let shape = Box::new(Shape {
                        mapping: Some(rest),
                        ..shape.clone()
                    });
                    return Write::Tree {
                        slot: self.capture(&at),
                        shape,
                    };
                }
            }
        }
        if let Some(properties) = shape.shaped_properties() {
            let fresh = self.slot();
            let gate = *self.root.at(&at).gate.get_or_insert(fresh);
            let members = self.members(properties, Place::Property, &at);
            return Write::Object {
                gate: Some(gate),
                members,
            };
        }
        if let Some(items) = shape.shaped_items() {
            let program = Program::compile(&|inner| inner.shape(items, Place::Element, &[]));
            let slot = self.slot();
            self.root.at(&at).lists.push((slot, program));
            return Write::List { slot };
        }
        Write::Text {
            slot: self.capture(&at),
            kind: shape.kind,
        }
    }

    fn capture(&mut self, at: &[Step]) -> usize {
        let fresh = self.slot();
        *self.root.at(at).capture.get_or_insert(fresh)
    }

    /// The members of an object, each behind its name as JSON.
    fn members(
        &mut self,
        shapes: &[(String, Shape)],
        place: Place,
        at: &[Step],
    ) -> Vec<(Vec<u8>, Write)> {
        let member = |(name, shape): &(String, Shape)| {
            let mut json = Vec::new();
            text::write_string(name, &mut json);
            json.push(b':');
            (json, self.shape(shape, place, at))
        };
        shapes.iter().map(member).collect()
    }
}
