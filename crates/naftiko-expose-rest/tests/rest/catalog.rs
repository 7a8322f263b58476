//! Published documents: each sound REST operation is asked for once, and the upstream must see one request.

use std::collections::BTreeMap;
use std::path::PathBuf;
use std::sync::Arc;

use naftiko_diagnostics::{Diagnostics, SourceMap};
use naftiko_expose::{ExposureLimits, Registry};
use naftiko_expose_rest::RestExposer;
use naftiko_imports::{MemoryLoader, link};
use naftiko_plan::{InputPlan, InputSource, Options, Plan, compile};
use naftiko_spec::yaml::{Limits, Node, parse};
use naftiko_spec::{Document, JsonType, Place};
use serde_json::{Map, Value, json};

use crate::support::{Api, json_answer};

/// A sound operation and how it is asked for.
struct Operation {
    unit: usize,
    method: String,
    path: String,
}

/// Reads a document, without the units that cannot be run.
fn read(text: &str) -> Option<(Plan, Node)> {
    let mut sources = SourceMap::new();
    let mut out = Diagnostics::new();
    let limits = Limits::default();
    let file = sources.add("test.yaml", text);
    let tree = parse(file, text, &limits, &mut out)?;
    let document = Document::decode(file, tree, &mut out)?;
    let loader = MemoryLoader::new();
    let path = PathBuf::from("test.yaml");
    let linked = link(document, &path, &loader, &limits, &mut sources, &mut out);
    let mut exposed = linked.document.clone();
    exposed
        .exposes
        .retain(|exposure| exposure.kind.value == "rest");
    exposed.exposes.truncate(1);
    let node = exposed.exposes.first()?.node.clone();
    let exposures = Registry::new()
        .with(Arc::new(RestExposer))
        .decode(&exposed, &mut out);
    let options = Options {
        sandbox: true,
        ..Options::default()
    };
    let (plan, _) = compile(&linked, "test", exposures, &options, &out);
    Some((plan, node))
}

fn entries(node: Option<&Node>) -> Vec<&Node> {
    match node {
        Some(node) => match node.as_seq() {
            Some(list) => list.iter().collect(),
            None => node
                .as_map()
                .unwrap_or_default()
                .iter()
                .map(|e| &e.value)
                .collect(),
        },
        None => Vec::new(),
    }
}

/// The operations of a document in the order of its units. Those with a path of their own are left out.
fn operations(node: &Node) -> Vec<Option<Operation>> {
    let mut found = Vec::new();
    for resource in entries(node.get("resources")) {
        for operation in entries(resource.get("operations")) {
            let text = |node: Option<&Node>| node.and_then(Node::as_str).map(str::to_owned);
            let (method, path) = (text(operation.get("method")), text(resource.get("path")));
            found.push(match (method, path, operation.get("path")) {
                (Some(method), Some(path), None) => Some(Operation {
                    unit: found.len(),
                    method: method.to_ascii_uppercase(),
                    path,
                }),
                _ => None,
            });
        }
    }
    found
}

fn sample(input: &InputPlan) -> Value {
    if let Some(first) = input.allowed.first() {
        return first.clone();
    }
    match input.ty {
        Some(JsonType::Integer | JsonType::Number) => json!(7),
        Some(JsonType::Boolean) => json!(true),
        Some(JsonType::Array) => json!(["7"]),
        Some(JsonType::Object) => json!({"a": 7}),
        Some(JsonType::String) | None => json!("7"),
    }
}

/// A path with its placeholders filled.
fn fill(path: &str, inputs: &[InputPlan]) -> String {
    let mut filled = String::from("/");
    let mut rest = path.trim().trim_start_matches('/');
    while let Some((before, after)) = rest.split_once('{') {
        filled.push_str(before);
        let (name, after) = after
            .trim_start_matches('{')
            .split_once('}')
            .unwrap_or((after, ""));
        let name = name.trim().rsplit('.').next().unwrap_or(name);
        let input = inputs
            .iter()
            .find(|input| input.name.rsplit('.').next() == Some(name));
        let value = input.map_or(json!("7"), sample);
        let text = value
            .as_str()
            .map_or_else(|| value.to_string(), str::to_owned);
        filled.push_str(&text.replace('/', "%2F").replace(' ', "%20"));
        rest = after.trim_start_matches('}');
    }
    filled.push_str(rest);
    filled.replace(' ', "%20")
}

