//! A message as far as the front looks at it: enough to refuse what is none, and to know whose it is.

use std::borrow::Cow;

use http::{HeaderMap, StatusCode};
use serde::de::IgnoredAny;
use serde::{Deserialize, Deserializer};
use serde_json::value::RawValue;

use super::reply::{INVALID_PARAMS, INVALID_REQUEST, PARSE_ERROR, Reply};

/// Arrays and objects inside one another: more are refused. The protocol's library reads 128.
const MAX_DEPTH: usize = 100;

/// The first revision without a handshake.
const MODERN: &str = "2026-07-28";

/// Which family of revisions a message belongs to.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Era {
    Legacy,
    Modern,
}

/// A message.
#[derive(Debug)]
pub(super) struct Message<'a> {
    pub(super) kind: Kind<'a>,
    pub(super) method: Cow<'a, str>,
    pub(super) era: Era,
    pub(super) params: Params<'a>,
}

/// What a message is.
#[derive(Debug, PartialEq, Eq)]
pub(super) enum Kind<'a> {
    /// It wants an answer; `id` as it is written.
    Request {
        id: &'a str,
    },
    Notification,
    /// It answers something that this server would have asked.
    Response,
}

/// What the front looks at of a message's parameters.
#[derive(Debug, Default, Deserialize)]
pub(super) struct Params<'a> {
    #[serde(borrow, default, rename = "_meta")]
    meta: Option<&'a RawValue>,
    #[serde(borrow, default)]
    name: Option<&'a RawValue>,
    #[serde(borrow, default)]
    uri: Option<&'a RawValue>,
    #[serde(borrow, default)]
    arguments: Option<&'a RawValue>,
    #[serde(borrow, default, rename = "requestId")]
    request_id: Option<&'a RawValue>,
    #[serde(borrow, default, rename = "protocolVersion")]
    protocol_version: Option<&'a RawValue>,
}

#[derive(Deserialize)]
struct Meta<'a> {
    #[serde(borrow, default, rename = "io.modelcontextprotocol/protocolVersion")]
    protocol_version: Option<&'a RawValue>,
}

#[derive(Deserialize)]
struct Wire<'a> {
    #[serde(borrow, default)]
    jsonrpc: Option<Cow<'a, str>>,
    #[serde(borrow, default, deserialize_with = "even_null")]
    id: Option<&'a RawValue>,
    #[serde(borrow, default, deserialize_with = "even_null")]
    method: Option<&'a RawValue>,
    #[serde(borrow, default)]
    params: Option<&'a RawValue>,
    #[serde(borrow, default, deserialize_with = "even_null")]
    result: Option<&'a RawValue>,
    #[serde(borrow, default, deserialize_with = "even_null")]
    error: Option<&'a RawValue>,
}

fn even_null<'de, D: Deserializer<'de>>(from: D) -> Result<Option<&'de RawValue>, D::Error> {
    <&RawValue>::deserialize(from).map(Some)
}

