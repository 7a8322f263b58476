//! JSON bodies that are written as text.

use naftiko_diagnostics::{Spanned, codes};
use naftiko_expr::{Syntax, Template};
use serde_json::Value;

use crate::expr::Expr;
use crate::inputs::Demand;
use crate::names::{CallNames, Side};

/// A body that is written as text: one placeholder is the value itself; JSON text is a document with templates in it,
/// where a placeholder outside of quotes is a value and one inside is a part of the text.
pub(crate) fn lower(text: &Spanned<String>, names: &mut CallNames<'_, '_>) -> Option<Expr> {
    if let Ok(template) = Template::parse(text.value.trim(), Syntax::Double)
        && template.as_placeholder().is_some()
    {
        let trimmed = Spanned::new(text.value.trim().to_owned(), text.span);
        let side = Side::Consumed;
        return Some(names.template(&trimmed, side, Demand::IfNoneDeclared));
    }
    match serde_json::from_str::<Value>(&quoted(&text.value)) {
        Ok(value) => Some(json_value(&value, text, names)),
        Err(error) => {
            names
                .out
                .push(codes::invalid_json_body::new(text.span, &error.to_string()));
            None
        }
    }
}

/// Puts quotes around placeholders that stand outside of strings, so that the text is JSON.
fn quoted(text: &str) -> String {
    let mut result = String::with_capacity(text.len() + 16);
    let mut in_string = false;
    let mut rest = text;
    while let Some(c) = rest.chars().next() {
        if !in_string
            && rest.starts_with("{{")
            && let Some(end) = rest.find("}}")
        {
            let placeholder = rest.get(..end + 2).unwrap_or_default();
            result.push('"');
            result.push_str(placeholder);
            result.push('"');
            rest = rest.get(end + 2..).unwrap_or_default();
            continue;
        }
        match c {
            '"' => in_string = !in_string,
            '\\' if in_string => {
                let len = 1 + rest.chars().nth(1).map_or(0, char::len_utf8);
                result.push_str(rest.get(..len).unwrap_or_default());
                rest = rest.get(len..).unwrap_or_default();
                continue;
            }
            _ => {}
        }
        result.push(c);
        rest = rest.get(c.len_utf8()..).unwrap_or_default();
    }
    result
}

fn json_value(value: &Value, text: &Spanned<String>, names: &mut CallNames<'_, '_>) -> Expr {
    match value {
        Value::String(inner) => {
            // The place of a name inside JSON text is the text: escapes move bytes.
            let spanned = Spanned::new(inner.clone(), text.span);
            names.template(&spanned, Side::Consumed, Demand::IfNoneDeclared)
        }
        Value::Array(list) => Expr::Array(
            list.iter()
                .map(|value| json_value(value, text, names))
                .collect(),
        ),
        Value::Object(members) => {
            let members = members
                .iter()
                .map(|(name, value)| (name.clone(), json_value(value, text, names)));
            Expr::Object(members.collect())
        }
        other => Expr::Literal(other.clone()),
    }
}

#[cfg(test)]
mod tests {
    use super::quoted;

    #[test]
    fn placeholders_outside_of_strings_get_quotes() {
        assert_eq!(
            quoted(r#"{"a": {{x}}, "b": "t {{y}}"}"#),
            r#"{"a": "{{x}}", "b": "t {{y}}"}"#
        );
        assert_eq!(quoted(r#"{"a": "\"{{x}}"}"#), r#"{"a": "\"{{x}}"}"#);
        assert_eq!(quoted("[{{x"), "[{{x");
    }
}
