//! Calls by name over an exposer kind and an upstream kind of this file: no server, no socket.

use std::sync::Arc;

use http::{Request, Response};
use naftiko_diagnostics::codes;
use naftiko_engine::{UpstreamContext, UpstreamError, UpstreamKind, UpstreamService, empty, full};
use naftiko_expose::{BuildError, Exposer, ExposerKind, ExposureContext};
use naftiko_plan::{DecodedExposure, Transport};
use naftiko_spec::{Context, Exposure, Fields, Unit, items};
use serde_json::json;

use super::*;
use crate::{Kinds, ServeError};

pub(crate) const TEXT: &str = r#"
naftiko: "1.0.0-alpha2"
binds:
  - namespace: env
    keys: {TOKEN: BOOK_TOKEN}
capability:
  consumes:
    - namespace: books
      type: memory
      baseUri: "http://books.test"
      authentication: {type: bearer, token: "{{TOKEN}}"}
      resources:
        - path: "/{{shelf}}"
          operations:
            - name: get-shelf
              method: GET
              inputParameters: [{name: shelf, in: path}]
        - path: "/gone"
          operations:
            - {name: get-gone, method: GET}
  exposes:
    - type: units
      namespace: a
      units:
        - name: shelf
          call: books.get-shelf
          inputParameters: [{name: shelf, type: integer}]
          outputParameters:
            - {name: path, type: string, mapping: "$.path"}
        - {name: raw, call: books.get-shelf, inputParameters: [{name: shelf, type: integer}]}
        - {name: gone, call: books.get-gone}
        - {name: lost, call: books.nope}
    - type: units
      namespace: b
      units:
        - {name: gone, call: books.get-gone}
"#;

/// Reads `units`; serves nothing.
#[derive(Debug)]
pub(crate) struct Units;

impl ExposerKind for Units {
    fn kind(&self) -> &'static str {
        "units"
    }

    fn decode(&self, exposure: &Exposure, cx: &mut Context<'_>) -> DecodedExposure {
        let mut units = Vec::new();
        if let Some(mut fields) = Fields::open(&exposure.node, "a list of units", cx) {
            fields.ignore(&Exposure::COMMON);
            for (key, node) in fields
                .take("units")
                .map_or(Vec::new(), |node| items(node, "units", cx))
            {
                if let Some(mut fields) = Fields::open(node, "a unit", cx) {
                    units.push(Unit::read(key, &mut fields, false, cx));
                    fields.finish(cx);
                }
            }
            fields.finish(cx);
        }
        DecodedExposure {
            exposure: exposure.clone(),
            units,
            transport: Transport::Stdio,
            settings: Arc::new(()),
        }
    }

    fn build(&self, _: &ExposureContext) -> Result<Exposer, BuildError> {
        Err(BuildError("nothing to serve".into()))
    }
}

/// Answers with the path and the credential of a request; `/gone` with 410.
#[derive(Debug)]
struct Memory;

impl UpstreamKind for Memory {
    fn kind(&self) -> &'static str {
        "memory"
    }

    fn build(&self, _: UpstreamContext) -> Result<UpstreamService, UpstreamError> {
        Ok(UpstreamService::new(tower::service_fn(
            |request: Request<Bytes>| async move {
                let path = request.uri().path();
                let sent = request
                    .headers()
                    .get("authorization")
                    .and_then(|value| value.to_str().ok());
                let mut response =
                    Response::new(full(json!({"path": path, "sent": sent}).to_string()));
                match path {
                    "/gone" => *response.status_mut() = StatusCode::GONE,
                    "/404" => *response.body_mut() = empty(),
                    _ => {}
                }
                Ok(response)
            },
        )))
    }
}

fn started() -> Started {
    let kinds = Kinds::new().exposer(Units).upstream(Memory);
    let loaded = kinds.load_text("books.yaml", TEXT);
    let found: Vec<_> = loaded.findings.iter().collect();
    assert_eq!(
        found.len(),
        1,
        "{}",
        loaded.report(naftiko_diagnostics::render::Format::Concise)
    );
    assert_eq!(*found[0].code, codes::unknown_operation::CODE);
    let starter = kinds.starter().with_value("BOOK_TOKEN", "s3cret-token");
    starter.start(&loaded, kinds.upstreams()).unwrap()
}

