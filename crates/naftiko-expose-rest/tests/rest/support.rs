//! A capability from YAML text, its REST server and an upstream that records requests and answers as it is told.

use std::convert::Infallible;
use std::path::Path;
use std::sync::{Arc, Mutex};

use bytes::Bytes;
use http::{HeaderMap, Method, Request, Response, StatusCode};
use http_body_util::BodyExt;
use naftiko_bindings::Secret;
use naftiko_diagnostics::{Diagnostics, Severity, SourceMap};
use naftiko_engine::{
    Body, Engine, EngineSettings, UpstreamContext, UpstreamError, UpstreamKind, UpstreamService,
    full,
};
use naftiko_expose::{
    Exposer, ExposerKind, ExposureContext, ExposureLimits, HttpService, Registry,
};
use naftiko_expose_rest::RestExposer;
use naftiko_imports::{MemoryLoader, link};
use naftiko_plan::{Options, Plan, compile};
use naftiko_spec::Document;
use naftiko_spec::yaml::{Limits, parse};
use serde_json::Value;
use tower::ServiceExt;

/// The API that the documents of these tests consume.
pub(crate) const SHOP: &str = r#"
naftiko: "1.0.0-alpha1"
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
            - name: list-orders
              method: GET
              inputParameters:
                - {name: page, in: query}
                - {name: size, in: query, type: integer}
                - {name: X-Trace, in: header}
                - {name: Cookie, in: header}
            - name: create-order
              method: POST
              inputParameters:
                - {name: title, in: body}
                - {name: count, in: body, type: integer}
            - {name: get-order, method: GET, path: "/{order_id}"}
            - {name: delete-order, method: DELETE, path: "/{order_id}"}
            - {name: replace-order, method: PUT, path: "/{order_id}"}
            - {name: send, method: POST, path: /send}
"#;

/// The secret that the upstream is sent.
pub(crate) const SECRET: &str = "s3cr3t-t0k3n-value";

/// What the upstream was sent.
#[derive(Clone, Debug)]
pub(crate) struct Seen {
    /// Method and absolute URI.
    pub(crate) line: String,
    pub(crate) headers: HeaderMap,
    pub(crate) body: Bytes,
}

type Answer = dyn Fn(&Request<Bytes>) -> Result<Response<Body>, UpstreamError> + Send + Sync;

/// An upstream that records requests.
#[derive(Clone)]
struct Recorder {
    seen: Arc<Mutex<Vec<Seen>>>,
    answer: Arc<Answer>,
}

impl std::fmt::Debug for Recorder {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("Recorder")
    }
}

impl UpstreamKind for Recorder {
    fn kind(&self) -> &'static str {
        "http"
    }

    fn build(&self, _: UpstreamContext) -> Result<UpstreamService, UpstreamError> {
        let this = self.clone();
        Ok(UpstreamService::new(tower::service_fn(
            move |request: Request<Bytes>| {
                let this = this.clone();
                async move {
                    this.seen.lock().unwrap().push(Seen {
                        line: format!("{} {}", request.method(), request.uri()),
                        headers: request.headers().clone(),
                        body: request.body().clone(),
                    });
                    (this.answer)(&request)
                }
            },
        )))
    }
}

/// Reads and lowers a document.
pub(crate) fn plan(text: &str) -> (Plan, Diagnostics) {
    let mut sources = SourceMap::new();
    let mut out = Diagnostics::new();
    let limits = Limits::default();
    let file = sources.add("test.yaml", text);
    let tree = parse(file, text, &limits, &mut out).expect("a tree");
    let document = Document::decode(file, tree, &mut out).expect("a document");
    let loader = MemoryLoader::new();
    let path = Path::new("test.yaml");
    let linked = link(document, path, &loader, &limits, &mut sources, &mut out);
    let registry = Registry::new().with(Arc::new(RestExposer));
    let exposures = registry.decode(&linked.document, &mut out);
    let (plan, found) = compile(&linked, "test", exposures, &Options::default(), &out);
    out.extend(found);
    (plan, out)
}