impl<'a> Message<'a> {
    /// Reads a message; `headers` help to tell its era.
    ///
    /// # Errors
    /// The answer to what is no message.
    pub(super) fn read(body: &'a [u8], headers: &HeaderMap) -> Result<Self, Reply> {
        let refuse = |code, text: &str| Reply::error(StatusCode::BAD_REQUEST, None, code, text);
        let wire: Wire<'a> = match serde_json::from_slice(body) {
            // A list of the members would do for the reader.
            Ok(wire) if !is_array(body) => wire,
            Ok(_) => {
                let text = "batches are not served: send one message at a time";
                return Err(refuse(INVALID_REQUEST, text));
            }
            Err(error) => {
                return Err(match serde_json::from_slice::<IgnoredAny>(body) {
                    Err(_) => refuse(PARSE_ERROR, "the body is not JSON"),
                    Ok(_) if is_array(body) => refuse(
                        INVALID_REQUEST,
                        "batches are not served: send one message at a time",
                    ),
                    Ok(_) => refuse(
                        INVALID_REQUEST,
                        &format!("the body is no JSON-RPC message: {error}"),
                    ),
                });
            }
        };
        // What is nested has brackets, which most messages have too few of to be looked at closer.
        let brackets = body.iter().filter(|byte| matches!(**byte, b'{' | b'['));
        if brackets.count() > MAX_DEPTH && depth(body) > MAX_DEPTH {
            let text = format!("the message is nested more than {MAX_DEPTH} deep");
            return Err(refuse(INVALID_REQUEST, &text));
        }
        if wire.jsonrpc.as_deref() != Some("2.0") {
            return Err(refuse(INVALID_REQUEST, "`jsonrpc` must be \"2.0\""));
        }
        let id = match wire.id.map(RawValue::get) {
            Some(id) if is_id(id) => Some(id),
            Some(_) => {
                return Err(refuse(
                    INVALID_REQUEST,
                    "`id` must be a string or an integer",
                ));
            }
            None => None,
        };
        let refuse = |code, text: &str| Reply::error(StatusCode::BAD_REQUEST, id, code, text);
        let Some(method) = wire.method else {
            if wire.result.is_some() || wire.error.is_some() {
                return Ok(Self {
                    kind: Kind::Response,
                    method: Cow::Borrowed(""),
                    era: Era::Legacy,
                    params: Params::default(),
                });
            }
            return Err(refuse(INVALID_REQUEST, "the message has no `method`"));
        };
        let Ok(method) = serde_json::from_str::<Cow<'a, str>>(method.get()) else {
            return Err(refuse(INVALID_REQUEST, "`method` must be a string"));
        };
        let params = match wire.params {
            Some(params) if !is_object(params) => None,
            Some(params) => serde_json::from_str::<Params<'a>>(params.get()).ok(),
            None => Some(Params::default()),
        };
        let in_band = |text: &str| Reply::error(StatusCode::OK, id, INVALID_PARAMS, text);
        let Some(params) = params else {
            return Err(in_band("`params` must be an object"));
        };
        let takes_arguments = matches!(&*method, "tools/call" | "prompts/get");
        if takes_arguments && params.arguments.is_some_and(|raw| !is_object(raw)) {
            return Err(in_band("`arguments` must be an object"));
        }
        Ok(Self {
            era: era(&params, &method, headers),
            kind: id.map_or(Kind::Notification, |id| Kind::Request { id }),
            method,
            params,
        })
    }

    /// The id of the request, as it is written.
    pub(super) fn id(&self) -> Option<&str> {
        match self.kind {
            Kind::Request { id } => Some(id),
            Kind::Notification | Kind::Response => None,
        }
    }

    /// The id of the request that a cancellation means, as it is written.
    pub(super) fn cancels(&self) -> Option<&str> {
        self.params.request_id.map(RawValue::get)
    }

    /// The protocol version that the message names: in its metadata, or the one that a handshake asks for.
    pub(super) fn version(&self) -> Option<String> {
        meta_version(&self.params).or_else(|| text(self.params.protocol_version))
    }

    /// What the message is about: a tool, a prompt or a resource.
    pub(super) fn subject(&self) -> Option<String> {
        match &*self.method {
            "tools/call" | "prompts/get" => text(self.params.name),
            "resources/read" => text(self.params.uri),
            _ => None,
        }
    }
}

fn era(params: &Params<'_>, method: &str, headers: &HeaderMap) -> Era {
    if method == "initialize" {
        return Era::Legacy;
    }
    let header = headers
        .get("mcp-protocol-version")
        .and_then(|value| value.to_str().ok());
    let modern = method == "server/discover"
        || header.is_some_and(|version| version >= MODERN)
        || meta_version(params).is_some();
    if modern { Era::Modern } else { Era::Legacy }
}

fn meta_version(params: &Params<'_>) -> Option<String> {
    let meta: Meta<'_> = serde_json::from_str(params.meta?.get()).ok()?;
    text(meta.protocol_version)
}

fn text(raw: Option<&RawValue>) -> Option<String> {
    serde_json::from_str(raw?.get()).ok()
}

fn is_object(raw: &RawValue) -> bool {
    raw.get().starts_with('{')
}

fn is_id(raw: &str) -> bool {
    raw.starts_with('"') || raw.parse::<i64>().is_ok()
}

fn is_array(body: &[u8]) -> bool {
    body.iter().find(|byte| !byte.is_ascii_whitespace()) == Some(&b'[')
}

/// How deep arrays and objects are inside one another, in JSON that is known to be valid.
fn depth(json: &[u8]) -> usize {
    let (mut depth, mut deepest) = (0_usize, 0_usize);
    let (mut in_string, mut escaped) = (false, false);
    for byte in json {
        match byte {
            _ if escaped => escaped = false,
            b'\\' if in_string => escaped = true,
            b'"' => in_string = !in_string,
            _ if in_string => {}
            b'{' | b'[' => {
                depth += 1;
                deepest = deepest.max(depth);
            }
            b'}' | b']' => depth = depth.saturating_sub(1),
            _ => {}
        }
    }
    deepest
}

