//! Answers without a fixture, protocols, and the life of a sandbox.

use std::io::ErrorKind;
use std::time::Duration;

use naftiko_sandbox::{Credential, Input, Namespace, Place, Sandbox};
use serde_json::{Value, json};

use crate::client::{Api, operation, read};

async fn api() -> Api {
    let mut sampled = operation("get-item", "get", "/items/{id}", json!({"item": {"id": 0}}));
    sampled.inputs = vec![Input {
        name: "id".into(),
        place: Place::Path,
    }];
    let operations = vec![
        operation("any", "POST", "/any/{x}", Value::Null),
        sampled,
        operation("mine", "GET", "/items/mine", json!([1])),
        operation("publish", "POST", "/{topic}:publish", Value::Null),
        operation("find", "GET", "/find?by=name", json!("by name")),
        operation("root", "GET", "", json!({"root": true})),
    ];
    Api::start(operations, None, Some(Credential::Query("api_key".into()))).await
}

#[tokio::test]
async fn a_pass_through_operation_echoes_all_but_headers_and_the_credential() {
    let api = api().await;
    let request = api.request("POST", "/any/a%2Fb?q=1&q=2&api_key=secret");
    let request = request
        .header("x-secret", "secret")
        .header("content-type", "application/json");
    let answer = read(request.body(r#"{"n": [1, null]}"#)).await;
    assert_eq!(answer.status, 200);
    assert_eq!(answer.headers["x-sandbox-operation"], "any");
    assert_eq!(
        answer.body,
        json!({
            "operation": "any",
            "request": {
                "method": "POST",
                "path": "/any/a/b",
                "path_parameters": {"x": "a/b"},
                "query": {"q": ["1", "2"]},
                "body": {"n": [1, null]},
            },
        })
    );
}

#[tokio::test]
async fn samples_keep_their_shape_and_literal_paths_win() {
    let api = api().await;
    assert_eq!(api.get("/items/7").await.body, json!({"item": {"id": 7}}));
    assert_eq!(api.get("/items/x").await.body, json!({"item": {"id": 0}}));
    assert_eq!(api.get("/items/mine").await.body, json!([1]));
    assert_eq!(api.get("/find?by=name").await.body, json!("by name"));
    assert_eq!(api.get("/find?by=mail").await.status, 404);
    assert_eq!(api.get("").await.body, json!({"root": true}));
    assert_eq!(api.get("/").await.body, json!({"root": true}));
    let published = read(api.request("POST", "/news:publish")).await;
    assert_eq!(
        published.body["request"]["path_parameters"],
        json!({"topic": "news"})
    );
}

#[tokio::test]
async fn unknown_paths_and_methods_say_what_there_is() {
    let api = api().await;
    let unknown = api.get("/nothing/here").await;
    assert_eq!(unknown.status, 404);
    assert_eq!(unknown.body["error"], "not_found");
    assert!(
        unknown.body["available"]
            .as_array()
            .unwrap()
            .contains(&json!("GET /items/{id}"))
    );
    let wrong = read(api.request("PATCH", "/items/mine")).await;
    assert_eq!(
        (wrong.status, &wrong.headers["allow"]),
        (405, &"GET, HEAD".parse().unwrap())
    );
    let head = read(api.request("HEAD", "/items/mine")).await;
    assert_eq!((head.status, head.body), (200, Value::Null));
    let namespace = read(
        api.client
            .get(format!("http://{}/other", api.sandbox.address())),
    )
    .await;
    assert_eq!(
        (namespace.status, &namespace.body["available"]),
        (404, &json!(["/api"]))
    );
}

#[tokio::test]
async fn http_2_is_served_too() {
    let api = api().await;
    let client = reqwest::Client::builder()
        .http2_prior_knowledge()
        .no_proxy()
        .build()
        .unwrap();
    let url = format!("{}/items/7", api.sandbox.base_url("api").unwrap());
    let response = client.get(url).send().await.unwrap();
    assert_eq!(response.version(), reqwest::Version::HTTP_2);
    assert_eq!(response.status(), 200);
}

fn namespace(name: &str) -> Namespace {
    let operations = vec![operation("op", "GET", "/x", json!({"of": name}))];
    Namespace {
        name: name.into(),
        operations,
        fixture: None,
        credential: None,
    }
}

#[tokio::test]
async fn namespaces_share_a_socket_and_stay_apart() {
    let sandbox = Sandbox::start(vec![namespace("a"), namespace("b c/ü")])
        .await
        .unwrap();
    assert_eq!(sandbox.base_url("other"), None);
    let bases: Vec<_> = sandbox
        .base_urls()
        .map(|(name, _)| name.to_owned())
        .collect();
    assert_eq!(bases, ["a", "b c/ü"]);
    let client = reqwest::Client::builder().no_proxy().build().unwrap();
    for name in ["a", "b c/ü"] {
        let base = sandbox.base_url(name).unwrap();
        assert!(base.starts_with("http://127.0.0.1:"));
        let answer = read(client.get(format!("{base}/x"))).await;
        assert_eq!(answer.body, json!({"of": name}));
    }
    for names in [vec!["a", "a"], vec![""], vec![".."]] {
        let error = Sandbox::start(names.into_iter().map(namespace).collect())
            .await
            .unwrap_err();
        assert_eq!(error.kind(), ErrorKind::InvalidInput);
    }
}

#[tokio::test]
async fn shutdown_closes_idle_connections_and_the_port() {
    let api = api().await;
    assert_eq!(api.get("/items/1").await.status, 200);
    let address = api.sandbox.address();
    let _silent = tokio::net::TcpStream::connect(address).await.unwrap();
    tokio::time::sleep(Duration::from_millis(100)).await;
    let started = std::time::Instant::now();
    api.sandbox.shutdown(Duration::from_secs(10)).await;
    assert!(
        started.elapsed() < Duration::from_secs(5),
        "an idle connection held it up"
    );
    assert!(tokio::net::TcpStream::connect(address).await.is_err());
}

#[tokio::test]
async fn shutdown_lets_a_request_finish_and_does_not_wait_for_ever() {
    use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
    let head = b"POST /api/any/1 HTTP/1.1\r\nhost: x\r\ncontent-length: 2\r\n\r\n";

    let api = self::api().await;
    let mut slow = tokio::net::TcpStream::connect(api.sandbox.address())
        .await
        .unwrap();
    slow.write_all(head).await.unwrap();
    tokio::time::sleep(Duration::from_millis(100)).await;
    let stopping = tokio::spawn(api.sandbox.shutdown(Duration::from_secs(10)));
    tokio::time::sleep(Duration::from_millis(100)).await;
    slow.write_all(b"{}").await.unwrap();
    let mut answer = String::new();
    slow.read_to_string(&mut answer).await.unwrap();
    assert!(answer.starts_with("HTTP/1.1 200"), "{answer}");
    stopping.await.unwrap();

    let api = self::api().await;
    let mut stuck = tokio::net::TcpStream::connect(api.sandbox.address())
        .await
        .unwrap();
    stuck.write_all(head).await.unwrap();
    tokio::time::sleep(Duration::from_millis(100)).await;
    let started = std::time::Instant::now();
    api.sandbox.shutdown(Duration::from_millis(200)).await;
    assert!(started.elapsed() < Duration::from_secs(5));
}
