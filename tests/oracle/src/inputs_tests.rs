//! Which inputs a unit has, and of which types.

use serde_json::{Map, Value, json};

use crate::testing::{broken, called, document, only, rest, tool};
use crate::{Call, Caller, ExpectedBody, Fill};

fn arguments(call: &Call) -> &Map<String, Value> {
    match &call.caller {
        Caller::Tool { arguments, .. } => arguments,
        Caller::Rest { .. } => panic!("a tool"),
    }
}

fn names(call: &Call) -> Vec<&str> {
    arguments(call).keys().map(String::as_str).collect()
}

fn sent(call: &Call) -> Vec<&str> {
    call.expected
        .query
        .iter()
        .map(|(name, _)| name.as_str())
        .collect()
}

#[test]
fn a_tool_that_declares_nothing_has_every_input_of_the_operation() {
    let op = "method: POST, path: '/a/{id}', inputParameters: [{name: q, in: query}, {name: r, in: query, required: true}], body: {type: json, data: {n: '{{tools.name}}', p: '{{plain}}'}}";
    assert_eq!(
        names(&only(&tool(op, ""))),
        ["id", "q", "r", "name", "plain"]
    );
}

#[test]
fn a_tool_that_declares_some_keeps_required_ones_and_placeholders_only() {
    let op = "method: POST, path: '/a/{id}', inputParameters: [{name: q, in: query}, {name: r, in: query, required: true, type: integer}], body: {type: json, data: {n: '{{tools.name}}'}}";
    let call = only(&tool(
        op,
        "inputParameters: [{name: x, type: string, description: d}]",
    ));
    assert_eq!(names(&call), ["x", "id", "r"]);
    assert_eq!(arguments(&call)["r"], json!(103), "the consumed type");
    assert_eq!(
        call.expected.body,
        ExpectedBody::Json(json!({})),
        "a missing lone placeholder leaves its member out"
    );
}

#[test]
fn with_renames_and_its_reference_is_the_input() {
    let op = "method: GET, path: '/a/{id}', inputParameters: [{name: id, in: path, type: integer}]";
    for reference in [
        "tools.order_id",
        "mcp.order_id",
        "ai.order_id",
        "$this.ai.order_id",
        "rest.order_id",
        "'{{tools.order_id}}'",
        "'{{order_id}}'",
    ] {
        let call = only(&tool(op, &format!("with: {{id: {reference}}}")));
        assert_eq!(
            arguments(&call),
            json!({"order_id": 101}).as_object().unwrap(),
            "{reference}"
        );
        assert_eq!(call.expected.path, "/a/101", "{reference}");
    }
}

#[test]
fn a_with_key_hides_the_input_of_its_name_even_without_a_value() {
    let op = "method: POST, path: /a, body: {type: json, data: {x: '{{tools.x}}'}}";
    let call = only(&tool(op, "with: {x: tools.y}"));
    assert_eq!(names(&call), ["y"]);
    assert_eq!(
        call.expected.body,
        ExpectedBody::Json(json!({"x": arguments(&call)["y"]}))
    );
    let call = only(&tool(op, "with: {x: null}"));
    assert!(names(&call).is_empty());
    assert_eq!(call.expected.body, ExpectedBody::Json(json!({})));
}

#[test]
fn with_literals_variables_and_templates() {
    let op = "method: POST, path: /a, inputParameters: [{name: a, in: body}, {name: b, in: body}, {name: c, in: body}, {name: d, in: body}, {name: e, in: body}, {name: f, in: body}]";
    let call = only(&tool(
        op,
        "with: {a: ACTIVE, b: 7, c: TOKEN, d: env.TOKEN, e: 'x-{{TOKEN}}-{{tools.z}}', f: 'rest. of it'}",
    ));
    let z = arguments(&call)["z"].as_str().unwrap();
    let expected = json!({"a": "ACTIVE", "b": 7, "c": "env-TOKEN", "d": "env-TOKEN", "e": format!("x-env-TOKEN-{z}"), "f": "rest. of it"});
    assert_eq!(call.expected.body, ExpectedBody::Json(expected));
}

