//! A compiled path: the simple steps it begins with, then stages over lists of nodes.

use std::borrow::Cow;

use jsonpath_rfc9535::JsonPath;
use serde_json::Value;

use crate::error::PathError;
use crate::syntax::{Expr, Function, Part, Segment, Step};
use crate::{eval, parse};

/// A path, compiled once and evaluated on any number of documents.
///
/// Compiling bounds the work: the length and nesting of the text, lists in brackets, `..` in
/// filters. Evaluation neither fails nor recurses deeper than the document.
#[derive(Debug, Clone)]
pub struct Path {
    /// The single names and indexes that the path begins with.
    pub(crate) steps: Vec<Step>,
    pub(crate) stages: Vec<Stage>,
    pub(crate) tail: Tail,
    pub(crate) definite: bool,
    /// How many operands of its filters begin with `$`: each is evaluated once per document.
    pub(crate) roots: usize,
}

/// A stage turns a list of nodes into another list of nodes of the document.
#[derive(Debug, Clone)]
pub(crate) struct Stage {
    pub(crate) kind: StageKind,
    /// A second `..`: its nodes may lie inside one another, so that results would repeat, once
    /// for each level. They are kept once, which also bounds the work.
    pub(crate) distinct: bool,
}

#[derive(Debug, Clone)]
pub(crate) enum StageKind {
    /// A run of segments that the dialect and RFC 9535 read alike.
    Engine(JsonPath),
    /// `[?(…)]`: the elements of an array, or the object itself.
    Filter(Expr),
    /// `..[?(…)]`.
    FilterAll(Expr),
    /// The nodes and all their descendants.
    All,
    /// `.first()` and kin on each node.
    Pick(i64),
    /// `.first()` and kin on the list that `..` made.
    PickFromList(i64),
}

/// What ends a path by making new values.
#[derive(Debug, Clone)]
pub(crate) enum Tail {
    None,
    /// `['a','b']`: one object of the members that are there. With `all`, only where all are.
    Merge {
        names: Vec<String>,
        all: bool,
    },
    /// `.sum()` and kin, each on what the one before made. With `list`, on the whole list.
    Functions {
        calls: Vec<Function>,
        list: bool,
    },
}

impl Path {
    /// Compiles a path.
    ///
    /// # Errors
    ///
    /// [`PathError`] says what is wrong and at which byte: text that is no path, or one that is
    /// longer, more nested or more multiplying than any useful path.
    pub fn parse(text: &str) -> Result<Self, PathError> {
        parse::parse(text)
    }

    /// Whether this is `$` (or `$.`, as most documents write it).
    pub fn is_whole_document(&self) -> bool {
        self.singular_steps().is_some_and(<[Step]>::is_empty)
    }

    /// Whether the path means one value; otherwise it means a list.
    pub fn is_definite(&self) -> bool {
        self.definite
    }

    /// The steps of a path that is only single names and indexes; no others are needed to find
    /// its value.
    pub fn singular_steps(&self) -> Option<&[Step]> {
        (self.stages.is_empty() && matches!(self.tail, Tail::None)).then_some(&*self.steps)
    }

    /// The single names and indexes that the path begins with, and the path that is left to be
    /// evaluated on the value they lead to. Nothing is split off a path whose filters look at the
    /// whole document (`$` in a filter).
    pub fn split(&self) -> (&[Step], Self) {
        if self.roots > 0 {
            return (&[], self.clone());
        }
        (
            &self.steps,
            Self {
                steps: Vec::new(),
                ..self.clone()
            },
        )
    }

    /// Finds what the path means in `document`: the value of a definite path, an array of what an
    /// indefinite one selects.
    ///
    /// `None` when a definite path leads nowhere, and as in Jayway also when the names before the
    /// first wildcard, filter or `..` do, or a function has nothing to work on.
    pub fn find<'a>(&self, document: &'a Value) -> Option<Cow<'a, Value>> {
        eval::find(self, document)
    }

    /// The nodes that an indefinite path selects, without copying them into an array as
    /// [`Path::find`] must. `None` where `find` gives none, for a definite path, and for one that
    /// ends by making new values.
    pub fn find_nodes<'a>(&self, document: &'a Value) -> Option<Vec<&'a Value>> {
        eval::find_nodes(self, document)
    }

    /// Groups the segments into steps, stages and tail.
    pub(crate) fn build(parts: Vec<Part>, roots: usize) -> Result<Self, PathError> {
        let mut builder = Builder {
            path: Self {
                steps: Vec::new(),
                stages: Vec::new(),
                tail: Tail::None,
                definite: true,
                roots,
            },
            run: String::new(),
            run_position: 0,
            run_distinct: false,
            nested: false,
        };
        let last = parts.len().saturating_sub(1);
        for (at, part) in parts.into_iter().enumerate() {
            builder.add(part, at == last)?;
        }
        builder.flush()?;
        Ok(builder.path)
    }
}

