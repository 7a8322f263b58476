//! What the YAML parser refuses, in words that help, at the place where the mistake was made.
//!
//! The parser knows where it could not go on; that is often not where the author slipped. An unclosed quote is found at
//! the next quote, an unclosed bracket at the next key. [`explain`] looks back for the cause, and says which bytes to
//! cover so that the rest of the text can be read.

mod quoted;
mod structure;
mod template;

use granit_parser::ErrorKind;
use naftiko_diagnostics::codes::{document_too_large, yaml_syntax};
use naftiko_diagnostics::{Diagnostic, Span};

use super::build::SyntaxError;
use super::source::{Cover, Mend, Source};

/// What had been read when the parser gave up.
#[derive(Clone, Copy, Debug)]
pub(super) struct Context {
    /// The end of the last token.
    pub(super) last_end: usize,
    /// The start of the innermost bracket or brace that is still open.
    pub(super) open_flow: Option<usize>,
    /// Whether a bracket or brace is open that is not the beginning of a template.
    pub(super) in_flow: bool,
    /// The start of an open mapping that looks like a template.
    pub(super) open_template: Option<usize>,
    /// The last closed mapping that looks like a template.
    pub(super) closed_template: Option<(usize, usize)>,
    /// The limit of depth.
    pub(super) depth: usize,
}

/// The finding for a refusal, and what to cover so that reading can go on.
pub(super) fn explain(source: &Source<'_>, refusal: &SyntaxError) -> (Diagnostic, Option<Mend>) {
    let SyntaxError { error, context } = refusal;
    let at = error.marker().byte_offset().unwrap_or(0);
    if matches!(error.kind(), ErrorKind::RecursionLimitExceeded) {
        let finding = document_too_large::depth(source.character(at), context.depth);
        return (finding, None);
    }
    if let Some(found) = template::find(source, context, at) {
        return found;
    }
    let (finding, mend) = cause(source, context, error.kind(), at);
    (finding, mend)
}

fn cause(
    source: &Source<'_>,
    context: &Context,
    kind: &ErrorKind,
    at: usize,
) -> (Diagnostic, Option<Mend>) {
    use ErrorKind as K;
    let here = source.character(at);
    match kind {
        K::UnclosedQuotedScalar | K::DocumentIndicatorInQuotedScalar => {
            let what = "A text in quotes is never closed";
            let found = yaml_syntax::new(here, what, "the quote opens here");
            (found.help("close the quote at the end of the text"), None)
        }
        K::InvalidTrailingSingleQuotedScalar | K::InvalidTrailingDoubleQuotedScalar => {
            (quoted::trailing_text(source, context, at), None)
        }
        K::UnknownQuotedScalarEscape
        | K::InvalidQuotedScalarHexEscape
        | K::InvalidLowSurrogateHexEscape
        | K::InvalidLowSurrogate
        | K::MissingLowSurrogate
        | K::UnpairedLowSurrogate
        | K::InvalidUnicodeEscape => quoted::escape(source, at),
        K::TabNotAllowed
        | K::TabInBlockIndentation
        | K::TabInIndentation
        | K::TabAtBlockScalarStart
        | K::TabInPlainScalar => (tab(source, at), None),
        K::UnclosedFlowCollection { open } => {
            let close = if *open == '[' { ']' } else { '}' };
            let found =
                yaml_syntax::new(here, format!("The `{open}` is never closed"), "opens here");
            (
                found.help(format!(
                    "write `{close}` where it ends, or put the text in quotes"
                )),
                None,
            )
        }
        K::MismatchedFlowCollectionEnd { open, close } => {
            // The parser points at the opening one.
            let what = format!("The `{open}` is closed by a `{close}`");
            let mut found = yaml_syntax::new(here, what, "opens here");
            if let Some(behind) = source.at(at).find(*close) {
                found = found.also(source.character(at + behind), "closes the wrong one");
            }
            let found = found.help("close brackets in the order in which they were opened");
            (found, None)
        }
        K::MisplacedFlowCollectionEnd => {
            let found = yaml_syntax::new(here, "A bracket is closed that was never opened", "");
            let found = found.help("remove it, or put the text in quotes");
            (
                found,
                Some(Mend {
                    start: at,
                    end: at + 1,
                    cover: Cover::Text,
                }),
            )
        }
        K::UnexpectedCharacter { character } => {
            unexpected_character(source, context, *character, at)
        }
        K::MappingValueNotAllowed | K::InvalidColonPlacement if context.open_flow.is_none() => {
            colon(source, at)
        }
        K::MappingValueNotAllowed | K::InvalidColonPlacement
            if context
                .open_flow
                .is_some_and(|open| open < source.line(at).0) =>
        {
            let open = source.character(context.open_flow.unwrap_or(at));
            let what = format!("The `{}` is not closed", source.original(open));
            let found = yaml_syntax::new(open, what, "opens here")
                .also(here, "a new key begins before it is closed")
                .help("close it, or put the text in quotes");
            (found, None)
        }
        K::SimpleKeyExpected | K::InvalidSimpleKey => {
            let (line_start, line) = source.line(at);
            let end = line_start + line.trim_end().len();
            let found = yaml_syntax::new(source.range(at, end), "A key is not followed by a colon", "no `:` here")
                .help("write `key: value`; text that continues the line above is indented further than its key");
            let mend = Mend {
                start: at,
                end,
                cover: Cover::Blank,
            };
            (
                in_open_flow(source, context, found),
                context.open_flow.is_none().then_some(mend),
            )
        }
        _ => {
            let (what, label, help) = structure::words(kind);
            let mut found = yaml_syntax::new(here, what, label);
            if !help.is_empty() {
                found = found.help(help);
            }
            (in_open_flow(source, context, found), None)
        }
    }
}

