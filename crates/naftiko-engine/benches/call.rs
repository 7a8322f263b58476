//! The engine's part of a call: what the arguments, the request, and the whole of a flow take.
//!
//! `cargo bench -p naftiko-engine`. `bind` makes [`Arguments`] from the texts of a query and from a JSON object: the
//! checks that every door shares, without its search for the places of inputs. `render` is [`Engine::request`]: path,
//! query, headers, body and credential. `run` is [`Engine::run`] over an upstream that answers from memory, so that what
//! is left is the engine's own time. The plan comes from a document, as every plan does.

#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::indexing_slicing,
    clippy::panic,
    reason = "a benchmark of something else than it says must fail"
)]

mod shared;

use std::hint::black_box;
use std::path::Path;
use std::sync::Arc;

use bytes::Bytes;
use criterion::{BatchSize, Criterion, criterion_group, criterion_main};
use futures_util::FutureExt;
use http::{StatusCode, header};
use naftiko_bindings::Secret;
use naftiko_diagnostics::{Diagnostics, SourceMap};
use naftiko_engine::{Arguments, Engine, EngineSettings, FlowOutput, check_json, check_text};
use naftiko_imports::{MemoryLoader, link};
use naftiko_plan::{DecodedExposure, Flow, FlowId, Options, Plan, Transport, compile};
use naftiko_spec::yaml::{Limits, parse};
use naftiko_spec::{Context, Document, Exposure, Fields, Unit, items};
use serde_json::{Map, Value, json};

use shared::{Memory, list};

const DOCUMENT: &str = r#"
naftiko: "1.0.0-alpha2"
binds:
  - {namespace: env, keys: {SHOP_TOKEN: SHOP_TOKEN}}
capability:
  consumes:
    - namespace: shop
      type: http
      baseUri: https://api.test/base
      authentication: {type: bearer, token: "{{SHOP_TOKEN}}"}
      resources:
        - name: orders
          path: /orders
          operations:
            - {name: get-order, method: GET, path: "/{order_id}"}
            - name: search
              method: GET
              path: /search
              inputParameters:
                - {name: status, in: query, type: string}
                - {name: page, in: query, type: integer}
                - {name: size, in: query, type: integer}
                - {name: X-Trace, in: header}
            - name: create-order
              method: POST
              inputParameters:
                - {name: title, in: body, type: string}
                - {name: count, in: body, type: integer}
                - {name: tags, in: body, type: array}
  exposes:
    - type: bench
      port: 8080
      namespace: api
      units:
        get: {call: shop.get-order}
        search: {call: shop.search}
        create: {call: shop.create-order}
        shaped:
          call: shop.get-order
          outputParameters:
            - type: array
              mapping: "$.data.items"
              items:
                type: object
                properties:
                  id: {type: string, mapping: "$.id"}
                  name: {type: string, mapping: "$.name"}
                  owner: {type: string, mapping: "$.owner.login"}
                  stars: {type: integer, mapping: "$.stars"}
"#;

/// The token that every request carries.
const TOKEN: &str = "s3cr3t-t0k3n-value";

/// Some kind of server: the engine does not mind which.
fn decode(exposure: &Exposure, cx: &mut Context<'_>) -> DecodedExposure {
    let mut units = Vec::new();
    let mut fields = Fields::open(&exposure.node, "a server", cx).expect("an object");
    fields.ignore(&Exposure::COMMON);
    for (key, node) in items(fields.take("units").expect("units"), "units", cx) {
        let mut fields = Fields::open(node, "a unit", cx).expect("an object");
        units.push(Unit::read(key, &mut fields, false, cx));
    }
    DecodedExposure {
        exposure: exposure.clone(),
        units,
        transport: Transport::Http,
        settings: Arc::new(()),
    }
}

fn plan() -> Plan {
    let (mut sources, mut out) = (SourceMap::new(), Diagnostics::new());
    let limits = Limits::default();
    let file = sources.add("bench.yaml", DOCUMENT);
    let tree = parse(file, DOCUMENT, &limits, &mut out).expect("a tree");
    let document = Document::decode(file, tree, &mut out).expect("a document");
    let (path, loader) = (Path::new("bench.yaml"), MemoryLoader::new());
    let linked = link(document, path, &loader, &limits, &mut sources, &mut out);
    let mut cx = Context {
        dialect: linked.document.dialect,
        out: &mut out,
    };
    let exposures = linked.document.exposes.iter();
    let exposures = exposures.map(|one| decode(one, &mut cx)).collect();
    let (plan, found) = compile(&linked, "bench", exposures, &Options::default(), &out);
    out.extend(found);
    let errors: Vec<_> = out.iter().filter(|finding| finding.is_error()).collect();
    assert!(errors.is_empty(), "{errors:#?}");
    plan
}

struct Bench {
    engine: Engine,
}

impl Bench {
    fn new(body: Bytes) -> Self {
        let plan = plan();
        let variables = plan.variables.iter().map(|_| Some(Secret::new(TOKEN)));
        let settings = EngineSettings {
            variables: variables.collect(),
            ..EngineSettings::default()
        };
        let upstream = Memory {
            path: "/base/orders/7",
            status: StatusCode::OK,
            body,
        };
        let engine = Engine::new(Arc::new(plan), settings, &upstream).expect("an engine");
        Self { engine }
    }

