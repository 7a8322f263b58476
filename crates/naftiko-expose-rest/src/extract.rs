//! Takes the inputs of an operation out of a request.
//!
//! Each input is looked for in the places that its reader names, in the order path, query, header, cookie, body. Two places
//! with different values are refused: which one is meant cannot be told (decisions, section 4).

use std::borrow::Cow;

use http::{StatusCode, header, request::Parts};
use naftiko_engine::{Arguments, InputProblem, check_json, check_text};
use naftiko_expose::IncomingBody;
use naftiko_plan::{Flow, InputPlan};
use percent_encoding::percent_decode_str;
use serde_json::{Map, Value};

use crate::body::{self, Sent};
use crate::readers::{BodyPart, Reader, Readers};
use crate::rescue::Problem;

/// A value and the place that it was found in.
type Placed = Option<(&'static str, Value)>;

/// A decoded pair of a query.
type Pair<'q> = (Cow<'q, str>, Cow<'q, str>);

/// The arguments of `flow` in a request. The body is read only if an input may come from it.
pub(crate) async fn arguments(
    readers: &Readers,
    flow: &Flow,
    values: &[Cow<'_, str>],
    parts: &Parts,
    body: IncomingBody,
    limit: usize,
) -> Result<Arguments, Problem> {
    let query = if readers.query {
        query(parts.uri.query().unwrap_or_default())?
    } else {
        Vec::new()
    };
    let mut found: Vec<Placed> = Vec::with_capacity(readers.list.len());
    for (reader, input) in readers.list.iter().zip(&flow.inputs) {
        found.push(outside_body(reader, input, values, &query, parts)?);
    }
    if readers.body {
        match body::read(&parts.headers, body, limit).await? {
            Sent::Nothing => {}
            Sent::Json(value) => json(readers, flow, value, &mut found)?,
            Sent::Form(pairs) => form(readers, flow, pairs, &mut found)?,
        }
    }
    let mut arguments = Arguments::of(flow);
    for (reader, placed) in readers.list.iter().zip(found) {
        arguments.set(reader.slot, placed.map(|(_, value)| value));
    }
    Ok(arguments)
}

fn outside_body(
    reader: &Reader,
    input: &InputPlan,
    values: &[Cow<'_, str>],
    query: &[Pair<'_>],
    parts: &Parts,
) -> Result<Placed, Problem> {
    let mut placed = None;
    if let Some(value) = reader.path.and_then(|index| values.get(index)) {
        if value.is_empty() {
            return Err(empty(input));
        }
        add(&mut placed, input, "path", check_text(input, &[value])?)?;
    }
    if reader.query {
        let same = query.iter().filter(|(name, _)| *name == input.name);
        let texts: Vec<&str> = same.map(|(_, value)| value.as_ref()).collect();
        add(&mut placed, input, "query", check_text(input, &texts)?)?;
    }
    if let Some(name) = &reader.header {
        let mut texts = Vec::new();
        for value in parts.headers.get_all(name) {
            texts.push(std::str::from_utf8(value.as_bytes()).map_err(|_| not_text(input))?);
        }
        add(&mut placed, input, "header", check_text(input, &texts)?)?;
    }
    if reader.cookie {
        let texts = cookies(parts, &input.name);
        add(&mut placed, input, "cookie", check_text(input, &texts)?)?;
    }
    Ok(placed)
}

/// Adds a value that was found in another place.
fn add(
    placed: &mut Placed,
    input: &InputPlan,
    place: &'static str,
    value: Option<Value>,
) -> Result<(), Problem> {
    let Some(value) = value else { return Ok(()) };
    match placed {
        None => *placed = Some((place, value)),
        // The first place counts; texts and JSON values may say the same.
        Some((_, known)) if *known == value || text(known) == text(&value) => {}
        Some((other, _)) => {
            let name = &input.name;
            let detail = format!(
                "the input `{name}` was given with different values, in the {other} and in the {place}"
            );
            return Err(
                Problem::new(StatusCode::BAD_REQUEST, "conflicting-input", detail).about(name),
            );
        }
    }
    Ok(())
}

fn text(value: &Value) -> Cow<'_, str> {
    match value {
        Value::String(text) => Cow::Borrowed(text),
        other => Cow::Owned(other.to_string()),
    }
}

/// The members of a JSON body, and the body itself.
fn json(
    readers: &Readers,
    flow: &Flow,
    mut value: Value,
    found: &mut [Placed],
) -> Result<(), Problem> {
    match &mut value {
        Value::Object(members) => {
            for (input, placed) in members_of(readers, flow, found) {
                let member = if readers.whole {
                    members.get(&input.name).cloned()
                } else {
                    members.get_mut(&input.name).map(Value::take)
                };
                let checked = member.map_or(Ok(None), |member| check_json(input, member))?;
                add(placed, input, "body", checked)?;
            }
        }
        _ if readers.whole => {}
        _ => return Err(body::invalid("the body must be a JSON object")),
    }
    whole(readers, flow, value, found)
}

/// The members of a form, and the form as an object.
fn form(
    readers: &Readers,
    flow: &Flow,
    pairs: Vec<(String, String)>,
    found: &mut [Placed],
) -> Result<(), Problem> {
    for (input, placed) in members_of(readers, flow, found) {
        let same = pairs.iter().filter(|(name, _)| *name == input.name);
        let texts: Vec<&str> = same.map(|(_, value)| value.as_str()).collect();
        add(placed, input, "body", check_text(input, &texts)?)?;
    }
    if readers.whole {
        whole(readers, flow, body::form_value(pairs), found)?;
    }
    Ok(())
}

/// The inputs that are members of a body.
fn members_of<'a>(
    readers: &'a Readers,
    flow: &'a Flow,
    found: &'a mut [Placed],
) -> impl Iterator<Item = (&'a InputPlan, &'a mut Placed)> {
    let all = readers.list.iter().zip(flow.inputs.iter().zip(found));
    all.filter(|(reader, _)| reader.body == Some(BodyPart::Member))
        .map(|(_, input)| input)
}

/// The input `body`: everything, unless that is an object whose only member is `body`.
fn whole(
    readers: &Readers,
    flow: &Flow,
    value: Value,
    found: &mut [Placed],
) -> Result<(), Problem> {
    let mut all = readers.list.iter().zip(flow.inputs.iter().zip(found));
    // Names of inputs are unique, so there is at most one.
    let whole = all.find(|(reader, _)| reader.body == Some(BodyPart::Whole));
    let Some((_, (input, placed))) = whole else {
        return Ok(());
    };
    let value = unwrapped(value, &input.name, &members_only(readers, flow));
    add(placed, input, "body", check_json(input, value)?)
}

/// The inputs that a body alone gives, but for a query: never the path.
fn members_only<'f>(readers: &Readers, flow: &'f Flow) -> Vec<&'f str> {
    let all = readers.list.iter().zip(&flow.inputs);
    let members =
        all.filter(|(reader, _)| reader.body == Some(BodyPart::Member) && reader.path.is_none());
    members.map(|(_, input)| input.name.as_str()).collect()
}

