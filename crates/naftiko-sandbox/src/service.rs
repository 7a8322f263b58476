//! One request from end to end: its namespace, its body, its answer, its line in the log.

use std::collections::HashMap;
use std::fmt::Write as _;

use bytes::Bytes;
use http::{HeaderMap, HeaderName, HeaderValue, Request, Response, header};
use http_body::Body;
use http_body_util::Full;

use crate::LOG_TARGET;
use crate::body;
use crate::echo::Echo;
use crate::fixture::{Fixture, Found};
use crate::namespace::{Credential, Namespace};
use crate::path::{self, Pattern};
use crate::request::{Incoming, query_pairs};
use crate::respond;
use crate::router::{Lookup, Router};

/// The most characters of a request that a log line repeats in one field.
const MAX_LOGGED: usize = 4096;
/// The header that names the operation which a request met.
const OPERATION: HeaderName = HeaderName::from_static("x-sandbox-operation");

/// All namespaces, ready to answer.
#[derive(Debug)]
pub(crate) struct Service {
    namespaces: HashMap<String, Served>,
}

#[derive(Debug)]
struct Served {
    operations: Router<Echo>,
    fixture: Option<Fixture>,
    credential: Option<Credential>,
}

/// An answer, with the operation that the request met.
struct Answered<'s> {
    response: Response<Full<Bytes>>,
    operation: &'s str,
}

impl Service {
    /// Compiles the namespaces.
    pub(crate) fn new(namespaces: Vec<Namespace>) -> Self {
        let served = |namespace: Namespace| {
            let credential = namespace.credential;
            let operations = namespace.operations.into_iter().map(|operation| {
                let pattern = Pattern::new(&operation.path);
                let method = operation.method.clone();
                (method, pattern, Echo::new(operation, credential.as_ref()))
            });
            let operations = Router::new(operations);
            Served {
                operations,
                fixture: namespace.fixture,
                credential,
            }
        };
        let namespaces = namespaces
            .into_iter()
            .map(|n| (n.name.clone(), served(n)))
            .collect();
        Self { namespaces }
    }

    /// Answers one request, and logs that it did.
    pub(crate) async fn answer<B>(&self, request: Request<B>) -> Response<Full<Bytes>>
    where
        B: Body<Data = Bytes> + Unpin,
    {
        let (head, body) = request.into_parts();
        let raw = head.uri.path().to_owned();
        let method = head.method.as_str().to_ascii_uppercase();
        let (name, below) = split_namespace(&raw);
        let served = name.as_ref().and_then(|name| self.namespaces.get(name));
        let query = query_pairs(head.uri.query().unwrap_or_default());
        let credential = match served.and_then(|served| served.credential.as_ref()) {
            None => "none",
            Some(place) => match place.of(&query, &head.headers) {
                Some(value) if !value.trim_ascii().is_empty() => "sent",
                _ => "missing",
            },
        };
        let body = body::read(body).await;
        let answered = match (served, path::segments(below), body) {
            (_, _, Err(problem)) => problem.response().into(),
            (None, ..) => {
                let mut names: Vec<_> = self.namespaces.keys().map(|n| format!("/{n}")).collect();
                names.sort_unstable();
                respond::unknown("there is no such namespace", names.into_iter()).into()
            }
            (_, Err(bad), _) => respond::refused(400, "bad_path", bad.explain()).into(),
            (Some(served), Ok(path), Ok(body)) => {
                let media_type = media_type(&head.headers);
                let request = Incoming {
                    method: method.clone(),
                    path,
                    query,
                    media_type,
                    body,
                };
                served.answer(&request, &head.headers)
            }
        };
        let Answered {
            mut response,
            operation,
        } = answered;
        let namespace = name.filter(|_| served.is_some()).unwrap_or_default();
        tracing::info!(
            target: LOG_TARGET,
            namespace = escaped(&namespace),
            method = escaped(&method),
            path = escaped(below),
            status = response.status().as_u16(),
            operation = escaped(operation),
            credential,
            "answered"
        );
        // A name that a header cannot carry is in the log all the same.
        if let (false, Ok(name)) = (operation.is_empty(), HeaderValue::from_str(operation)) {
            response.headers_mut().insert(OPERATION, name);
        }
        response
    }
}