fn call(name: &str, arguments: Value) -> Result<Answer, CallError> {
    let runtime = tokio::runtime::Builder::new_current_thread()
        .build()
        .unwrap();
    runtime.block_on(started().call(name, arguments))
}

#[test]
fn a_unit_answers_by_name() {
    let answer = call("a.shelf", json!({"shelf": "7"})).unwrap();
    assert_eq!(answer.json::<Value>().unwrap(), json!({"path": "/7"}));
    let raw = call("raw", json!({"shelf": 8})).unwrap();
    let expected = json!({"path": "/8", "sent": "Bearer s3cret-token"});
    assert_eq!(raw.json::<Value>().unwrap(), expected);
    let nothing = call("shelf", json!({"shelf": 404})).unwrap();
    assert!(nothing.body.is_empty());
    assert_eq!(nothing.json::<Value>().unwrap(), Value::Null);
}

#[test]
fn names_that_mean_no_unit_are_told() {
    let told = |name, arguments| call(name, arguments).unwrap_err().to_string();
    assert_eq!(
        told("a.shelv", Value::Null),
        "there is no unit `a.shelv`; did you mean `a.shelf`?"
    );
    assert_eq!(
        told("gone", Value::Null),
        "`gone` is exposed several times; name one of `a.gone`, `b.gone`"
    );
    assert!(told("lost", Value::Null).starts_with("the unit cannot be run: "));
    assert!(matches!(
        call("b.shelf", Value::Null),
        Err(CallError::Unit(UnitError::Unknown { .. }))
    ));
}

#[test]
fn arguments_are_checked() {
    let told = |arguments| call("shelf", arguments).unwrap_err().to_string();
    assert_eq!(told(json!([])), "the arguments are no JSON object");
    assert_eq!(
        told(json!({"shelv": 1})),
        "the unit has no input `shelv`; did you mean `shelf`?"
    );
    assert!(told(json!({"shelf": "x"})).contains("must be an integer"));
    assert!(told(json!({"shelf": null})).contains("`shelf` is required"));
    assert_eq!(
        call("a.gone", json!({"x": 1})).unwrap_err().to_string(),
        "the unit has no input `x`; it takes none"
    );
}

#[test]
fn a_refusal_is_an_error_without_secrets() {
    let Err(CallError::Status(answer)) = call("a.gone", Value::Null) else {
        panic!("the upstream refused");
    };
    assert_eq!(answer.status, StatusCode::GONE);
    let text = String::from_utf8(answer.body.to_vec()).unwrap();
    assert!(
        text.contains("\"path\":\"/gone\"") && !text.contains("s3cret"),
        "{text}"
    );
}

#[test]
fn a_passed_on_answer_is_bounded() {
    let mut started = started();
    started.limits.shaped = 20;
    let runtime = tokio::runtime::Builder::new_current_thread()
        .build()
        .unwrap();
    let error = runtime
        .block_on(started.call("raw", json!({"shelf": 1})))
        .unwrap_err();
    assert_eq!(
        error.to_string(),
        "the upstream API answered more than is allowed"
    );
}

#[test]
fn variables_come_from_the_program_alone() {
    let kinds = Kinds::new().exposer(Units).upstream(Memory);
    let loaded = kinds.load_text("books.yaml", TEXT);
    let failure = kinds
        .starter()
        .start(&loaded, kinds.upstreams())
        .unwrap_err();
    assert!(failure.to_string().contains("BOOK_TOKEN"), "{failure}");
    let starter = kinds.starter().with_value("BOOK_TOKEN", "s3cret-token");
    assert!(!format!("{starter:?}").contains("s3cret"), "{starter:?}");
}

#[test]
fn a_document_may_use_registered_kinds_alone() {
    let other = Kinds::new().exposer(Units).load_text("books.yaml", TEXT);
    let report = other.report(naftiko_diagnostics::render::Format::Concise);
    assert!(report.contains("memory"), "{report}");
    assert_eq!(other.sound(), 0);
}

#[test]
fn servers_are_found_by_name() {
    let started = started();
    assert_eq!(started.exposed().collect::<Vec<_>>(), ["a", "b"]);
    let unknown = started.service("c").unwrap_err();
    assert_eq!(
        unknown.to_string(),
        "there is no exposed server `c`; there are `a`, `b`"
    );
    let built = started.service("a").unwrap_err();
    assert_eq!(
        built,
        ServeError::Build(BuildError("nothing to serve".into()))
    );
}
