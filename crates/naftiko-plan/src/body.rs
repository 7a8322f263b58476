//! Request bodies: what is declared, what `in: body` inputs add, and what is left when nothing is declared
//! (decisions, section 5, "Body" and "A `with` key that nothing takes").

use http::{HeaderValue, Method};
use naftiko_diagnostics::{Spanned, codes};
use naftiko_expr::{Part, Syntax, Template};
use naftiko_spec::yaml::{Node, NodeKind};
use naftiko_spec::{Body, BodyKind};

use crate::body_json;
use crate::expr::Expr;
use crate::flow::{BodyPiece, BodyPlan, Escape, PartPlan, QueryPart};
use crate::inputs::Demand;
use crate::names::CallNames;
use crate::request::component;
use crate::url::{Named, inside};

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
        let plan = declared(body, members, names);
        left_over_beside_body(body, names, query, writes);
        return plan;
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
            return BodyPlan::Json(names.inputs.reference("body", Demand::Optional));
        }
        return BodyPlan::None;
    }
    BodyPlan::Json(object_of(members))
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

/// The `with` keys that nothing has taken.
fn left_over(names: &mut CallNames<'_, '_>) -> Vec<(Spanned<String>, Expr)> {
    let operation = names.operation;
    for with in names.with.iter_mut().filter(|with| !with.taken) {
        let fixed = |input: &&&naftiko_spec::ConsumedInput| {
            input.name.value == with.name.value && input.value.is_some()
        };
        if operation.inputs.iter().any(|input| fixed(&input)) {
            with.taken = true;
            names.out.push(codes::unused_with_key::fixed(&with.name));
        }
    }
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
fn declared(body: &Body, members: Vec<(String, Expr)>, names: &mut CallNames<'_, '_>) -> BodyPlan {
    let Some(kind) = BodyKind::parse(&body.kind.value) else {
        let known = BodyKind::ALL.iter().map(|(word, _)| *word);
        names
            .out
            .push(codes::unsupported_format::unknown_body(&body.kind, known));
        return BodyPlan::None;
    };
    match kind {
        BodyKind::Json => json_body(body, members, names),
        BodyKind::Form => form(body, members, names),
        BodyKind::Multipart => multipart(body, members, names),
        BodyKind::Yaml
            if body
                .data
                .as_ref()
                .is_some_and(|data| data.as_str().is_none()) =>
        {
            match &body.data {
                Some(data) => BodyPlan::Yaml(names.consumed_value(data, Demand::IfNoneDeclared)),
                None => BodyPlan::None,
            }
        }
        BodyKind::Text => text(
            body,
            members,
            "text/plain; charset=utf-8",
            Escape::None,
            names,
        ),
        BodyKind::Xml => text(body, members, "application/xml", Escape::Xml, names),
        BodyKind::Sparql => text(
            body,
            members,
            "application/sparql-query",
            Escape::None,
            names,
        ),
        BodyKind::Yaml => text(body, members, "application/yaml", Escape::None, names),
        BodyKind::Binary => text(
            body,
            members,
            "application/octet-stream",
            Escape::None,
            names,
        ),
    }
}

fn json_body(body: &Body, members: Vec<(String, Expr)>, names: &mut CallNames<'_, '_>) -> BodyPlan {
    let Some(data) = &body.data else {
        return if members.is_empty() {
            BodyPlan::None
        } else {
            BodyPlan::Json(object_of(members))
        };
    };
    let mentioned = mentions(data);
    let expr = match &data.kind {
        NodeKind::String(text) => {
            let spanned = Spanned::new(text.clone(), data.span);
            match body_json::lower(&spanned, names) {
                Some(expr) => expr,
                None => return BodyPlan::None,
            }
        }
        _ => names.consumed_value(data, Demand::IfNoneDeclared),
    };
    let Expr::Object(mut object) = expr else {
        return BodyPlan::Json(expr);
    };
    for (name, expr) in members {
        if !object.iter().any(|(member, _)| *member == name) && !mentioned.contains(&name) {
            object.push((name, expr));
        }
    }
    BodyPlan::Json(Expr::Object(object))
}

/// Form data: a mapping, a list of named values, or text whose placeholders are encoded.
fn form(body: &Body, members: Vec<(String, Expr)>, names: &mut CallNames<'_, '_>) -> BodyPlan {
    let mentioned = body.data.as_ref().map(mentions).unwrap_or_default();
    let mut pairs: Vec<(String, Expr)> = match body.data.as_ref().map(|data| (&data.kind, data)) {
        None => Vec::new(),
        Some((NodeKind::String(_), _)) if members.is_empty() => {
            let kind = "application/x-www-form-urlencoded";
            return text(body, members, kind, Escape::Form, names);
        }
        Some((NodeKind::Mapping(entries), _)) => entries
            .iter()
            .map(|entry| {
                let expr = names.consumed_value(&entry.value, Demand::IfNoneDeclared);
                (entry.key.value.clone(), expr)
            })
            .collect(),
        Some((NodeKind::Sequence(list), _)) => parts(list, names)
            .into_iter()
            .map(|part| (part.name, part.value))
            .collect(),
        Some((_, data)) => {
            names.out.push(codes::unsupported_format::body_data(
                data.span,
                "a form",
                "a mapping",
            ));
            return BodyPlan::None;
        }
    };
    for (name, expr) in members {
        if !pairs.iter().any(|(known, _)| *known == name) && !mentioned.contains(&name) {
            pairs.push((name, expr));
        }
    }
    BodyPlan::Form(pairs)
}

/// Multipart data: a list of parts, or a mapping from name to value.
fn multipart(body: &Body, members: Vec<(String, Expr)>, names: &mut CallNames<'_, '_>) -> BodyPlan {
    let mentioned = body.data.as_ref().map(mentions).unwrap_or_default();
    let plain = |name: String, value: Expr| PartPlan {
        name,
        value,
        filename: None,
        content_type: None,
    };
    let mut all: Vec<PartPlan> = match body.data.as_ref().map(|data| (&data.kind, data)) {
        None => Vec::new(),
        Some((NodeKind::Sequence(list), _)) => parts(list, names),
        Some((NodeKind::Mapping(entries), _)) => entries
            .iter()
            .map(|entry| {
                let expr = names.consumed_value(&entry.value, Demand::IfNoneDeclared);
                plain(entry.key.value.clone(), expr)
            })
            .collect(),
        Some((_, data)) => {
            let expected = "a list of parts with `name` and `value`";
            names.out.push(codes::unsupported_format::body_data(
                data.span,
                "a multipart body",
                expected,
            ));
            return BodyPlan::None;
        }
    };
    for (name, expr) in members {
        if !all.iter().any(|part| part.name == name) && !mentioned.contains(&name) {
            all.push(plain(name, expr));
        }
    }
    BodyPlan::Multipart(all)
}

/// Parts of a list: `name`, `value`, and for files `filename` and `contentType`.
fn parts(list: &[Node], names: &mut CallNames<'_, '_>) -> Vec<PartPlan> {
    let mut parts = Vec::new();
    for node in list {
        let name = node.get("name").and_then(Node::as_str);
        let (Some(name), Some(value)) = (name, node.get("value")) else {
            let key = if name.is_some() { "value" } else { "name" };
            names
                .out
                .push(codes::missing_key::new(node.span, "a part of a body", key));
            continue;
        };
        let mut lower = |node: &Node| names.consumed_value(node, Demand::IfNoneDeclared);
        parts.push(PartPlan {
            name: name.to_owned(),
            value: lower(value),
            filename: node.get("filename").map(&mut lower),
            content_type: node.get("contentType").map(&mut lower),
        });
    }
    parts
}

/// A body of text. Without data, the one `in: body` input is the text.
fn text(
    body: &Body,
    mut members: Vec<(String, Expr)>,
    content_type: &'static str,
    escape: Escape,
    names: &mut CallNames<'_, '_>,
) -> BodyPlan {
    let content_type = HeaderValue::from_static(content_type);
    let plan = |pieces| BodyPlan::Text {
        pieces,
        escape,
        content_type: content_type.clone(),
    };
    let Some(data) = &body.data else {
        return match (members.pop(), members.is_empty()) {
            (Some((_, expr)), true) => plan(vec![BodyPiece::Value(expr)]),
            (None, _) => BodyPlan::None,
            (Some(_), false) => {
                names
                    .out
                    .push(codes::unsupported_format::several_texts(&body.kind));
                BodyPlan::None
            }
        };
    };
    // `data: {content: "{{tools.content}}"}`: the one member is the content.
    let only = data.as_map().and_then(|members| match members {
        [one] => Some(&one.value),
        _ => None,
    });
    let data = only.unwrap_or(data);
    let Some(written) = data.as_str() else {
        let what = format!("a body of the type `{}`", body.kind);
        names.out.push(codes::unsupported_format::body_data(
            data.span, &what, "text",
        ));
        return BodyPlan::None;
    };
    let spanned = Spanned::new(written.to_owned(), data.span);
    let template = match Template::parse(written, Syntax::Double) {
        Ok(template) => template,
        Err(error) => {
            names.out.push(crate::url::malformed(&spanned, &error, 0));
            return BodyPlan::None;
        }
    };
    let whole = template.as_placeholder().is_some();
    if escape == Escape::None && !whole && template.placeholders().next().is_some() {
        names
            .out
            .push(codes::unescaped_body::new(data.span, body.kind.as_str()));
    }
    let mut pieces = Vec::new();
    for part in template.parts() {
        pieces.push(match part {
            Part::Text(text) => BodyPiece::Text(text.clone()),
            Part::Placeholder(placeholder) => {
                let named = Named {
                    name: placeholder.name.clone(),
                    span: inside(&spanned, placeholder.range.start, placeholder.range.len()),
                    double: true,
                };
                BodyPiece::Value(names.consumed_name(&named, Demand::IfNoneDeclared))
            }
        });
    }
    plan(pieces)
}

/// The names that the templates of a body use.
fn mentions(node: &Node) -> Vec<String> {
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