#[test]
fn whole_names_places_and_walks() {
    let op = "method: GET, path: /a, inputParameters: [{name: 'filter[s]', in: query}, {name: a.b, in: query}, {name: page, in: query}]";
    let call = only(&tool(
        op,
        "with: {'filter[s]': 'tools.filter[s]', a.b: tools.a.b, page: tools.query.page}",
    ));
    assert_eq!(names(&call), ["filter[s]", "a.b", "page"]);
    let op = "method: POST, path: /a, inputParameters: [{name: scope, in: body}], body: {type: json, data: {id: '{{tools.scope.id}}'}}";
    let call = only(&tool(op, ""));
    assert_eq!(
        call.expected.body,
        ExpectedBody::Json(json!({"id": arguments(&call)["scope"]["id"]}))
    );
    let document = rest(
        "method: POST, path: /a, inputParameters: [{name: p, in: body}]",
        "/a",
        "method: POST, with: {p: rest.query.p}",
    );
    let Caller::Rest { query, body, .. } = only(&document).caller else {
        panic!("rest")
    };
    assert_eq!((query.len(), body), (1, None));
}

#[test]
fn bound_names_values_credentials_and_the_operators_are_no_inputs() {
    let client = "baseUri: 'https://{region}.h', authentication: {type: apikey, key: X-Key, value: '{{TOKEN}}'}, resources: [{path: /a, operations: [{name: op, method: GET, inputParameters: [{name: region, in: path}, {name: x-key, in: header, required: true}, {name: TOKEN, in: query}, {name: v, in: query, value: fixed}, {name: q, in: query}]}]}]";
    let document = document(client, "", "{name: u, call: api.op}");
    let call = only(&document);
    assert_eq!(names(&call), ["q"]);
    assert_eq!(
        call.expected.query[..2],
        [
            ("TOKEN".to_owned(), "env-TOKEN".to_owned()),
            ("v".to_owned(), "fixed".to_owned())
        ]
    );
    assert_eq!(
        call.expected.headers,
        [("X-Key".to_owned(), "env-TOKEN".to_owned())]
    );
    assert_eq!(document.upstreams[0].to_set, ["region"]);
}

#[test]
fn unbound_screaming_names_are_errors_outside_authentication() {
    let code = |operation: &str, unit: &str| broken(&tool(operation, unit).cases(Fill::All)[0]);
    assert_eq!(
        code(
            "method: POST, path: /a, body: {type: json, data: {k: '{{OTHER}}'}}",
            ""
        ),
        "unbound-variable"
    );
    assert_eq!(
        code("method: GET, path: '/a/{{OTHER}}'", ""),
        "unbound-variable"
    );
    assert_eq!(
        code("method: GET, path: '/a/{id}'", "with: {id: env.OTHER}"),
        "unbound-variable"
    );
    let call = only(&tool("method: GET, path: '/{CVE}/{{TOKEN}}'", ""));
    assert_eq!(names(&call), ["CVE"], "single braces are a placeholder");
    assert!(call.expected.path.ends_with("/env-TOKEN"));
}

#[test]
fn a_write_without_a_body_has_the_optional_input_body() {
    let call = only(&tool("method: POST, path: /a", ""));
    assert_eq!(names(&call), ["body"]);
    assert_eq!(
        call.expected.body,
        ExpectedBody::Json(arguments(&call)["body"].clone())
    );
    let call = only(&rest(
        "method: POST, path: /a, inputParameters: [{name: q, in: query}]",
        "/a",
        "method: POST",
    ));
    let Caller::Rest { query, body, .. } = &call.caller else {
        panic!("rest")
    };
    assert_eq!(query.len(), 1);
    assert_eq!(
        call.expected.body,
        ExpectedBody::Json(body.clone().unwrap())
    );
    for (operation, unit) in [
        ("method: DELETE, path: /a", ""),
        ("method: POST, path: /a, body: {type: json}", ""),
        (
            "method: POST, path: /a",
            "inputParameters: [{name: x, type: string}]",
        ),
    ] {
        assert_eq!(
            only(&tool(operation, unit)).expected.body,
            ExpectedBody::None,
            "{operation} {unit}"
        );
    }
}

#[test]
fn with_keys_that_nothing_takes() {
    let call = only(&tool("method: GET, path: /a", "with: {x: tools.x, y: lit}"));
    assert_eq!(
        call.expected.loose_query[1],
        ("y".to_owned(), "lit".to_owned())
    );
    assert_eq!(call.expected.loose_query.len(), 2);
    let call = only(&tool(
        "method: POST, path: /a, inputParameters: [{name: z, in: body}]",
        "with: {y: lit}",
    ));
    assert_eq!(
        call.expected.body,
        ExpectedBody::Json(json!({"z": arguments(&call)["z"], "y": "lit"}))
    );
    let document = tool(
        "method: POST, path: /a, body: {type: json, data: {k: 1}}",
        "with: {y: lit}",
    );
    assert_eq!(broken(&document.cases(Fill::All)[0]), "with-beside-body");
}

