//! Placeholders and the names inside them (decisions, section 3).
//!
//! A written text such as `/v1/{id}` or `Bearer {{TOKEN}}` is cut into literal pieces and
//! expressions; an expression is then classified as an input of the call, a variable, or a plain
//! name, exactly once and without looking at any value.

use std::collections::{BTreeMap, BTreeSet};

use serde_json::Value;

/// One piece of a template.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Piece {
    /// Text that is sent as written.
    Text(String),
    /// The expression between the braces, trimmed.
    Hole(String),
}

/// Cuts `text` at `{{x}}`, and at `{x}` too when `single` (paths and base addresses).
pub(crate) fn cut(text: &str, single: bool) -> Vec<Piece> {
    let mut pieces = Vec::new();
    let mut plain = String::new();
    let mut rest = text;
    while let Some(open) = rest.find('{') {
        let (before, after) = rest.split_at(open);
        plain.push_str(before);
        let found =
            hole(after, "{{", "}}").or_else(|| single.then(|| hole(after, "{", "}")).flatten());
        if let Some((name, length)) = found {
            if !plain.is_empty() {
                pieces.push(Piece::Text(std::mem::take(&mut plain)));
            }
            pieces.push(Piece::Hole(name));
            rest = after.get(length..).unwrap_or_default();
        } else {
            plain.push('{');
            rest = after.get(1..).unwrap_or_default();
        }
    }
    plain.push_str(rest);
    if !plain.is_empty() {
        pieces.push(Piece::Text(plain));
    }
    pieces
}

/// The hole at the start of `text`, with its whole length in bytes.
fn hole(text: &str, open: &str, close: &str) -> Option<(String, usize)> {
    let inner = text.strip_prefix(open)?;
    let end = inner.find(close)?;
    let name = inner.get(..end)?;
    let fits = !name.trim().is_empty() && !name.contains(['{', '}', '\n']);
    fits.then(|| (name.trim().to_owned(), open.len() + end + close.len()))
}

/// The expressions of a text, in order.
pub(crate) fn holes(text: &str, single: bool) -> Vec<String> {
    cut(text, single)
        .into_iter()
        .filter_map(|piece| match piece {
            Piece::Hole(name) => Some(name),
            Piece::Text(_) => None,
        })
        .collect()
}

/// The expressions in every text leaf of a tree, in document order.
pub(crate) fn holes_of_tree(tree: &Value) -> Vec<String> {
    match tree {
        Value::String(text) => holes(text, false),
        Value::Array(items) => items.iter().flat_map(holes_of_tree).collect(),
        Value::Object(members) => members.values().flat_map(holes_of_tree).collect(),
        _ => Vec::new(),
    }
}

/// `NAME` as a bound variable is written: upper case, digits, underscores.
pub(crate) fn is_screaming(name: &str) -> bool {
    name.starts_with(|first: char| first.is_ascii_uppercase())
        && name
            .chars()
            .all(|c| c.is_ascii_uppercase() || c.is_ascii_digit() || c == '_')
}

/// The names that one document (or one imported client) can see.
#[derive(Debug, Clone, Default)]
pub(crate) struct Scope {
    /// The namespaces of the exposers: `{namespace}.x` is an input.
    pub(crate) callers: BTreeSet<String>,
    /// Bind namespace, then key, then the variable's value as the oracle chose it.
    pub(crate) binds: BTreeMap<String, BTreeMap<String, String>>,
    /// Variables that credentials and base addresses read without a bind.
    pub(crate) implicit: BTreeMap<String, String>,
}

/// What an expression names.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Reference {
    /// `rest.x` and its kin: an input of the current call (the text after the prefix).
    Input(String),
    /// A bound variable, with its value.
    Variable(String),
    /// A variable that no bind declares.
    Unbound(String),
    /// A name without a prefix that is not a bound variable.
    Plain(String),
}

impl Scope {
    /// The value of a bound key, whichever bind has it.
    pub(crate) fn bound(&self, key: &str) -> Option<&String> {
        self.binds.values().find_map(|keys| keys.get(key))
    }

