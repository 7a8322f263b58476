//! Consumed paths: a resource path and an operation path joined and split into pieces (decisions, section 5, "URL").

use naftiko_diagnostics::{Diagnostics, Span, Spanned, codes};
use naftiko_expr::{Part, Syntax, Template, TemplateError};
use percent_encoding::{AsciiSet, CONTROLS, utf8_percent_encode};

/// What a document may write into a path but a URI may not hold.
const ILLEGAL: &AsciiSet = &CONTROLS
    .add(b' ')
    .add(b'"')
    .add(b'<')
    .add(b'>')
    .add(b'\\')
    .add(b'^')
    .add(b'`')
    .add(b'{')
    .add(b'|')
    .add(b'}');

/// Text of a document as a URI holds it: what is encoded already stays.
pub fn encode_literal(text: &str) -> String {
    utf8_percent_encode(text, ILLEGAL).to_string()
}

/// A piece of a path or query as written.
#[derive(Clone, Debug, PartialEq)]
pub(crate) enum Piece {
    /// Encoded text.
    Text(String),
    /// A placeholder.
    Placeholder(Named),
}

/// A placeholder and its place.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct Named {
    pub(crate) name: String,
    pub(crate) span: Span,
    /// Written `{{…}}`.
    pub(crate) double: bool,
}

/// A path below a base URI and the query that it is written with.
#[derive(Clone, Debug, Default, PartialEq)]
pub(crate) struct PathText {
    pub(crate) path: Vec<Piece>,
    /// One entry per `&`.
    pub(crate) query: Vec<Vec<Piece>>,
}

impl PathText {
    /// Joins the two paths of an operation.
    pub(crate) fn join(
        resource: Option<&Spanned<String>>,
        operation: Option<&Spanned<String>>,
        out: &mut Diagnostics,
    ) -> Option<Self> {
        let whole = |text: &Spanned<String>| {
            let path = text.value.split(['?', '#']).next().unwrap_or_default();
            path.trim().replace("{{", "{").replace("}}", "}")
        };
        let above = resource.map(whole).unwrap_or_default();
        let below = operation.map(whole).unwrap_or_default();
        let above_parsed = resource.map(|text| Self::parse(text, out));
        let below_parsed = operation.map(|text| Self::parse(text, out));
        let (above_parsed, below_parsed) = (
            above_parsed.map_or(Some(Self::default()), |parsed| parsed)?,
            below_parsed.map_or(Some(Self::default()), |parsed| parsed)?,
        );
        let stem = above.trim_end_matches('/');
        let repeats = stem.is_empty()
            || below
                .strip_prefix(stem)
                .is_some_and(|rest| rest.is_empty() || rest.starts_with('/'));
        let mut joined = if below.is_empty() || below == "/" {
            Self {
                path: above_parsed.path,
                query: Vec::new(),
            }
        } else if repeats {
            Self {
                path: below_parsed.path,
                query: Vec::new(),
            }
        } else {
            let mut path = above_parsed.path;
            trim_end(&mut path);
            path.push(Piece::Text(String::from("/")));
            let mut rest = below_parsed.path;
            trim_start(&mut rest);
            path.extend(rest);
            Self {
                path,
                query: Vec::new(),
            }
        };
        joined.lead();
        joined.query = above_parsed.query;
        joined.query.extend(below_parsed.query);
        Some(joined)
    }

