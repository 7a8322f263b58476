//! Rendering: a request from expressions and arguments. Each place escapes for itself (decisions, section 3).

use std::borrow::Cow;
use std::fmt;

use bytes::Bytes;
use http::{HeaderValue, Request, header};
use naftiko_bindings::Secret;
use naftiko_plan::{
    Expr, InputPlan, InputSlot, PathPiece, QueryPart, QueryPiece, RequestPlan, is_dots,
};
use percent_encoding::{AsciiSet, NON_ALPHANUMERIC, utf8_percent_encode};
use serde_json::{Map, Value};

use crate::arguments::Arguments;
use crate::encode::encode;
use crate::engine::PreparedUpstream;

/// A component: everything but unreserved characters is encoded.
const COMPONENT: &AsciiSet = &NON_ALPHANUMERIC
    .remove(b'-')
    .remove(b'.')
    .remove(b'_')
    .remove(b'~');

/// Bytes that are kept for an address before its length is known: most have fewer.
const URI: usize = 256;

pub(crate) fn component(text: &str) -> percent_encoding::PercentEncode<'_> {
    utf8_percent_encode(text, COMPONENT)
}

/// Why arguments make no request.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum RequestProblem {
    /// A placeholder of the path has no value.
    MissingPathValue(String),
    /// A value cannot be a path segment: it is empty, `.` or `..`.
    PathSegment(String),
    /// A header value holds control characters.
    HeaderValue(String),
    /// The request as a whole cannot be sent: its address is too long.
    Unsendable,
}

impl fmt::Display for RequestProblem {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::MissingPathValue(name) => write!(f, "the input `{name}` is required"),
            Self::PathSegment(name) => {
                write!(
                    f,
                    "the input `{name}` fills a part of a path: it cannot be empty, `.` or `..`"
                )
            }
            Self::HeaderValue(name) => {
                write!(
                    f,
                    "the input `{name}` fills a header: it cannot hold control characters"
                )
            }
            Self::Unsendable => {
                f.write_str("the inputs make a request that is too long to be sent")
            }
        }
    }
}

/// The values that expressions see.
pub(crate) struct Scope<'s> {
    /// What callers call the arguments.
    pub(crate) inputs: &'s [InputPlan],
    pub(crate) arguments: &'s Arguments,
    pub(crate) variables: &'s [Option<Secret>],
}

impl Scope<'_> {
    /// What the caller has to change in `expr`, which fills `name` of the request: the input in it.
    fn culprit(&self, expr: &Expr, name: &str) -> String {
        let mut first = None;
        expr.each_input(&mut |input| {
            first.get_or_insert(input.slot);
        });
        let input = first.and_then(|slot| self.inputs.get(slot));
        input.map_or_else(|| name.to_owned(), |input| input.name.clone())
    }

    /// The value of an expression; `None` when it has none.
    pub(crate) fn value<'e>(&'e self, expr: &'e Expr) -> Option<Cow<'e, Value>> {
        match expr {
            Expr::Literal(value) => Some(Cow::Borrowed(value)),
            Expr::Absent => None,
            Expr::Input(slot) => self.input(slot).map(Cow::Borrowed),
            Expr::Variable(id) => {
                let secret = self.variables.get(id.0)?.as_ref()?;
                Some(Cow::Owned(Value::from(secret.expose())))
            }
            Expr::Text(parts) => {
                let mut text = String::new();
                for part in parts {
                    if let Some(value) = self.value(part) {
                        text.push_str(&as_text(&value));
                    }
                }
                Some(Cow::Owned(Value::String(text)))
            }
            Expr::Object(members) => {
                let mut object = Map::new();
                for (name, member) in members {
                    if let Some(value) = self.value(member) {
                        object.insert(name.clone(), value.into_owned());
                    }
                }
                Some(Cow::Owned(Value::Object(object)))
            }
            Expr::Array(elements) => {
                let list = elements
                    .iter()
                    .filter_map(|e| self.value(e))
                    .map(Cow::into_owned);
                Some(Cow::Owned(Value::Array(list.collect())))
            }
        }
    }

    fn input(&self, slot: &InputSlot) -> Option<&Value> {
        let mut value = self.arguments.get(slot.slot)?;
        for name in &slot.walk {
            value = match value {
                Value::Object(members) => members.get(name)?,
                Value::Array(list) => list.get(name.parse::<usize>().ok()?)?,
                _ => return None,
            };
        }
        (!value.is_null()).then_some(value)
    }

    /// The value of an expression as text; `None` when it has none or is null.
    pub(crate) fn text<'e>(&'e self, expr: &'e Expr) -> Option<Cow<'e, str>> {
        match self.value(expr)? {
            Cow::Borrowed(Value::Null) => None,
            Cow::Borrowed(Value::String(text)) => Some(Cow::Borrowed(text)),
            Cow::Owned(Value::String(text)) => Some(Cow::Owned(text)),
            value => Some(Cow::Owned(as_text(&value))),
        }
    }
}

/// A value as text: arrays and objects as compact JSON, null as nothing.
pub(crate) fn as_text(value: &Value) -> String {
    match value {
        Value::Null => String::new(),
        Value::String(text) => text.clone(),
        other => other.to_string(),
    }
}

