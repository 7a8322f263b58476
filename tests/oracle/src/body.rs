//! The body that a call must send: declared, made of `in: body` inputs, made of `with` keys, or
//! passed on (decisions, sections 4 and 5).

use serde_json::{Map, Value};

use crate::clients::bare;
use crate::inputs::Plan;
use crate::model::{Body, BodyKind, Input, Place};
use crate::names::{Piece, cut, holes_of_tree, text_of};
use crate::request::ExpectedBody;
use crate::sight::Sight;

/// The body: declared, made of `in: body` inputs, made of `with` keys, or passed on.
pub(crate) fn body(
    plan: &Plan<'_>,
    sight: &Sight<'_, '_>,
    members: Map<String, Value>,
    doubts: &mut Vec<String>,
) -> ExpectedBody {
    let Some(declared) = &plan.operation.body else {
        let in_body: Vec<&Input> = plan
            .operation
            .inputs
            .iter()
            .filter(|input| input.place == Some(Place::Body))
            .collect();
        if let ([only], true) = (in_body.as_slice(), plan.extra.is_empty())
            && only.name == "body"
        {
            return sight
                .input(only)
                .map_or(ExpectedBody::None, ExpectedBody::Json);
        }
        if plan.passes_body {
            return sight
                .values
                .get("body")
                .cloned()
                .map_or(ExpectedBody::None, ExpectedBody::Json);
        }
        // "A JSON object of them", also when none of them has a value.
        let makes_object = !in_body.is_empty() || !members.is_empty();
        return if makes_object {
            ExpectedBody::Json(Value::Object(members))
        } else {
            ExpectedBody::None
        };
    };
    let used = holes_of_tree(&declared.data);
    let left_out = members.into_iter().filter(|(name, _)| {
        let names_it = |hole: &String| {
            bare(hole) == name
                || bare(hole)
                    .strip_prefix(name.as_str())
                    .is_some_and(|rest| rest.starts_with('.'))
        };
        declared.data.get(name).is_none() && !used.iter().any(names_it)
    });
    let left_out: Map<String, Value> = left_out.collect();
    if declared.data.is_null() {
        if !left_out.is_empty() && declared.kind == BodyKind::Json {
            return ExpectedBody::Json(Value::Object(left_out));
        }
        return ExpectedBody::None;
    }
    declared_body(declared, sight, left_out, doubts)
}

fn declared_body(
    declared: &Body,
    sight: &Sight<'_, '_>,
    left_out: Map<String, Value>,
    doubts: &mut Vec<String>,
) -> ExpectedBody {
    let json_text = declared.kind == BodyKind::Json && declared.data.is_string();
    let lone = declared
        .data
        .as_str()
        .is_some_and(|text| matches!(cut(text, false).as_slice(), [Piece::Hole(_)]));
    if json_text && !lone {
        doubts.push("a JSON body written as text".to_owned());
        return ExpectedBody::Any("application/json");
    }
    let Some(mut data) = sight.rendered(&declared.data) else {
        return ExpectedBody::None;
    };
    match data.as_object_mut() {
        Some(object) => object.extend(left_out),
        None if !left_out.is_empty() => {
            doubts.push("`in: body` inputs beside a body that is no object".to_owned());
        }
        None => {}
    }
    match &declared.kind {
        BodyKind::Json => ExpectedBody::Json(data),
        BodyKind::Yaml => ExpectedBody::Yaml(data),
        BodyKind::Multipart => ExpectedBody::Any("multipart/form-data"),
        BodyKind::Form => {
            let Value::Object(fields) = data else {
                doubts.push("a form body that is no map".to_owned());
                return ExpectedBody::Any("application/x-www-form-urlencoded");
            };
            if fields
                .values()
                .any(|value| value.is_array() || value.is_object())
            {
                doubts.push("an array or object in a form field".to_owned());
            }
            ExpectedBody::Form(
                fields
                    .iter()
                    .map(|(name, value)| (name.clone(), text_of(value)))
                    .collect(),
            )
        }
        BodyKind::Raw(_) if data.is_object() || data.is_array() => {
            doubts.push("a raw body made of a map".to_owned());
            ExpectedBody::Any("")
        }
        BodyKind::Raw(content_type) => ExpectedBody::Text(text_of(&data), content_type.clone()),
    }
}