/// Adds the bracket that is still open: the mistake is often that it was not closed.
fn in_open_flow(source: &Source<'_>, context: &Context, found: Diagnostic) -> Diagnostic {
    match context.open_flow {
        Some(open) => found.also(source.character(open), "this is still open"),
        None => found,
    }
}

/// The tab that the parser stumbled over: on this line, or in the indentation of the next.
fn tab(source: &Source<'_>, at: usize) -> Diagnostic {
    let (start, line) = source.line(at);
    let indentation = line.len() - line.trim_start_matches([' ', '\t']).len();
    let found = line
        .get(..indentation)
        .and_then(|i| i.find('\t'))
        .map(|n| start + n)
        .or_else(|| {
            let rest = source.at(at);
            let lines = rest.match_indices('\n').map(|(n, _)| n + 1);
            lines.take(4).find_map(|n| {
                let line = rest.get(n..)?;
                let blank = line.len() - line.trim_start_matches([' ', '\t']).len();
                line.get(..blank)?.find('\t').map(|tab| at + n + tab)
            })
        });
    let place = found.unwrap_or(at);
    let tabs = source.at(place).len() - source.at(place).trim_start_matches('\t').len();
    yaml_syntax::new(
        source.range(place, place + tabs.max(1)),
        "A tab stands in the indentation",
        "a tab",
    )
    .help("indent with spaces: YAML does not say how wide a tab is")
}

fn unexpected_character(
    source: &Source<'_>,
    context: &Context,
    character: char,
    at: usize,
) -> (Diagnostic, Option<Mend>) {
    let here = source.character(at);
    let mend = Mend {
        start: here.start as usize,
        end: here.end as usize,
        cover: Cover::Text,
    };
    let shown = character.escape_default();
    if character.is_control() {
        let found = yaml_syntax::new(
            here,
            format!("The control character `{shown}` cannot stand in a document"),
            "",
        )
        .help(format!(
            "remove it, or write it as an escape in double quotes: \"\\x{:02x}\"",
            u32::from(character)
        ));
        return (found, Some(mend));
    }
    let found = if matches!(character, '@' | '`' | '%') {
        yaml_syntax::new(here, format!("Text cannot begin with `{character}`"), "")
            .help("put the text in quotes")
    } else {
        yaml_syntax::new(
            here,
            format!("The character `{character}` cannot stand here"),
            "",
        )
        .help("put the text in quotes if it is meant as text")
    };
    let mend = matches!(character, '@' | '`' | '%').then_some(mend);
    (in_open_flow(source, context, found), mend)
}

/// A second colon on a line, or a key below a value.
fn colon(source: &Source<'_>, at: usize) -> (Diagnostic, Option<Mend>) {
    let (start, line) = source.line(at);
    let before = line.get(..at - start).unwrap_or_default();
    let here: Span = source.character(at);
    if before.contains(": ") {
        let found = yaml_syntax::new(
            here,
            "A second `: ` stands on one line",
            "this colon begins a value again",
        )
        .help("put text that holds a colon and a blank in quotes");
        return (
            found,
            Some(Mend {
                start: at,
                end: at + 1,
                cover: Cover::Text,
            }),
        );
    }
    let key = source.range(start + line.len() - line.trim_start().len(), at);
    let found = yaml_syntax::new(
        key,
        "A key cannot stand here: the line above already gave a value",
        "indented further than the keys above",
    )
    .help("indent it like the keys that it belongs to");
    (found, None)
}
