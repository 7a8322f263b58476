//! From the events of the YAML parser to the tree.
//!
//! Collections that are still open lie on a stack of their own, so that depth costs no stack of the machine. An alias
//! copies the value that it stands for, after a look at what the copy would cost.

use std::collections::HashMap;

use granit_parser::{
    Event, Options, Parser, ScalarStyle, ScanError, Span as Place, StrInput, StructureStyle, Tag,
};
use naftiko_diagnostics::codes::{
    document_too_large, empty_document, several_documents, unknown_alias, unknown_tag,
};
use naftiko_diagnostics::{Diagnostic, Diagnostics, Span};

use super::Limits;
use super::mapping;
use super::node::{Node, NodeKind, Style};
use super::origin::Origin;
use super::scalar;
use super::source::Source;
use super::syntax::Context;

/// More findings than this in one document help nobody, and comparing them all with each other would take long.
const FINDINGS: usize = 100;

/// The name of a wrong alias is compared with at most so many anchors.
const ANCHORS: usize = 500;

/// Why a document could not be read to its end.
pub(super) enum Stop {
    /// The text is not YAML.
    Syntax(Box<SyntaxError>),
    /// A limit was passed or there is nothing to read; the finding is made.
    Refused,
}

/// What the parser refused, and what it had read until then.
pub(super) struct SyntaxError {
    pub(super) error: ScanError,
    pub(super) context: Context,
}

/// What a value costs.
#[derive(Clone, Copy, Default)]
struct Weight {
    nodes: usize,
    bytes: usize,
    depth: usize,
}

/// A value that an anchor marks.
struct Anchored {
    node: Node,
    weight: Weight,
}

/// The mark of an anchor.
struct Anchor {
    name: String,
    place: Span,
}

/// A collection that is not closed yet.
struct Frame {
    start: usize,
    end: usize,
    style: StructureStyle,
    anchor: usize,
    mapping: bool,
    /// The items of a list; the keys and values of a mapping in turn.
    items: Vec<Node>,
    weight: Weight,
    tag: Option<(String, Span)>,
}

/// Reads one document.
pub(super) struct Builder<'a> {
    source: &'a Source<'a>,
    limits: &'a Limits,
    out: &'a mut Diagnostics,
    parser: Parser<'a, StrInput<'a>>,
    open: Vec<Frame>,
    root: Option<Node>,
    anchors: HashMap<usize, Anchor>,
    values: HashMap<usize, Anchored>,
    total: Weight,
    /// What is kept aside for anchors: as much as a document may cost in all.
    kept: Weight,
    last_end: usize,
    template: Option<(usize, usize)>,
}

impl<'a> Builder<'a> {
    pub(super) fn new(
        source: &'a Source<'a>,
        limits: &'a Limits,
        out: &'a mut Diagnostics,
    ) -> Self {
        Self {
            source,
            limits,
            out,
            parser: Parser::new_from_str_with_options(source.text(), options(limits)),
            open: Vec::new(),
            root: None,
            anchors: HashMap::new(),
            values: HashMap::new(),
            total: Weight::default(),
            kept: Weight::default(),
            last_end: 0,
            template: None,
        }
    }

    /// Reads all events; the tree, or `None` for a document without content.
    pub(super) fn run(mut self) -> Result<Option<Node>, Stop> {
        let mut documents = 0;
        while let Some(event) = self.parser.next_event() {
            let (event, place) = match event {
                Ok(event) => event,
                Err(error) => return Err(self.syntax_error(error)),
            };
            let span = self.source.span(place);
            match event {
                Event::DocumentStart(..) => {
                    documents += 1;
                    if documents > 1 {
                        self.find(several_documents::new(span));
                        return Ok(self.root);
                    }
                }
                Event::Scalar(text, style, anchor, tag) => {
                    let tag = self.tag(tag.as_deref(), place);
                    self.scalar(&text, style, place, anchor, tag)?;
                }
                Event::SequenceStart(style, anchor, tag) => {
                    let tag = self.tag(tag.as_deref(), place);
                    self.start(false, style, span, anchor, tag)?;
                }
                Event::MappingStart(style, anchor, tag) => {
                    let tag = self.tag(tag.as_deref(), place);
                    self.start(true, style, span, anchor, tag)?;
                }
                Event::SequenceEnd | Event::MappingEnd => self.end(span)?,
                Event::Anchor(id, name) => {
                    self.anchors.insert(
                        id,
                        Anchor {
                            name: name.into_owned(),
                            place: span,
                        },
                    );
                }
                Event::Alias(id) => self.alias(id, span)?,
                Event::UnresolvedAlias(name) => self.unknown_alias(&name, span)?,
                _ => {}
            }
            self.last_end = self.last_end.max(span.end as usize);
        }
        let blank = self
            .root
            .as_ref()
            .is_none_or(|r| r.is_null() && r.span.start == r.span.end);
        if blank {
            self.find(empty_document::new(self.source.whole()));
            return Err(Stop::Refused);
        }
        Ok(self.root)
    }

