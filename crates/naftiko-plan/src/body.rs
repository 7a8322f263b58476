//! Request bodies: what is declared, what `in: body` inputs add, and what is left when nothing is declared
//! (decisions, section 5, "Body" and "A `with` key that nothing takes").

use http::{HeaderValue, Method};
use naftiko_diagnostics::{Spanned, codes};
use naftiko_expr::{Syntax, Template};
use naftiko_spec::yaml::NodeKind;
use naftiko_spec::{Body, BodyKind};
use serde_json::Value;

use crate::expr::Expr;
use crate::flow::{BodyPlan, QueryPart};
use crate::inputs::Demand;
use crate::names::CallNames;
use crate::request::component;

const JSON: HeaderValue = HeaderValue::from_static("application/json");

/// Lowers the body. `members` are the operation's `in: body` inputs; a `with` key that nothing takes becomes a member,
/// or a parameter in `query`.
pub(crate) fn lower(
    members: Vec<(String, Expr)>,
    names: &mut CallNames<'_, '_>,
    query: &mut Vec<QueryPart>,
) -> BodyPlan {
    let operation = names.operation;
    let writes = matches!(operation.method, Method::POST | Method::PUT | Method::PATCH);
    if let Some(body) = &operation.operation.body {
        let expr = declared(body, members, names);
        left_over_beside_body(body, names, query, writes);
        return expr.map_or(BodyPlan::None, json);
    }
    let no_inputs = members.is_empty();
    let mut members = members;
    if writes {
        let left = left_over(names);
        for (name, _) in &left {
            names.out.push(codes::unused_with_key::member(name));
        }
        members.extend(left.into_iter().map(|(name, expr)| (name.value, expr)));
    } else {
        add_to_query(names, query);
    }
    if members.is_empty() {
        // A write that says nothing of its body passes on the caller's (decisions, section 4, "Write without a body").
        if writes && no_inputs && !names.inputs.any_declared() {
            names
                .out
                .push(codes::undeclared_body::new(&operation.operation.name));
            return json(names.inputs.reference("body", Demand::Optional));
        }
        return BodyPlan::None;
    }
    json(object_of(members))
}

/// An object of the members; a single one that is called `body` is that value itself.
fn object_of(mut members: Vec<(String, Expr)>) -> Expr {
    match members.pop() {
        Some((name, expr)) if members.is_empty() && name == "body" => expr,
        Some(last) => {
            members.push(last);
            Expr::Object(members)
        }
        None => Expr::Absent,
    }
}

fn json(expr: Expr) -> BodyPlan {
    BodyPlan::Json {
        expr,
        content_type: JSON,
    }
}

/// The `with` keys that nothing has taken.
fn left_over(names: &mut CallNames<'_, '_>) -> Vec<(Spanned<String>, Expr)> {
    let operation = names.operation;
    // A key of an input that is sent otherwise (the credential, the base) is the operator's: nothing to add.
    let known = |name: &str| {
        operation
            .operation
            .inputs
            .iter()
            .any(|input| input.name.value == name)
            || operation
                .inputs
                .iter()
                .any(|input| input.name.value == name)
    };
    names
        .with
        .iter_mut()
        .filter(|with| !with.taken && !known(with.name.as_str()))
        .map(|with| {
            with.taken = true;
            (with.name.clone(), with.expr.clone())
        })
        .collect()
}

fn add_to_query(names: &mut CallNames<'_, '_>, query: &mut Vec<QueryPart>) {
    for (name, expr) in left_over(names) {
        names.out.push(codes::unused_with_key::parameter(&name));
        query.push(QueryPart::Pair {
            name: component(name.as_str()),
            expr,
        });
    }
}

fn left_over_beside_body(
    body: &Body,
    names: &mut CallNames<'_, '_>,
    query: &mut Vec<QueryPart>,
    writes: bool,
) {
    if !writes {
        add_to_query(names, query);
        return;
    }
    for (name, _) in left_over(names) {
        names
            .out
            .push(codes::unused_with_key::beside_body(&name, body.span));
    }
}

/// A declared body and the `in: body` inputs that it leaves out.
fn declared(
    body: &Body,
    members: Vec<(String, Expr)>,
    names: &mut CallNames<'_, '_>,
) -> Option<Expr> {
    match BodyKind::parse(&body.kind.value) {
        Some(BodyKind::Json) => {}
        Some(_) => {
            names.out.push(codes::unsupported_format::body(&body.kind));
            return None;
        }
        None => {
            let known = BodyKind::ALL.iter().map(|(word, _)| *word);
            names
                .out
                .push(codes::unsupported_format::unknown_body(&body.kind, known));
            return None;
        }
    }
    let Some(data) = &body.data else {
        return (!members.is_empty()).then(|| object_of(members));
    };
    let mentioned = mentions(data);
    let expr = match &data.kind {
        NodeKind::String(text) => json_text(&Spanned::new(text.clone(), data.span), names)?,
        _ => names.consumed_value(data, Demand::IfNoneDeclared),
    };
    let Expr::Object(mut object) = expr else {
        return Some(expr);
    };
    for (name, expr) in members {
        let there = object.iter().any(|(member, _)| *member == name);
        if !there && !mentioned.contains(&name) {
            object.push((name, expr));
        }
    }
    Some(Expr::Object(object))
}

/// The names that the templates of a body use.
fn mentions(node: &naftiko_spec::yaml::Node) -> Vec<String> {
    match &node.kind {
        NodeKind::String(text) => Template::parse(text, Syntax::Double)
            .map(|template| {
                template
                    .placeholders()
                    .map(|p| crate::client::short(&p.name).to_owned())
                    .collect()
            })
            .unwrap_or_default(),
        NodeKind::Sequence(list) => list.iter().flat_map(mentions).collect(),
        NodeKind::Mapping(entries) => entries
            .iter()
            .flat_map(|entry| mentions(&entry.value))
            .collect(),
        _ => Vec::new(),
    }
}

/// A body that is written as text: one placeholder is the value itself; JSON text is a document with templates in it,
/// where a placeholder outside of quotes is a value and one inside is a part of the text.
fn json_text(text: &Spanned<String>, names: &mut CallNames<'_, '_>) -> Option<Expr> {
    if let Ok(template) = Template::parse(text.value.trim(), Syntax::Double)
        && template.as_placeholder().is_some()
    {
        let trimmed = Spanned::new(text.value.trim().to_owned(), text.span);
        let side = crate::names::Side::Consumed;
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
            names.template(
                &spanned,
                crate::names::Side::Consumed,
                Demand::IfNoneDeclared,
            )
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
