//! Problem documents for what the upstream does not answer and the document does not allow.

use naftiko_engine::{UpstreamError, UpstreamErrorKind, full};
use naftiko_expose::ExposureLimits;

use crate::support::{Api, document, json_answer, plan};

const SHAPED: &str = "
        - path: /orders/{order_id}
          operations:
            - method: GET
              name: get
              call: shop.get-order
              outputParameters: [{type: object, properties: {id: {type: string, mapping: $.id}}}]
";

#[test]
fn upstreams_that_do_not_answer() {
    for (kind, status, word) in [
        (UpstreamErrorKind::Unreachable, 502, "upstream-unreachable"),
        (
            UpstreamErrorKind::NameNotResolved,
            502,
            "upstream-name-not-resolved",
        ),
        (UpstreamErrorKind::Tls, 502, "upstream-tls"),
        (UpstreamErrorKind::TimedOut, 504, "upstream-timed-out"),
        (UpstreamErrorKind::Broken, 502, "upstream-broken"),
        (
            UpstreamErrorKind::TooLarge,
            502,
            "upstream-answer-too-large",
        ),
        (
            UpstreamErrorKind::Misconfigured,
            502,
            "upstream-misconfigured",
        ),
    ] {
        let api = Api::answering(SHAPED, move |_| {
            Err(UpstreamError::new(
                kind,
                "connect to https://api.test:1 failed",
            ))
        });
        let got = api.get("/orders/7");
        assert_eq!((got.status, got.problem().as_str()), (status, word));
        assert!(!got.text().contains("connect to"));
    }
}

#[test]
fn answers_that_cannot_be_shaped() {
    for body in ["<html>internal</html>", "{\"id\":", "\u{0}"] {
        let api = Api::answering(SHAPED, move |_| Ok(json_answer(200, body)));
        let got = api.get("/orders/7");
        assert_eq!(
            (got.status, got.problem().as_str()),
            (502, "upstream-answer-unusable")
        );
        assert!(!got.text().contains("internal"));
    }
    let api = Api::answering(SHAPED, |_| {
        let mut answer = json_answer(200, "");
        *answer.body_mut() = full(vec![b' '; 33 * 1024 * 1024]);
        Ok(answer)
    });
    let got = api.get("/orders/7");
    assert_eq!(
        (got.status, got.problem().as_str()),
        (502, "upstream-answer-too-large")
    );
}

#[test]
fn broken_operations_are_501_and_the_others_sound() {
    let (plan, out) = plan(&document(
        "
        - path: /good
          operations: [{method: GET, name: good, call: shop.list-orders}]
        - path: /bad
          operations:
            - {method: GET, name: bad, call: shop.no-such-operation}
            - {method: POST, name: fine, call: shop.create-order}
        - path: /forwarded
          forward: {targetNamespace: shop}
        - path: /stepped
          operations: [{method: GET, name: steps, steps: []}]
        - path: '/{unclosed'
          operations: [{method: GET, name: lost, call: shop.list-orders}]
",
    ));
    assert!(out.has_errors());
    let sound: Vec<bool> = plan.exposures[0]
        .units
        .iter()
        .map(|unit| unit.flow.is_ok())
        .collect();
    assert_eq!(sound, [true, false, true, false, false, false]);
    let api = Api::serving(
        plan,
        |_| Ok(json_answer(200, "{}")),
        ExposureLimits::default(),
    );
    assert_eq!(api.get("/good").status, 200);
    assert_eq!(api.send("POST /bad", &[], "{}").status, 200);
    api.seen();
    for (line, code) in [
        ("GET /bad", "unknown-operation"),
        ("GET /forwarded", "not-supported"),
        ("PATCH /forwarded", "not-supported"),
        ("GET /stepped", "not-supported"),
    ] {
        let got = api.send(line, &[], "");
        assert_eq!(
            (got.status, got.problem().as_str()),
            (501, "operation-not-served"),
            "{line}"
        );
        assert!(
            got.detail().contains(&format!("`{code}`")),
            "{}",
            got.detail()
        );
        assert!(got.detail().contains("--allow-partial"));
    }
    assert_eq!(api.get("/unclosed").status, 404);
    assert!(api.seen().is_empty());
}

#[test]
fn a_server_that_cannot_be_protected_as_declared_serves_nothing() {
    let resources = "
        - path: /good
          operations: [{method: GET, name: good, call: shop.list-orders}]
";
    let text = document(resources).replace(
        "      port: 8080\n",
        "      port: 8080\n      authentication: {type: bearer}\n",
    );
    let (plan, out) = plan(&text);
    assert!(out.has_errors());
    let api = Api::serving(
        plan,
        |_| Ok(json_answer(200, "{}")),
        ExposureLimits::default(),
    );
    let got = api.get("/good");
    assert_eq!(
        (got.status, got.problem().as_str()),
        (501, "operation-not-served")
    );
    assert!(api.seen().is_empty());
}
