//! What the YAML parser refuses, in words that help, at the place where the mistake was made.
//!
//! The parser knows where it could not go on; that is often not where the author slipped. An unclosed quote is found at
//! the next quote, an unclosed bracket at the next key. [`explain`] looks back for the cause, and says which bytes to
//! cover so that the rest of the text can be read.

use granit_parser::ErrorKind;
use naftiko_diagnostics::codes::{document_too_large, unquoted_template, yaml_syntax};
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
    if let Some(found) = template(source, context, at) {
        return found;
    }
    let (finding, mend) = cause(source, context, error.kind(), at);
    (finding, mend)
}

/// A template without quotes with more text behind it, as in `{{base}}/orders`.
fn template(
    source: &Source<'_>,
    context: &Context,
    at: usize,
) -> Option<(Diagnostic, Option<Mend>)> {
    let (line_start, line) = source.line(at);
    let closed = context
        .closed_template
        .filter(|(start, end)| *start >= line_start && *end <= at);
    let start = context
        .open_template
        .or(closed.map(|(start, _)| start))
        .or_else(|| unread_template(source, context, line_start, at))?;
    let line_end = line_start + line.len();
    let text = source.at(start).get(..line_end.checked_sub(start)?)?;
    let text = value_text(text, context.in_flow);
    if !text.contains("}}") {
        return None;
    }
    let end = start + text.len();
    let finding = unquoted_template::new(source.range(start, end), text);
    Some((
        finding,
        Some(Mend {
            start,
            end,
            cover: Cover::Text,
        }),
    ))
}

/// A template at the start of a value between the last token read and `at`, on one line: the scanner runs ahead of what
/// the parser has handed out.
fn unread_template(
    source: &Source<'_>,
    context: &Context,
    line: usize,
    at: usize,
) -> Option<usize> {
    let from = line.max(context.last_end);
    let text = source.at(from).get(..at.checked_sub(from)?)?;
    let before = |found: usize| source.before(from + found).trim_end_matches(' ');
    text.match_indices("{{")
        .map(|(found, _)| found)
        .take_while(|found| !text.get(..*found).is_some_and(|t| t.contains(['"', '\''])))
        .find(|found| before(*found).ends_with([':', '-', '[', ',', '?', '\n']))
        .map(|found| from + found)
}

/// The value that begins with a template: up to what would end a text without quotes.
fn value_text(text: &str, in_flow: bool) -> &str {
    let mut inside = 0_usize;
    let mut end = text.len();
    for (at, c) in text.char_indices() {
        let rest = text.get(at..).unwrap_or_default();
        match c {
            '{' if rest.starts_with("{{") => inside += 1,
            '}' if inside > 0 => inside -= usize::from(rest.starts_with("}}")),
            ',' | ']' | '}'
                if in_flow
                    && inside == 0
                    && !text.get(..at).is_some_and(|t| t.ends_with('}') && c == '}') =>
            {
                end = at;
                break;
            }
            ' ' if inside == 0 && rest.starts_with(" #") => {
                end = at;
                break;
            }
            ':' if inside == 0 && (rest.len() == 1 || rest.starts_with(": ")) => {
                end = at;
                break;
            }
            _ => {}
        }
    }
    text.get(..end).unwrap_or(text).trim_end()
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
            (trailing_text(source, context, at), None)
        }
        K::UnknownQuotedScalarEscape
        | K::InvalidQuotedScalarHexEscape
        | K::InvalidLowSurrogateHexEscape
        | K::InvalidLowSurrogate
        | K::MissingLowSurrogate
        | K::UnpairedLowSurrogate
        | K::InvalidUnicodeEscape => escape(source, at),
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
            let (what, label, help) = structure(kind);
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

