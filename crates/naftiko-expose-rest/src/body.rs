//! Bodies of callers: read within bounds, and taken apart.

use bytes::Bytes;
use http::{HeaderMap, StatusCode, header};
use http_body::Body as _;
use naftiko_expose::{BodyProblem, IncomingBody, read_body};
use percent_encoding::percent_decode;
use serde_json::{Map, Value};

use crate::rescue::Problem;

/// Members of a form: each costs far more memory than the bytes that name it.
const MOST_MEMBERS: usize = 10_000;

/// What a caller sent.
#[derive(Debug, PartialEq)]
pub(crate) enum Sent {
    /// Nothing.
    Nothing,
    /// A JSON value.
    Json(Value),
    /// The pairs of a form.
    Form(Vec<(String, String)>),
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum Format {
    Json,
    Form,
}

/// Reads a body. One that announces to be too large is not read, nor one that is neither JSON nor a form.
pub(crate) async fn read(
    headers: &HeaderMap,
    body: IncomingBody,
    limit: usize,
) -> Result<Sent, Problem> {
    if body.is_end_stream() || body.size_hint().exact() == Some(0) {
        return Ok(Sent::Nothing);
    }
    let announced = headers
        .get(header::CONTENT_LENGTH)
        .and_then(|length| length.to_str().ok()?.parse::<u64>().ok());
    if announced.is_some_and(|length| length > limit as u64) {
        return Err(too_large(limit));
    }
    let format = format(headers)?;
    let bytes = read_body(body, limit)
        .await
        .map_err(|problem| match problem {
            BodyProblem::TooLarge => too_large(limit),
            BodyProblem::Broken => invalid("the body of the request broke off"),
        })?;
    parse(&bytes, format)
}

fn format(headers: &HeaderMap) -> Result<Format, Problem> {
    let Some(value) = headers.get(header::CONTENT_TYPE) else {
        return Ok(Format::Json);
    };
    let text = String::from_utf8_lossy(value.as_bytes());
    let media = text.split(';').next().unwrap_or_default().trim();
    let media = media.to_ascii_lowercase();
    match media.as_str() {
        "" | "application/json" | "text/json" => Ok(Format::Json),
        "application/x-www-form-urlencoded" => Ok(Format::Form),
        other if other.starts_with("application/") && other.ends_with("+json") => Ok(Format::Json),
        _ => Err(unsupported(
            "the body must be `application/json` or `application/x-www-form-urlencoded`",
        )),
    }
}

fn parse(bytes: &Bytes, format: Format) -> Result<Sent, Problem> {
    let Some(first) = bytes.iter().find(|byte| !byte.is_ascii_whitespace()) else {
        return Ok(Sent::Nothing);
    };
    match format {
        Format::Json => {
            let value = serde_json::from_slice(bytes).map_err(|error| {
                invalid(&format!(
                    "the body is not valid JSON (line {}, column {})",
                    error.line(),
                    error.column()
                ))
            })?;
            Ok(match value {
                Value::Null => Sent::Nothing,
                value => Sent::Json(value),
            })
        }
        // What `curl -d '{…}'` sends. Read as a form it would be one name without a value, and every input would be missing.
        Format::Form if matches!(first, b'{' | b'[') => Err(unsupported(
            "the body is JSON, but its `Content-Type` says that it is a form: send `Content-Type: application/json`",
        )),
        Format::Form => form(bytes),
    }
}

fn form(bytes: &[u8]) -> Result<Sent, Problem> {
    // `&` and `=` are no part of any longer character, so the whole is text if and only if each name and value is.
    if percent_decode(bytes).decode_utf8().is_err() {
        return Err(invalid("the form is not UTF-8 text"));
    }
    let mut pairs = Vec::new();
    for (name, value) in form_urlencoded::parse(bytes) {
        if pairs.len() == MOST_MEMBERS {
            return Err(Problem::new(
                StatusCode::PAYLOAD_TOO_LARGE,
                "body-too-large",
                format!("the form has more than {MOST_MEMBERS} members"),
            ));
        }
        pairs.push((name.into_owned(), value.into_owned()));
    }
    Ok(Sent::Form(pairs))
}

/// A form as one value: an object of texts, lists where a name is repeated.
pub(crate) fn form_value(pairs: Vec<(String, String)>) -> Value {
    let mut object = Map::new();
    for (name, value) in pairs {
        let value = Value::String(value);
        match object.get_mut(&name) {
            None => {
                object.insert(name, value);
            }
            Some(Value::Array(list)) => list.push(value),
            Some(first) => *first = Value::Array(vec![first.take(), value]),
        }
    }
    Value::Object(object)
}

pub(crate) fn invalid(detail: &str) -> Problem {
    Problem::new(StatusCode::BAD_REQUEST, "invalid-body", detail)
}

fn unsupported(detail: &str) -> Problem {
    Problem::new(
        StatusCode::UNSUPPORTED_MEDIA_TYPE,
        "unsupported-media-type",
        detail,
    )
}

fn too_large(limit: usize) -> Problem {
    Problem::new(
        StatusCode::PAYLOAD_TOO_LARGE,
        "body-too-large",
        format!("the body is larger than {limit} bytes"),
    )
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    fn status(result: Result<Sent, Problem>) -> u16 {
        result.unwrap_err().status().as_u16()
    }

    #[test]
    fn json_is_read_and_null_is_nothing() {
        let read = |text: &'static str| parse(&Bytes::from_static(text.as_bytes()), Format::Json);
        assert_eq!(read("{\"a\":1}").unwrap(), Sent::Json(json!({"a": 1})));
        assert_eq!(read(" null ").unwrap(), Sent::Nothing);
        assert_eq!(read(" \r\n").unwrap(), Sent::Nothing);
        assert_eq!(status(read("{\"a\":")), 400);
        assert_eq!(status(read("1 2")), 400);
        let deep = Bytes::from("[".repeat(1_000_000));
        assert_eq!(status(parse(&deep, Format::Json)), 400);
    }

    #[test]
    fn forms_are_text_pairs() {
        let read = |text: &str| parse(&Bytes::from(text.to_owned()), Format::Form);
        let Sent::Form(pairs) = read("a=1+2&b=%C3%A9&a=3&c").unwrap() else {
            panic!("no form");
        };
        assert_eq!(
            form_value(pairs),
            json!({"a": ["1 2", "3"], "b": "é", "c": ""})
        );
        assert_eq!(status(read("a=%FF")), 400);
        assert_eq!(status(read("{\"a\": 1}")), 415);
        assert_eq!(status(read(&"a&".repeat(MOST_MEMBERS + 1))), 413);
        assert!(read(&"a&".repeat(MOST_MEMBERS)).is_ok());
    }

    #[test]
    fn media_types_decide() {
        let of = |text: &str| {
            let mut headers = HeaderMap::new();
            headers.insert(header::CONTENT_TYPE, text.parse().unwrap());
            format(&headers)
                .map(|format| format == Format::Json)
                .map_err(|p| p.status().as_u16())
        };
        assert_eq!(of("Application/JSON; charset=utf-8"), Ok(true));
        assert_eq!(of("application/merge-patch+json"), Ok(true));
        assert_eq!(of("application/x-www-form-urlencoded"), Ok(false));
        assert_eq!(of("text/plain"), Err(415));
        assert_eq!(of("multipart/form-data; boundary=x"), Err(415));
        assert!(matches!(format(&HeaderMap::new()), Ok(Format::Json)));
    }
}
