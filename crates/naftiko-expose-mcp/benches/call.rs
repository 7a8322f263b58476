//! A `tools/call` from the posted message to the read answer, for clients of both families of revisions.
//!
//! `cargo bench -p naftiko-expose-mcp`. The service is called without a socket and the upstream answers from memory, so
//! that what is left is the front, the protocol's library, the tool and the engine. Clients of before 2026-07-28 name
//! the session that their handshake gave them, clients of 2026-07-28 say in each message who they are, as theirs do.
//! `ping` goes the same way as a call does and runs nothing: what a message costs before there is a tool. `parse` is the
//! least that any server must do: read the message as a tree, and the answer that is passed on.

#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::indexing_slicing,
    clippy::panic,
    reason = "a benchmark of something else than it says must fail"
)]

mod shared;

use std::hint::black_box;

use bytes::Bytes;
use criterion::{BatchSize, BenchmarkId, Criterion, criterion_group, criterion_main};
use http::{HeaderValue, Request, StatusCode, header};
use http_body_util::BodyExt;
use naftiko::Kinds;
use naftiko::diagnostics::render::Format;
use naftiko::engine::full;
use naftiko::expose::{HttpService, IncomingBody, incoming};
use naftiko_expose_mcp::McpExposer;
use serde_json::{Value, json};
use tokio::runtime::{Builder, Runtime};
use tower::ServiceExt;

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
            - name: one
              method: GET
              path: "/{id}"
              inputParameters: [{name: id, in: path, type: string}]
  exposes:
    - type: mcp
      port: 9091
      namespace: shop-mcp
      description: Ask the shop
      tools:
        - {name: get-order, description: Gets one order, call: shop.one, hints: {readOnly: true}}
        - name: shaped
          description: Gets the items of an order
          call: shop.one
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

/// What a client before 2026-07-28 names as its version.
const LEGACY: &str = "2025-11-25";
const MODERN: &str = "2026-07-28";

/// A server and a client of it.
struct Bench {
    service: HttpService,
    runtime: Runtime,
    session: HeaderValue,
}

impl Bench {
    fn new(status: u16, body: Bytes) -> Self {
        let status = StatusCode::from_u16(status).unwrap();
        let path = "/base/orders/7";
        let upstream = Memory { path, status, body };
        let kinds = Kinds::new().exposer(McpExposer).upstream(upstream);
        let loaded = kinds.load_text("bench.yaml", DOCUMENT);
        let errors = loaded.findings.has_errors();
        assert!(!errors, "{}", loaded.report(Format::Full));
        let starter = kinds
            .starter()
            .with_value("SHOP_TOKEN", "s3cr3t-t0k3n-value");
        let started = starter.start(&loaded, kinds.upstreams()).unwrap();
        let mut bench = Self {
            service: started.service("shop-mcp").unwrap(),
            // The library's tasks, which outlive an answer, panic without timers, and nobody would see it here.
            runtime: Builder::new_current_thread().enable_time().build().unwrap(),
            session: HeaderValue::from_static(""),
        };
        bench.session = bench.handshake();
        bench
    }

    /// The session that `initialize` starts.
    fn handshake(&self) -> HeaderValue {
        let params = json!({
            "protocolVersion": LEGACY,
            "capabilities": {},
            "clientInfo": {"name": "bench", "version": "1"},
        });
        let message = json!({"jsonrpc": "2.0", "id": 0, "method": "initialize", "params": params});
        let request = Request::post("/mcp").header(header::CONTENT_TYPE, "application/json");
        let request = request.body(incoming(full(message.to_string()))).unwrap();
        let Ok(response) = self.runtime.block_on(self.service.clone().oneshot(request));
        response.headers()["mcp-session-id"].clone()
    }

    fn request(&self, era: &str, method: &str, message: &Bytes) -> Request<IncomingBody> {
        let mut request = Request::post("/mcp")
            .header(header::HOST, "127.0.0.1:9091")
            .header(header::USER_AGENT, "bench/1.0")
            .header(header::CONTENT_TYPE, "application/json")
            .header(header::ACCEPT, "application/json, text/event-stream")
            .header(header::CONTENT_LENGTH, message.len())
            .header("mcp-protocol-version", era);
        request = match (era, method) {
            (MODERN, "tools/call") => request
                .header("mcp-method", method)
                .header("mcp-name", name_of(message)),
            (MODERN, _) => request.header("mcp-method", method),
            _ => request.header("mcp-session-id", self.session.clone()),
        };
        request.body(incoming(full(message.clone()))).unwrap()
    }

    /// The answer, its body read.
    fn ask(&self, request: Request<IncomingBody>) -> (StatusCode, Bytes) {
        let service = self.service.clone();
        self.runtime.block_on(async {
            let Ok(response) = service.oneshot(request).await;
            let (parts, body) = response.into_parts();
            let body = body.collect().await.expect("a whole body");
            (parts.status, body.to_bytes())
        })
    }
}

