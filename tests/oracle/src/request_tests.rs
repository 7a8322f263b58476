//! The request that a call must send, place by place.

use serde_json::json;

use crate::testing::{document, only, rest, tool};
use crate::{Caller, ExpectedBody, Fill};

fn pair(name: &str, value: &str) -> (String, String) {
    (name.to_owned(), value.to_owned())
}

#[test]
fn written_queries_stay_before_the_declared_ones_in_order() {
    let op = "method: GET, path: '/a?Action=Run&v={ver}', inputParameters: [{name: z, in: query, type: integer}, {name: a, in: query, type: boolean}]";
    let call = only(&tool(op, "with: {ver: 'x y'}"));
    assert_eq!(
        call.expected.query,
        [
            pair("Action", "Run"),
            pair("v", "x y"),
            pair("z", "101"),
            pair("a", "false")
        ]
    );
    assert_eq!(call.expected.path, "/a");
}

#[test]
fn arrays_repeat_the_name_and_objects_are_compact_json() {
    let op = "method: GET, path: /a, inputParameters: [{name: 'ids[]', in: query, type: array}, {name: o, in: query, type: object}]";
    let call = only(&tool(op, ""));
    let names: Vec<&str> = call
        .expected
        .query
        .iter()
        .map(|(name, _)| name.as_str())
        .collect();
    assert_eq!(names, ["ids[]", "ids[]", "o"]);
    assert!(call.expected.query[2].1.starts_with("{\"oracle_k\":"));
    let call = only(&rest(op, "/a", "method: GET"));
    let Caller::Rest { query, .. } = &call.caller else {
        panic!("rest")
    };
    assert_eq!(
        query[..2],
        call.expected.query[..2],
        "a REST caller repeats it too"
    );
}

#[test]
fn path_inputs_without_a_placeholder_are_appended_in_order() {
    let op = "method: GET, path: /a/, inputParameters: [{name: one, in: path, type: integer}, {name: two, in: path, type: integer}]";
    assert_eq!(only(&tool(op, "")).expected.path, "/a/101/102");
}

#[test]
fn placeholders_in_every_style_fill_parts_of_segments() {
    let op = "method: GET, path: \"/x/{a}.json/p('{{b}}')/{{tools.c}}:go\", inputParameters: [{name: a, in: path, type: integer}, {name: b, in: path, type: integer}, {name: c, in: path, type: integer}]";
    assert_eq!(
        only(&tool(op, "")).expected.path,
        "/x/101.json/p('102')/103:go"
    );
}

#[test]
fn json_bodies_keep_types_and_render_text_around() {
    let op = "method: POST, path: /a, inputParameters: [{name: n, in: body, type: integer}, {name: extra, in: body, type: boolean}], body: {type: json, data: {n: '{{tools.n}}', s: 'n={{tools.n}}', deep: [{l: true, t: '{{TOKEN}}'}], gone: '{{tools.never}}'}}";
    let call = only(&tool(
        op,
        "inputParameters: [{name: n, type: integer}, {name: extra, type: boolean}]",
    ));
    let expected =
        json!({"n": 101, "s": "n=101", "deep": [{"l": true, "t": "env-TOKEN"}], "extra": false});
    assert_eq!(call.expected.body, ExpectedBody::Json(expected));
}

#[test]
fn other_kinds_of_bodies() {
    let body = |body: &str| {
        only(&tool(&format!("method: POST, path: /a, inputParameters: [{{name: n, in: query, type: integer}}], body: {body}"), "")).expected.body
    };
    assert_eq!(
        body("{type: form, data: {a: '{{tools.n}}', b: 'x y', c: '{{TOKEN}}'}}"),
        ExpectedBody::Form(vec![
            pair("a", "101"),
            pair("b", "x y"),
            pair("c", "env-TOKEN")
        ])
    );
    assert_eq!(
        body("{type: text, data: 'n {{n}}'}"),
        ExpectedBody::Text("n 101".to_owned(), "text/plain".to_owned())
    );
    assert_eq!(
        body("{type: xml, data: '<a/>'}"),
        ExpectedBody::Text("<a/>".to_owned(), "application/xml".to_owned())
    );
    assert_eq!(
        body("{type: yaml, data: {a: '{{tools.n}}'}}"),
        ExpectedBody::Yaml(json!({"a": 101}))
    );
    assert_eq!(
        body("{type: multipartForm, data: [{name: a, value: b}]}"),
        ExpectedBody::Any("multipart/form-data")
    );
    assert_eq!(
        body("{type: json, data: ['{{tools.n}}', 2]}"),
        ExpectedBody::Json(json!([101, 2]))
    );
    assert_eq!(
        body("{type: json, data: '{{tools.n}}'}"),
        ExpectedBody::Json(json!(101))
    );
    assert_eq!(body("{type: json, data: null}"), ExpectedBody::None);
}

