//! Exposed paths, parsed once: segments, the names of their placeholders and a text for logs.

use naftiko_bindings::{Name, split_place};
use naftiko_diagnostics::render::escape;
use naftiko_diagnostics::{Spanned, codes};
use naftiko_expr::{Part, Syntax, Template, TemplateErrorKind};
use naftiko_spec::yaml::Node;
use naftiko_spec::{Context, Place};
use percent_encoding::percent_decode_str;

use crate::segment::{Piece, Segment};

/// The path of an exposed operation.
#[derive(Clone, Debug, Default)]
pub(crate) struct Pattern {
    /// Its segments; the path `/` has none.
    pub(crate) segments: Vec<Segment>,
    /// The names of its placeholders, in order.
    pub(crate) names: Vec<Spanned<String>>,
    /// Parameters that it is written with (`/power?action=stop`), decoded: a request must have them.
    pub(crate) query: Vec<(String, String)>,
}

impl Pattern {
    /// Reads a path. `{x}` and `{{x}}` are alike, and so are `{rest.x}`, `{own.x}` and `{x}`: they name an input of the
    /// call (decisions, section 3).
    pub(crate) fn parse(node: &Node, own: Option<&str>, cx: &mut Context<'_>) -> Option<Self> {
        let Some(written) = node.as_str() else {
            cx.wrong_type(node, "path", "text");
            return None;
        };
        let text = written.trim();
        let offset = written.len() - written.trim_start().len();
        let template = match Template::parse(text, Syntax::SingleOrDouble) {
            Ok(template) => template,
            Err(error) => {
                let span = node.part(offset + error.range.start, error.range.len());
                cx.out.push(match error.kind {
                    TemplateErrorKind::Unclosed => codes::malformed_template::unclosed(span),
                    TemplateErrorKind::Empty => codes::malformed_template::empty(span),
                    TemplateErrorKind::NotAName => codes::malformed_template::not_a_name(span),
                });
                return None;
            }
        };
        let mut pieces: Vec<Vec<Piece>> = vec![Vec::new()];
        let mut names: Vec<Spanned<String>> = Vec::new();
        let mut query: Option<String> = None;
        for part in template.parts() {
            match part {
                Part::Placeholder(placeholder) => {
                    let range = &placeholder.range;
                    let span = node.part(offset + range.start, range.len());
                    if query.is_some() {
                        cx.out.push(codes::invalid_path::query(span));
                        return None;
                    }
                    let last = pieces.last_mut()?;
                    if last.last() == Some(&Piece::Slot) {
                        cx.out.push(codes::invalid_path::adjacent(span));
                        return None;
                    }
                    last.push(Piece::Slot);
                    let name = Spanned::new(input(&placeholder.name, own).to_owned(), span);
                    if names.contains(&name) {
                        cx.out.push(codes::duplicate_input::new(&name));
                    }
                    names.push(name);
                }
                Part::Text(text) => {
                    if text.contains('#') {
                        cx.out.push(codes::invalid_path::fragment(node.span));
                        return None;
                    }
                    let mut text = text.as_str();
                    if let Some(query) = &mut query {
                        query.push_str(text);
                        continue;
                    }
                    if let Some((path, rest)) = text.split_once('?') {
                        query = Some(rest.to_owned());
                        text = path;
                    }
                    for (n, run) in text.split('/').enumerate() {
                        if n > 0 {
                            pieces.push(Vec::new());
                        }
                        if !run.is_empty() {
                            pieces.last_mut()?.push(Piece::Text(decoded(run)));
                        }
                    }
                }
            }
        }
        // The text before the first slash is empty unless the path was written without it.
        if pieces.first().is_some_and(Vec::is_empty) {
            pieces.remove(0);
        }
        if let [only] = pieces.as_slice()
            && only.is_empty()
        {
            pieces.clear();
        }
        let segments: Vec<Segment> = pieces.into_iter().map(segment).collect();
        let dots = |s: &Segment| matches!(s, Segment::Literal(text) if text == "." || text == "..");
        if segments.iter().any(dots) {
            cx.out.push(codes::invalid_path::dots(node.span));
            return None;
        }
        let query = query.unwrap_or_default();
        let query = form_urlencoded::parse(query.as_bytes());
        Some(Self {
            segments,
            names,
            query: query.into_owned().collect(),
        })
    }

    /// The path of an operation below that of its resource, joined as consumed paths are (decisions, section 5): a path
    /// that repeats the resource's is whole, and one of only `/` adds nothing.
    pub(crate) fn join(&self, below: &Pattern) -> Pattern {
        let query = [self.query.as_slice(), &below.query].concat();
        if below.segments.is_empty() {
            return Pattern {
                query,
                ..self.clone()
            };
        }
        let stem = match self.segments.split_last() {
            Some((Segment::Literal(last), before)) if last.is_empty() => before,
            _ => self.segments.as_slice(),
        };
        if below.segments.starts_with(stem) && below.names.starts_with(&self.names) {
            return Pattern {
                query,
                ..below.clone()
            };
        }
        Pattern {
            segments: [stem, &below.segments].concat(),
            names: [self.names.as_slice(), &below.names].concat(),
            query,
        }
    }

    /// Whether it has a placeholder of that name.
    pub(crate) fn has(&self, name: &str) -> bool {
        self.names.iter().any(|known| known.value == name)
    }

    /// The path for logs and messages, control characters escaped.
    pub(crate) fn display(&self) -> String {
        let mut names = self.names.iter();
        let mut text = String::new();
        let mut slot = |text: &mut String| {
            let name = names.next().map_or("", Spanned::as_str);
            text.push('{');
            text.push_str(&escape(name));
            text.push('}');
        };
        for segment in &self.segments {
            text.push('/');
            match segment {
                Segment::Literal(literal) => text.push_str(&escape(literal)),
                Segment::Any => slot(&mut text),
                Segment::Partial(pieces) => {
                    for piece in pieces {
                        match piece {
                            Piece::Text(literal) => text.push_str(&escape(literal)),
                            Piece::Slot => slot(&mut text),
                        }
                    }
                }
            }
        }
        if text.is_empty() {
            text.push('/');
        }
        for (n, (name, value)) in self.query.iter().enumerate() {
            text.push(if n == 0 { '?' } else { '&' });
            text.push_str(&escape(name));
            if !value.is_empty() {
                text.push('=');
                text.push_str(&escape(value));
            }
        }
        text
    }
}

/// The input that a placeholder means.
fn input<'n>(name: &'n str, own: Option<&str>) -> &'n str {
    let Name::Caller(name) = Name::of(name, own) else {
        return name;
    };
    match split_place(name) {
        Some((Place::Path, rest)) => rest,
        _ => name,
    }
}

/// Requests are compared decoded, so a document may write `%20` or a blank.
fn decoded(text: &str) -> String {
    percent_decode_str(text)
        .decode_utf8()
        .map_or_else(|_| text.to_owned(), Into::into)
}

fn segment(mut pieces: Vec<Piece>) -> Segment {
    match pieces.as_mut_slice() {
        [] => Segment::Literal(String::new()),
        [Piece::Text(text)] => Segment::Literal(std::mem::take(text)),
        [Piece::Slot] => Segment::Any,
        _ => Segment::Partial(pieces),
    }
}
