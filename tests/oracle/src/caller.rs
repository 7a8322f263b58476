//! How a caller hands values over (decisions, section 4, "Where REST finds an undeclared one").

use std::collections::BTreeMap;

use serde_json::{Map, Value};

use crate::clients::bare;
use crate::demands::Feed;
use crate::inputs::{Plan, UnitInput, Values, is_write};
use crate::model::Place;
use crate::names::{Piece, cut, text_of};
use crate::values::{sample, whole_body};

/// How a unit is called.
#[derive(Debug, Clone, PartialEq)]
pub enum Caller {
    /// An HTTP request to the REST exposer.
    Rest {
        /// The method.
        method: String,
        /// The path, percent-encoded.
        path: String,
        /// Query pairs, not yet encoded; see [`encode_query`].
        query: Vec<(String, String)>,
        /// Headers beside Host and Content-Type.
        headers: Vec<(String, String)>,
        /// The JSON body, sent as `application/json`.
        body: Option<Value>,
    },
    /// A call of an MCP tool.
    Tool {
        /// The tool's name.
        name: String,
        /// Its arguments.
        arguments: Map<String, Value>,
    },
}

/// Which inputs a call gives.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Fill {
    /// Every input that the unit has.
    All,
    /// The required ones only.
    Required,
}

/// Headers that are never read for an input that the exposer does not declare.
pub(crate) fn is_closed_header(name: &str) -> bool {
    let name = name.to_ascii_lowercase();
    let whole = [
        "authorization",
        "cookie",
        "host",
        "origin",
        "referer",
        "forwarded",
        "user-agent",
        "connection",
        "keep-alive",
        "te",
        "trailer",
        "transfer-encoding",
        "upgrade",
    ];
    whole.contains(&name.as_str())
        || ["proxy-", "x-forwarded-", "content-", "accept"]
            .iter()
            .any(|prefix| name.starts_with(prefix))
}

/// Chooses values and places for a call; what is unsure is added to `doubts`.
pub(crate) fn call(plan: &Plan<'_>, fill: Fill, doubts: &mut Vec<String>) -> (Caller, Values) {
    let mut values = Values::new();
    let chosen: Vec<(usize, &UnitInput)> = plan
        .inputs
        .iter()
        .enumerate()
        .filter(|(_, input)| fill == Fill::All || input.required)
        .collect();
    let Some((method, template)) = &plan.unit.route else {
        let mut arguments = Map::new();
        for (index, input) in chosen {
            let value = sample(input, index + 1, true, doubts);
            arguments.insert(input.name.clone(), value.clone());
            values.insert(input.name.clone(), value);
        }
        if plan.passes_body && fill == Fill::All {
            arguments.insert("body".to_owned(), whole_body());
            values.insert("body".to_owned(), whole_body());
        }
        return (
            Caller::Tool {
                name: plan.unit.name.clone(),
                arguments,
            },
            values,
        );
    };
    let mut rest = Rest::default();
    let writes = is_write(method);
    let has_body_input = chosen.iter().any(|(_, input)| input.name == "body");
    for (index, input) in chosen {
        let place = place_of(input, writes && !has_body_input, writes);
        let value = sample(input, index + 1, place == Place::Body, doubts);
        rest.put(input, place, &value, doubts);
        values.insert(input.name.clone(), value);
    }
    if plan.passes_body && writes && fill == Fill::All {
        rest.whole = Some(whole_body());
        values.insert("body".to_owned(), whole_body());
    }
    let (path, fixed) = template.split_once('?').unwrap_or((template, ""));
    if !fixed.is_empty() {
        doubts.push("the exposed path has a query".to_owned());
    }
    let mut query: Vec<(String, String)> = decode_query(fixed);
    query.append(&mut rest.query);
    let path = fill_path(path.trim_start_matches('/'), &|name| {
        rest.path.get(name).cloned()
    });
    let path = format!("/{path}");
    let members = (!rest.members.is_empty()).then_some(Value::Object(rest.members));
    let caller = Caller::Rest {
        method: method.clone(),
        path,
        query,
        headers: rest.headers,
        body: rest.whole.or(members),
    };
    (caller, values)
}

#[derive(Default)]
struct Rest {
    path: BTreeMap<String, String>,
    query: Vec<(String, String)>,
    headers: Vec<(String, String)>,
    members: Map<String, Value>,
    whole: Option<Value>,
}