/// Builds a [`Path`] segment by segment.
struct Builder {
    path: Path,
    /// Segments on their way to the engine, in RFC 9535's normal spelling.
    run: String,
    run_position: usize,
    run_distinct: bool,
    /// A `..` came before, so nodes can lie inside one another.
    nested: bool,
}

impl Builder {
    fn add(&mut self, part: Part, is_last: bool) -> Result<(), PathError> {
        let Part {
            descend,
            segment,
            position,
        } = part;
        let distinct = descend && self.nested;
        match segment {
            Segment::Step(step) if !descend && self.at_start() => self.path.steps.push(step),
            Segment::Names(names) if is_last => {
                self.flush()?;
                if descend {
                    self.stage(StageKind::All, distinct);
                    self.path.definite = false;
                }
                self.path.tail = Tail::Merge {
                    names,
                    all: descend,
                };
            }
            Segment::Filter(expr) => {
                self.flush()?;
                self.path.definite = false;
                let filter = if descend {
                    StageKind::FilterAll
                } else {
                    StageKind::Filter
                };
                self.stage(filter(*expr), distinct);
            }
            Segment::Pick(index) => {
                self.flush()?;
                // On the list of a `..` a function sees the whole list and makes one value.
                let pick = if self.nested {
                    StageKind::PickFromList
                } else {
                    StageKind::Pick
                };
                self.stage(pick(index), false);
                self.path.definite |= std::mem::take(&mut self.nested);
            }
            Segment::Function(function) => {
                self.flush()?;
                let list = std::mem::take(&mut self.nested);
                self.path.definite |= list;
                match &mut self.path.tail {
                    Tail::Functions { calls, .. } => calls.push(function),
                    tail => {
                        *tail = Tail::Functions {
                            calls: vec![function],
                            list,
                        }
                    }
                }
            }
            segment => {
                if descend || self.run.is_empty() {
                    self.flush()?;
                    self.run_position = position;
                    self.run_distinct = distinct;
                }
                self.path.definite &= !descend && matches!(segment, Segment::Step(_));
                write_segment(&mut self.run, descend, &segment);
            }
        }
        self.nested |= descend;
        Ok(())
    }

    /// Whether nothing but single steps was added.
    fn at_start(&self) -> bool {
        self.run.is_empty() && self.path.stages.is_empty()
    }

    fn stage(&mut self, kind: StageKind, distinct: bool) {
        self.path.stages.push(Stage { kind, distinct });
    }

    fn flush(&mut self) -> Result<(), PathError> {
        let run = std::mem::take(&mut self.run);
        if run.is_empty() {
            return Ok(());
        }
        let path = JsonPath::parse(&format!("${run}"))
            .map_err(|_| PathError::new(self.run_position, "the engine refuses this segment"))?;
        self.stage(StageKind::Engine(path), self.run_distinct);
        Ok(())
    }
}

/// Writes a segment as RFC 9535 spells it.
fn write_segment(out: &mut String, descend: bool, segment: &Segment) {
    out.push_str(if descend { "..[" } else { "[" });
    // JSON's spelling of a string is one of RFC 9535's spellings of a name.
    let name = |name: &String| Value::from(name.as_str()).to_string();
    let list = |items: Vec<String>| items.join(",");
    let number = |number: Option<i64>| number.map(|n| n.to_string()).unwrap_or_default();
    match segment {
        Segment::Step(Step::Name(text)) => out.push_str(&name(text)),
        Segment::Step(Step::Index(index)) => out.push_str(&index.to_string()),
        Segment::Names(names) => out.push_str(&list(names.iter().map(name).collect())),
        Segment::Indexes(all) => out.push_str(&list(all.iter().map(i64::to_string).collect())),
        Segment::Slice { start, end, step } => {
            let parts = [number(*start), number(*end), number(step.or(Some(1)))];
            out.push_str(&parts.join(":"));
        }
        // The others never come here; a wildcard is the one that is left.
        _ => out.push('*'),
    }
    out.push(']');
}
