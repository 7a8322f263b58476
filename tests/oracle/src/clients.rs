//! The consumed side of a document: clients, operations, their paths, bodies and credentials
//! (decisions, section 5).

use std::collections::{BTreeMap, BTreeSet};

use serde_json::Value;

use crate::model::{Auth, Body, BodyKind, Client, Input, Operation, Place, Reason};
use crate::names::{Reference, Scope, holes, is_screaming};
use crate::tree::{entries, text};

/// Headers that no document may set (decisions, section 5, Headers).
const RESERVED: [&str; 7] = [
    "host",
    "content-length",
    "transfer-encoding",
    "connection",
    "te",
    "upgrade",
    "trailer",
];

/// Reads one `consumes` entry that is no import.
pub(crate) fn client(tree: &Value, scope: Scope) -> Client {
    let namespace = text(tree, "namespace").unwrap_or_default();
    let base = text(tree, "baseUri").unwrap_or_default();
    let written = tree.get("authentication").or_else(|| tree.get("auth"));
    let (auth, bad_auth) = match written.map_or(Ok(Auth::None), authentication) {
        Ok(auth) => (auth, None),
        Err(reason) => (Auth::None, Some(reason)),
    };
    let shared = inputs(tree);
    let mut operations = Vec::new();
    for (_, resource) in entries(tree, "resources") {
        let of_resource = inputs(resource);
        for (name, written) in entries(resource, "operations") {
            let Some(name) = name else { continue };
            operations.push(operation(name, written, resource, &shared, &of_resource));
        }
    }
    complete_paths(&mut operations, &base);
    let error = (base.is_empty())
        .then(|| {
            Reason::new(
                "client-without-base",
                format!("consumes `{namespace}` has no baseUri"),
            )
        })
        .or(bad_auth)
        .or_else(|| bad_variables(&auth, &scope, &namespace));
    Client {
        namespace,
        base,
        auth,
        operations,
        scope,
        error,
    }
}

/// Reads the `inputParameters` of any level.
pub(crate) fn inputs(tree: &Value) -> Vec<Input> {
    let read = |(name, written): (Option<String>, &Value)| Input {
        name: name.unwrap_or_default(),
        place: text(written, "in").map(|place| Place::parse(&place)),
        kind: text(written, "type"),
        required: written.get("required").and_then(Value::as_bool),
        value: written
            .get("value")
            .or_else(|| written.get("const"))
            .filter(|value| !value.is_null())
            .cloned(),
        pattern: text(written, "pattern"),
        choices: written
            .get("enum")
            .and_then(Value::as_array)
            .cloned()
            .unwrap_or_default(),
    };
    // An input without a name cannot be given by any caller.
    entries(tree, "inputParameters")
        .into_iter()
        .map(read)
        .filter(|input| !input.name.is_empty())
        .collect()
}

fn operation(
    name: String,
    tree: &Value,
    resource: &Value,
    client: &[Input],
    of_resource: &[Input],
) -> Operation {
    let own = inputs(tree);
    let mut all = Vec::new();
    for input in client.iter().chain(of_resource) {
        let overridden = own
            .iter()
            .any(|other| other.name == input.name && other.place == input.place);
        if !overridden {
            all.push(input.clone());
        }
    }
    all.extend(own);
    let (path, query) = joined(
        &text(resource, "path").unwrap_or_default(),
        &text(tree, "path").unwrap_or_default(),
    );
    let method = text(tree, "method")
        .unwrap_or_else(|| "GET".to_owned())
        .to_ascii_uppercase();
    let written_body = tree.get("body").filter(|body| !body.is_null());
    let body = written_body.map(body);
    let reserved = all.iter().find(|input| {
        input.place == Some(Place::Header)
            && RESERVED.contains(&input.name.to_ascii_lowercase().as_str())
    });
    let mut error = None;
    if path.contains('#') || query.contains('#') {
        error = Some(Reason::new(
            "path-fragment",
            format!("operation `{name}`: a path with a fragment"),
        ));
    } else if let Some(input) = reserved {
        error = Some(Reason::new(
            "reserved-header",
            format!("operation `{name}` sets header {}", input.name),
        ));
    }
    Operation {
        name,
        method,
        path,
        query,
        inputs: all,
        body,
        format: text(tree, "outputRawFormat").unwrap_or_else(|| "json".to_owned()),
        appended: Vec::new(),
        error,
    }
}