impl Served {
    fn answer(&self, request: &Incoming, headers: &HeaderMap) -> Answered<'_> {
        let operation = self
            .operations
            .find(&request.method, &request.path, &request.query);
        let found = self
            .fixture
            .as_ref()
            .map_or(Found::Unknown, |fixture| fixture.find(request));
        let name = match &operation {
            Lookup::Found(echo, _) => echo.name.as_str(),
            _ => "",
        };
        let known = matches!(
            (&found, &operation),
            (Found::Route(_), _) | (_, Lookup::Found(..))
        );
        // What does not exist is no secret: only what does asks for a credential.
        let fixture = self.fixture.as_ref().filter(|_| known);
        let refused = fixture.and_then(|fixture| fixture.refuse(request, headers));
        let response = match (&self.fixture, found, operation, refused) {
            (_, _, _, Some(reply)) => respond::json_bytes(reply.status, reply.body),
            (Some(fixture), Found::Route(route), ..) => {
                let reply = fixture.answer(&route, request);
                respond::json_bytes(reply.status, reply.body)
            }
            (_, _, Lookup::Found(echo, captures), _) => {
                respond::json_value(200, &echo.answer(request, &captures))
            }
            (_, Found::OtherMethods(mut methods), Lookup::OtherMethods(more), _) => {
                methods.extend(more);
                respond::wrong_method(methods)
            }
            (_, Found::OtherMethods(methods), ..) | (_, _, Lookup::OtherMethods(methods), _) => {
                respond::wrong_method(methods)
            }
            (..) => {
                let mut listing: Vec<_> = self.fixture.iter().flat_map(Fixture::listing).collect();
                for line in self.operations.listing() {
                    if !listing.contains(&line) {
                        listing.push(line);
                    }
                }
                respond::unknown("no operation has this path", listing.into_iter())
            }
        };
        Answered {
            response,
            operation: name,
        }
    }
}

impl From<Response<Full<Bytes>>> for Answered<'_> {
    fn from(response: Response<Full<Bytes>>) -> Self {
        Self {
            response,
            operation: "",
        }
    }
}

/// The namespace of a raw path, decoded, and the raw path below it.
fn split_namespace(raw: &str) -> (Option<String>, &str) {
    let path = raw.strip_prefix('/').unwrap_or(raw);
    let (first, below) = match path.find('/') {
        Some(at) => path.split_at(at),
        None => (path, ""),
    };
    let name = percent_encoding::percent_decode_str(first)
        .decode_utf8()
        .ok();
    (name.map(std::borrow::Cow::into_owned), below)
}

fn media_type(headers: &HeaderMap) -> String {
    let value = headers
        .get(header::CONTENT_TYPE)
        .and_then(|value| value.to_str().ok());
    let media_type = value
        .and_then(|value| value.split(';').next())
        .unwrap_or_default();
    media_type.trim().to_ascii_lowercase()
}

/// A text for a log line: control characters and those that reorder text are escaped, and it
/// has an end.
fn escaped(text: &str) -> String {
    let mut safe = String::with_capacity(text.len().min(MAX_LOGGED));
    for (count, char) in text.chars().enumerate() {
        if count == MAX_LOGGED {
            safe.push('…');
            break;
        }
        let hidden = matches!(char, '\u{200b}'..='\u{200f}' | '\u{2028}'..='\u{202e}' | '\u{2066}'..='\u{2069}' | '\u{feff}');
        if char.is_control() || hidden {
            // Writing to a string cannot fail.
            let _ = write!(safe, "{}", char.escape_default());
        } else {
            safe.push(char);
        }
    }
    safe
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn logged_text_has_no_control_characters_and_an_end() {
        assert_eq!(
            escaped("/a\r\n\u{1b}[31m\u{202e}é"),
            "/a\\r\\n\\u{1b}[31m\\u{202e}é"
        );
        assert_eq!(escaped(&"x".repeat(10_000)).chars().count(), MAX_LOGGED + 1);
    }

    #[test]
    fn the_first_segment_is_the_namespace() {
        assert_eq!(split_namespace("/a%20b/c/d"), (Some("a b".into()), "/c/d"));
        assert_eq!(split_namespace("/a"), (Some("a".into()), ""));
        assert_eq!(split_namespace("*"), (Some("*".into()), ""));
        assert_eq!(split_namespace("/%ff/x"), (None, "/x"));
    }
}