    fn parse(text: &Spanned<String>, out: &mut Diagnostics) -> Option<Self> {
        let value = text.value.trim();
        let offset = text.value.len() - text.value.trim_start().len();
        let template = match Template::parse(value, Syntax::SingleOrDouble) {
            Ok(template) => template,
            Err(error) => {
                out.push(malformed(text, &error, offset));
                return None;
            }
        };
        let mut parsed = Self::default();
        let mut in_query = false;
        for part in template.parts() {
            match part {
                Part::Placeholder(placeholder) => {
                    let double = value
                        .get(placeholder.range.clone())
                        .is_some_and(|t| t.starts_with("{{"));
                    let span = inside(
                        text,
                        placeholder.range.start + offset,
                        placeholder.range.len(),
                    );
                    let named = Named {
                        name: placeholder.name.clone(),
                        span,
                        double,
                    };
                    parsed.push(Piece::Placeholder(named), in_query);
                }
                Part::Text(part) => {
                    if part.contains('#') {
                        let at = value.find('#').unwrap_or_default();
                        let span = inside(text, at + offset, value.len() - at);
                        out.push(codes::invalid_path::fragment(span));
                        return None;
                    }
                    let mut rest = part.as_str();
                    if !in_query && let Some((path, query)) = rest.split_once('?') {
                        parsed.push_text(path, false);
                        in_query = true;
                        parsed.query.push(Vec::new());
                        rest = query;
                    }
                    if in_query {
                        let mut first = true;
                        for pair in rest.split('&') {
                            if !first {
                                parsed.query.push(Vec::new());
                            }
                            first = false;
                            parsed.push_text(pair, true);
                        }
                    } else {
                        parsed.push_text(rest, false);
                    }
                }
            }
        }
        parsed.query.retain(|pair| !pair.is_empty());
        let dots = |piece: &Piece| match piece {
            Piece::Text(text) => text.split('/').any(is_dots),
            Piece::Placeholder(_) => false,
        };
        if parsed.path.len() == 1 && parsed.path.iter().any(dots) {
            out.push(codes::invalid_path::dots(text.span));
            return None;
        }
        Some(parsed)
    }

    fn push_text(&mut self, text: &str, in_query: bool) {
        if !text.is_empty() {
            self.push(Piece::Text(encode_literal(text)), in_query);
        }
    }

    fn push(&mut self, piece: Piece, in_query: bool) {
        if in_query {
            if let Some(pair) = self.query.last_mut() {
                pair.push(piece);
            }
        } else {
            self.path.push(piece);
        }
    }

    /// Makes the path start with one slash, or be empty: a path of only `/` adds nothing to a base.
    fn lead(&mut self) {
        trim_start(&mut self.path);
        if !self.path.is_empty() {
            self.path.insert(0, Piece::Text(String::from("/")));
        }
    }

    /// Appends a placeholder as a segment of its own.
    pub(crate) fn append(&mut self, named: Named) {
        trim_end(&mut self.path);
        self.path.push(Piece::Text(String::from("/")));
        self.path.push(Piece::Placeholder(named));
    }

    /// The placeholders of the path and of the written query.
    pub(crate) fn placeholders(&self) -> impl Iterator<Item = &Named> {
        self.path
            .iter()
            .chain(self.query.iter().flatten())
            .filter_map(|piece| match piece {
                Piece::Placeholder(named) => Some(named),
                Piece::Text(_) => None,
            })
    }

    /// The path and the written query with placeholder names erased, for telling two requests apart.
    pub(crate) fn shape(&self) -> String {
        self.text(|_| String::from("{}"))
    }

    /// The path for people and sandboxes: `{name}` for placeholders, the written query after it.
    pub(crate) fn display(&self, short: impl Fn(&str) -> String) -> String {
        self.text(|named| format!("{{{}}}", short(&named.name)))
    }

    fn text(&self, name: impl Fn(&Named) -> String) -> String {
        let piece = |piece: &Piece| match piece {
            Piece::Text(text) => text.clone(),
            Piece::Placeholder(named) => name(named),
        };
        let mut result: String = self.path.iter().map(piece).collect();
        if !self.query.is_empty() {
            let pairs: Vec<String> = self
                .query
                .iter()
                .map(|pair| pair.iter().map(piece).collect())
                .collect();
            result.push('?');
            result.push_str(&pairs.join("&"));
        }
        result
    }
}

/// Whether a segment is `.` or `..`, however it is written: whoever resolves a path reads `%2e` as a dot.
pub fn is_dots(segment: &str) -> bool {
    // This is asked for every segment of every request; the longest way to write `..` has six bytes.
    if segment.len() > 6 || !segment.starts_with(['.', '%']) {
        return false;
    }
    matches!(
        segment.to_ascii_lowercase().replace("%2e", ".").as_str(),
        "." | ".."
    )
}