    fn find(&mut self, finding: Diagnostic) {
        if self.out.len() < FINDINGS {
            self.out.push(finding);
        }
    }

    fn refuse(&mut self, finding: Diagnostic) -> Stop {
        self.out.push(finding);
        Stop::Refused
    }

    fn syntax_error(&mut self, error: ScanError) -> Stop {
        let flow = |f: &&Frame| f.style == StructureStyle::Flow;
        let is_template =
            |f: &&Frame| flow(f) && f.mapping && self.source.at(f.start).starts_with("{{");
        let template = self.open.iter().find(is_template).map(|f| f.start);
        let context = Context {
            last_end: self.last_end,
            open_flow: self.open.iter().rev().find(flow).map(|f| f.start),
            in_flow: self
                .open
                .iter()
                .find(flow)
                .is_some_and(|f| Some(f.start) != template),
            open_template: template,
            closed_template: self.template,
            depth: self.limits.depth,
        };
        Stop::Syntax(Box::new(SyntaxError { error, context }))
    }

    /// The name and the place of a tag.
    fn tag(&self, tag: Option<&Tag>, place: Place) -> Option<(String, Span)> {
        let tag = tag?;
        let name = match tag.core_suffix() {
            Some(core) => format!("!!{core}"),
            None => tag.original(),
        };
        let at = place
            .tag_span()
            .map_or_else(|| self.source.span(place), |t| self.source.span(t));
        Some((name, at))
    }

    fn scalar(
        &mut self,
        text: &str,
        style: ScalarStyle,
        place: Place,
        anchor: usize,
        tag: Option<(String, Span)>,
    ) -> Result<(), Stop> {
        let style_here = match style {
            ScalarStyle::Plain => Style::Plain,
            ScalarStyle::SingleQuoted | ScalarStyle::DoubleQuoted => Style::Quoted,
            ScalarStyle::Literal | ScalarStyle::Folded => Style::Block,
        };
        let span = match style_here {
            Style::Block => self
                .source
                .block_scalar(self.source.span(place), self.last_end),
            _ => self.source.span(place),
        };
        // The parser says `~` for a value that was left out.
        if style_here == Style::Plain && span.start == span.end {
            let span = self.source.behind_colon(span);
            let kind = match tag {
                Some((name, _)) if name == "!!str" || name == "!" => {
                    NodeKind::String(String::new())
                }
                _ => NodeKind::Null,
            };
            return self.place(Node::new(span, kind, Style::Plain), one(0), anchor);
        }
        let mended = self
            .source
            .mended(span)
            .filter(|_| style_here == Style::Plain);
        let text = mended.unwrap_or(text);
        let mut kind = if style_here == Style::Plain && mended.is_none() && tag.is_none() {
            scalar::resolve(text)
        } else {
            NodeKind::String(text.to_owned())
        };
        if let Some((name, at)) = tag {
            let plain = style_here == Style::Plain;
            kind = self.tagged(text, kind, plain, &name, at);
        }
        let mut node = Node::new(span, kind, style_here);
        node.origin = Origin::find(text, self.source.original(span), span);
        self.place(node, one(text.len()), anchor)
    }

    /// The value of a scalar with a tag.
    fn tagged(
        &mut self,
        text: &str,
        kind: NodeKind,
        plain: bool,
        name: &str,
        at: Span,
    ) -> NodeKind {
        // A lone `!` says that the value is text.
        if name == "!" {
            return kind;
        }
        let core = name.strip_prefix("!!").unwrap_or_default();
        if let Some(value) = scalar::resolve_tagged(text, core) {
            return value;
        }
        let finding = match core {
            "int" | "float" | "bool" | "null" | "seq" | "map" => {
                unknown_tag::unfit(at, name, "text")
            }
            _ => unknown_tag::new(at, name),
        };
        self.find(finding);
        if plain { scalar::resolve(text) } else { kind }
    }

    fn start(
        &mut self,
        mapping: bool,
        style: StructureStyle,
        span: Span,
        anchor: usize,
        tag: Option<(String, Span)>,
    ) -> Result<(), Stop> {
        if self.open.len() >= self.limits.depth {
            return Err(self.refuse(document_too_large::depth(span, self.limits.depth)));
        }
        self.open.push(Frame {
            start: span.start as usize,
            end: span.end as usize,
            style,
            anchor,
            mapping,
            items: Vec::new(),
            weight: Weight::default(),
            tag,
        });
        Ok(())
    }

