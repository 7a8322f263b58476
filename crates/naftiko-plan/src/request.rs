//! The request of a call: path, query, headers and body from the consumed operation and `with`.

use http::HeaderName;
use naftiko_diagnostics::codes;
use naftiko_spec::{ConsumedInput, Place};
use percent_encoding::{NON_ALPHANUMERIC, utf8_percent_encode};
use serde_json::Value;

use crate::body;
use crate::expr::Expr;
use crate::flow::{HeaderPlan, PathPiece, QueryPart, QueryPiece, RequestPlan};
use crate::inputs::Demand;
use crate::names::CallNames;
use crate::url::Piece;

/// Header fields that belong to the connection: no document sets them (decisions, section 5, "Headers").
const OF_THE_CONNECTION: [&str; 7] = [
    "host",
    "content-length",
    "transfer-encoding",
    "connection",
    "te",
    "upgrade",
    "trailer",
];

/// A query or form component: everything but unreserved characters is encoded.
const COMPONENT: &percent_encoding::AsciiSet = &NON_ALPHANUMERIC
    .remove(b'-')
    .remove(b'.')
    .remove(b'_')
    .remove(b'~');

/// Lowers the request of the call that `names` is about.
pub(crate) fn lower(names: &mut CallNames<'_, '_>) -> RequestPlan {
    let operation = names.operation;
    let path = operation
        .path
        .path
        .iter()
        .map(|piece| path_piece(piece, names))
        .collect();
    let mut query: Vec<QueryPart> = operation
        .path
        .query
        .iter()
        .map(|pair| written(pair, names))
        .collect();
    let mut headers: Vec<HeaderPlan> = Vec::new();
    let mut cookies: Vec<(String, Expr)> = Vec::new();
    let mut members: Vec<(String, Expr)> = Vec::new();
    for &input in &operation.inputs {
        let demand = demand(input);
        match input.place {
            // Placeholders and appended segments have taken these.
            Place::Path => {}
            Place::Query => query.push(QueryPart::Pair {
                name: component(input.name.as_str()),
                expr: value(input, demand, names),
            }),
            Place::Header => {
                let lower = input.name.value.to_ascii_lowercase();
                if OF_THE_CONNECTION.contains(&lower.as_str()) {
                    names.out.push(codes::forbidden_header::new(&input.name));
                    continue;
                }
                match HeaderName::from_bytes(input.name.value.as_bytes()) {
                    Ok(name) => {
                        let expr = value(input, demand, names);
                        headers.push(HeaderPlan { name, expr });
                    }
                    Err(_) => names.out.push(codes::invalid_header_name::new(&input.name)),
                }
            }
            Place::Cookie => {
                cookies.push((input.name.value.clone(), value(input, demand, names)));
            }
            Place::Body => {
                members.push((input.name.value.clone(), value(input, demand, names)));
            }
            Place::Environment => {
                names
                    .out
                    .push(codes::not_supported::new(input.span, "`in: environment`"));
            }
        }
    }
    let body = body::lower(members, names, &mut query);
    RequestPlan {
        method: operation.method.clone(),
        path,
        query,
        headers,
        cookies,
        body,
    }
}

/// Whether a call can go without a consumed input.
fn demand(input: &ConsumedInput) -> Demand {
    if input.required == Some(true) {
        Demand::Required
    } else {
        Demand::IfNoneDeclared
    }
}

fn value(input: &ConsumedInput, demand: Demand, names: &mut CallNames<'_, '_>) -> Expr {
    let expr = names.consumed_input(input, demand);
    names.inputs.feed(&expr, input.name.as_str());
    if demand == Demand::Required && matches!(expr, Expr::Input(_)) {
        names.inputs.require(&expr);
    }
    expr
}

fn path_piece(piece: &Piece, names: &mut CallNames<'_, '_>) -> PathPiece {
    match piece {
        Piece::Text(text) => PathPiece::Text(text.clone()),
        Piece::Placeholder(named) => {
            let expr = names.consumed_name(named, Demand::Required);
            let name = crate::client::short(&named.name).to_owned();
            names.inputs.feed(&expr, &name);
            names.inputs.require(&expr);
            let nothing = matches!(expr, Expr::Absent | Expr::Literal(Value::Null));
            if nothing && !names.out.has_errors() {
                names
                    .out
                    .push(codes::missing_path_value::new(named.span, &name));
            }
            PathPiece::Value { name, expr }
        }
    }
}

/// A pair that the path was written with. A value that is one placeholder is a parameter like any other.
fn written(pair: &[Piece], names: &mut CallNames<'_, '_>) -> QueryPart {
    if let [Piece::Text(text), Piece::Placeholder(named)] = pair
        && let Some(name) = text.strip_suffix('=')
        && !name.contains('=')
    {
        let expr = names.consumed_name(named, Demand::Optional);
        names.inputs.feed(&expr, crate::client::short(&named.name));
        return QueryPart::Pair {
            name: name.to_owned(),
            expr,
        };
    }
    let pieces = pair.iter().map(|piece| match piece {
        Piece::Text(text) => QueryPiece::Text(text.clone()),
        Piece::Placeholder(named) => {
            QueryPiece::Value(names.consumed_name(named, Demand::Optional))
        }
    });
    QueryPart::Written(pieces.collect())
}

/// A name or value as a query holds it.
pub(crate) fn component(text: &str) -> String {
    utf8_percent_encode(text, COMPONENT).to_string()
}
