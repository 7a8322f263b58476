//! What callers get: streams, shapes, statuses and headers.

use bytes::Bytes;
use futures_util::{StreamExt, stream};
use http::{HeaderMap, HeaderValue, Response, StatusCode};
use http_body::Frame;
use http_body_util::{BodyExt, StreamBody};
use naftiko_engine::{Body, UpstreamError, UpstreamErrorKind, empty, full};

use crate::support::{Api, SECRET, json_answer};

const PLAIN: &str = "
        - path: /orders/{order_id}
          operations:
            - {method: GET, name: get, call: shop.get-order}
";

const SHAPED: &str = "
        - path: /orders/{order_id}
          operations:
            - method: GET
              name: get
              call: shop.get-order
              outputParameters:
                - type: object
                  properties:
                    id: {type: string, mapping: $.order.id}
                    total: {type: number, mapping: $.order.total}
";

fn answer(status: u16, headers: &[(&'static str, &'static str)], body: Body) -> Response<Body> {
    let mut response = Response::new(body);
    *response.status_mut() = StatusCode::from_u16(status).unwrap();
    for (name, value) in headers {
        response
            .headers_mut()
            .append(*name, HeaderValue::from_static(value));
    }
    response
}

#[test]
fn identity_answers_keep_status_bytes_and_listed_headers() {
    let headers = [
        ("content-type", "text/csv; charset=latin1"),
        ("content-language", "de"),
        ("content-disposition", "attachment"),
        ("etag", "\"1\""),
        ("last-modified", "Thu, 01 Jan 1970 00:00:00 GMT"),
        ("cache-control", "no-store"),
        ("retry-after", "1"),
        ("link", "<a>; rel=next"),
        ("link", "<b>; rel=prev"),
        ("ratelimit-remaining", "5"),
        ("ratelimit", "x"),
        ("ratelimited-by", "no"),
        ("set-cookie", "a=b"),
        ("www-authenticate", "Basic"),
        ("access-control-allow-origin", "*"),
        ("alt-svc", "h3"),
        ("connection", "close"),
        ("transfer-encoding", "chunked"),
        ("location", "https://api.test/x"),
        ("server", "x"),
        ("x-content-type-options", "something"),
    ];
    let api = Api::answering(PLAIN, move |_| {
        Ok(answer(201, &headers, full("a;\u{e9}\n")))
    });
    let got = api.get("/orders/7");
    assert_eq!(got.status, 201);
    assert_eq!(got.text(), "a;é\n");
    let mut names: Vec<_> = got.headers.keys().map(http::HeaderName::as_str).collect();
    names.sort_unstable();
    assert_eq!(
        names,
        [
            "cache-control",
            "content-disposition",
            "content-language",
            "content-type",
            "etag",
            "last-modified",
            "link",
            "ratelimit",
            "ratelimit-remaining",
            "retry-after",
            "x-content-type-options",
        ]
    );
    assert_eq!(got.headers.get_all("link").iter().count(), 2);
    assert_eq!(got.header("x-content-type-options"), Some("nosniff"));
    assert_eq!(got.header("content-type"), Some("text/csv; charset=latin1"));
}

#[test]
fn streams_are_passed_on_and_break_where_the_upstream_breaks() {
    let api = Api::answering(PLAIN, |_| {
        let frames = stream::iter([
            Ok(Frame::data(Bytes::from_static(b"[1,"))),
            Err(UpstreamError::new(UpstreamErrorKind::Broken, "reset")),
        ]);
        Ok(answer(200, &[], StreamBody::new(frames).boxed_unsync()))
    });
    let mut body = api.open("GET /orders/7", &[], empty()).into_body();
    let mut next = || {
        futures_util::FutureExt::now_or_never(body.frame())
            .unwrap()
            .unwrap()
    };
    assert_eq!(next().unwrap().into_data().unwrap(), "[1,");
    assert_eq!(next().unwrap_err().kind, UpstreamErrorKind::Broken);
}

#[test]
fn an_endless_answer_is_not_collected() {
    let api = Api::answering(PLAIN, |_| {
        let frames = stream::repeat_with(|| Ok(Frame::data(Bytes::from_static(b"x")))).boxed();
        Ok(answer(200, &[], StreamBody::new(frames).boxed_unsync()))
    });
    let mut body = api.open("GET /orders/7", &[], empty()).into_body();
    let frame = futures_util::FutureExt::now_or_never(body.frame()).unwrap();
    assert_eq!(frame.unwrap().unwrap().into_data().unwrap(), "x");
    let got = api.send("HEAD /orders/7", &[], "");
    assert_eq!((got.status, got.header("content-length")), (200, None));
}