    fn end(&mut self, span: Span) -> Result<(), Stop> {
        let Some(frame) = self.open.pop() else {
            return Ok(());
        };
        let flow = frame.style == StructureStyle::Flow;
        // A block collection is closed by what follows it: it ends with its last value.
        let end = if flow {
            frame.end.max(span.end as usize)
        } else {
            frame.end
        };
        let span = self.source.range(frame.start, end);
        if let Some((name, at)) = frame.tag {
            let fits = if frame.mapping { "!!map" } else { "!!seq" };
            if name != fits && name != "!" {
                let scalar = [
                    "!!str", "!!int", "!!float", "!!bool", "!!null", "!!seq", "!!map",
                ];
                let kind = if frame.mapping { "a mapping" } else { "a list" };
                self.find(if scalar.contains(&name.as_str()) {
                    unknown_tag::unfit(at, &name, kind)
                } else {
                    unknown_tag::new(at, &name)
                });
            }
        }
        let style = if flow { Style::Flow } else { Style::Block };
        let weight = Weight {
            nodes: frame.weight.nodes + 1,
            bytes: frame.weight.bytes,
            depth: frame.weight.depth + 1,
        };
        let node = if frame.mapping {
            if flow && self.source.at(frame.start).starts_with("{{") {
                self.template = Some((frame.start, end));
            }
            let mut findings = Vec::new();
            let node = mapping::close(self.source, span, style, frame.items, &mut findings);
            for finding in findings {
                self.find(finding);
            }
            node
        } else {
            Node::new(span, NodeKind::Sequence(frame.items.into()), style)
        };
        self.place_weighed(
            node,
            weight,
            Weight {
                nodes: 1,
                ..Weight::default()
            },
            frame.anchor,
            end,
        )
    }

    fn alias(&mut self, id: usize, span: Span) -> Result<(), Stop> {
        let Some(Anchored { node, weight }) = self.values.get(&id) else {
            let finding = match self.anchors.get(&id) {
                Some(anchor) => unknown_alias::inside_itself(span, &anchor.name, anchor.place),
                None => {
                    unknown_alias::new(span, self.source.original(span).trim_start_matches('*'), [])
                }
            };
            self.find(finding);
            return self.place(Node::new(span, NodeKind::Null, Style::Plain), one(0), 0);
        };
        let weight = *weight;
        // Look before the copy is made.
        if self.total.nodes + weight.nodes > self.limits.nodes {
            return Err(self.refuse(document_too_large::nodes(span, self.limits.nodes)));
        }
        if self.open.len() + weight.depth > self.limits.depth {
            return Err(self.refuse(document_too_large::depth(span, self.limits.depth)));
        }
        // What was written cannot be more than the text itself; only copies grow without it.
        self.total.bytes += weight.bytes;
        if self.total.bytes > self.limits.bytes {
            return Err(self.refuse(document_too_large::copies(span, self.limits.bytes)));
        }
        let mut node = node.clone();
        node.alias = Some(span);
        self.place_weighed(node, weight, weight, 0, span.end as usize)
    }

    fn unknown_alias(&mut self, name: &str, span: Span) -> Result<(), Stop> {
        if self.out.len() < FINDINGS {
            // Each name is compared with the wrong one: too many of them would take long.
            let mut names: Vec<&str> = Vec::new();
            if self.anchors.len() <= ANCHORS {
                names.extend(self.anchors.values().map(|anchor| anchor.name.as_str()));
            }
            names.sort_unstable();
            names.dedup();
            self.out.push(unknown_alias::new(span, name, names));
        }
        self.place(Node::new(span, NodeKind::Null, Style::Plain), one(0), 0)
    }

    /// Puts a scalar where it belongs.
    fn place(&mut self, node: Node, weight: Weight, anchor: usize) -> Result<(), Stop> {
        let end = node.span.end as usize;
        self.place_weighed(node, weight, weight, anchor, end)
    }

    /// Puts a value where it belongs. `weight` is what it costs, `new` the part of that which was not counted before;
    /// `end` is the byte at which it ends where it is used.
    fn place_weighed(
        &mut self,
        node: Node,
        weight: Weight,
        new: Weight,
        anchor: usize,
        end: usize,
    ) -> Result<(), Stop> {
        self.total.nodes += new.nodes;
        if self.total.nodes > self.limits.nodes {
            return Err(self.refuse(document_too_large::nodes(node.span, self.limits.nodes)));
        }
        if anchor != 0 {
            self.kept.nodes += weight.nodes;
            self.kept.bytes += weight.bytes;
            if self.kept.nodes > self.limits.nodes || self.kept.bytes > self.limits.bytes {
                return Err(self.refuse(document_too_large::nodes(node.span, self.limits.nodes)));
            }
            self.values.insert(
                anchor,
                Anchored {
                    node: node.clone(),
                    weight,
                },
            );
        }
        match self.open.last_mut() {
            Some(frame) => {
                frame.end = frame.end.max(end);
                frame.weight.nodes += weight.nodes;
                frame.weight.bytes += weight.bytes;
                frame.weight.depth = frame.weight.depth.max(weight.depth);
                frame.items.push(node);
            }
            None => self.root = Some(node),
        }
        Ok(())
    }
}

/// The cost of one scalar of `bytes` bytes.
fn one(bytes: usize) -> Weight {
    Weight {
        nodes: 1,
        bytes,
        depth: 0,
    }
}

fn options(limits: &Limits) -> Options {
    granit_parser::options! {
        emit_unresolved_aliases: true,
        emit_anchor_events: true,
        emit_comments: false,
        flow_nesting_limit: limits.depth,
        block_nesting_limit: limits.depth,
    }
}