/// The member `name` of an object whose only member it is. Where all other members are inputs too, a caller who writes
/// `{"to": …, "body": …}` means members by their names, not the whole; then the input may be absent as well.
fn unwrapped(value: Value, name: &str, others: &[&str]) -> Value {
    match value {
        Value::Object(mut members) if named_alike(&members, name, others) => {
            members.remove(name).unwrap_or_default()
        }
        other => other,
    }
}

fn named_alike(members: &Map<String, Value>, name: &str, others: &[&str]) -> bool {
    !members.is_empty()
        && members
            .keys()
            .all(|m| m == name || others.contains(&m.as_str()))
}

/// The decoded pairs of a query.
fn query(raw: &str) -> Result<Vec<Pair<'_>>, Problem> {
    if raw.is_empty() {
        return Ok(Vec::new());
    }
    // `&` and `=` are no part of any longer character, so the whole is text if and only if each name and value is.
    if raw.contains('%') && percent_decode_str(raw).decode_utf8().is_err() {
        let detail = "the query is not UTF-8 text after percent-decoding";
        return Err(Problem::new(
            StatusCode::BAD_REQUEST,
            "invalid-query",
            detail,
        ));
    }
    Ok(form_urlencoded::parse(raw.as_bytes()).collect())
}

/// The values of a cookie, as they were sent.
fn cookies<'p>(parts: &'p Parts, name: &str) -> Vec<&'p str> {
    let headers = parts.headers.get_all(header::COOKIE).iter();
    headers
        .filter_map(|value| value.to_str().ok())
        .flat_map(|value| value.split(';'))
        .filter_map(|pair| pair.trim().split_once('='))
        .filter(|(known, _)| *known == name)
        .map(|(_, value)| value.trim_matches('"'))
        .collect()
}

fn empty(input: &InputPlan) -> Problem {
    let name = &input.name;
    let detail = format!("the input `{name}` stands in the path and is empty there");
    Problem::new(StatusCode::BAD_REQUEST, "invalid-input", detail).about(name)
}

fn not_text(input: &InputPlan) -> Problem {
    let name = &input.name;
    let detail = format!("the input `{name}` is not UTF-8 text");
    Problem::new(StatusCode::BAD_REQUEST, "invalid-input", detail).about(name)
}

impl From<InputProblem> for Problem {
    fn from(problem: InputProblem) -> Self {
        naftiko_engine::FlowError::from(problem).into()
    }
}
