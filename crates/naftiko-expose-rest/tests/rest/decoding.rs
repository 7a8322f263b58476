//! What is found in documents, and what it breaks.

use crate::support::{SHOP, document, findings, plan};

/// Which units are sound.
fn sound(resources: &str) -> Vec<bool> {
    let (plan, _) = plan(&document(resources));
    plan.exposures[0]
        .units
        .iter()
        .map(|unit| unit.flow.is_ok())
        .collect()
}

#[test]
fn mistakes_in_operations_break_those_operations() {
    for (operation, finding) in [
        (
            "{name: x, call: shop.list-orders}",
            "error missing-key: `method` is missing on a REST operation",
        ),
        (
            "{method: GTE, call: shop.list-orders}",
            "error unknown-method: `GTE` is not an HTTP method that can be used",
        ),
        (
            "{method: GET, calls: x, call: shop.list-orders}",
            "warning unknown-key",
        ),
        (
            "{method: GET, name: y}",
            "error missing-call: `y` says nothing of what it does",
        ),
        (
            "{method: GET, call: shop.list-orders, responseBinary: {mediaType: image/png}}",
            "error not-supported: This version does not run `responseBinary`",
        ),
        (
            "{method: GET, call: shop.list-orders, responses: {'200': {content: {image/png: {binary: true}}}}}",
            "error not-supported: This version does not run binary `responses`",
        ),
        (
            "{method: GET, call: shop.list-orders, inputParameters: [{name: z, in: path, type: string}]}",
            "error missing-placeholder: The path `/a` has no placeholder for the input `z`",
        ),
        (
            "{method: GET, call: shop.list-orders, inputParameters: [{name: 'a b', in: header, type: string}]}",
            "error invalid-header-name: `a b` cannot be the name of a header",
        ),
        (
            "{method: GET, call: shop.list-orders, inputParameters: [{name: e, in: environment, type: string}]}",
            "error not-supported: This version does not run `in: environment` on an exposed server",
        ),
        (
            "{method: GET, path: '/{x}{y}', call: shop.list-orders}",
            "error invalid-path: Two placeholders with nothing between them cannot be told apart",
        ),
        (
            "{method: GET, path: '/b?c={d}', call: shop.list-orders}",
            "error invalid-path: A query that is written in an exposed path cannot hold placeholders",
        ),
        (
            "{method: GET, path: '/b#c', call: shop.list-orders}",
            "error invalid-path: A path cannot hold a fragment (`#…`): it is never sent to a server",
        ),
        (
            "{method: GET, path: '/../b', call: shop.list-orders}",
            "error invalid-path: A path cannot have the segments `.` and `..`",
        ),
        (
            "{method: GET, path: '/{ }', call: shop.list-orders}",
            "error malformed-template: A placeholder has no name",
        ),
        (
            "[]",
            "error wrong-type: Expected a mapping for a REST operation, but found a list",
        ),
    ] {
        let resources = format!(
            "
        - path: /a
          operations:
            - {operation}
            - {{method: POST, name: other, call: shop.create-order}}
"
        );
        let found = findings(&document(&resources));
        assert_eq!(found.len(), 1, "{operation}: {found:#?}");
        assert!(found[0].starts_with(finding), "{found:?}");
        let is_error = finding.starts_with("error");
        assert_eq!(sound(&resources), [!is_error, true], "{operation}");
    }
}

#[test]
fn mistakes_in_resources_break_their_operations() {
    let path_and = |input: &str| format!("path: /x\n          inputParameters: [{input}]");
    for (resource, finding) in [
        (
            "name: x".to_owned(),
            "error missing-key: `path` is missing on a resource",
        ),
        (
            "path: [x]".to_owned(),
            "error wrong-type: Expected text for `path`, but found a list",
        ),
        (
            "path: '/{x'".to_owned(),
            "error malformed-template: A placeholder is opened and never closed",
        ),
        (
            path_and("{name: q, in: nowhere, type: string}"),
            "error unknown-place",
        ),
        (
            path_and("{name: q, in: path, type: string}"),
            "error missing-placeholder",
        ),
    ] {
        let resources = format!(
            "
        - {resource}
          operations:
            - {{method: GET, name: a, call: shop.list-orders}}
            - {{method: POST, name: b, call: shop.create-order}}
        - path: /other
          operations: [{{method: GET, name: c, call: shop.list-orders}}]
"
        );
        let found = findings(&document(&resources));
        assert_eq!(found.len(), 1, "{resources}: {found:#?}");
        assert!(found[0].starts_with(finding), "{found:?}");
        assert_eq!(sound(&resources), [false, false, true], "{resource}");
    }
}

