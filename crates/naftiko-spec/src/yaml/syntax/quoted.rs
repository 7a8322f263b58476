//! Mistakes in and around text in quotes.

use naftiko_diagnostics::Diagnostic;
use naftiko_diagnostics::codes::yaml_syntax;

use super::super::source::{Cover, Mend, Source};
use super::Context;

/// Text behind a closed quote; when the quote spans lines, the quote that opened it is likely the mistake.
pub(super) fn trailing_text(source: &Source<'_>, context: &Context, at: usize) -> Diagnostic {
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
pub(super) fn escape(source: &Source<'_>, open: usize) -> (Diagnostic, Option<Mend>) {
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