#[test]
fn upstream_errors_are_relayed_with_their_status() {
    for status in [301, 304, 400, 401, 404, 429, 500, 503] {
        for resources in [PLAIN, SHAPED] {
            let api = Api::answering(resources, move |_| {
                let headers = [
                    ("content-type", "application/json"),
                    ("retry-after", "9"),
                    ("www-authenticate", "Bearer"),
                    ("set-cookie", "a=b"),
                ];
                Ok(answer(status, &headers, full(r#"{"error":"upstream"}"#)))
            });
            let got = api.get("/orders/7");
            assert_eq!(got.status, status);
            assert_eq!(got.text(), r#"{"error":"upstream"}"#);
            assert_eq!(got.header("retry-after"), Some("9"));
            assert_eq!(got.header("x-content-type-options"), Some("nosniff"));
            assert_eq!(got.header("www-authenticate"), None);
            assert_eq!(got.header("set-cookie"), None);
        }
    }
}

#[test]
fn an_error_that_repeats_the_secret_is_masked() {
    let api = Api::answering(PLAIN, |request| {
        let sent = request.headers().get("authorization").unwrap();
        let body = format!("you sent {}", sent.to_str().unwrap());
        let mut answer = answer(403, &[], full(body));
        answer.headers_mut().insert("link", sent.clone());
        Ok(answer)
    });
    let got = api.get("/orders/7");
    assert_eq!((got.status, got.text()), (403, "you sent Bearer ***"));
    assert_eq!(got.header("link"), Some("Bearer ***"));
    let seen = api.seen();
    assert_eq!(
        seen[0].headers.get("authorization").unwrap(),
        &format!("Bearer {SECRET}")
    );
}

#[test]
fn shaped_answers_are_json() {
    let api = Api::answering(SHAPED, |_| {
        let body = r#"{"order":{"id":7,"total":"9.5","more":1}}"#;
        Ok(answer(
            201,
            &[("content-type", "text/plain"), ("etag", "x")],
            full(body),
        ))
    });
    let got = api.get("/orders/7");
    assert_eq!((got.status, got.text()), (201, r#"{"id":"7","total":9.5}"#));
    let expected: HeaderMap = [
        ("content-type", "application/json"),
        ("x-content-type-options", "nosniff"),
    ]
    .into_iter()
    .map(|(n, v)| {
        (
            http::HeaderName::from_static(n),
            HeaderValue::from_static(v),
        )
    })
    .collect();
    assert_eq!(got.headers, expected);
    let head = api.send("HEAD /orders/7", &[], "");
    assert_eq!(
        (head.status, head.header("content-length")),
        (201, Some("22"))
    );
    assert!(head.body.is_empty());
}

#[test]
fn empty_and_bodyless_statuses_are_success() {
    for status in [200, 202, 204] {
        for resources in [PLAIN, SHAPED] {
            let api = Api::answering(resources, move |_| Ok(answer(status, &[], empty())));
            let got = api.get("/orders/7");
            assert_eq!((got.status, got.text()), (status, ""));
        }
    }
    // A status that promises no body cannot carry a value.
    let api = Api::answering(SHAPED, |_| Ok(json_answer(204, r#"{"order":{"id":"7"}}"#)));
    let got = api.get("/orders/7");
    assert_eq!(
        (got.status, got.text()),
        (200, r#"{"id":"7","total":null}"#)
    );
}

#[test]
fn encoded_answers_pass_to_callers_that_take_them() {
    let api = Api::answering(PLAIN, |_| {
        let coding = [
            ("content-encoding", "br"),
            ("content-type", "application/json"),
        ];
        Ok(answer(200, &coding, full("...")))
    });
    let got = api.send("GET /orders/7", &[("accept-encoding", "gzip, br")], "");
    assert_eq!(
        (got.status, got.header("content-encoding")),
        (200, Some("br"))
    );
    for headers in [&[][..], &[("accept-encoding", "gzip")]] {
        let got = api.send("GET /orders/7", headers, "");
        assert_eq!(
            (got.status, got.problem().as_str()),
            (502, "upstream-content-encoding")
        );
        assert_eq!(got.header("content-encoding"), None);
    }
    let api = Api::answering(PLAIN, |_| {
        Ok(answer(404, &[("content-encoding", "br")], full("...")))
    });
    assert_eq!(api.get("/orders/7").status, 404);
}

#[test]
fn a_switch_of_protocols_is_not_passed_on() {
    let api = Api::answering(PLAIN, |_| {
        Ok(answer(101, &[("upgrade", "websocket")], empty()))
    });
    let got = api.get("/orders/7");
    assert_eq!(
        (got.status, got.problem().as_str()),
        (502, "upstream-answer-unusable")
    );
}
