//! A REST server's part of a call: finding the operation among many, and the whole way to the answer.
//!
//! `cargo bench -p naftiko-expose-rest`. The upstream answers from memory, so that no socket is in the numbers, and
//! whoever calls reads the answer's body to its end.
//!
//! `route` asks servers of 1 to 1,000 operations. The router is private; the smallest thing that holds it is the service.
//! `OPTIONS` is the router and an answer of one header, `404` and `405` are the router and a problem document, and the hits
//! are whole calls whose upstream answers nothing: what grows with the number of operations is the router.
//!
//! `answer` is a whole call: passed through, shaped, refused by the upstream, with and without inputs to read.

#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    reason = "a benchmark of something else than it says must fail"
)]

mod shared;

use std::fmt::Write as _;
use std::hint::black_box;

use bytes::Bytes;
use criterion::{BatchSize, Criterion, Throughput, criterion_group, criterion_main};
use futures_util::FutureExt;
use http::{Request, StatusCode, header};
use http_body_util::BodyExt;
use naftiko::Kinds;
use naftiko::diagnostics::render::Format;
use naftiko_engine::full;
use naftiko_expose::{HttpService, IncomingBody, incoming};
use naftiko_expose_rest::RestExposer;
use serde_json::{Value, json};
use tower::ServiceExt;

use shared::{Memory, list};

/// The consumed side. What is exposed is added to it.
const CONSUMES: &str = r#"
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
            - {name: all, method: GET}
            - {name: one, method: GET, path: "/{id}"}
            - name: search
              method: GET
              path: /search
              inputParameters:
                - {name: status, in: query, type: string}
                - {name: page, in: query, type: integer}
                - {name: size, in: query, type: integer}
            - name: create
              method: POST
              inputParameters:
                - {name: title, in: body, type: string}
                - {name: count, in: body, type: integer}
                - {name: tags, in: body, type: array}
  exposes:
    - type: rest
      port: 8080
      namespace: api
      resources:
"#;

const EXPOSES: &str = r#"
        - path: /v1/orders
          operations:
            - {name: all, method: GET, call: shop.all}
            - {name: create, method: POST, call: shop.create}
        - path: /v1/search
          operations: [{name: search, method: GET, call: shop.search}]
        - path: "/v1/orders/{id}"
          operations: [{name: one, method: GET, call: shop.one}]
        - path: /v1/shaped
          operations:
            - name: shaped
              method: GET
              call: shop.all
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

/// What callers send besides, as a client library does.
const SENT: [(header::HeaderName, &str); 4] = [
    (header::HOST, "127.0.0.1:8080"),
    (header::USER_AGENT, "bench/1.0"),
    (header::ACCEPT, "application/json"),
    (header::ACCEPT_ENCODING, "gzip, deflate, br"),
];

/// The server of a document that exposes `exposes`.
fn serve(exposes: &str, upstream: Memory) -> HttpService {
    let kinds = Kinds::new().exposer(RestExposer).upstream(upstream);
    let loaded = kinds.load_text("bench.yaml", &format!("{CONSUMES}{exposes}"));
    let errors = loaded.findings.has_errors();
    assert!(!errors, "{}", loaded.report(Format::Full));
    let starter = kinds
        .starter()
        .with_value("SHOP_TOKEN", "s3cr3t-t0k3n-value");
    let started = starter.start(&loaded, kinds.upstreams()).unwrap();
    started.service("api").unwrap()
}

/// A request `METHOD target`, with a body if it is not empty.
fn request(line: &str, body: &'static str) -> Request<IncomingBody> {
    let (method, target) = line.split_once(' ').unwrap();
    let mut request = Request::builder().method(method).uri(target);
    for (name, value) in SENT {
        request = request.header(name, value);
    }
    if !body.is_empty() {
        request = request.header(header::CONTENT_TYPE, "application/json");
    }
    request.body(incoming(full(body))).unwrap()
}

/// The answer, its body read.
fn ask(service: &HttpService, request: Request<IncomingBody>) -> (StatusCode, Bytes) {
    let answer = service.clone().oneshot(request).now_or_never();
    let Ok(response) = answer.expect("an answer at once");
    let (parts, body) = response.into_parts();
    let body = body.collect().now_or_never().expect("a body at once");
    (parts.status, body.expect("a whole body").to_bytes())
}