    /// The part after `rest.`, `tools.`, `mcp.`, `{exposer}.` or `$this.{exposer}.`.
    pub(crate) fn after_caller_prefix<'t>(&self, text: &'t str) -> Option<&'t str> {
        let text = text.strip_prefix("$this.").unwrap_or(text);
        let known = ["rest", "tools", "mcp"];
        let prefixes = known
            .into_iter()
            .chain(self.callers.iter().map(String::as_str));
        prefixes
            .filter_map(|prefix| text.strip_prefix(prefix)?.strip_prefix('.'))
            .find(|rest| !rest.is_empty())
    }

    /// Classifies an expression; a plain name may still turn out to be an input.
    pub(crate) fn classify(&self, expression: &str) -> Reference {
        if let Some(rest) = self.after_caller_prefix(expression) {
            return Reference::Input(rest.to_owned());
        }
        if let Some(value) = self.bound(expression) {
            return Reference::Variable(value.clone());
        }
        if let Some((space, key)) = expression.split_once('.') {
            if let Some(value) = self.binds.get(space).and_then(|keys| keys.get(key)) {
                return Reference::Variable(value.clone());
            }
            if space == "env" || (self.binds.contains_key(space) && is_screaming(key)) {
                return Reference::Unbound(key.to_owned());
            }
        } else if is_screaming(expression) {
            return Reference::Unbound(expression.to_owned());
        }
        Reference::Plain(expression.to_owned())
    }
}

/// Settles a dotted name against the inputs there are: the whole name if it is one, else its first
/// segment if that is one (the rest walks into it), else the whole name.
pub(crate) fn settle<'n>(
    name: &'n str,
    is_input: &dyn Fn(&str) -> bool,
) -> (&'n str, Option<&'n str>) {
    if is_input(name) {
        return (name, None);
    }
    match name.split_once('.') {
        Some((first, rest)) if is_input(first) => (first, Some(rest)),
        _ => (name, None),
    }
}

/// A value as text: strings as they are, arrays and objects as compact JSON, null as nothing.
pub(crate) fn text_of(value: &Value) -> String {
    match value {
        Value::Null => String::new(),
        Value::String(text) => text.clone(),
        other => other.to_string(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn scope() -> Scope {
        let keys = BTreeMap::from([("TOKEN".to_owned(), "env-TOKEN".to_owned())]);
        Scope {
            callers: BTreeSet::from(["shop-api".to_owned()]),
            binds: BTreeMap::from([("env".to_owned(), keys)]),
            ..Scope::default()
        }
    }

    #[test]
    fn both_brace_styles_are_cut_in_paths_and_only_double_ones_elsewhere() {
        assert_eq!(holes("/a/{id}:x/{{ tools.y }}", true), ["id", "tools.y"]);
        assert_eq!(
            holes("{ q(term: \"{{tools.y}}\") { id } }", false),
            ["tools.y"]
        );
        assert_eq!(cut("a{b", true), [Piece::Text("a{b".to_owned())]);
        assert!(holes("{}{{}}", true).is_empty());
    }

    #[test]
    fn a_caller_prefix_makes_an_input_whoever_calls() {
        for text in [
            "rest.x",
            "tools.x",
            "mcp.x",
            "shop-api.x",
            "$this.shop-api.x",
        ] {
            assert_eq!(
                scope().classify(text),
                Reference::Input("x".to_owned()),
                "{text}"
            );
        }
        assert_eq!(
            scope().classify("other.x"),
            Reference::Plain("other.x".to_owned())
        );
    }

    #[test]
    fn variables_are_bound_or_unbound() {
        let bound = Reference::Variable("env-TOKEN".to_owned());
        assert_eq!(scope().classify("TOKEN"), bound);
        assert_eq!(scope().classify("env.TOKEN"), bound);
        assert_eq!(
            scope().classify("OTHER"),
            Reference::Unbound("OTHER".to_owned())
        );
        assert_eq!(
            scope().classify("env.OTHER"),
            Reference::Unbound("OTHER".to_owned())
        );
        assert_eq!(
            scope().classify("tools.OTHER"),
            Reference::Input("OTHER".to_owned())
        );
    }

    #[test]
    fn a_dotted_name_is_whole_then_first_segment_then_whole() {
        let inputs = |name: &str| ["scope", "a.b"].contains(&name);
        assert_eq!(settle("a.b", &inputs), ("a.b", None));
        assert_eq!(settle("scope.id", &inputs), ("scope", Some("id")));
        assert_eq!(settle("x.y", &inputs), ("x.y", None));
    }
}