    fn flow(&self, name: &str) -> (FlowId, &Flow) {
        let plan = self.engine.plan();
        let units = &plan.exposures[0].units;
        let unit = units.iter().find(|unit| unit.name == name).expect("a unit");
        let id = unit.flow.clone().expect("a flow");
        (id, plan.flow(id).unwrap())
    }

    fn arguments(&self, name: &str, members: Value) -> Arguments {
        let Value::Object(members) = members else {
            panic!("no object");
        };
        from_json(self.flow(name).1, members)
    }
}

/// Arguments of an object: each member is an input by its name.
fn from_json(flow: &Flow, members: Map<String, Value>) -> Arguments {
    let mut arguments = Arguments::of(flow);
    for (name, value) in members {
        let mut inputs = flow.inputs.iter().enumerate();
        let (slot, input) = inputs.find(|(_, input)| input.name == name).unwrap();
        arguments.set(slot, check_json(input, value).unwrap());
    }
    arguments.check(flow).unwrap();
    arguments
}

/// Arguments of texts by slot, as a query has them.
fn from_texts(flow: &Flow, texts: &[&[&str]]) -> Arguments {
    let mut arguments = Arguments::of(flow);
    for (slot, (input, texts)) in flow.inputs.iter().zip(texts).enumerate() {
        arguments.set(slot, check_text(input, texts).unwrap());
    }
    arguments.check(flow).unwrap();
    arguments
}

fn bind(criterion: &mut Criterion) {
    let bench = Bench::new(Bytes::new());
    let (_, search) = bench.flow("search");
    let (_, create) = bench.flow("create");
    let texts: [&[&str]; 4] = [&["UNPAID"], &["2"], &["50"], &["a-trace-of-20-bytes"]];
    let body = r#"{"title":"A new order","count":"3","tags":["a","b"]}"#;
    let read = |json: &str| from_json(create, serde_json::from_str(json).unwrap());

    let wanted =
        json!({"status": "UNPAID", "page": 2, "size": 50, "X-Trace": "a-trace-of-20-bytes"});
    assert_eq!(
        from_texts(search, &texts),
        bench.arguments("search", wanted)
    );
    let count = create.inputs.iter().position(|input| input.name == "count");
    assert_eq!(read(body).get(count.unwrap()), Some(&json!(3)));

    let mut group = criterion.benchmark_group("bind");
    group.bench_function("4 texts", |b| {
        b.iter(|| from_texts(black_box(search), black_box(&texts)));
    });
    group.bench_function("JSON object of 3", |b| b.iter(|| read(black_box(body))));
    group.finish();
}

fn render(criterion: &mut Criterion) {
    let bench = Bench::new(Bytes::new());
    let search =
        json!({"status": "UN PAID", "page": 2, "size": 50, "X-Trace": "a-trace-of-20-bytes"});
    let create = json!({"title": "A new order", "count": 3, "tags": ["a", "b"]});
    let mut group = criterion.benchmark_group("render");
    for (label, name, given, uri, body) in [
        (
            "path",
            "get",
            json!({"order_id": "a b/7"}),
            "/a%20b%2F7",
            "",
        ),
        (
            "query and header",
            "search",
            search,
            "/search?status=UN%20PAID&page=2&size=50",
            "",
        ),
        (
            "JSON body",
            "create",
            create,
            "",
            r#"{"title":"A new order","count":3,"tags":["a","b"]}"#,
        ),
    ] {
        let (id, _) = bench.flow(name);
        let arguments = bench.arguments(name, given);
        let request = bench.engine.request(id, &arguments).unwrap();
        assert_eq!(
            request.uri().to_string(),
            format!("https://api.test/base/orders{uri}")
        );
        assert_eq!(request.body(), body);
        assert_eq!(
            request.headers()[header::AUTHORIZATION],
            format!("Bearer {TOKEN}")
        );
        assert_eq!(request.headers().contains_key("x-trace"), name == "search");
        group.bench_function(label, |b| {
            b.iter(|| bench.engine.request(id, black_box(&arguments)));
        });
    }
    group.finish();
}

fn run(criterion: &mut Criterion) {
    let mut group = criterion.benchmark_group("run");
    for (label, name, size) in [
        ("identity, 2 KB", "get", 2_000),
        ("shaped, 5 KB", "shaped", 5_000),
        ("shaped, 500 KB", "shaped", 500_000),
    ] {
        let bench = Bench::new(list(size));
        let (id, _) = bench.flow(name);
        let arguments = bench.arguments(name, json!({"order_id": "7"}));
        let call = |arguments: &Arguments| {
            let output = bench.engine.run(id, arguments).now_or_never();
            output.expect("an answer at once").expect("an answer")
        };
        match call(&arguments) {
            FlowOutput::Relay { success, response } => {
                assert!(success && name == "get");
                let length = http_body::Body::size_hint(response.body()).exact();
                assert_eq!(length, Some(list(size).len() as u64));
            }
            FlowOutput::Value { bytes, .. } => {
                assert_eq!(name, "shaped");
                let shaped: Value = serde_json::from_slice(&bytes).unwrap();
                let second = json!({"id": "1", "name": "item 1", "owner": "user1", "stars": 7});
                assert_eq!(shaped[1], second);
            }
            FlowOutput::Empty { .. } => panic!("no answer"),
        }
        group.bench_function(label, |b| {
            b.iter_batched(
                || arguments.clone(),
                |arguments| call(&arguments),
                BatchSize::SmallInput,
            );
        });
    }
    group.finish();
}

criterion_group!(benches, bind, render, run);
criterion_main!(benches);
