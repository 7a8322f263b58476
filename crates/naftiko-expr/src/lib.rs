//! Templates: text with placeholders, parsed once.
//!
//! A template knows which names it mentions and where; it does not know what they mean (that is
//! `naftiko-bindings`) nor how a value is escaped (that is the place it is written to). Specification: "Templates",
//! `{{name}}`; consumed and exposed paths also write `{name}`.

use std::ops::Range;

/// Which brackets open a placeholder.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Syntax {
    /// `{{name}}` alone: everywhere but in paths.
    Double,
    /// `{name}` and `{{name}}` alike: paths and base URIs.
    SingleOrDouble,
}

/// One piece of a template.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Part {
    /// Text that stands as it is.
    Text(String),
    /// A name to be replaced by its value.
    Placeholder(Placeholder),
}

/// A name in a template.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Placeholder {
    /// The name without brackets and surrounding blanks.
    pub name: String,
    /// The bytes of the template that the placeholder takes, brackets included.
    pub range: Range<usize>,
}

/// A parsed template.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Template {
    parts: Vec<Part>,
}

/// Why a text is no template.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct TemplateError {
    /// What is wrong.
    pub kind: TemplateErrorKind,
    /// The bytes it is about.
    pub range: Range<usize>,
}

/// What is wrong with a template.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum TemplateErrorKind {
    /// Brackets are opened and never closed.
    Unclosed,
    /// There is no name between the brackets.
    Empty,
    /// The text between the brackets holds brackets, quotes or line breaks, so it is no name.
    NotAName,
}

impl Template {
    /// Parses `text`.
    ///
    /// # Errors
    /// The first placeholder that is unclosed, empty or no name. With [`Syntax::SingleOrDouble`] a lone `}` is text.
    pub fn parse(text: &str, syntax: Syntax) -> Result<Self, TemplateError> {
        let mut parts = Vec::new();
        let mut literal = String::new();
        let mut at = 0;
        while let Some(rest) = text.get(at..).filter(|rest| !rest.is_empty()) {
            let (open, close) = if rest.starts_with("{{") {
                ("{{", "}}")
            } else if rest.starts_with('{') && syntax == Syntax::SingleOrDouble {
                ("{", "}")
            } else {
                let next = rest
                    .char_indices()
                    .nth(1)
                    .map_or(rest.len(), |(next, _)| next);
                let run = rest
                    .get(next..)
                    .and_then(|tail| tail.find('{'))
                    .map_or(rest.len(), |n| next + n);
                literal.push_str(rest.get(..run).unwrap_or_default());
                at += run;
                continue;
            };
            let inside_start = at + open.len();
            let inside = text.get(inside_start..).unwrap_or_default();
            let Some(length) = inside.find(close) else {
                return Err(TemplateError {
                    kind: TemplateErrorKind::Unclosed,
                    range: at..text.len(),
                });
            };
            let end = inside_start + length + close.len();
            let name = inside.get(..length).unwrap_or_default().trim();
            let problem = if name.is_empty() {
                Some(TemplateErrorKind::Empty)
            } else if name.contains(['{', '}', '"', '\n', '\r']) {
                Some(TemplateErrorKind::NotAName)
            } else {
                None
            };
            if let Some(kind) = problem {
                return Err(TemplateError {
                    kind,
                    range: at..end,
                });
            }
            if !literal.is_empty() {
                parts.push(Part::Text(std::mem::take(&mut literal)));
            }
            parts.push(Part::Placeholder(Placeholder {
                name: name.to_owned(),
                range: at..end,
            }));
            at = end;
        }
        if !literal.is_empty() {
            parts.push(Part::Text(literal));
        }
        Ok(Self { parts })
    }

    /// The pieces in order; neighbouring texts are one piece.
    pub fn parts(&self) -> &[Part] {
        &self.parts
    }

    /// The placeholders in order.
    pub fn placeholders(&self) -> impl Iterator<Item = &Placeholder> {
        self.parts.iter().filter_map(|part| match part {
            Part::Placeholder(placeholder) => Some(placeholder),
            Part::Text(_) => None,
        })
    }

    /// The text when nothing is to be replaced.
    pub fn as_literal(&self) -> Option<&str> {
        match self.parts.as_slice() {
            [] => Some(""),
            [Part::Text(text)] => Some(text),
            _ => None,
        }
    }

    /// The placeholder when the template is nothing else: its value keeps its JSON type.
    pub fn as_placeholder(&self) -> Option<&Placeholder> {
        match self.parts.as_slice() {
            [Part::Placeholder(placeholder)] => Some(placeholder),
            _ => None,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn names(text: &str, syntax: Syntax) -> Vec<String> {
        Template::parse(text, syntax)
            .unwrap()
            .placeholders()
            .map(|p| p.name.clone())
            .collect()
    }

    #[test]
    fn double_brackets_are_placeholders_everywhere() {
        assert_eq!(
            names("Bearer {{ env.TOKEN }}", Syntax::Double),
            ["env.TOKEN"]
        );
        assert_eq!(names("/v/{{a}}/{b}", Syntax::SingleOrDouble), ["a", "b"]);
        assert_eq!(names("{a: {b}}", Syntax::Double), Vec::<String>::new());
    }

    #[test]
    fn parts_keep_text_and_ranges() {
        let template = Template::parse("é{{x}}:publish", Syntax::Double).unwrap();
        assert_eq!(
            template.parts(),
            [
                Part::Text("é".into()),
                Part::Placeholder(Placeholder {
                    name: "x".into(),
                    range: 2..7
                }),
                Part::Text(":publish".into()),
            ]
        );
        assert_eq!(template.as_literal(), None);
        assert_eq!(
            Template::parse("", Syntax::Double).unwrap().as_literal(),
            Some("")
        );
        let whole = Template::parse("{{x}}", Syntax::Double).unwrap();
        assert_eq!(whole.as_placeholder().map(|p| p.name.as_str()), Some("x"));
    }

    #[test]
    fn mistakes_are_located() {
        let error = |text, syntax| Template::parse(text, syntax).unwrap_err();
        assert_eq!(error("a {{x", Syntax::Double).range, 2..5);
        assert_eq!(error("{{}}", Syntax::Double).kind, TemplateErrorKind::Empty);
        assert_eq!(
            error("{{ {{x}} }}", Syntax::Double).kind,
            TemplateErrorKind::NotAName
        );
        assert_eq!(
            error("/a/{b", Syntax::SingleOrDouble).kind,
            TemplateErrorKind::Unclosed
        );
    }

    #[test]
    fn a_long_text_is_parsed_in_one_pass() {
        let text = "{ x ".repeat(100_000);
        assert!(
            Template::parse(&text, Syntax::Double)
                .unwrap()
                .as_literal()
                .is_some()
        );
    }
}
