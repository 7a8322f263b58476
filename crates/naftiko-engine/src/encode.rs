//! Bodies: a media type and bytes from the plan of a body (decisions, section 5, "Body").

use bytes::Bytes;
use http::HeaderValue;
use naftiko_formats::encode::{Part, form, form_component, multipart, xml_text, yaml};
use naftiko_plan::{BodyPiece, BodyPlan, Escape, Expr, PartPlan};
use serde_json::Value;

use crate::render::{Scope, as_text};

/// Encodes a body; `None` when there is none.
pub(crate) fn encode(plan: &BodyPlan, scope: &Scope<'_>) -> Option<(HeaderValue, Bytes)> {
    match plan {
        BodyPlan::None => None,
        BodyPlan::Json(expr) => {
            let value = scope.value(expr)?;
            // A tree of JSON values always has a JSON text.
            let bytes = serde_json::to_vec(&value).unwrap_or_default();
            Some((HeaderValue::from_static("application/json"), bytes.into()))
        }
        BodyPlan::Yaml(expr) => {
            let text = yaml(&*scope.value(expr)?).unwrap_or_default();
            Some((HeaderValue::from_static("application/yaml"), text.into()))
        }
        BodyPlan::Form(pairs) => {
            let pairs: Vec<(&str, String)> = pairs
                .iter()
                .flat_map(|(name, expr)| {
                    values(scope, expr)
                        .into_iter()
                        .map(move |v| (name.as_str(), v))
                })
                .collect();
            if pairs.is_empty() {
                return None;
            }
            let text = form(pairs.iter().map(|(name, value)| (*name, value.as_str())));
            let kind = HeaderValue::from_static("application/x-www-form-urlencoded");
            Some((kind, text.into()))
        }
        BodyPlan::Multipart(parts) => {
            let parts: Vec<Part> = parts.iter().flat_map(|plan| part(plan, scope)).collect();
            if parts.is_empty() {
                return None;
            }
            let (kind, bytes) = multipart(&parts);
            Some((HeaderValue::from_str(&kind).ok()?, bytes.into()))
        }
        BodyPlan::Text {
            pieces,
            escape,
            content_type,
        } => {
            let text = text(pieces, *escape, scope)?;
            Some((content_type.clone(), text.into()))
        }
    }
}

/// The texts of a value: each element of a list, none for null.
fn values(scope: &Scope<'_>, expr: &Expr) -> Vec<String> {
    match scope.value(expr).as_deref() {
        None | Some(Value::Null) => Vec::new(),
        Some(Value::Array(list)) => list
            .iter()
            .filter(|value| !value.is_null())
            .map(as_text)
            .collect(),
        Some(one) => vec![as_text(one)],
    }
}

fn part(plan: &PartPlan, scope: &Scope<'_>) -> Vec<Part> {
    let text = |expr: &Option<Expr>| {
        expr.as_ref()
            .and_then(|expr| scope.text(expr))
            .map(std::borrow::Cow::into_owned)
    };
    values(scope, &plan.value)
        .into_iter()
        .map(|value| Part {
            name: plan.name.clone(),
            value,
            filename: text(&plan.filename),
            content_type: text(&plan.content_type),
        })
        .collect()
}

fn text(pieces: &[BodyPiece], escape: Escape, scope: &Scope<'_>) -> Option<String> {
    // A body that is one value, and that is missing, is no body.
    if let [BodyPiece::Value(expr)] = pieces {
        scope.text(expr)?;
    }
    let mut text = String::new();
    for piece in pieces {
        match piece {
            BodyPiece::Text(part) => text.push_str(part),
            BodyPiece::Value(expr) => {
                let value = scope.text(expr).unwrap_or_default();
                match escape {
                    Escape::None => text.push_str(&value),
                    Escape::Xml => text.push_str(&xml_text(&value)),
                    Escape::Form => text.push_str(&form_component(&value)),
                }
            }
        }
    }
    Some(text)
}