#[test]
fn in_body_inputs_make_the_body() {
    let op = |inputs: &str| format!("method: POST, path: /a, inputParameters: [{inputs}]");
    let call = only(&tool(
        &op("{name: a, in: body, type: integer}, {name: b, in: body, type: boolean}"),
        "",
    ));
    assert_eq!(
        call.expected.body,
        ExpectedBody::Json(json!({"a": 101, "b": false}))
    );
    let call = only(&tool(&op("{name: body, in: body, type: array}"), ""));
    assert!(matches!(call.expected.body, ExpectedBody::Json(value) if value.is_array()));
    let call = only(&tool(
        "method: POST, path: /a, body: {type: json}, inputParameters: [{name: a, in: body, type: integer}]",
        "",
    ));
    assert_eq!(call.expected.body, ExpectedBody::Json(json!({"a": 101})));
}

#[test]
fn in_body_inputs_without_a_value_leave_an_empty_object() {
    let op = "method: POST, path: /a, inputParameters: [{name: a, in: body}]";
    let case = tool(op, "").cases(Fill::Required).remove(0);
    assert_eq!(
        crate::testing::called(case).expected.body,
        ExpectedBody::Json(json!({}))
    );
}

#[test]
fn credentials() {
    let with = |auth: &str| {
        let client = format!(
            "baseUri: 'https://h', authentication: {auth}, resources: [{{path: /a, operations: [{{name: op, method: GET}}]}}]"
        );
        only(&document(&client, "", "{name: u, call: api.op}")).expected
    };
    assert_eq!(
        with("{type: bearer, token: '{{env.TOKEN}}'}").headers,
        [pair("Authorization", "Bearer env-TOKEN")]
    );
    assert_eq!(
        with("{type: bearer, token: '{{UNBOUND}}'}").headers,
        [pair("Authorization", "Bearer env-UNBOUND")]
    );
    assert_eq!(
        with("{type: basic, username: u, password: ''}").headers,
        [pair("Authorization", "Basic dTo=")]
    );
    assert_eq!(
        with("{type: apikey, key: Authorization, value: 'Token {{TOKEN}}'}").headers,
        [pair("Authorization", "Token env-TOKEN")]
    );
    assert_eq!(
        with("{type: apikey, headers: {A: '{{TOKEN}}', B: '{{REGION}}'}}").headers,
        [pair("A", "env-TOKEN"), pair("B", "env-AWS_REGION")]
    );
    assert_eq!(
        with("{type: apikey, name: k, in: query, value: '{{TOKEN}}'}").loose_query,
        [pair("k", "env-TOKEN")]
    );
    assert!(
        with("{type: digest, username: u, password: p}")
            .headers
            .is_empty(),
        "the echo does not challenge"
    );
}

#[test]
fn a_rest_value_reaches_a_body_with_its_declared_type() {
    let op = "method: POST, path: /a, inputParameters: [{name: n, in: body, type: integer}]";
    let call = only(&rest(op, "/a/{n}", "method: POST"));
    let Caller::Rest { path, body, .. } = &call.caller else {
        panic!("rest")
    };
    assert_eq!((path.as_str(), body), ("/a/101", &None));
    assert_eq!(call.expected.body, ExpectedBody::Json(json!({"n": 101})));
}

#[test]
fn only_required_leaves_optional_members_out() {
    let op =
        "method: POST, path: /a, body: {type: json, data: {a: '{{tools.a}}', s: 'x{{tools.a}}'}}";
    let case = tool(op, "").cases(Fill::Required).remove(0);
    assert_eq!(
        crate::testing::called(case).expected.body,
        ExpectedBody::Json(json!({"s": "x"}))
    );
}

#[test]
fn a_path_without_a_leading_slash_is_joined_with_one() {
    let call = only(&rest(
        "method: GET, path: 'b/{id}'",
        "a/{id}",
        "method: GET, with: {id: 7}",
    ));
    assert_eq!(call.expected.path, "/b/7");
    let Caller::Rest { path, .. } = &call.caller else {
        panic!("rest")
    };
    assert!(path.starts_with("/a/v1"), "{path}");
}