/// Joins resource and operation path; the query of either stays, the resource's first.
pub(crate) fn joined(resource: &str, operation: &str) -> (String, String) {
    let (head, first) = resource.split_once('?').unwrap_or((resource, ""));
    let (tail, second) = operation.split_once('?').unwrap_or((operation, ""));
    let whole = head.is_empty()
        || head == "/"
        || tail
            .strip_prefix(head.trim_end_matches('/'))
            .is_some_and(|rest| rest.is_empty() || rest.starts_with('/'));
    let path = if tail.is_empty() || tail == "/" {
        head.to_owned()
    } else if whole {
        tail.to_owned()
    } else {
        join(head, tail)
    };
    let path = if path == "/" { String::new() } else { path };
    let query = [first, second]
        .into_iter()
        .filter(|part| !part.is_empty())
        .collect::<Vec<_>>()
        .join("&");
    (path, query)
}

/// Two path parts with exactly one slash at the joint.
pub(crate) fn join(head: &str, tail: &str) -> String {
    format!(
        "{}/{}",
        head.trim_end_matches('/'),
        tail.trim_start_matches('/')
    )
}

/// The name that a path placeholder asks for, without its caller prefix.
pub(crate) fn bare(expression: &str) -> &str {
    let known = ["rest.", "tools.", "mcp."];
    known
        .into_iter()
        .find_map(|prefix| expression.strip_prefix(prefix))
        .unwrap_or(expression)
}

/// Method, path and written query with placeholder names erased: one request, seen from outside.
pub(crate) fn shape(method: &str, path: &str, query: &str) -> String {
    let erase = |text: &str| {
        crate::names::cut(text, true)
            .into_iter()
            .map(|piece| match piece {
                crate::names::Piece::Text(text) => text,
                crate::names::Piece::Hole(_) => "{}".to_owned(),
            })
            .collect::<String>()
    };
    format!("{method} {}?{}", erase(path), erase(query))
}

/// Appends `in: path` inputs without a placeholder, and refuses where two operations become one.
fn complete_paths(operations: &mut [Operation], base: &str) {
    let of_base: BTreeSet<String> = holes(base, true).into_iter().collect();
    let mut shapes: BTreeMap<String, usize> = BTreeMap::new();
    for operation in operations.iter_mut() {
        let mut there: BTreeSet<String> = of_base.clone();
        for text in [&operation.path, &operation.query] {
            there.extend(holes(text, true).iter().map(|hole| bare(hole).to_owned()));
        }
        operation.appended = operation
            .inputs
            .iter()
            .filter(|input| input.place == Some(Place::Path) && !there.contains(&input.name))
            .map(|input| input.name.clone())
            .collect();
        *shapes.entry(completed_shape(operation)).or_default() += 1;
    }
    for operation in operations.iter_mut() {
        let shared = shapes
            .get(&completed_shape(operation))
            .is_some_and(|count| *count > 1);
        if shared && !operation.appended.is_empty() && operation.error.is_none() {
            let text = format!(
                "operation `{}`: `in: path` input `{}` has no placeholder, and appending it gives a request that another operation sends too",
                operation.name,
                operation.appended.join("`, `")
            );
            operation.error = Some(Reason::new("ambiguous-completed-path", text));
        }
    }
}

pub(crate) fn completed_shape(operation: &Operation) -> String {
    let path = operation
        .appended
        .iter()
        .fold(operation.path.clone(), |path, _| join(&path, "{x}"));
    shape(&operation.method, &path, &operation.query)
}