/// A document that exposes `resources` (indented by eight) over [`SHOP`].
pub(crate) fn document(resources: &str) -> String {
    format!(
        "{SHOP}  exposes:\n    - type: rest\n      port: 8080\n      namespace: api\n      resources:\n{resources}"
    )
}

/// The errors and warnings of a document, as `severity code: message`.
pub(crate) fn findings(text: &str) -> Vec<String> {
    let (_, out) = plan(text);
    out.iter()
        .filter(|d| d.severity != Severity::Hint)
        .map(|d| format!("{} {}: {}", d.severity, d.code.id, d.message))
        .collect()
}

/// A running server and its upstream.
pub(crate) struct Api {
    service: HttpService,
    seen: Arc<Mutex<Vec<Seen>>>,
}

/// An answer of the server.
#[derive(Debug)]
pub(crate) struct Got {
    pub(crate) status: u16,
    pub(crate) headers: HeaderMap,
    pub(crate) body: Bytes,
}

impl Got {
    pub(crate) fn json(&self) -> Value {
        serde_json::from_slice(&self.body).expect("JSON")
    }

    pub(crate) fn text(&self) -> &str {
        std::str::from_utf8(&self.body).expect("text")
    }

    pub(crate) fn header(&self, name: &str) -> Option<&str> {
        self.headers.get(name).map(|value| value.to_str().unwrap())
    }

    /// The stable end of a problem's type, after everything that each problem has was checked.
    pub(crate) fn problem(&self) -> String {
        assert_eq!(
            self.header("content-type"),
            Some("application/problem+json")
        );
        assert_eq!(self.header("x-content-type-options"), Some("nosniff"));
        assert!(!self.text().contains(SECRET), "{}", self.text());
        assert!(!self.text().contains("api.test"), "{}", self.text());
        let json = self.json();
        assert_eq!(json["status"], self.status);
        assert!(json["title"].is_string());
        assert!(
            json["detail"]
                .as_str()
                .is_some_and(|detail| detail.len() < 300)
        );
        let kind = json["type"].as_str().unwrap();
        kind.strip_prefix("urn:naftiko:problem:")
            .unwrap()
            .to_owned()
    }

    pub(crate) fn detail(&self) -> String {
        self.json()["detail"].as_str().unwrap().to_owned()
    }
}

