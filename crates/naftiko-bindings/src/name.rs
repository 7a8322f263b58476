//! The spelling of a name: which namespace it asks for (decisions, section 3).

use naftiko_spec::Place;

/// The namespaces that mean "inputs of the current call" in every document. A consumed API cannot know who calls it, so
/// each of them means the same wherever it stands.
pub const CALLER_PREFIXES: [&str; 3] = ["rest", "tools", "mcp"];

/// A name, split by the namespace that it asks for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Name<'a> {
    /// An input of the current call: `rest.x`, `tools.x`, `mcp.x`, `{own namespace}.x`, `$this.{ns}.x`.
    Caller(&'a str),
    /// A variable: `env.KEY`.
    Env(&'a str),
    /// No namespace, or one that only the document can tell: a bind, a step.
    Plain(&'a str),
}

impl<'a> Name<'a> {
    /// Splits `name` as a unit of the exposure `own` sees it.
    pub fn of(name: &'a str, own: Option<&str>) -> Self {
        if let Some(rest) = name.strip_prefix("$this.")
            && let Some((_, input)) = rest.split_once('.')
            && !input.is_empty()
        {
            return Name::Caller(input);
        }
        match name.split_once('.') {
            Some((prefix, rest)) if !rest.is_empty() => {
                if CALLER_PREFIXES.contains(&prefix) || Some(prefix) == own {
                    Name::Caller(rest)
                } else if prefix == "env" {
                    Name::Env(rest)
                } else {
                    Name::Plain(name)
                }
            }
            _ => Name::Plain(name),
        }
    }

    /// A whole `with` value that names an input (`rest.x` and its kin) or a variable (`env.KEY`); any other text is a
    /// literal as far as its spelling tells.
    pub fn of_value(text: &'a str, own: Option<&str>) -> Option<Self> {
        if text.contains(char::is_whitespace) {
            return None;
        }
        match Name::of(text, own) {
            Name::Plain(_) => None,
            name => Some(name),
        }
    }
}

/// Splits `query.page` into the place and the name there, when the first segment names a place.
pub fn split_place(name: &str) -> Option<(Place, &str)> {
    let (word, rest) = name.split_once('.')?;
    let place = match word {
        "path" => Place::Path,
        "query" => Place::Query,
        "header" => Place::Header,
        "body" => Place::Body,
        _ => return None,
    };
    (!rest.is_empty()).then_some((place, rest))
}

/// Whether a name is written like a variable: `SCREAMING_SNAKE`.
pub fn is_screaming(name: &str) -> bool {
    name.starts_with(|c: char| c.is_ascii_uppercase())
        && name
            .chars()
            .all(|c| c.is_ascii_uppercase() || c.is_ascii_digit() || c == '_')
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn callers_are_all_alike() {
        for name in [
            "rest.x",
            "tools.x",
            "mcp.x",
            "shop-api.x",
            "$this.anything.x",
        ] {
            assert_eq!(
                Name::of(name, Some("shop-api")),
                Name::Caller("x"),
                "{name}"
            );
        }
        assert_eq!(Name::of("shop-api.x", None), Name::Plain("shop-api.x"));
        assert_eq!(Name::of("rest.a.b", None), Name::Caller("a.b"));
        assert_eq!(Name::of("env.KEY", None), Name::Env("KEY"));
        assert_eq!(Name::of("rest.", None), Name::Plain("rest."));
        assert_eq!(Name::of("rest", None), Name::Plain("rest"));
    }

    #[test]
    fn only_kin_of_rest_is_a_reference_as_a_whole_value() {
        assert_eq!(Name::of_value("rest.x", None), Some(Name::Caller("x")));
        assert_eq!(
            Name::of_value("rest.filter[status]", None),
            Some(Name::Caller("filter[status]"))
        );
        assert_eq!(Name::of_value("rest. of it", None), None);
        assert_eq!(Name::of_value("Account", None), None);
        assert_eq!(Name::of_value("v1.2", None), None);
    }

    #[test]
    fn places_and_screaming() {
        assert_eq!(split_place("query.page"), Some((Place::Query, "page")));
        assert_eq!(split_place("page"), None);
        assert_eq!(split_place("query."), None);
        assert!(is_screaming("API_KEY2"));
        assert!(!is_screaming("ApiKey"));
        assert!(!is_screaming("2KEY"));
    }
}