fn trim_end(path: &mut Vec<Piece>) {
    if let Some(Piece::Text(text)) = path.last_mut() {
        text.truncate(text.trim_end_matches('/').len());
        if text.is_empty() {
            path.pop();
        }
    }
}

fn trim_start(path: &mut Vec<Piece>) {
    if let Some(Piece::Text(text)) = path.first_mut() {
        let trimmed = text.trim_start_matches('/').to_owned();
        if trimmed.is_empty() {
            path.remove(0);
        } else {
            *text = trimmed;
        }
    }
}

/// The span of a part of a text value: its bytes when the value is written plainly, the whole value otherwise (quotes,
/// folding and escapes move bytes).
pub(crate) fn inside(text: &Spanned<String>, offset: usize, len: usize) -> Span {
    let written = (text.span.end - text.span.start) as usize;
    if written == text.value.len() {
        text.span.part(offset, len)
    } else if written == text.value.len() + 2 {
        text.span.part(offset + 1, len)
    } else {
        text.span
    }
}

/// The finding about a template that cannot be read.
pub(crate) fn malformed(
    text: &Spanned<String>,
    error: &TemplateError,
    offset: usize,
) -> naftiko_diagnostics::Diagnostic {
    use naftiko_expr::TemplateErrorKind;
    let span = inside(text, error.range.start + offset, error.range.len());
    match error.kind {
        TemplateErrorKind::Unclosed => codes::malformed_template::unclosed(span),
        TemplateErrorKind::Empty => codes::malformed_template::empty(span),
        TemplateErrorKind::NotAName => codes::malformed_template::not_a_name(span),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use naftiko_diagnostics::SourceMap;

    fn join(resource: &str, operation: &str) -> String {
        let file = SourceMap::new().add("t", "");
        let spanned = |text: &str| Spanned::new(text.to_owned(), Span::new(file, 0, 0));
        let mut out = Diagnostics::new();
        let joined = PathText::join(
            Some(&spanned(resource)),
            Some(&spanned(operation)),
            &mut out,
        );
        joined.unwrap().display(str::to_owned)
    }

    #[test]
    fn exactly_one_slash_at_each_joint() {
        assert_eq!(join("/a", "/b"), "/a/b");
        assert_eq!(join("/a/", "b"), "/a/b");
        assert_eq!(join("a", ""), "/a");
        assert_eq!(join("/a/", "/"), "/a/");
        assert_eq!(join("/", "/b/"), "/b/");
        assert_eq!(join("/", ""), "");
        assert_eq!(join("{x}", "{y}"), "/{x}/{y}");
    }

    #[test]
    fn an_operation_path_that_repeats_the_resource_s_is_whole() {
        assert_eq!(join("/pets", "/pets/{id}"), "/pets/{id}");
        assert_eq!(join("/pets/{{id}}", "/pets/{id}/toys"), "/pets/{id}/toys");
        assert_eq!(join("/pet", "/pets"), "/pet/pets");
    }

    #[test]
    fn queries_stay_and_text_is_encoded() {
        assert_eq!(join("/a?x=1", "/b?y={y}&z"), "/a/b?x=1&y={y}&z");
        assert_eq!(join("/a b/é", "/%20"), "/a%20b/%C3%A9/%20");
    }

    #[test]
    fn shapes_forget_names() {
        let file = SourceMap::new().add("t", "");
        let text = Spanned::new(String::from("/v/{topic}:publish"), Span::new(file, 0, 0));
        let mut parsed = PathText::join(Some(&text), None, &mut Diagnostics::new()).unwrap();
        assert_eq!(parsed.shape(), "/v/{}:publish");
        parsed.append(Named {
            name: "id".into(),
            span: text.span,
            double: false,
        });
        assert_eq!(parsed.shape(), "/v/{}:publish/{}");
    }
}