impl Rest {
    fn put(&mut self, input: &UnitInput, place: Place, value: &Value, doubts: &mut Vec<String>) {
        let name = input.name.clone();
        let structured = value.is_array() || value.is_object();
        if structured
            && !matches!(place, Place::Body)
            && !(place == Place::Query && value.is_array())
        {
            doubts.push(format!(
                "`{name}`: an array or object through the {place:?} of a REST call"
            ));
        }
        match place {
            Place::Path => {
                self.path.insert(name, text_of(value));
            }
            Place::Header => self.headers.push((name, text_of(value))),
            Place::Body if name == "body" && !value.is_string() => self.whole = Some(value.clone()),
            Place::Body => {
                self.members.insert(name, value.clone());
            }
            Place::Cookie => self.headers.push((
                "Cookie".to_owned(),
                format!("{name}={}", encode(&text_of(value))),
            )),
            Place::Query | Place::Other => match value {
                Value::Array(items) => self
                    .query
                    .extend(items.iter().map(|item| (name.clone(), text_of(item)))),
                other => self.query.push((name, text_of(other))),
            },
        }
    }
}

/// Where a REST caller puts an input.
fn place_of(input: &UnitInput, may_use_body: bool, writes: bool) -> Place {
    if let Some(place) = input.place {
        return place;
    }
    if input.name == "body" && writes {
        return Place::Body;
    }
    let header = input.feeds.iter().find_map(|feed| match feed {
        Feed::Header(name) if input.feeds.len() == 1 => Some(name),
        _ => None,
    });
    // The header's own name is what the exposer looks for, so the input must be called like it.
    if header.is_some_and(|name| name.eq_ignore_ascii_case(&input.name) && !is_closed_header(name))
    {
        return Place::Header;
    }
    let feeds_body = input
        .feeds
        .iter()
        .any(|feed| matches!(feed, Feed::Json | Feed::Text));
    if may_use_body && feeds_body {
        Place::Body
    } else {
        Place::Query
    }
}

/// Fills a path template; each value becomes one segment or a part of one.
pub(crate) fn fill_path(template: &str, value: &dyn Fn(&str) -> Option<String>) -> String {
    cut(template, true)
        .into_iter()
        .map(|piece| match piece {
            Piece::Text(text) => encode_literal(&text),
            Piece::Hole(hole) => encode(&value(bare(&hole)).unwrap_or_default()),
        })
        .collect()
}

/// Component encoding: everything but letters, digits and `-._~`.
pub(crate) fn encode(text: &str) -> String {
    use percent_encoding::{AsciiSet, NON_ALPHANUMERIC, utf8_percent_encode};
    const COMPONENT: &AsciiSet = &NON_ALPHANUMERIC
        .remove(b'-')
        .remove(b'.')
        .remove(b'_')
        .remove(b'~');
    utf8_percent_encode(text, COMPONENT).to_string()
}

/// Encodes only what a URL cannot hold; a written path is the author's.
fn encode_literal(text: &str) -> String {
    use percent_encoding::{AsciiSet, CONTROLS, utf8_percent_encode};
    const ILLEGAL: &AsciiSet = &CONTROLS
        .add(b' ')
        .add(b'"')
        .add(b'<')
        .add(b'>')
        .add(b'`')
        .add(b'#')
        .add(b'{')
        .add(b'}')
        .add(b'^')
        .add(b'|')
        .add(b'\\');
    utf8_percent_encode(text, ILLEGAL).to_string()
}

/// Query pairs as the text after `?`.
pub fn encode_query(pairs: &[(String, String)]) -> String {
    pairs
        .iter()
        .map(|(name, value)| format!("{}={}", encode(name), encode(value)))
        .collect::<Vec<_>>()
        .join("&")
}

/// The pairs of a raw query, decoded; `+` is a space, as every form-decoding server reads it.
pub fn decode_query(raw: &str) -> Vec<(String, String)> {
    let part = |text: &str| {
        let spaced = text.replace('+', " ");
        percent_encoding::percent_decode_str(&spaced)
            .decode_utf8_lossy()
            .into_owned()
    };
    raw.split('&')
        .filter(|pair| !pair.is_empty())
        .map(|pair| {
            pair.split_once('=').map_or_else(
                || (part(pair), String::new()),
                |(name, value)| (part(name), part(value)),
            )
        })
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn values_are_one_segment_and_written_text_is_kept() {
        let path = fill_path("/a b/{id}:go('x')", &|_| Some("x/é ..".to_owned()));
        assert_eq!(path, "/a%20b/x%2F%C3%A9%20..:go('x')");
    }

    #[test]
    fn queries_round_trip() {
        let pairs = vec![
            ("filter[a]".to_owned(), "x y+&=é\"%".to_owned()),
            ("b".to_owned(), String::new()),
        ];
        assert_eq!(decode_query(&encode_query(&pairs)), pairs);
        assert_eq!(
            decode_query("a=1+2&b"),
            [
                ("a".to_owned(), "1 2".to_owned()),
                ("b".to_owned(), String::new())
            ]
        );
    }

    #[test]
    fn closed_headers() {
        for name in [
            "Authorization",
            "Content-Type",
            "X-Forwarded-For",
            "Accept",
            "Proxy-Authorization",
            "User-Agent",
        ] {
            assert!(is_closed_header(name), "{name}");
        }
        assert!(!is_closed_header("X-Amz-Target"));
    }
}