/// A request for an operation: everything that it requires, where it belongs.
struct Asked {
    line: String,
    headers: Vec<(String, String)>,
    body: String,
}

fn ask(operation: &Operation, inputs: &[InputPlan]) -> Asked {
    let mut line = format!("{} {}", operation.method, fill(&operation.path, inputs));
    let (mut body, mut headers) = (Map::new(), Vec::new());
    let in_path = |input: &&InputPlan| {
        ["{", ".", "{{ "].iter().any(|before| {
            let placeholder = format!("{before}{}}}", input.name);
            operation.path.contains(&placeholder)
        })
    };
    let required = inputs.iter().filter(|input| input.required);
    for input in required.filter(|input| !in_path(input)) {
        let value = sample(input);
        match input.source {
            InputSource::Declared(Some(Place::Body)) => {
                body.insert(input.name.clone(), value);
            }
            InputSource::Declared(Some(Place::Header)) => {
                headers.push((input.name.clone(), text(&value)));
            }
            _ => {
                let encode = |text: &str| -> String {
                    form_urlencoded::byte_serialize(text.as_bytes()).collect()
                };
                line.push(if line.contains('?') { '&' } else { '?' });
                line.extend([encode(&input.name), "=".into(), encode(&text(&value))]);
            }
        }
    }
    let body = if body.is_empty() {
        String::new()
    } else {
        Value::Object(body).to_string()
    };
    Asked {
        line,
        headers,
        body,
    }
}

fn text(value: &Value) -> String {
    value
        .as_str()
        .map_or_else(|| value.to_string(), str::to_owned)
}

/// What became of the documents.
#[derive(Default)]
struct Tally {
    documents: usize,
    served: usize,
    wrong: Vec<String>,
    broken: BTreeMap<&'static str, usize>,
}

impl Tally {
    fn document(&mut self, name: &str, source: &str) -> Option<()> {
        let (plan, node) = read(source)?;
        self.documents += 1;
        let units = plan.exposures.first()?.units.clone();
        let flows = plan.flows.clone();
        // Bases that an operator has to complete.
        let open = plan
            .upstreams
            .iter()
            .filter(|upstream| upstream.settings().next().is_some());
        let open: Vec<String> = open.map(|upstream| upstream.namespace.clone()).collect();
        let limits = ExposureLimits::default();
        let api = Api::with_bases(plan, &open, |_| Ok(json_answer(200, "{}")), limits)?;
        for operation in operations(&node).into_iter().flatten() {
            let id = match &units.get(operation.unit)?.flow {
                Ok(id) => *id,
                Err(why) => {
                    *self.broken.entry(why.code).or_default() += 1;
                    continue;
                }
            };
            let asked = ask(&operation, &flows[id.0].inputs);
            let headers = asked.headers.iter();
            let headers: Vec<_> = headers.map(|(n, v)| (n.as_str(), v.as_str())).collect();
            let got = api.send(&asked.line, &headers, &asked.body);
            if got.status == 200 && api.seen().len() == 1 {
                self.served += 1;
            } else {
                let line = format!("{name}: {}: {} {}", asked.line, got.status, got.text());
                self.wrong.push(line);
            }
        }
        Some(())
    }
}

#[test]
#[ignore = "needs ../shared"]
fn every_sound_operation_reaches_the_upstream() {
    let folder = PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("../../../shared/catalog");
    let mut paths: Vec<PathBuf> = std::fs::read_dir(&folder)
        .unwrap_or_else(|error| panic!("{}: {error}", folder.display()))
        .map(|entry| entry.unwrap().path())
        .collect();
    paths.sort();
    let mut tally = Tally::default();
    for path in paths {
        let name = path.file_name().unwrap().to_string_lossy().into_owned();
        // Documents without a REST server have nothing to ask for.
        tally.document(&name, &std::fs::read_to_string(&path).unwrap());
    }
    println!(
        "{} documents read, {} operations served, {} not; broken: {:?}",
        tally.documents,
        tally.served,
        tally.wrong.len(),
        tally.broken
    );
    assert!(tally.documents > 0, "nothing was read");
    assert!(tally.served > 0, "nothing was served");
    assert!(tally.wrong.is_empty(), "{:#?}", tally.wrong);
}
