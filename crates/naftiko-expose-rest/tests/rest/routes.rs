//! Which operation a request reaches.

use crate::support::{Api, document, findings};

const ORDERS: &str = "
        - path: /orders
          operations:
            - {method: GET, name: list, call: shop.list-orders}
            - {method: POST, name: create, call: shop.create-order}
        - path: /orders/{order_id}
          operations:
            - {method: GET, name: get, call: shop.get-order}
        - path: /orders/{{rest.id}}
          operations:
            - {method: DELETE, name: delete, call: shop.delete-order, with: {order_id: rest.id}}
        - path: /orders/{api.order_id}:send
          operations:
            - {method: GET, name: sent, call: shop.get-order}
";

#[test]
fn every_operation_is_reached() {
    let api = Api::new(ORDERS);
    assert_eq!(api.get("/orders?page=2").status, 200);
    assert_eq!(api.get("/orders/7").status, 200);
    assert_eq!(api.get("/orders/7:send").status, 200);
    assert_eq!(api.send("DELETE /orders/8", &[], "").status, 200);
    assert_eq!(api.send("POST /orders/", &[], "{}").status, 200);
    assert_eq!(
        api.lines(),
        [
            "GET https://api.test/base/orders?page=2",
            "GET https://api.test/base/orders/7",
            "GET https://api.test/base/orders/7",
            "DELETE https://api.test/base/orders/8",
            "POST https://api.test/base/orders",
        ]
    );
}

#[test]
fn unknown_paths_are_404_and_other_methods_405() {
    let api = Api::new(ORDERS);
    let got = api.get("/nothing");
    assert_eq!((got.status, got.problem().as_str()), (404, "not-found"));
    let got = api.send("PATCH /orders/7", &[], "");
    assert_eq!(
        (got.status, got.problem().as_str()),
        (405, "method-not-allowed")
    );
    assert_eq!(got.header("allow"), Some("GET, HEAD, DELETE, OPTIONS"));
    let got = api.get("/orders/%zz");
    assert_eq!((got.status, got.problem().as_str()), (400, "invalid-path"));
    assert!(api.seen().is_empty());
}

#[test]
fn options_says_what_a_path_answers() {
    let api = Api::new(ORDERS);
    let got = api.send("OPTIONS /orders", &[], "");
    assert_eq!(got.status, 204);
    assert_eq!(got.header("allow"), Some("GET, HEAD, POST, OPTIONS"));
    assert!(got.body.is_empty());
    assert_eq!(got.header("access-control-allow-origin"), None);
    assert!(api.seen().is_empty());
}

#[test]
fn head_is_get_without_a_body() {
    let api = Api::new(ORDERS);
    let got = api.send("HEAD /orders/7", &[], "");
    assert_eq!(got.status, 200);
    assert!(got.body.is_empty());
    assert_eq!(got.header("content-length"), Some("11"));
    assert_eq!(got.header("content-type"), Some("application/json"));
    assert_eq!(api.lines(), ["GET https://api.test/base/orders/7"]);
    let got = api.send("HEAD /nothing", &[], "");
    assert_eq!(got.status, 404);
    assert!(got.body.is_empty());
    assert_eq!(got.header("content-type"), Some("application/problem+json"));
}

#[test]
fn a_path_value_is_one_segment_upstream() {
    let api = Api::new(ORDERS);
    for (sent, line) in [
        ("a%2Fb", "a%2Fb"),
        ("a%20b%3Fc", "a%20b%3Fc"),
        ("caf%C3%A9", "caf%C3%A9"),
        ("a+b", "a%2Bb"),
        ("100%25", "100%25"),
    ] {
        assert_eq!(api.get(&format!("/orders/{sent}")).status, 200);
        assert_eq!(
            api.lines(),
            [format!("GET https://api.test/base/orders/{line}")]
        );
    }
    for refused in ["..", ".", "%2E%2e"] {
        let got = api.get(&format!("/orders/{refused}"));
        assert_eq!(
            (got.status, got.problem().as_str()),
            (400, "invalid-request")
        );
        assert_eq!(got.json()["input"], "order_id");
    }
    // The caller is told of the input by the name that it has here.
    let got = api.send("DELETE /orders/..", &[], "");
    assert_eq!(got.json()["input"], "id");
    assert!(api.seen().is_empty());
}

#[test]
fn an_empty_path_value_is_named() {
    let api = Api::new(
        "
        - path: /by/{order_id}/now
          operations:
            - {method: GET, name: get, call: shop.get-order}
",
    );
    let got = api.get("/by//now");
    assert_eq!((got.status, got.problem().as_str()), (400, "invalid-input"));
    assert_eq!(got.json()["input"], "order_id");
    assert!(api.seen().is_empty());
}

#[test]
fn operation_paths_are_joined_like_consumed_ones() {
    let api = Api::new(
        "
        - path: /a/{x}
          operations:
            - {method: GET, name: one, path: /b, call: shop.get-order, with: {order_id: rest.x}}
            - {method: GET, name: two, path: '/a/{x}/c', call: shop.get-order, with: {order_id: rest.x}}
            - {method: GET, name: three, path: '/{y}', call: shop.get-order, with: {order_id: rest.y}}
            - {method: GET, name: four, path: /, call: shop.get-order, with: {order_id: rest.x}}
",
    );
    for (path, id) in [
        ("/a/1/b", "1"),
        ("/a/2/c", "2"),
        ("/a/3/d", "d"),
        ("/a/4", "4"),
    ] {
        assert_eq!(api.get(path).status, 200, "{path}");
        assert_eq!(
            api.lines(),
            [format!("GET https://api.test/base/orders/{id}")]
        );
    }
}

#[test]
fn the_seed_s_shape_is_clean() {
    assert_eq!(findings(&document(ORDERS)), Vec::<String>::new());
}