fn body(tree: &Value) -> Body {
    if !tree.is_object() {
        // A bare string is the text of a JSON body; anything else is its value.
        return Body {
            kind: BodyKind::Json,
            data: tree.clone(),
        };
    }
    let kind = match text(tree, "type")
        .unwrap_or_else(|| "json".to_owned())
        .as_str()
    {
        "json" => BodyKind::Json,
        "form" | "formUrlEncoded" => BodyKind::Form,
        "multipart" | "multipartForm" => BodyKind::Multipart,
        "yaml" => BodyKind::Yaml,
        "text" => BodyKind::Raw("text/plain".to_owned()),
        "xml" => BodyKind::Raw("application/xml".to_owned()),
        "sparql" => BodyKind::Raw("application/sparql-query".to_owned()),
        _ => BodyKind::Raw("application/octet-stream".to_owned()),
    };
    Body {
        kind,
        data: tree.get("data").cloned().unwrap_or(Value::Null),
    }
}

/// Reads a credential in any of the spellings that decisions section 5 (Auth) lists.
fn authentication(tree: &Value) -> Result<Auth, Reason> {
    let kind = text(tree, "type").unwrap_or_default();
    let place = text(tree, "placement")
        .or_else(|| text(tree, "in"))
        .unwrap_or_else(|| "header".to_owned());
    let secret = text(tree, "token").or_else(|| text(tree, "value"));
    let missing = || {
        Reason::new(
            "incomplete-authentication",
            format!("authentication `{kind}` without name or value"),
        )
    };
    match kind.as_str() {
        "bearer" => Ok(Auth::Bearer(secret.ok_or_else(missing)?)),
        "basic" => {
            let user = text(tree, "username").ok_or_else(missing)?;
            Ok(Auth::Basic(
                user,
                text(tree, "password").unwrap_or_default(),
            ))
        }
        "digest" => Ok(Auth::Digest),
        "apikey" | "apiKey" | "header" | "query" => {
            let place = if kind == "query" { kind.clone() } else { place };
            let several = tree.get("headers").or_else(|| tree.get("parameters"));
            let pairs = match several {
                Some(Value::Object(members)) => members
                    .iter()
                    .map(|(name, value)| (name.clone(), crate::names::text_of(value)))
                    .collect(),
                Some(Value::Array(list)) => list
                    .iter()
                    .map(|item| {
                        Some((
                            text(item, "name").or_else(|| text(item, "key"))?,
                            text(item, "value")?,
                        ))
                    })
                    .collect::<Option<Vec<_>>>()
                    .ok_or_else(missing)?,
                _ => vec![single_key(tree, secret).ok_or_else(missing)?],
            };
            match place.as_str() {
                "header" => Ok(Auth::Headers(pairs)),
                "query" => Ok(Auth::Query(pairs)),
                other => Err(Reason::new(
                    "unsupported-authentication",
                    format!("apikey placed in `{other}`"),
                )),
            }
        }
        other => Err(Reason::new(
            "unsupported-authentication",
            format!("authentication type `{other}`"),
        )),
    }
}

/// Name and value of one key; beside `header`, `key` is the value.
fn single_key(tree: &Value, secret: Option<String>) -> Option<(String, String)> {
    if let Some(header) = text(tree, "header") {
        return Some((header, secret.or_else(|| text(tree, "key"))?));
    }
    let name = text(tree, "key").or_else(|| text(tree, "name"))?;
    Some((name, secret?))
}

/// The written values of a credential.
pub(crate) fn written_values(auth: &Auth) -> Vec<&String> {
    match auth {
        Auth::None | Auth::Digest => Vec::new(),
        Auth::Headers(pairs) | Auth::Query(pairs) => pairs.iter().map(|(_, value)| value).collect(),
        Auth::Bearer(token) => vec![token],
        Auth::Basic(user, password) => vec![user, password],
    }
}

/// A credential sees variables only: the first name in it that is none.
fn bad_variables(auth: &Auth, scope: &Scope, namespace: &str) -> Option<Reason> {
    let names = written_values(auth)
        .into_iter()
        .flat_map(|text| holes(text, false));
    let bad = names.into_iter().find(|name| match scope.classify(name) {
        Reference::Variable(_) => false,
        Reference::Unbound(key) => !is_screaming(&key),
        Reference::Input(_) | Reference::Plain(_) => true,
    })?;
    let text = format!("authentication of `{namespace}` names `{bad}`, which is no variable");
    Some(Reason::new("authentication-not-a-variable", text))
}

#[cfg(test)]
#[path = "clients_tests.rs"]
mod tests;