/// A server of `count` operations, the last of which is `GET last`.
fn many(count: usize, last: &str, call: &str) -> String {
    let mut resources = String::new();
    for n in 1..count {
        // Literal and templated paths in turn, most of them beside one another as APIs have them.
        let (path, call) = match n % 2 {
            0 => (format!("/v1/things{n}/{{id}}"), "one"),
            _ => (format!("/v1/things{n}"), "all"),
        };
        let _ = writeln!(
            resources,
            "        - {{path: \"{path}\", operations: [{{name: op{n}, method: GET, call: shop.{call}}}]}}"
        );
    }
    let _ = writeln!(
        resources,
        "        - {{path: \"{last}\", operations: [{{name: last, method: GET, call: shop.{call}}}]}}"
    );
    resources
}

fn route(criterion: &mut Criterion) {
    let mut group = criterion.benchmark_group("route");
    for count in [1, 10, 100, 1_000] {
        let upstream = |path| Memory {
            path,
            status: StatusCode::NO_CONTENT,
            body: Bytes::new(),
        };
        let literal = many(count, "/v1/orders", "all");
        let literal = serve(&literal, upstream("/base/orders"));
        let template = many(count, "/v1/orders/{id}", "one");
        let template = serve(&template, upstream("/base/orders/7"));
        for (label, service, line, status) in [
            ("literal", &literal, "GET /v1/orders", 204),
            ("template", &template, "GET /v1/orders/7", 204),
            ("OPTIONS", &template, "OPTIONS /v1/orders/7", 204),
            ("404", &template, "GET /v1/nothing/7", 404),
            ("405", &template, "POST /v1/orders/7", 405),
        ] {
            assert_eq!(ask(service, request(line, "")).0, status, "{line}");
            group.bench_function(format!("{label}/{count}"), |b| {
                b.iter_batched(
                    || request(line, ""),
                    |request| ask(service, request),
                    BatchSize::SmallInput,
                );
            });
        }
    }
    group.finish();
}

fn answer(criterion: &mut Criterion) {
    let mut group = criterion.benchmark_group("answer");
    let refusal = Bytes::from_static(br#"{"error":"there is no such order","code":"NOT_FOUND"}"#);
    let order = r#"{"title":"A new order","count":"3","tags":["a","b"]}"#;
    let orders = "/base/orders";
    for (label, line, sent, path, status, body) in [
        (
            "pass-through, 2 KB",
            "GET /v1/orders/7",
            "",
            "/base/orders/7",
            200,
            list(2_000),
        ),
        (
            "pass-through of a query, 2 KB",
            "GET /v1/search?status=UN%20PAID&page=2&size=50",
            "",
            "/base/orders/search",
            200,
            list(2_000),
        ),
        (
            "pass-through of a body, 2 KB",
            "POST /v1/orders",
            order,
            orders,
            201,
            list(2_000),
        ),
        (
            "shaped, 5 KB",
            "GET /v1/shaped",
            "",
            orders,
            200,
            list(5_000),
        ),
        (
            "shaped, 500 KB",
            "GET /v1/shaped",
            "",
            orders,
            200,
            list(500_000),
        ),
        (
            "error relayed",
            "GET /v1/orders/7",
            "",
            "/base/orders/7",
            404,
            refusal,
        ),
    ] {
        let upstream = Memory {
            path,
            status: StatusCode::from_u16(status).unwrap(),
            body: body.clone(),
        };
        let service = serve(EXPOSES, upstream);
        let (answered, got) = ask(&service, request(line, sent));
        assert_eq!(answered, status, "{label}");
        if label.starts_with("shaped") {
            let shaped: Value = serde_json::from_slice(&got).unwrap();
            let second = json!({"id": "1", "name": "item 1", "owner": "user1", "stars": 7});
            assert_eq!(shaped.get(1), Some(&second), "{label}");
        } else {
            assert_eq!(got, body, "{label}");
        }
        group.throughput(Throughput::Bytes(body.len() as u64));
        group.bench_function(label, |b| {
            b.iter_batched(
                || request(line, sent),
                |request| ask(black_box(&service), request),
                BatchSize::SmallInput,
            );
        });
    }
    group.finish();
}

criterion_group!(benches, route, answer);
criterion_main!(benches);