#[test]
fn resources_without_operations() {
    let resources = "
        - path: /a
        - path: /b
          forward: {targetNamespace: shop}
          operations: [{method: GET, name: c, call: shop.list-orders}]
        - {path: /d, operations: 5}
        - just text
";
    assert_eq!(
        findings(&document(resources)),
        [
            "warning missing-key: `operations` is missing on a resource",
            "error not-supported: This version does not run `forward` of a resource",
            "error wrong-type: Expected a list for `operations`, but found a number",
            "error wrong-type: Expected a mapping for a resource, but found text",
        ]
    );
    assert_eq!(sound(resources), [true, false, false, false]);
}

#[test]
fn clashes_are_errors_of_the_second() {
    let resources = "
        - path: /orders/{id}
          operations:
            - {method: GET, name: a, call: shop.list-orders}
            - {method: DELETE, name: b, call: shop.list-orders}
        - path: /orders/{{rest.order_id}}
          operations:
            - {method: get, name: c, call: shop.list-orders}
            - {method: PUT, name: d, call: shop.list-orders}
        - path: /orders/{id}?x=1
          operations:
            - {method: GET, name: q, call: shop.list-orders}
        - path: /orders/{id}:x
          operations:
            - {method: GET, name: e, call: shop.list-orders}
";
    let mut found = findings(&document(resources));
    found.retain(|finding| finding.starts_with("error"));
    assert_eq!(
        found,
        ["error duplicate-route: `GET /orders/{order_id}` is exposed twice"]
    );
    assert_eq!(sound(resources), [true, true, false, true, true, true]);
}

#[test]
fn keyed_collections_are_read_alike() {
    let text = SHOP.replace("naftiko: \"1.0.0-alpha1\"", "ikanos: \"1.0.0-alpha3\"")
        + "  exposes:
    - type: rest
      port: 8080
      namespace: api
      resources:
        orders:
          display: Orders
          path: /orders/{order_id}
          operations:
            get-order:
              display: One order
              method: GET
              call: shop.get-order
              responses: {'200': {description: fine}}
";
    let (plan, out) = plan(&text);
    let errors: Vec<_> = out.iter().filter(|d| d.is_error()).collect();
    assert!(errors.is_empty(), "{errors:#?}");
    let unit = &plan.exposures[0].units[0];
    assert_eq!(
        (unit.name.as_str(), unit.title.as_deref()),
        ("get-order", Some("One order"))
    );
    let flow = plan.flow(*unit.flow.as_ref().unwrap()).unwrap();
    assert_eq!(flow.inputs.len(), 1);
    assert!(flow.inputs[0].required && flow.inputs[0].name == "order_id");
}

#[test]
fn a_server_that_offers_nothing() {
    let serve = |rest: &str| {
        let text = format!(
            "{SHOP}  exposes:\n    - type: rest\n      port: 8080\n      namespace: api\n{rest}"
        );
        let mut found = findings(&text);
        found.retain(|finding| !finding.contains("unused-variable"));
        found
    };
    assert_eq!(
        serve(""),
        ["warning nothing-exposed: The REST server offers nothing"]
    );
    assert_eq!(
        serve("      resources: []\n"),
        ["warning nothing-exposed: The REST server offers nothing"]
    );
    let found = serve("      paths: {/a: {get: {}}}\n");
    assert_eq!(found.len(), 2, "{found:?}");
    assert!(found[0].starts_with("warning unknown-key"), "{found:?}");
    assert!(found[1].starts_with("error nothing-exposed"), "{found:?}");
}

#[test]
fn the_nearest_declaration_of_an_input_counts() {
    let (plan, out) = plan(&document(
        "
        - path: /orders
          inputParameters:
            - {name: page, in: query, type: integer, description: outer}
            - {name: size, in: query, type: integer, description: outer}
          operations:
            - method: GET
              name: list
              call: shop.list-orders
              inputParameters: [{name: page, in: query, type: string, description: inner}]
",
    ));
    assert!(!out.has_errors());
    let inputs = &plan.flows[0].inputs;
    let shown: Vec<_> = inputs
        .iter()
        .map(|input| (input.name.as_str(), input.description.as_deref().unwrap()))
        .collect();
    assert_eq!(shown, [("size", "outer"), ("page", "inner")]);
}
