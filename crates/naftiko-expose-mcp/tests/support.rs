//! A capability in memory, its exposer and an upstream that answers by path.

use std::path::PathBuf;
use std::sync::{Arc, Mutex};
use std::time::Duration;

use bytes::Bytes;
use http::{HeaderMap, Request, Response, StatusCode};
use http_body_util::{BodyExt, Full};
use naftiko::bindings::MapEnvironment;
use naftiko::engine::{
    UpstreamContext, UpstreamError, UpstreamErrorKind, UpstreamKind, UpstreamService, full,
};
use naftiko::expose::{
    Exposer, ExposerKind, ExposureContext, ExposureLimits, HttpService, Registry, StreamServer,
    incoming,
};
use naftiko::imports::{MemoryLoader, Source};
use naftiko::{Loaded, Loader, Starter};
use naftiko_expose_mcp::McpExposer;
use serde_json::{Value, json};
use tower::ServiceExt;

pub(crate) const MODERN: &str = "2026-07-28";

/// The consumed side that all tests share.
const CONSUMES: &str = r#"
naftiko: "1.0.0-alpha2"
info: {label: Shop, description: A shop}
capability:
  consumes:
    - type: http
      namespace: shop
      baseUri: "http://shop.test"
      resources:
        - name: any
          path: /any
          operations:
            - {name: get, method: GET, path: "/{id}", inputParameters: [{name: id, in: path, type: string}, {name: "filter[status]", in: query, type: string}]}
            - {name: plain, method: GET, path: /plain}
            - {name: add, method: POST, path: /add}
"#;

/// What the upstream was asked, and what it answers.
#[derive(Clone, Debug, Default)]
pub(crate) struct Upstream {
    pub(crate) asked: Arc<Mutex<Vec<String>>>,
    /// Calls that were given up before they were answered.
    pub(crate) dropped: Arc<Mutex<usize>>,
}

impl UpstreamKind for Upstream {
    fn kind(&self) -> &'static str {
        "http"
    }

    fn build(&self, _context: UpstreamContext) -> Result<UpstreamService, UpstreamError> {
        let upstream = self.clone();
        Ok(UpstreamService::new(tower::service_fn(
            move |request: Request<Bytes>| {
                let upstream = upstream.clone();
                async move { upstream.answer(&request).await }
            },
        )))
    }
}

struct Dropped(Arc<Mutex<usize>>);

impl Drop for Dropped {
    fn drop(&mut self) {
        *self.0.lock().unwrap() += 1;
    }
}

impl Upstream {
    async fn answer(
        &self,
        request: &Request<Bytes>,
    ) -> Result<Response<naftiko::engine::Body>, UpstreamError> {
        let line = format!("{} {}", request.method(), request.uri());
        self.asked.lock().unwrap().push(line);
        let path = request.uri().path().trim_start_matches("/any/").to_owned();
        let json = |status: u16, body: &str| {
            Ok(Response::builder()
                .status(status)
                .header("content-type", "application/json")
                .body(full(body.to_owned()))
                .unwrap())
        };
        let fail = |kind| Err(UpstreamError::new(kind, "10.0.0.1 says no"));
        match path.as_str() {
            "slow" => {
                let guard = Dropped(Arc::clone(&self.dropped));
                tokio::time::sleep(Duration::from_mins(10)).await;
                drop(guard);
                json(200, "{}")
            }
            "refused" => fail(UpstreamErrorKind::Unreachable),
            "late" => fail(UpstreamErrorKind::TimedOut),
            "404" => json(404, r#"{"message":"no such thing"}"#),
            "500" => Ok(Response::builder()
                .status(500)
                .body(full("x".repeat(100_000)))
                .unwrap()),
            "302" => Ok(Response::builder()
                .status(302)
                .header("location", "http://elsewhere.test/")
                .body(full(""))
                .unwrap()),
            "204" => Ok(Response::builder().status(204).body(full("")).unwrap()),
            "list" => json(200, r#"[{"a":1},{"a":"x"}]"#),
            "odd" => json(200, ODD),
            "html" => Ok(Response::builder()
                .header("content-type", "text/html")
                .body(full("<p>not json</p>"))
                .unwrap()),
            "image" => Ok(Response::builder()
                .header("content-type", "image/png")
                .body(full(vec![1_u8, 2, 3]))
                .unwrap()),
            _ => json(
                200,
                &json!({"path": path, "query": request.uri().query(), "n": "7"}).to_string(),
            ),
        }
    }
}

/// Blanks, escapes, a name that stands twice, and what the protocol's library writes where this server fills in.
pub(crate) const ODD: &str = r#" { "text":"", "structuredContent":{}, "a\u0041" : "\"text\":\"\"\n\/" ,
    "twice": {"n": 1, "m": 2, "n": 1.50} } "#;

/// A server under test.
pub(crate) struct Served {
    pub(crate) loaded: Loaded,
    pub(crate) upstream: Upstream,
    pub(crate) http: HttpService,
    pub(crate) stdio: Arc<dyn StreamServer>,
}

/// Reads a document: the shared consumed side, and `exposes` as it stands below `capability`.
pub(crate) fn load(exposes: &str, files: &[(&str, &str)]) -> Loaded {
    let mut loader = MemoryLoader::new();
    for (path, text) in files {
        loader = loader.with(format!("/doc/{path}"), *text);
    }
    let source = Source {
        path: PathBuf::from("/doc/shop.yaml"),
        name: "shop.yaml".into(),
        text: format!("{CONSUMES}{exposes}"),
    };
    let registry = Registry::new().with(Arc::new(McpExposer));
    Loader::new(registry).load_source(source, Arc::new(loader))
}

/// Serves `exposes`, which may have broken parts.
pub(crate) fn serve_with(exposes: &str, files: &[(&str, &str)], limits: ExposureLimits) -> Served {
    let loaded = load(exposes, files);
    let upstream = Upstream::default();
    let starter = Starter::new(Arc::new(MapEnvironment::default()));
    let engine = starter.start(&loaded, &upstream).unwrap().engine;
    let context = ExposureContext {
        engine: Arc::clone(&engine),
        exposure: 0,
        limits,
    };
    let Exposer::Http(http) = McpExposer.build(&context).unwrap() else {
        panic!("not over HTTP");
    };
    let stdio = McpExposer.build_stdio(&context).unwrap();
    Served {
        loaded,
        upstream,
        http,
        stdio,
    }
}

pub(crate) fn serve(exposes: &str) -> Served {
    serve_with(exposes, &[], ExposureLimits::default())
}

/// The tools that most tests call.
pub(crate) const TOOLS: &str = r"
  exposes:
    - type: mcp
      port: 9091
      namespace: shop-mcp
      description: Ask the shop
      tools:
        - {name: get, label: Get, description: Gets, call: shop.get, hints: {readOnly: true}}
        - {name: plain, description: No input, call: shop.plain}
";

/// An answer.
#[derive(Debug)]
pub(crate) struct Answer {
    pub(crate) status: StatusCode,
    pub(crate) headers: HeaderMap,
    pub(crate) text: String,
    pub(crate) json: Value,
}

impl Answer {
    /// The code of the error.
    pub(crate) fn code(&self) -> i64 {
        self.json["error"]["code"]
            .as_i64()
            .unwrap_or_else(|| panic!("no error in {}", self.text))
    }

