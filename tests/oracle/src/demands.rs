//! What the upstream request asks for, name by name (decisions, sections 3 and 4).
//!
//! A *demand* is one place of the upstream request that asks for a name: a placeholder of the path, a
//! consumed input, a template in the body. Inputs of the unit and `with` keys answer demands.

use serde_json::Value;

use crate::model::{Auth, BodyKind, Client, Input, Operation, Place, Reason};
use crate::names::{Piece, Reference, Scope, cut, holes, settle};

/// What one input of the caller goes into.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Feed {
    Path,
    Query,
    Header(String),
    /// A JSON value of its own: the type is kept.
    Json,
    /// A form field, a text body or text with other text around it.
    Text,
}

/// One place of the upstream request that asks for a name.
#[derive(Debug, Clone)]
pub(crate) struct Demand {
    pub(crate) name: String,
    /// Where the value is looked for inside the input: `tools.scope.id` walks to `id`.
    pub(crate) walk: Option<String>,
    pub(crate) place: Option<Place>,
    pub(crate) feed: Feed,
    /// Asked for even when the unit declares inputs of its own.
    pub(crate) always: bool,
    pub(crate) required: bool,
    pub(crate) consumed: Option<Input>,
}

/// Whether a consumed input is asked of the caller: not the credential, not the operator's, not
/// fixed by `value` or a bind.
pub(crate) fn is_asked(input: &Input, client: &Client) -> bool {
    let operators =
        input.place == Some(Place::Path) && holes(&client.base, true).contains(&input.name);
    !operators
        && input.value.is_none()
        && client.scope.bound(&input.name).is_none()
        && !is_credential(input, &client.auth)
}

/// An input with the place and the name of the credential.
pub(crate) fn is_credential(input: &Input, auth: &Auth) -> bool {
    match (auth, input.place) {
        (Auth::Headers(pairs), Some(Place::Header)) => pairs
            .iter()
            .any(|(name, _)| name.eq_ignore_ascii_case(&input.name)),
        (Auth::Query(pairs), Some(Place::Query)) => {
            pairs.iter().any(|(name, _)| *name == input.name)
        }
        (Auth::Bearer(_) | Auth::Basic(..) | Auth::Digest, Some(Place::Header)) => {
            input.name.eq_ignore_ascii_case("authorization")
        }
        _ => false,
    }
}

/// Everything that the upstream request asks for, the path first.
pub(crate) fn demands(
    client: &Client,
    operation: &Operation,
    asked: &[&Input],
    is_known: &dyn Fn(&str) -> bool,
) -> Result<Vec<Demand>, Reason> {
    let mut found = Vec::new();
    for (text, feed) in [
        (&operation.path, Feed::Path),
        (&operation.query, Feed::Query),
    ] {
        for hole in holes(text, true) {
            let double = text.contains(&format!("{{{{{hole}}}}}"));
            if let Some((name, walk, place)) =
                consumed_name(&hole, &client.scope, is_known, double)?
            {
                let consumed = operation
                    .inputs
                    .iter()
                    .find(|input| input.name == name)
                    .cloned();
                found.push(Demand {
                    name,
                    walk,
                    place,
                    feed: feed.clone(),
                    always: true,
                    required: true,
                    consumed,
                });
            }
        }
    }
    for input in asked {
        let feed = match input.place {
            Some(Place::Path) => Feed::Path,
            Some(Place::Header) => Feed::Header(input.name.clone()),
            Some(Place::Body) => Feed::Json,
            _ => Feed::Query,
        };
        let required = input.place == Some(Place::Path) || input.required == Some(true);
        let demand = Demand {
            name: input.name.clone(),
            walk: None,
            place: None,
            feed,
            always: required,
            required,
            consumed: Some((*input).clone()),
        };
        found.push(demand);
    }
    if let Some(body) = &operation.body {
        body_demands(&body.data, client, is_known, operation, &mut found)?;
    }
    for input in &operation.inputs {
        if let Some(value) = &input.value {
            body_demands(value, client, is_known, operation, &mut found)?;
        }
    }
    Ok(found)
}

fn body_demands(
    tree: &Value,
    client: &Client,
    is_known: &dyn Fn(&str) -> bool,
    operation: &Operation,
    found: &mut Vec<Demand>,
) -> Result<(), Reason> {
    match tree {
        Value::String(text) => {
            let pieces = cut(text, false);
            for piece in &pieces {
                let Piece::Hole(hole) = piece else { continue };
                let Some((name, walk, place)) = consumed_name(hole, &client.scope, is_known, true)?
                else {
                    continue;
                };
                let structured = matches!(
                    operation.body.as_ref().map(|body| &body.kind),
                    Some(BodyKind::Json)
                );
                let feed = if pieces.len() == 1 && structured {
                    Feed::Json
                } else {
                    Feed::Text
                };
                let consumed = operation
                    .inputs
                    .iter()
                    .find(|input| input.name == name)
                    .cloned();
                found.push(Demand {
                    name,
                    walk,
                    place,
                    feed,
                    always: false,
                    required: false,
                    consumed,
                });
            }
            Ok(())
        }
        Value::Array(items) => items
            .iter()
            .try_for_each(|item| body_demands(item, client, is_known, operation, found)),
        Value::Object(members) => members
            .values()
            .try_for_each(|item| body_demands(item, client, is_known, operation, found)),
        _ => Ok(()),
    }
}

/// The name that a consumed template asks for; nothing for a variable.
#[expect(clippy::type_complexity, reason = "name, walk and place, once")]
pub(crate) fn consumed_name(
    hole: &str,
    scope: &Scope,
    is_known: &dyn Fn(&str) -> bool,
    strict: bool,
) -> Result<Option<(String, Option<String>, Option<Place>)>, Reason> {
    let name = match scope.classify(hole) {
        Reference::Variable(_) => return Ok(None),
        Reference::Input(name) | Reference::Plain(name) => name,
        Reference::Unbound(key) if !hole.contains('.') && (!strict || is_known(&key)) => key,
        Reference::Unbound(key) => {
            return Err(Reason::new(
                "unbound-variable",
                format!("`{{{{{hole}}}}}` names `{key}`, which no bind declares"),
            ));
        }
    };
    let (place, name) = placed(&name, is_known);
    let (name, walk) = settle(name, is_known);
    Ok(Some((name.to_owned(), walk.map(str::to_owned), place)))
}

/// Splits `query.page` into the place and the name, unless an input has the whole name.
pub(crate) fn placed<'n>(
    name: &'n str,
    is_known: &dyn Fn(&str) -> bool,
) -> (Option<Place>, &'n str) {
    match name.split_once('.') {
        Some((place, rest))
            if !is_known(name)
                && !rest.is_empty()
                && ["path", "query", "header", "body"].contains(&place) =>
        {
            (Some(Place::parse(place)), rest)
        }
        _ => (None, name),
    }
}