impl Api {
    /// A server of `resources` whose upstream answers 200 with `{"ok":true}`.
    pub(crate) fn new(resources: &str) -> Self {
        Self::answering(resources, |_| Ok(json_answer(200, r#"{"ok":true}"#)))
    }

    /// A server of `resources` whose upstream answers as `answer` says.
    pub(crate) fn answering<F>(resources: &str, answer: F) -> Self
    where
        F: Fn(&Request<Bytes>) -> Result<Response<Body>, UpstreamError> + Send + Sync + 'static,
    {
        let (plan, out) = plan(&document(resources));
        let errors: Vec<_> = out.iter().filter(|d| d.is_error()).collect();
        assert!(errors.is_empty(), "{errors:#?}");
        Self::serving(plan, answer, ExposureLimits::default())
    }

    /// A server of the first exposure of `plan`.
    pub(crate) fn serving<F>(plan: Plan, answer: F, limits: ExposureLimits) -> Self
    where
        F: Fn(&Request<Bytes>) -> Result<Response<Body>, UpstreamError> + Send + Sync + 'static,
    {
        Self::with_bases(plan, &[], answer, limits).expect("an engine")
    }

    /// The same, where the upstreams called `elsewhere` get another base; none if the engine cannot start.
    pub(crate) fn with_bases<F>(
        plan: Plan,
        elsewhere: &[String],
        answer: F,
        limits: ExposureLimits,
    ) -> Option<Self>
    where
        F: Fn(&Request<Bytes>) -> Result<Response<Body>, UpstreamError> + Send + Sync + 'static,
    {
        let recorder = Recorder {
            seen: Arc::default(),
            answer: Arc::new(answer),
        };
        let variables = plan.variables.iter().map(|_| Some(Secret::new(SECRET)));
        let bases = elsewhere
            .iter()
            .map(|name| (name.clone(), String::from("https://api.test")));
        let settings = EngineSettings {
            variables: variables.collect(),
            upstreams: bases.collect(),
            ..EngineSettings::default()
        };
        let engine = Engine::new(Arc::new(plan), settings, &recorder).ok()?;
        let context = ExposureContext {
            engine: Arc::new(engine),
            exposure: 0,
            limits,
        };
        let Exposer::Http(service) = RestExposer.build(&context).expect("a server") else {
            panic!("not an HTTP server");
        };
        Some(Self {
            service,
            seen: recorder.seen,
        })
    }

    /// The server as a service, for a socket.
    pub(crate) fn service(&self) -> HttpService {
        self.service.clone()
    }

    /// Sends `METHOD target`, with headers and a body.
    pub(crate) fn send(&self, line: &str, headers: &[(&str, &str)], body: &str) -> Got {
        self.send_body(line, headers, full(body.to_owned()))
    }

    pub(crate) fn send_body<B>(&self, line: &str, headers: &[(&str, &str)], body: B) -> Got
    where
        B: http_body::Body<Data = Bytes> + Send + 'static,
        B::Error: Into<Box<dyn std::error::Error + Send + Sync>>,
    {
        let response = self.open(line, headers, body);
        let (parts, body) = response.into_parts();
        let collected = futures_util::FutureExt::now_or_never(body.collect());
        Got {
            status: parts.status.as_u16(),
            headers: parts.headers,
            body: collected
                .expect("a ready body")
                .expect("a whole body")
                .to_bytes(),
        }
    }

    /// Sends a request and leaves the body of the answer unread.
    pub(crate) fn open<B>(&self, line: &str, headers: &[(&str, &str)], body: B) -> Response<Body>
    where
        B: http_body::Body<Data = Bytes> + Send + 'static,
        B::Error: Into<Box<dyn std::error::Error + Send + Sync>>,
    {
        let (method, target) = line.split_once(' ').unwrap();
        let mut request = Request::builder()
            .method(method.parse::<Method>().unwrap())
            .uri(target);
        for (name, value) in headers {
            request = request.header(*name, *value);
        }
        let request = request.body(naftiko_expose::incoming(body)).unwrap();
        let runtime = tokio::runtime::Builder::new_current_thread()
            .build()
            .unwrap();
        let response: Result<_, Infallible> =
            runtime.block_on(self.service.clone().oneshot(request));
        response.unwrap()
    }

    pub(crate) fn get(&self, target: &str) -> Got {
        self.send(&format!("GET {target}"), &[], "")
    }

    /// What the upstream was sent since the last look.
    pub(crate) fn seen(&self) -> Vec<Seen> {
        std::mem::take(&mut self.seen.lock().unwrap())
    }

    /// The request lines that the upstream was sent since the last look.
    pub(crate) fn lines(&self) -> Vec<String> {
        self.seen().into_iter().map(|seen| seen.line).collect()
    }

    /// The one body that the upstream was sent since the last look; empty when it was none.
    pub(crate) fn sent_body(&self) -> String {
        let seen = self.seen();
        assert_eq!(seen.len(), 1, "{seen:?}");
        String::from_utf8(seen[0].body.to_vec()).unwrap()
    }
}

/// An answer of the upstream.
pub(crate) fn json_answer(status: u16, body: &'static str) -> Response<Body> {
    let mut response = Response::new(full(body));
    *response.status_mut() = StatusCode::from_u16(status).unwrap();
    let json = http::HeaderValue::from_static("application/json");
    response.headers_mut().insert("content-type", json);
    response
}
