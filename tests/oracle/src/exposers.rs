//! The exposed side of a document: REST operations and MCP tools, and which of them clash
//! (decisions, section 7, "Broken parts").

use std::collections::BTreeSet;

use serde_json::Value;

use crate::clients::{inputs, shape};
use crate::model::{Exposer, Reason, Unit};
use crate::tree::{entries, items, text};

/// Reads one `exposes` entry.
pub(crate) fn exposer(tree: &Value) -> Exposer {
    let kind = text(tree, "type").unwrap_or_default();
    let namespace = text(tree, "namespace").unwrap_or_else(|| kind.clone());
    let mut units = Vec::new();
    let mut error = None;
    match kind.as_str() {
        "rest" | "api" => {
            if tree.get("resources").is_some_and(Value::is_array)
                || tree.get("resources").is_some_and(Value::is_object)
            {
                rest_units(tree, &mut units, &mut error);
            }
        }
        "mcp" => tool_units(tree, &mut units),
        "skill" | "control" => {}
        other => {
            let text = format!("exposer `{namespace}` has the unknown type `{other}`");
            error = Some(Reason::new("unknown-exposer-type", text));
        }
    }
    Exposer {
        namespace,
        units,
        error,
    }
}

fn rest_units(tree: &Value, units: &mut Vec<Unit>, error: &mut Option<Reason>) {
    let malformed = |what: &str| Some(Reason::new("malformed", what.to_owned()));
    let mut routes = BTreeSet::new();
    for (_, resource) in entries(tree, "resources") {
        let Some(path) = text(resource, "path").filter(|_| resource.is_object()) else {
            *error = malformed("a resource without a path");
            continue;
        };
        if resource.get("forward").is_some() {
            continue;
        }
        let operations = entries(resource, "operations");
        if operations.is_empty() {
            *error = malformed("a resource without operations");
        }
        for (name, written) in operations {
            let Some(method) = text(written, "method").filter(|_| written.is_object()) else {
                *error = malformed("an operation without a method");
                continue;
            };
            let method = method.to_ascii_uppercase();
            let mut unit = unit(name.unwrap_or_else(|| format!("{method} {path}")), written);
            let mut shared = inputs(resource);
            shared.retain(|input| unit.inputs.iter().all(|own| own.name != input.name));
            shared.append(&mut unit.inputs);
            unit.inputs = shared;
            if !routes.insert(shape(&method, &path, "")) {
                unit.error = Some(Reason::new(
                    "route-clash",
                    format!("{method} {path} is served already"),
                ));
            } else if path.contains('#') {
                let text = format!("no caller can send the fragment of {path}");
                unit.error = unit
                    .error
                    .or(Some(Reason::new("exposed-path-fragment", text)));
            }
            unit.route = Some((method, path.clone()));
            units.push(unit);
        }
    }
}

fn tool_units(tree: &Value, units: &mut Vec<Unit>) {
    let mut names = BTreeSet::new();
    for (name, written) in entries(tree, "tools") {
        let mut unit = unit(name.unwrap_or_default(), written);
        if !names.insert(unit.name.clone()) {
            unit.error = Some(Reason::new(
                "tool-clash",
                format!("tool `{}` is there already", unit.name),
            ));
        }
        units.push(unit);
    }
}

fn unit(name: String, tree: &Value) -> Unit {
    let call = text(tree, "call");
    let beyond = ["steps", "ref", "responses", "responseBinary"]
        .into_iter()
        .find(|key| tree.get(key).is_some());
    let outputs: Vec<Value> = match tree.get("outputParameters") {
        Some(Value::Array(list)) => list.clone(),
        Some(Value::Object(members)) => members
            .iter()
            .map(|(name, item)| named(name, item))
            .collect(),
        _ => Vec::new(),
    };
    let is_static = outputs
        .iter()
        .any(|output| output.get("value").is_some() || output.get("const").is_some());
    let beyond = beyond
        .map(str::to_owned)
        .or_else(|| (call.is_none() && is_static).then(|| "mock".to_owned()));
    let error = (call.is_none() && beyond.is_none()).then(|| {
        Reason::new(
            "no-call",
            format!("`{name}` has neither call, ref, steps nor static values"),
        )
    });
    let with = match tree.get("with") {
        Some(Value::Object(members)) => members
            .iter()
            .map(|(key, value)| (key.clone(), value.clone()))
            .collect(),
        Some(Value::Array(_)) => items(tree, "with")
            .iter()
            .filter_map(|item| Some((text(item, "name")?, item.get("value")?.clone())))
            .collect(),
        _ => Vec::new(),
    };
    Unit {
        name,
        route: None,
        call,
        inputs: inputs(tree),
        with,
        outputs,
        error,
        beyond,
    }
}

fn named(name: &str, item: &Value) -> Value {
    let mut item = item.clone();
    if let Some(members) = item.as_object_mut() {
        members.insert("name".to_owned(), Value::String(name.to_owned()));
    }
    item
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::tree::parse;

    fn errors(yaml: &str) -> Vec<Option<&'static str>> {
        exposer(&parse(yaml).unwrap())
            .units
            .iter()
            .map(|unit| unit.error.as_ref().map(|e| e.code))
            .collect()
    }

    #[test]
    fn the_second_of_two_equal_routes_is_the_error() {
        let found = errors(
            "{type: rest, resources: [
               {path: '/a/{id}', operations: [{method: GET, call: a.b}, {method: POST, call: a.b}]},
               {path: '/a/{other}', operations: [{method: GET, call: a.b}]},
               {path: '/a/{other}:go', operations: [{method: GET, call: a.b}]}]}",
        );
        assert_eq!(found, [None, None, Some("route-clash"), None]);
    }

    #[test]
    fn tools_clash_by_name_and_need_a_call() {
        let found = errors(
            "{type: mcp, tools: [{name: a, call: x.y}, {name: a, call: x.y}, {name: b}, {name: c, ref: x.y}]}",
        );
        assert_eq!(found, [None, Some("tool-clash"), Some("no-call"), None]);
    }

    #[test]
    fn what_is_cut_off_is_malformed() {
        let read = |yaml: &str| exposer(&parse(yaml).unwrap()).error.map(|error| error.code);
        assert_eq!(read("{type: rest, resources: [null]}"), Some("malformed"));
        assert_eq!(
            read("{type: rest, resources: [{path: /a, operations: [met]}]}"),
            Some("malformed")
        );
        assert_eq!(
            read("{type: http, paths: []}"),
            Some("unknown-exposer-type")
        );
        assert_eq!(read("{type: rest}"), None);
    }
}