#[cfg(test)]
mod tests {
    use super::*;

    fn refused(body: &str) -> (u16, i64) {
        let reply = Message::read(body.as_bytes(), &HeaderMap::new()).unwrap_err();
        let said: serde_json::Value = serde_json::from_slice(&reply.body).unwrap();
        (
            reply.status.as_u16(),
            said["error"]["code"].as_i64().unwrap(),
        )
    }

    #[test]
    fn what_is_no_message_is_refused() {
        for garbage in [
            "",
            "{",
            "{\"a\":}",
            "nonsense",
            "[1,",
            "{} {}",
            "\u{feff}{}",
        ] {
            assert_eq!(refused(garbage), (400, -32_700), "{garbage}");
        }
        for other in [
            "[]",
            "[{\"jsonrpc\":\"2.0\",\"id\":1,\"method\":\"ping\"}]",
            "1",
            "null",
            "\"x\"",
            "{}",
            r#"{"jsonrpc":"1.0","id":1,"method":"ping"}"#,
            r#"{"id":1,"method":"ping"}"#,
            r#"{"jsonrpc":"2.0","id":null,"method":"ping"}"#,
            r#"{"jsonrpc":"2.0","id":1.5,"method":"ping"}"#,
            r#"{"jsonrpc":"2.0","id":{},"method":"ping"}"#,
            r#"{"jsonrpc":"2.0","id":1,"id":2,"method":"ping"}"#,
            r#"{"jsonrpc":"2.0","id":1,"method":7}"#,
            r#"{"jsonrpc":"2.0","id":1}"#,
        ] {
            assert_eq!(refused(other), (400, -32_600), "{other}");
        }
        let deep = format!(
            "{{\"jsonrpc\":\"2.0\",\"id\":1,\"method\":\"x\",\"params\":{{\"a\":{}{}}}}}",
            "[".repeat(5000),
            "]".repeat(5000)
        );
        assert_eq!(refused(&deep), (400, -32_600));
        for params in [
            "[]",
            "5",
            "{\"name\":\"a\",\"arguments\":[]}",
            "{\"name\":\"a\",\"arguments\":\"x\"}",
            "{\"name\":1,\"name\":2}",
        ] {
            let body = format!(
                "{{\"jsonrpc\":\"2.0\",\"id\":1,\"method\":\"tools/call\",\"params\":{params}}}"
            );
            assert_eq!(refused(&body), (200, -32_602), "{params}");
        }
    }

    #[test]
    fn messages_are_told_apart() {
        let read = |body: &'static str| Message::read(body.as_bytes(), &HeaderMap::new()).unwrap();
        let one = read(
            r#"{"jsonrpc":"2.0","id":"a\"b","method":"tools\/call","params":{"name":"x","arguments":null}}"#,
        );
        assert_eq!(one.kind, Kind::Request { id: r#""a\"b""# });
        assert_eq!(
            (&*one.method, one.subject().as_deref()),
            ("tools/call", Some("x"))
        );
        assert_eq!(one.era, Era::Legacy);
        let two = read(
            r#"{"jsonrpc":"2.0","method":"notifications/cancelled","params":{"requestId":7}}"#,
        );
        assert_eq!(
            (two.kind == Kind::Notification, two.cancels()),
            (true, Some("7"))
        );
        assert_eq!(
            read(r#"{"jsonrpc":"2.0","id":1,"result":{}}"#).kind,
            Kind::Response
        );
        let modern = read(
            r#"{"jsonrpc":"2.0","id":1,"method":"tools/list","params":{"_meta":{"io.modelcontextprotocol/protocolVersion":"2026-07-28"}}}"#,
        );
        assert_eq!(
            (modern.era, modern.version().as_deref()),
            (Era::Modern, Some("2026-07-28"))
        );
        assert_eq!(
            read(r#"{"jsonrpc":"2.0","id":1,"method":"tools/list","params":null}"#).era,
            Era::Legacy
        );
    }

    #[test]
    fn brackets_in_strings_are_no_depth() {
        assert_eq!(depth(br#"{"a":"[[[\"[","b":[[1]]}"#), 3);
    }
}