/// Makes the request of a plan.
pub(crate) fn request(
    plan: &RequestPlan,
    upstream: &PreparedUpstream,
    scope: &Scope<'_>,
) -> Result<Request<Bytes>, RequestProblem> {
    let mut uri = String::with_capacity(URI);
    uri.push_str(&upstream.base.origin);
    path(plan, upstream, scope, &mut uri)?;
    query(plan, upstream, scope, &mut uri);
    let mut request = Request::builder().method(plan.method.clone()).uri(uri);
    let Some(headers) = request.headers_mut() else {
        return Err(RequestProblem::Unsendable);
    };
    for plan in &plan.headers {
        let Some(text) = scope.text(&plan.expr) else {
            continue;
        };
        let value = header_value(&text).ok_or_else(|| {
            RequestProblem::HeaderValue(scope.culprit(&plan.expr, plan.name.as_str()))
        })?;
        headers.insert(plan.name.clone(), value);
    }
    if let Some(cookies) = cookies(plan, scope)? {
        headers.insert(header::COOKIE, cookies);
    }
    for (name, value) in &upstream.credential.headers {
        headers.insert(name.clone(), value.clone());
    }
    let mut body = Bytes::new();
    if let Some((content_type, bytes)) = encode(&plan.body, scope) {
        body = bytes;
        headers.entry(header::CONTENT_TYPE).or_insert(content_type);
    }
    if !headers.contains_key(header::ACCEPT) {
        headers.insert(
            header::ACCEPT,
            HeaderValue::from_static("application/json, */*;q=0.5"),
        );
    }
    request.body(body).map_err(|_| RequestProblem::Unsendable)
}

fn path(
    plan: &RequestPlan,
    upstream: &PreparedUpstream,
    scope: &Scope<'_>,
    uri: &mut String,
) -> Result<(), RequestProblem> {
    let base = &upstream.base.path;
    // Exactly one slash at the joint; a base alone stays as it is written.
    uri.push_str(if plan.path.is_empty() {
        base
    } else {
        base.trim_end_matches('/')
    });
    let start = uri.len();
    let mut filled = None;
    for piece in &plan.path {
        match piece {
            PathPiece::Text(text) => uri.push_str(text),
            PathPiece::Value { name, expr } => {
                let missing = || RequestProblem::MissingPathValue(scope.culprit(expr, name));
                let text = scope.text(expr).ok_or_else(missing)?;
                if matches!(text.as_ref(), "" | "." | "..") {
                    return Err(RequestProblem::PathSegment(scope.culprit(expr, name)));
                }
                uri.extend(component(&text));
                filled = Some((expr, name));
            }
        }
    }
    // Two values may fill one segment: `{a}{b}` must not become `..` either.
    if let Some((expr, name)) = filled
        && uri.get(start..).unwrap_or_default().split('/').any(is_dots)
    {
        return Err(RequestProblem::PathSegment(scope.culprit(expr, name)));
    }
    if uri.len() == upstream.base.origin.len() {
        uri.push('/');
    }
    Ok(())
}

fn query(plan: &RequestPlan, upstream: &PreparedUpstream, scope: &Scope<'_>, uri: &mut String) {
    let mut separator = '?';
    let mut add = |uri: &mut String, parts: &[&str]| {
        uri.push(separator);
        separator = '&';
        parts.iter().for_each(|part| uri.push_str(part));
    };
    if let Some(query) = &upstream.base.query {
        add(uri, &[query]);
    }
    for part in &plan.query {
        match part {
            QueryPart::Written(pieces) => {
                add(uri, &[]);
                for piece in pieces {
                    match piece {
                        QueryPiece::Text(text) => uri.push_str(text),
                        QueryPiece::Value(expr) => {
                            if let Some(text) = scope.text(expr) {
                                uri.extend(component(&text));
                            }
                        }
                    }
                }
            }
            QueryPart::Pair { name, expr } => {
                let Some(value) = scope.value(expr) else {
                    continue;
                };
                let values: &[Value] = match value.as_ref() {
                    Value::Null => &[],
                    Value::Array(list) => list,
                    one => std::slice::from_ref(one),
                };
                for value in values.iter().filter(|value| !value.is_null()) {
                    add(uri, &[name, "="]);
                    uri.extend(component(&as_text(value)));
                }
            }
        }
    }
    for pair in &upstream.credential.query {
        add(uri, &[pair]);
    }
}

fn header_value(text: &str) -> Option<HeaderValue> {
    if text.chars().any(char::is_control) {
        return None;
    }
    HeaderValue::from_bytes(text.as_bytes()).ok()
}

fn cookies(plan: &RequestPlan, scope: &Scope<'_>) -> Result<Option<HeaderValue>, RequestProblem> {
    let mut pairs = Vec::new();
    for (name, expr) in &plan.cookies {
        if let Some(text) = scope.text(expr) {
            pairs.push(format!("{name}={}", component(&text)));
        }
    }
    if pairs.is_empty() {
        return Ok(None);
    }
    let problem = || {
        let name = plan
            .cookies
            .first()
            .map_or_else(String::new, |(name, _)| name.clone());
        RequestProblem::HeaderValue(name)
    };
    header_value(&pairs.join("; "))
        .map(Some)
        .ok_or_else(problem)
}