/// The sentence, the label and the help for refusals about the structure.
fn structure(kind: &ErrorKind) -> (&'static str, &'static str, &'static str) {
    use ErrorKind as K;
    match kind {
        K::ExpectedBlockMappingKey | K::ExpectedNodeContent | K::InvalidIndentation => (
            "A key of the mapping was expected here",
            "not a key",
            "keys of one mapping begin in the same column; text that begins with `[`, `{`, `\"` or `'` is quoted as a whole",
        ),
        K::ExpectedBlockSequenceEntry => (
            "An item of the list was expected here",
            "not an item",
            "every item begins with `- ` in the same column; what belongs to an item is indented further",
        ),
        K::BlockSequenceEntryNotAllowed
        | K::BlockEntryInFlowCollection
        | K::InvalidBlockEntryWhitespace => (
            "A list item cannot begin here",
            "unexpected `-`",
            "begin the list on a line of its own; put text that begins with a dash in quotes",
        ),
        K::ExpectedFlowMappingSeparator
        | K::UnexpectedEofFlowMapping
        | K::UnexpectedEofImplicitFlowMapping => (
            "A `,` or `}` was expected here",
            "",
            "close the mapping, or put the text in quotes",
        ),
        K::ExpectedFlowSequenceSeparator | K::UnexpectedEofFlowSequence => (
            "A `,` or `]` was expected here",
            "",
            "close the list, or put the text in quotes",
        ),
        K::MappingValueNotAllowed
        | K::InvalidColonPlacement
        | K::FlowMappingValueAdjacentCollection
        | K::InvalidMappingValueWhitespace
        | K::MappingKeyNotAllowed => (
            "A key cannot stand here",
            "",
            "put text that holds a colon in quotes",
        ),
        K::InvalidFlowScalarIndent | K::InvalidQuotedScalarIndent | K::InvalidBlockScalarIndent => {
            (
                "The line is indented too little",
                "belongs to the value above",
                "indent every line of a value further than its key",
            )
        }
        K::CommentInterceptedScalar => (
            "A comment stands in the middle of a text",
            "",
            "move the comment, or put the text in quotes if the `#` belongs to it",
        ),
        K::CommentNotSeparated => (
            "A comment needs a blank in front of its `#`",
            "",
            "write a blank in front of it, or put the text in quotes if the `#` belongs to it",
        ),
        K::ZeroBlockScalarIndent | K::InvalidBlockScalarHeader => (
            "Text stands behind the mark of a block text",
            "",
            "begin the text on the next line, indented; put text that begins with `|` or `>` in quotes",
        ),
        K::UndeclaredTagHandle => (
            "The tag belongs to a namespace that is not declared",
            "",
            "put text that begins with an exclamation mark in quotes",
        ),
        K::MissingAnchorOrAliasName => (
            "An anchor or alias has no name",
            "",
            "put text that begins with `&` or `*` in quotes",
        ),
        K::BomInsideDocument => (
            "A byte order mark stands in the middle of the text",
            "",
            "remove it",
        ),
        K::PlainScalarStartsWithDashFlowIndicator => {
            ("Text cannot begin like this", "", "put the text in quotes")
        }
        K::UnsupportedYamlMajorVersion => (
            "The declared YAML version is unknown",
            "",
            "remove the directive",
        ),
        K::InvalidDocumentEnd | K::MissingDocumentEndBeforeDirective | K::ExpectedDocumentStart => {
            (
                "The document ends before this",
                "",
                "a file holds one document",
            )
        }
        _ => (
            "This is not valid YAML",
            "",
            "put the text in quotes if it is meant as text",
        ),
    }
}

/// Text behind a closed quote; when the quote spans lines, the quote that opened it is likely the mistake.
fn trailing_text(source: &Source<'_>, context: &Context, at: usize) -> Diagnostic {
    let between = source
        .before(at)
        .get(context.last_end..)
        .unwrap_or_default();
    let open = between
        .find(['"', '\''])
        .map(|quote| context.last_end + quote);
    let spans_lines =
        open.is_some_and(|o| source.at(o).get(..at - o).is_some_and(|s| s.contains('\n')));
    let (line_start, line) = source.line(at);
    let rest = source.range(at, line_start + line.trim_end().len());
    let quote = open
        .and_then(|o| source.at(o).chars().next())
        .unwrap_or('"');
    let help = match quote {
        '\'' => "write an apostrophe inside single quotes twice (`''`), or use double quotes",
        _ => "write a quote inside double quotes as `\\\"`, or use single quotes",
    };
    match open {
        Some(open) if spans_lines => yaml_syntax::new(
            source.character(open),
            "A text in quotes is not closed where it should be",
            "the quote opens here",
        )
        .also(rest, "and is closed only before this")
        .help(help),
        _ => {
            let found = yaml_syntax::new(
                rest,
                "Text stands behind a closed quote",
                "not part of the text in quotes",
            );
            let found = match open {
                Some(open) => found.also(source.character(open), "the quote opens here"),
                None => found,
            };
            found.help(help)
        }
    }
}

/// The first wrong escape of the double-quoted text that begins at `open`.
fn escape(source: &Source<'_>, open: usize) -> (Diagnostic, Option<Mend>) {
    let text = source.at(open);
    let mut chars = text.char_indices().skip(1);
    let mut place = None;
    while let Some((at, c)) = chars.next() {
        if c == '"' {
            break;
        }
        if c == '\\' {
            let Some((_, next)) = chars.next() else { break };
            let digits = match next {
                'x' => 2,
                'u' => 4,
                'U' => 8,
                _ => 0,
            };
            let rest = text.get(at + 1 + next.len_utf8()..).unwrap_or_default();
            let good = rest
                .chars()
                .take(digits)
                .filter(char::is_ascii_hexdigit)
                .count()
                == digits;
            let known = "0abtnvfre \"/\\N_LPxuU\t\n\r".contains(next);
            let surrogate = next == 'u' && rest.starts_with(['d', 'D']);
            if !known || !good || surrogate {
                place = Some((open + at, next, digits));
                break;
            }
        }
    }
    let Some((at, next, digits)) = place else {
        let found = yaml_syntax::new(
            source.character(open),
            "The text holds an unknown escape",
            "",
        );
        return (found, None);
    };
    let span = source.range(at, at + 1 + next.len_utf8());
    let found = if digits == 0 {
        yaml_syntax::new(
            span,
            format!("`\\{next}` is no escape of YAML"),
            "in double quotes a backslash begins an escape",
        )
        .help(format!(
            "use single quotes, or write the backslash twice: `\\\\{next}`"
        ))
    } else {
        yaml_syntax::new(
            span,
            format!("`\\{next}` needs {digits} hexadecimal digits that name a character"),
            "",
        )
        .help("use single quotes if the backslash is meant as such")
    };
    (
        found,
        Some(Mend {
            start: at,
            end: at + 1,
            cover: Cover::Text,
        }),
    )
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
