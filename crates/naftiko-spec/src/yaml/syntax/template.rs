//! Templates without quotes that break the syntax.

use naftiko_diagnostics::Diagnostic;
use naftiko_diagnostics::codes::unquoted_template;

use super::super::source::{Cover, Mend, Source};
use super::Context;

/// A template without quotes with more text behind it, as in `{{base}}/orders`.
pub(super) fn find(
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
