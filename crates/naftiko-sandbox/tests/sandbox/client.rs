//! A sandbox with one namespace and a client that speaks to it.

use std::path::PathBuf;
use std::time::Duration;

use naftiko_sandbox::{Credential, Fixture, Namespace, Sandbox, SandboxOperation};
use reqwest::Method;
use serde_json::Value;

/// A running sandbox whose only namespace is `api`.
pub(crate) struct Api {
    pub(crate) sandbox: Sandbox,
    pub(crate) client: reqwest::Client,
    headers: Vec<(String, String)>,
}

/// A read answer.
#[derive(Debug)]
pub(crate) struct Answer {
    pub(crate) status: u16,
    pub(crate) headers: reqwest::header::HeaderMap,
    pub(crate) body: Value,
}

pub(crate) fn file(path: &str) -> String {
    let path = PathBuf::from(env!("CARGO_MANIFEST_DIR")).join(path);
    std::fs::read_to_string(&path).unwrap_or_else(|e| panic!("{}: {e}", path.display()))
}

pub(crate) fn fixture(path: &str) -> Fixture {
    Fixture::parse(path, &file(path)).unwrap_or_else(|error| panic!("{error}"))
}

pub(crate) fn operation(name: &str, method: &str, path: &str, answer: Value) -> SandboxOperation {
    SandboxOperation {
        name: name.into(),
        method: method.into(),
        path: path.into(),
        inputs: vec![],
        answer,
    }
}

impl Api {
    pub(crate) async fn start(
        operations: Vec<SandboxOperation>,
        fixture: Option<Fixture>,
        credential: Option<Credential>,
    ) -> Self {
        let namespace = Namespace {
            name: "api".into(),
            operations,
            fixture,
            credential,
        };
        let sandbox = Sandbox::start(vec![namespace]).await.unwrap();
        let client = reqwest::Client::builder()
            .timeout(Duration::from_secs(20))
            .no_proxy()
            .build()
            .unwrap();
        Self {
            sandbox,
            client,
            headers: vec![],
        }
    }

    pub(crate) fn with_header(mut self, name: &str, value: &str) -> Self {
        self.headers = vec![(name.into(), value.into())];
        self
    }

    pub(crate) fn request(&self, method: &str, target: &str) -> reqwest::RequestBuilder {
        let url = format!("{}{target}", self.sandbox.base_url("api").unwrap());
        let method = Method::from_bytes(method.as_bytes()).unwrap();
        self.headers
            .iter()
            .fold(self.client.request(method, url), |r, (n, v)| r.header(n, v))
    }

    pub(crate) async fn get(&self, target: &str) -> Answer {
        read(self.request("GET", target)).await
    }
}

pub(crate) async fn read(request: reqwest::RequestBuilder) -> Answer {
    let response = request.send().await.unwrap();
    let status = response.status().as_u16();
    let headers = response.headers().clone();
    let body = response.bytes().await.unwrap();
    let body = if body.is_empty() {
        Value::Null
    } else {
        assert_eq!(headers["content-type"], "application/json");
        serde_json::from_slice(&body).unwrap()
    };
    Answer {
        status,
        headers,
        body,
    }
}