fn name_of(message: &[u8]) -> String {
    let message: Value = serde_json::from_slice(message).unwrap();
    message["params"]["name"].as_str().unwrap().to_owned()
}

/// A message of a client of `era`.
fn message(era: &str, method: &str, mut params: Value) -> Bytes {
    if era == MODERN {
        params["_meta"] = json!({
            "io.modelcontextprotocol/protocolVersion": MODERN,
            "io.modelcontextprotocol/clientCapabilities": {},
            "io.modelcontextprotocol/clientInfo": {"name": "bench", "version": "1"},
        });
    }
    let message = json!({"jsonrpc": "2.0", "id": 1, "method": method, "params": params});
    Bytes::from(message.to_string())
}

/// That an answer is what the call of `tool` must give.
fn check(label: &str, era: &str, upstream: &Bytes, (status, got): &(StatusCode, Bytes)) {
    let said = String::from_utf8_lossy(got);
    assert_eq!(*status, 200, "{label}: {said}");
    let got: Value = serde_json::from_slice(got).unwrap();
    assert_eq!(got["id"], 1, "{label}: {said}");
    let result = &got["result"];
    let text = result["content"][0]["text"].as_str().expect("a text");
    let text: Value = serde_json::from_str(text).unwrap();
    let structured = &result["structuredContent"];
    let upstream: Value = serde_json::from_slice(upstream).unwrap();
    assert_eq!(
        result["isError"].as_bool().unwrap_or_default(),
        label == "error"
    );
    if label == "error" {
        assert_eq!(text, json!({"status": 404, "body": upstream}));
    } else if label.starts_with("shaped") {
        let second = json!({"id": "1", "name": "item 1", "owner": "user1", "stars": 7});
        assert_eq!(text[1], second);
        let list = if era == MODERN {
            structured
        } else {
            &structured["result"]
        };
        assert_eq!(list[1], second);
    } else {
        assert_eq!(&text, &upstream);
        assert_eq!(structured, &upstream);
    }
}

fn answer(criterion: &mut Criterion) {
    let mut group = criterion.benchmark_group("answer");
    let refusal = Bytes::from_static(br#"{"error":"there is no such order","code":"NOT_FOUND"}"#);
    for (label, tool, status, body) in [
        ("pass-through, 2 KB", "get-order", 200, list(2_000)),
        ("shaped, 5 KB", "shaped", 200, list(5_000)),
        ("error", "get-order", 404, refusal),
    ] {
        let bench = Bench::new(status, body.clone());
        for era in [LEGACY, MODERN] {
            let params = json!({"name": tool, "arguments": {"id": "7"}});
            let message = message(era, "tools/call", params);
            let request = || bench.request(era, "tools/call", &message);
            check(label, era, &body, &bench.ask(request()));
            group.bench_function(BenchmarkId::new(label, era), |b| {
                b.iter_batched(request, |request| bench.ask(request), BatchSize::SmallInput);
            });
        }
    }
    // The least that there is: 2026-07-28 has no ping, so that its clients are measured by a list of two tools.
    let bench = Bench::new(200, Bytes::new());
    for (era, method) in [(LEGACY, "ping"), (MODERN, "tools/list")] {
        let message = message(era, method, json!({}));
        let request = || bench.request(era, method, &message);
        let (status, got) = bench.ask(request());
        let got: Value = serde_json::from_slice(&got).unwrap();
        assert_eq!((status.as_u16(), &got["id"]), (200, &json!(1)), "{got}");
        let tools = got["result"]["tools"].as_array().map_or(0, Vec::len);
        assert_eq!(tools, if era == MODERN { 2 } else { 0 }, "{got}");
        group.bench_function(BenchmarkId::new(method, era), |b| {
            b.iter_batched(request, |request| bench.ask(request), BatchSize::SmallInput);
        });
    }
    group.finish();
}

fn parse(criterion: &mut Criterion) {
    let mut group = criterion.benchmark_group("parse");
    let params = json!({"name": "get-order", "arguments": {"id": "7"}});
    for (label, json) in [
        (
            "message, 2025-11-25",
            message(LEGACY, "tools/call", params.clone()),
        ),
        ("message, 2026-07-28", message(MODERN, "tools/call", params)),
        ("answer of 2 KB", list(2_000)),
    ] {
        let read = |json: &Bytes| serde_json::from_slice::<Value>(json).unwrap();
        assert!(read(&json).is_object());
        group.bench_function(label, |b| b.iter(|| read(black_box(&json))));
    }
    group.finish();
}

criterion_group!(benches, answer, parse);
criterion_main!(benches);
