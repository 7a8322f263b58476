//! Where inputs are found, and what is refused.

use bytes::Bytes;
use futures_util::stream;
use http_body::Frame;
use http_body_util::StreamBody;
use naftiko_expose::ExposureLimits;

use crate::support::{Api, document, json_answer, plan};

const UNDECLARED: &str = "
        - path: /orders
          operations:
            - {method: GET, name: list, call: shop.list-orders}
            - {method: POST, name: create, call: shop.create-order}
            - {method: DELETE, name: drop, call: shop.delete-order}
        - path: /send
          operations:
            - {method: POST, name: send, call: shop.send}
        - path: /orders/{order_id}
          operations:
            - {method: PUT, name: replace, call: shop.replace-order}
            - {method: GET, name: get, call: shop.get-order}
";

const JSON: (&str, &str) = ("content-type", "application/json");
const FORM: (&str, &str) = ("content-type", "application/x-www-form-urlencoded");

#[test]
fn undeclared_inputs_come_from_query_body_and_headers() {
    let api = Api::new(UNDECLARED);
    let headers = [("x-trace", "t1"), ("cookie", "a=b"), ("x-other", "no")];
    assert_eq!(
        api.send("GET /orders?page=a%20b&size=7&other=1", &headers, "")
            .status,
        200
    );
    let seen = api.seen();
    assert_eq!(
        seen[0].line,
        "GET https://api.test/base/orders?page=a%20b&size=7"
    );
    assert_eq!(seen[0].headers.get("x-trace").unwrap(), "t1");
    assert_eq!(seen[0].headers.get("cookie"), None);
    assert_eq!(seen[0].headers.get("x-other"), None);
    assert_eq!(
        api.send("POST /orders", &[JSON], r#"{"title":"T","count":2}"#)
            .status,
        200
    );
    assert_eq!(api.sent_body(), r#"{"title":"T","count":2}"#);
    assert_eq!(
        api.send("POST /orders", &[FORM], "title=a+%26b&count=3")
            .status,
        200
    );
    assert_eq!(api.sent_body(), r#"{"title":"a &b","count":3}"#);
    assert_eq!(
        api.send("POST /orders?count=4", &[JSON], r#"{"title":"T"}"#)
            .status,
        200
    );
    assert_eq!(api.sent_body(), r#"{"title":"T","count":4}"#);
    assert_eq!(
        api.send("DELETE /orders", &[JSON], r#"{"order_id":9}"#)
            .status,
        200
    );
    assert_eq!(api.lines(), ["DELETE https://api.test/base/orders/9"]);
}

#[test]
fn callers_credentials_and_connection_headers_stay_here() {
    let api = Api::new(UNDECLARED);
    let headers = [
        ("authorization", "Bearer mine"),
        ("cookie", "session=1"),
        ("x-forwarded-for", "1.2.3.4"),
        ("accept", "text/html"),
        ("user-agent", "me"),
    ];
    assert_eq!(api.send("GET /orders", &headers, "").status, 200);
    let seen = &api.seen()[0];
    let mut names: Vec<_> = seen.headers.keys().map(http::HeaderName::as_str).collect();
    names.sort_unstable();
    assert_eq!(names, ["accept", "authorization"]);
    assert_ne!(seen.headers.get("accept").unwrap(), "text/html");
    assert_ne!(seen.headers.get("authorization").unwrap(), "Bearer mine");
}

#[test]
fn different_values_in_two_places_are_refused() {
    let api = Api::new(UNDECLARED);
    let got = api.send("PUT /orders/7?order_id=8", &[], "");
    assert_eq!(
        (got.status, got.problem().as_str()),
        (400, "conflicting-input")
    );
    assert_eq!(got.json()["input"], "order_id");
    assert_eq!(
        got.detail(),
        "the input `order_id` was given with different values, in the path and in the query"
    );
    let got = api.send("POST /orders?count=1", &[JSON], r#"{"count":2}"#);
    assert_eq!(got.problem(), "conflicting-input");
    let got = api.send("GET /orders?X-Trace=a", &[("x-trace", "b")], "");
    assert_eq!(got.problem(), "conflicting-input");
    assert!(api.seen().is_empty());
    // The same value twice, as text and as a number, is no conflict.
    assert_eq!(
        api.send("POST /orders?count=2", &[JSON], r#"{"count":2}"#)
            .status,
        200
    );
    assert_eq!(api.send("PUT /orders/7?order_id=7", &[], "").status, 200);
}

#[test]
fn the_input_body_is_the_whole_body() {
    let api = Api::new(UNDECLARED);
    for (sent, passed) in [
        (
            r#"{"a":{"b":[1,2.50,null]}}"#,
            r#"{"a":{"b":[1,2.5,null]}}"#,
        ),
        ("[1,2]", "[1,2]"),
        (r#""text""#, r#""text""#),
        (r#"{"body":{"x":1}}"#, r#"{"x":1}"#),
        (r#"{"body":1,"y":2}"#, r#"{"body":1,"y":2}"#),
        ("", ""),
        ("null", ""),
    ] {
        assert_eq!(api.send("POST /send", &[], sent).status, 200, "{sent}");
        assert_eq!(api.sent_body(), passed);
    }
    assert_eq!(api.send("POST /send", &[FORM], "a=1&b=2&a=3").status, 200);
    assert_eq!(api.sent_body(), r#"{"a":["1","3"],"b":"2"}"#);
    assert_eq!(api.send("PUT /orders/7", &[], r#"{"z":1}"#).status, 200);
    assert_eq!(api.sent_body(), r#"{"z":1}"#);
}

#[test]
fn bad_bodies_are_refused() {
    let api = Api::new(UNDECLARED);
    let status = |headers: &[(&str, &str)], body: &str| {
        let got = api.send("POST /orders", headers, body);
        (got.status, got.problem())
    };
    assert_eq!(status(&[], "{"), (400, "invalid-body".into()));
    assert_eq!(status(&[], "[1]"), (400, "invalid-body".into()));
    assert_eq!(
        status(&[], &"[".repeat(200_000)),
        (400, "invalid-body".into())
    );
    assert_eq!(status(&[FORM], "title=%FF"), (400, "invalid-body".into()));
    let text = ("content-type", "text/plain");
    assert_eq!(status(&[text], "x"), (415, "unsupported-media-type".into()));
    assert_eq!(
        status(&[FORM], r#"{"title":"T"}"#),
        (415, "unsupported-media-type".into())
    );
    assert!(api.seen().is_empty());
    // Nothing is wrong with the type of no body.
    assert_eq!(api.send("POST /orders", &[text], "").status, 200);
}

#[test]
fn a_body_that_no_input_needs_is_not_read() {
    let api = Api::new(UNDECLARED);
    let endless = || {
        let frames =
            stream::repeat_with(|| Ok::<_, std::io::Error>(Frame::data(Bytes::from_static(b"x"))));
        StreamBody::new(frames)
    };
    assert_eq!(
        api.send_body("GET /orders?page=1", &[JSON], endless())
            .status,
        200
    );
    assert_eq!(api.lines(), ["GET https://api.test/base/orders?page=1"]);
    assert_eq!(
        api.send("GET /orders?page=1", &[], r#"{"page":2}"#).status,
        200
    );
}

#[test]
fn a_body_is_read_for_inputs_that_only_it_can_have() {
    let api = Api::new(
        "
        - path: /orders/{order_id}
          operations:
            - {method: DELETE, name: drop, call: shop.delete-order}
            - method: GET
              name: find
              call: shop.get-order
              inputParameters: [{name: order_id, in: body, type: string}]
",
    );
    // The path gives all that DELETE takes.
    let text = ("content-type", "text/plain");
    assert_eq!(api.send("DELETE /orders/7", &[text], "why not").status, 200);
    // The document declares that the body of this GET has a meaning, and the path still has its value.
    assert_eq!(api.send("GET /orders/7", &[], "").status, 200);
    assert_eq!(
        api.send("GET /orders/7", &[], r#"{"order_id":"7"}"#).status,
        200
    );
    let got = api.send("GET /orders/7", &[], r#"{"order_id":"8"}"#);
    assert_eq!(
        (got.status, got.problem().as_str()),
        (400, "conflicting-input")
    );
    assert_eq!(api.seen().len(), 3);
}

#[test]
fn large_bodies_are_413() {
    let limits = ExposureLimits {
        request_body: 100,
        ..ExposureLimits::default()
    };
    let (plan, _) = plan(&document(UNDECLARED));
    let api = Api::serving(plan, |_| Ok(json_answer(200, "{}")), limits);
    let fits = format!("\"{}\"", "x".repeat(98));
    assert_eq!(api.send("POST /send", &[], &fits).status, 200);
    let got = api.send("POST /send", &[], &format!("{fits} "));
    assert_eq!(
        (got.status, got.problem().as_str()),
        (413, "body-too-large")
    );
    // Endless, of unknown length.
    let frames =
        stream::repeat_with(|| Ok::<_, std::io::Error>(Frame::data(Bytes::from_static(b"  "))));
    assert_eq!(
        api.send_body("POST /send", &[], StreamBody::new(frames))
            .status,
        413
    );
    // Announced: not one byte is asked for.
    let never = StreamBody::new(stream::poll_fn(
        |_| -> std::task::Poll<Option<Result<Frame<Bytes>, std::io::Error>>> {
            panic!("the body was read")
        },
    ));
    assert_eq!(
        api.send_body("POST /send", &[("content-length", "101")], never)
            .status,
        413
    );
    let broken = StreamBody::new(stream::iter([Err::<Frame<Bytes>, _>(
        std::io::Error::other("gone"),
    )]));
    let got = api.send_body("POST /send", &[], broken);
    assert_eq!((got.status, got.problem().as_str()), (400, "invalid-body"));
    assert_eq!(api.seen().len(), 1);
}

const DECLARED: &str = "
        - path: /orders/{id}
          inputParameters:
            - {name: page, in: header, type: integer}
            - {name: lang, in: query, type: string}
          operations:
            - method: POST
              name: create
              call: shop.create-order
              inputParameters:
                - {name: id, in: path, type: integer}
                - {name: page, in: query, type: integer}
                - {name: tags, in: query, type: array}
                - {name: on, in: query, type: boolean}
                - {name: Session, in: cookie, type: string}
                - {name: Authorization, in: header, type: string}
                - {name: note, in: body, type: string, pattern: '^[a-z]+$'}
                - {name: more, in: body, type: object}
              with:
                title: '{{rest.note}}-{{rest.id}}-{{rest.page}}-{{rest.tags}}-{{rest.on}}-{{rest.Session}}-{{rest.Authorization}}-{{rest.lang}}-{{rest.more}}'
                count: rest.id
";

#[test]
fn declared_inputs_are_read_where_they_are_declared() {
    let api = Api::new(DECLARED);
    let target =
        "POST /orders/7?page=2&tags=a&tags=b&on=true&note=query&Session=query&id=9&lang=en";
    let headers = [
        ("cookie", "x=1; Session=\"abc\"; y=2"),
        ("authorization", "Custom"),
        ("page", "99"),
        JSON,
    ];
    let body = r#"{"note":"fine","page":3,"more":{"z":[1]}}"#;
    let got = api.send(target, &headers, body);
    assert_eq!(got.status, 200, "{}", got.text());
    let expected = r#"{"title":"fine-7-2-[\"a\",\"b\"]-true-abc-Custom-en-{\"z\":[1]}","count":7}"#;
    assert_eq!(api.sent_body(), expected);
    let got = api.send(
        "POST /orders/7?tags=%5B1%2C2%5D",
        &[JSON],
        r#"{"note":null}"#,
    );
    assert_eq!(got.status, 200, "{}", got.text());
    assert_eq!(api.sent_body(), r#"{"title":"-7--[1,2]-----","count":7}"#);
    // A form member is text of the declared type.
    let got = api.send("POST /orders/7", &[FORM], "note=abc&more=%7B%22a%22%3A1%7D");
    assert_eq!(got.status, 200, "{}", got.text());
    assert_eq!(
        api.sent_body(),
        r#"{"title":"abc-7-------{\"a\":1}","count":7}"#
    );
}

#[test]
fn bad_inputs_are_named_with_what_came_and_what_was_expected() {
    let api = Api::new(DECLARED);
    for (line, body, input, detail) in [
        (
            "POST /orders/x",
            "",
            "id",
            "the input `id` must be an integer, but `\"x\"` came",
        ),
        (
            "POST /orders/7?page=1.5",
            "",
            "page",
            "the input `page` must be an integer, but `\"1.5\"` came",
        ),
        (
            "POST /orders/7?page=1&page=2",
            "",
            "page",
            "the input `page` takes one value, but several came",
        ),
        (
            "POST /orders/7?on=yes",
            "",
            "on",
            "the input `on` must be `true` or `false`, but `\"yes\"` came",
        ),
        (
            "POST /orders/7",
            r#"{"note":"A1"}"#,
            "note",
            "the input `note` must be a string that matches `^[a-z]+$`, but `\"A1\"` came",
        ),
        (
            "POST /orders/7",
            r#"{"more":[]}"#,
            "more",
            "the input `more` must be an object, but `[]` came",
        ),
    ] {
        let got = api.send(line, &[JSON], body);
        assert_eq!(
            (got.status, got.problem().as_str()),
            (400, "invalid-input"),
            "{line}"
        );
        assert_eq!(got.json()["input"], input);
        assert_eq!(got.detail(), detail);
    }
    assert!(api.seen().is_empty());
}

#[test]
fn missing_inputs_are_named() {
    let api = Api::new(
        "
        - path: /orders
          operations:
            - method: GET
              name: get
              call: shop.get-order
              with: {order_id: rest.id}
              inputParameters: [{name: id, in: query, type: string, required: true}]
",
    );
    let got = api.get("/orders");
    assert_eq!((got.status, got.problem().as_str()), (400, "invalid-input"));
    assert_eq!(got.detail(), "the input `id` is required: a string");
    let got = api.get("/orders?id=");
    assert_eq!(
        (got.status, got.problem().as_str()),
        (400, "invalid-request")
    );
    assert!(api.seen().is_empty());
}

#[test]
fn repeated_values_without_a_type_are_a_list() {
    let api = Api::new(UNDECLARED);
    assert_eq!(api.get("/orders?page=1&page=2").status, 200);
    assert_eq!(
        api.lines(),
        ["GET https://api.test/base/orders?page=1&page=2"]
    );
    let got = api.get("/orders?size=1&size=2");
    assert_eq!((got.status, got.problem().as_str()), (400, "invalid-input"));
}

#[test]
fn hostile_text_is_refused_or_escaped() {
    let api = Api::new(UNDECLARED);
    let got = api.get("/orders?page=%FF");
    assert_eq!((got.status, got.problem().as_str()), (400, "invalid-query"));
    let got = api.get("/orders?size=%1B%5B31m%0A%3Cscript%3E");
    assert_eq!(got.problem(), "invalid-input");
    assert!(!got.text().contains('\u{1b}'));
    assert!(!got.detail().contains('\u{1b}') && !got.detail().contains('\n'));
    let got = api.get(&format!("/orders?size={}", "9".repeat(10_000)));
    assert!(got.text().len() < 500, "{}", got.text());
    // A value that becomes a header cannot begin another one.
    let got = api.get("/orders?X-Trace=a%0D%0Ab");
    assert_eq!(
        (got.status, got.problem().as_str()),
        (400, "invalid-request")
    );
    assert_eq!(got.json()["input"], "X-Trace");
    // Values are never read as templates.
    assert_eq!(api.get("/orders?page=%7B%7BSHOP_TOKEN%7D%7D").status, 200);
    assert_eq!(
        api.lines(),
        ["GET https://api.test/base/orders?page=%7B%7BSHOP_TOKEN%7D%7D"]
    );
    // Neither a lone `%` nor a `+` breaks a query.
    assert_eq!(api.get("/orders?page=50%+x").status, 200);
    assert_eq!(
        api.lines(),
        ["GET https://api.test/base/orders?page=50%25%20x"]
    );
}