#[test]
fn rest_finds_undeclared_inputs_by_path_query_body_and_header() {
    let op = "method: POST, path: '/b/{id}', inputParameters: [{name: q, in: query}, {name: X-T, in: header}, {name: User-Agent, in: header}], body: {type: json, data: {n: '{{tools.n}}'}}";
    let call = only(&rest(op, "/a/{id}", "method: POST"));
    let Caller::Rest {
        path,
        query,
        headers,
        body,
        ..
    } = &call.caller
    else {
        panic!("rest")
    };
    assert_eq!(path, "/a/v1%20a%2Fb%26c%3D%C3%A9%22%2B%25%3F%23");
    assert_eq!(call.expected.path, path.replace("/a/", "/b/"));
    assert_eq!(
        query
            .iter()
            .map(|(name, _)| name.as_str())
            .collect::<Vec<_>>(),
        ["q", "User-Agent"]
    );
    assert_eq!(headers.len(), 1, "only the open header");
    assert!(body.as_ref().unwrap().get("n").is_some());
    assert_eq!(
        call.expected.headers[1],
        ("User-Agent".to_owned(), "agent/7".to_owned())
    );
}

#[test]
fn the_input_body_is_the_whole_body_and_the_others_go_elsewhere() {
    let op = "method: POST, path: /a, body: {type: json, data: '{{tools.body}}'}, inputParameters: [{name: q, in: query}]";
    let call = only(&rest(op, "/a", "method: POST"));
    let Caller::Rest { body, query, .. } = &call.caller else {
        panic!("rest")
    };
    assert_eq!(
        call.expected.body,
        ExpectedBody::Json(body.clone().unwrap())
    );
    assert_eq!(query.len(), 1);
    let op = "method: POST, path: /a, inputParameters: [{name: body, in: body, type: string}]";
    let call = only(&rest(op, "/a", "method: POST"));
    let Caller::Rest { body, .. } = &call.caller else {
        panic!("rest")
    };
    assert_eq!(
        call.expected.body,
        ExpectedBody::Json(body.as_ref().unwrap()["body"].clone())
    );
}

#[test]
fn required_ones_only() {
    let op = "method: GET, path: '/a/{id}', inputParameters: [{name: o, in: query}, {name: r, in: query, required: true}]";
    let mut cases = tool(op, "").cases(Fill::Required);
    let call = called(cases.remove(0));
    assert_eq!(names(&call), ["id", "r"]);
    assert_eq!(sent(&call), ["r"]);
    // A declared tool input: as its consumed input says, else required.
    let declared = "inputParameters: [{name: o, type: string}, {name: s, type: string}, {name: n, type: string, required: false}]";
    let op = "method: GET, path: /a, inputParameters: [{name: o, in: query, required: false}, {name: s, in: query}, {name: n, in: query}]";
    let call = called(tool(op, declared).cases(Fill::Required).remove(0));
    assert_eq!(names(&call), ["s"]);
}

#[test]
fn a_declared_type_wins_and_a_missing_one_comes_from_the_consumed_input() {
    let op = "method: GET, path: /a, inputParameters: [{name: p, in: query, type: integer}, {name: q, in: query, type: integer}, {name: e, in: query, enum: [x, y]}]";
    let declared =
        "inputParameters: [{name: p, type: boolean}, {name: q}, {name: e, type: string}]";
    let call = only(&tool(op, declared));
    assert_eq!(
        arguments(&call),
        json!({"p": true, "q": 102, "e": "x"}).as_object().unwrap()
    );
}

#[test]
fn the_credential_is_never_asked_for_even_when_with_or_the_tool_names_it() {
    let client = "baseUri: 'https://h', authentication: {type: apikey, key: api_key, placement: query, value: '{{TOKEN}}'}, resources: [{path: '/a', operations: [{name: op, method: GET, inputParameters: [{name: api_key, in: query, required: true}, {name: q, in: query}]}]}]";
    for unit in [
        "",
        "with: {api_key: tools.key, q: tools.q}",
        "inputParameters: [{name: api_key, type: string}, {name: q, type: string}]",
    ] {
        let call = only(&document(
            client,
            "",
            &format!("{{name: u, call: api.op, {unit}}}"),
        ));
        assert_eq!(names(&call), ["q"], "{unit}");
        assert_eq!(sent(&call), ["q"], "{unit}");
        assert_eq!(
            call.expected.loose_query,
            [("api_key".to_owned(), "env-TOKEN".to_owned())],
            "{unit}"
        );
    }
}
