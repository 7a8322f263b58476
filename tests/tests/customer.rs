//! The customer's document, unmodified: the five operations against a scripted upstream, and in the sandbox.

use naftiko_tests::client::{get, send};
use naftiko_tests::message::Message;
use naftiko_tests::server::Naftiko;
use naftiko_tests::upstream::{MockUpstream, Reply};
use naftiko_tests::{command, shared, workspace};

const SPEC: &str = "specs/shop-operations.yaml";
const TOKEN: (&str, &str) = ("TIKTOK_SHOP_ACCESS_TOKEN", "TTP_secret-token");
const REST: &str = "tiktok-shop-operations-api";

/// Serves the document with its API at `mock`.
fn serve(mock: &MockUpstream) -> Naftiko {
    let upstream = format!("tiktok-shop={}", mock.url());
    Naftiko::start(&workspace(), &[SPEC, "--upstream", &upstream], &[TOKEN])
}

/// Sends a GET and gives the request that the upstream got, which must be exactly one.
#[track_caller]
fn forwarded(server: &Naftiko, mock: &MockUpstream, target: &str) -> Message {
    let answer = get(server.port_of(REST), target);
    assert_eq!(answer.status(), 200, "{}", answer.text());
    assert_eq!(answer.text(), r#"{"code":0,"message":"Success","data":{}}"#);
    assert_eq!(answer.header("content-type"), Some("application/json"));
    let mut requests = mock.take();
    assert_eq!(requests.len(), 1, "{requests:?}");
    let request = requests.remove(0);
    let mut names: Vec<&str> = request
        .headers
        .iter()
        .map(|(name, _)| name.as_str())
        .collect();
    names.sort_unstable();
    assert_eq!(
        names,
        [
            "accept",
            "accept-encoding",
            "host",
            "user-agent",
            "x-tts-access-token"
        ]
    );
    assert_eq!(request.header("x-tts-access-token"), Some(TOKEN.1));
    assert_eq!(request.header("host"), Some(mock.authority().as_str()));
    assert!(request.body.is_empty());
    request
}

#[test]
#[ignore = "needs ../shared"]
fn the_document_is_the_customer_s() {
    let given = std::fs::read(shared().join("customer/shop-operations.yaml")).unwrap();
    let ours = std::fs::read(workspace().join(SPEC)).unwrap();
    assert!(
        given == ours,
        "specs/shop-operations.yaml differs from the customer's"
    );
    println!("read 1 document");
}

#[test]
fn the_document_is_sound() {
    let ended = command::run(&workspace(), &["validate", SPEC], &[]);
    assert_eq!(ended.code, Some(0), "{ended}");
    assert!(!ended.stdout.contains("error["), "{ended}");
}

#[test]
fn the_five_operations_send_what_the_api_expects() {
    let mock =
        MockUpstream::start(|_| Reply::json(200, r#"{"code":0,"message":"Success","data":{}}"#));
    let server = serve(&mock);
    let cases = [
        ("/v1/products", "GET /product/202309/products HTTP/1.1"),
        (
            "/v1/products?page_size=2&status=ACTIVATE",
            "GET /product/202309/products?page_size=2&status=ACTIVATE HTTP/1.1",
        ),
        (
            "/v1/products?status=ACTIVATE&page_token=a%2Bb%3D&page_size=2&unknown=1",
            "GET /product/202309/products?page_size=2&page_token=a%2Bb%3D&status=ACTIVATE HTTP/1.1",
        ),
        (
            "/v1/products/1729592969712207008",
            "GET /product/202309/products/1729592969712207008 HTTP/1.1",
        ),
        (
            "/v1/orders?order_status=AWAITING_SHIPMENT&page_size=10&create_time_ge=1700000000&create_time_lt=1800000000",
            "GET /order/202309/orders?page_size=10&order_status=AWAITING_SHIPMENT&create_time_ge=1700000000&create_time_lt=1800000000 HTTP/1.1",
        ),
        (
            "/v1/orders/576461413038785752",
            "GET /order/202309/orders/576461413038785752 HTTP/1.1",
        ),
        (
            "/v1/payments?page_size=5&page_token=x",
            "GET /finance/202309/payments?page_size=5&page_token=x HTTP/1.1",
        ),
    ];
    for (target, expected) in cases {
        assert_eq!(
            forwarded(&server, &mock, target).start,
            expected,
            "{target}"
        );
    }
}

#[test]
fn what_is_no_call_is_not_sent() {
    let mock = MockUpstream::agreeable();
    let server = serve(&mock);
    let port = server.port_of(REST);
    for (method, target, status) in [
        ("GET", "/v1/products/..", 400),
        ("GET", "/v1/products/", 400),
        ("GET", "/v1/products?page_size=two", 400),
        ("GET", "/v1/orders?create_time_ge=yesterday", 400),
        ("GET", "/v1", 404),
        ("POST", "/v1/products", 405),
        ("OPTIONS", "/v1/orders", 204),
    ] {
        assert_eq!(
            send(port, method, target, &[], b"").status(),
            status,
            "{method} {target}"
        );
    }
    assert_eq!(mock.requests(), Vec::<String>::new());
}

#[test]
fn errors_of_the_api_are_relayed_without_the_token() {
    let body =
        r#"{"code":105001,"message":"access token TTP_secret-token is invalid","request_id":"1"}"#;
    let mock = MockUpstream::start(move |_| Reply::json(401, body));
    let server = serve(&mock);
    let answer = get(server.port_of(REST), "/v1/products");
    assert_eq!(answer.status(), 401);
    assert_eq!(answer.text(), body.replace(TOKEN.1, "***"));
    assert!(!server.stderr().contains(TOKEN.1));
}

#[test]
fn without_a_token_it_says_what_is_missing() {
    let ended = command::run(&workspace(), &["run", SPEC, "--listen", "127.0.0.1:0"], &[]);
    assert_eq!(ended.code, Some(3), "{ended}");
    assert!(ended.stderr.contains("TIKTOK_SHOP_ACCESS_TOKEN"), "{ended}");
    assert!(
        ended.stderr.contains("specs/shared/shop-api.yaml:29"),
        "{ended}"
    );
    assert!(ended.stderr.contains("--sandbox"), "{ended}");
}

#[test]
fn the_sandbox_answers_for_all_five() {
    let server = Naftiko::start(&workspace(), &[SPEC, "--sandbox"], &[]);
    let port = server.port_of(REST);
    let list = |target: &str| {
        let answer = get(port, target);
        assert_eq!(answer.status(), 200, "{target}: {}", answer.text());
        let json = answer.json();
        assert_eq!(json["code"], 0, "{target}: {json}");
        json
    };
    let products = list("/v1/products?page_size=2&status=ACTIVATE");
    let found = products["data"]["products"].as_array().unwrap();
    assert_eq!(found.len(), 2);
    assert!(found.iter().all(|product| product["status"] == "ACTIVATE"));
    let id = found[0]["id"].as_str().unwrap();
    assert_eq!(list(&format!("/v1/products/{id}"))["data"]["id"], id);
    let orders = list("/v1/orders?page_size=1");
    let id = orders["data"]["orders"][0]["id"]
        .as_str()
        .unwrap()
        .to_owned();
    assert!(list(&format!("/v1/orders/{id}")).to_string().contains(&id));
    assert!(list("/v1/payments?page_size=1")["data"]["payments"].is_array());
    let unknown = get(port, "/v1/products/1");
    assert_ne!(unknown.json()["code"], 0, "{}", unknown.text());
}