    /// The text of a tool's error.
    pub(crate) fn tool_error(&self) -> &str {
        let result = &self.json["result"];
        assert_eq!(result["isError"], true, "{}", self.text);
        assert!(result.get("structuredContent").is_none(), "{}", self.text);
        result["content"][0]["text"].as_str().unwrap()
    }
}

impl Served {
    /// Sends a request.
    pub(crate) async fn send(
        &self,
        method: &str,
        path: &str,
        headers: &[(&str, &str)],
        body: impl Into<Bytes>,
    ) -> Answer {
        let mut request = Request::builder().method(method).uri(path);
        for (name, value) in headers {
            request = request.header(*name, *value);
        }
        let body = Full::new(body.into());
        let request = request.body(incoming(body)).unwrap();
        let response = self.http.clone().oneshot(request).await.unwrap();
        let (parts, body) = response.into_parts();
        let bytes = body.collect().await.unwrap().to_bytes();
        let text = String::from_utf8_lossy(&bytes).into_owned();
        Answer {
            status: parts.status,
            headers: parts.headers,
            json: serde_json::from_str(&text).unwrap_or_default(),
            text,
        }
    }

    /// Posts a message as a client before 2026-07-28.
    pub(crate) async fn post(&self, body: impl Into<Bytes>) -> Answer {
        self.send(
            "POST",
            "/mcp",
            &[("content-type", "application/json")],
            body,
        )
        .await
    }

    /// Calls a method as such a client.
    pub(crate) async fn ask(&self, method: &str, params: Value) -> Answer {
        let message = json!({"jsonrpc": "2.0", "id": 1, "method": method, "params": params});
        self.post(message.to_string()).await
    }

    /// Calls a tool as such a client.
    pub(crate) async fn call(&self, tool: &str, arguments: Value) -> Answer {
        self.ask("tools/call", json!({"name": tool, "arguments": arguments}))
            .await
    }

    /// Calls a method as a client of 2026-07-28; `headers` replace the usual ones.
    pub(crate) async fn ask_modern(
        &self,
        method: &str,
        mut params: Value,
        headers: &[(&str, &str)],
    ) -> Answer {
        params["_meta"] = json!({
            "io.modelcontextprotocol/protocolVersion": MODERN,
            "io.modelcontextprotocol/clientCapabilities": {},
            "io.modelcontextprotocol/clientInfo": {"name": "t", "version": "1"},
        });
        let message = json!({"jsonrpc": "2.0", "id": 1, "method": method, "params": params});
        let named = params["name"]
            .as_str()
            .or(params["uri"].as_str())
            .unwrap_or_default()
            .to_owned();
        let mut all = vec![
            ("content-type", "application/json"),
            ("mcp-protocol-version", MODERN),
            ("mcp-method", method),
        ];
        if !named.is_empty() {
            all.push(("mcp-name", &named));
        }
        all.retain(|(name, _)| headers.iter().all(|(replaced, _)| replaced != name));
        all.extend(headers.iter().filter(|(_, value)| !value.is_empty()));
        self.send("POST", "/mcp", &all, message.to_string()).await
    }
}
