//! What is wrong has an answer, each a defined one.

use bytes::Bytes;
use naftiko::expose::ExposureLimits;
use serde_json::json;

use crate::support::{MODERN, TOOLS, serve, serve_with};

const LIST: &str = r#"{"jsonrpc":"2.0","id":7,"method":"tools/list"}"#;
const JSON: (&str, &str) = ("content-type", "application/json");

#[tokio::test]
async fn messages_that_are_none() {
    let served = serve(TOOLS);
    let garbage = served.post("{oops").await;
    assert_eq!((garbage.status.as_u16(), garbage.code()), (400, -32_700));
    assert!(garbage.json["id"].is_null());
    let batch = served.post(format!("[{LIST},{LIST}]")).await;
    assert_eq!((batch.status.as_u16(), batch.code()), (400, -32_600));
    let deep = format!(
        r#"{{"jsonrpc":"2.0","id":1,"method":"tools/call","params":{{"name":"get","arguments":{{"id":{}1{}}}}}}}"#,
        "[".repeat(100_000),
        "]".repeat(100_000)
    );
    let deep = served.post(deep).await;
    assert_eq!((deep.status.as_u16(), deep.code()), (400, -32_600));
    assert!(served.upstream.asked.lock().unwrap().is_empty());
}

#[tokio::test]
async fn sizes_are_bounded() {
    let limits = ExposureLimits::default();
    let served = serve_with(TOOLS, &[], limits);
    let value = "x".repeat(limits.request_body - 200);
    let big = served.call("get", json!({"id": 5, "idd": value})).await;
    assert!(
        big.tool_error().len() < 500,
        "10 MB of arguments are looked at, not repeated"
    );
    let too_big = "x".repeat(limits.request_body + 1);
    let refused = served.post(Bytes::from(too_big)).await;
    assert_eq!((refused.status.as_u16(), refused.code()), (413, -32_600));
}

#[tokio::test]
async fn transports_that_do_not_fit() {
    let served = serve(TOOLS);
    for accept in [
        "*/*",
        "application/json",
        "application/json, text/event-stream",
        "text/*, */*;q=0.1",
    ] {
        let answer = served
            .send("POST", "/mcp", &[JSON, ("accept", accept)], LIST)
            .await;
        assert_eq!(answer.status, 200, "{accept}");
        assert_eq!(answer.headers["content-type"], "application/json");
    }
    let html = served
        .send("POST", "/mcp", &[JSON, ("accept", "text/html")], LIST)
        .await;
    assert_eq!((html.status.as_u16(), html.code()), (406, -32_000));
    for sent in [
        "text/plain",
        "application/x-www-form-urlencoded",
        "multipart/form-data",
    ] {
        let answer = served
            .send("POST", "/mcp", &[("content-type", sent)], LIST)
            .await;
        assert_eq!(
            (answer.status.as_u16(), answer.code()),
            (415, -32_000),
            "{sent}"
        );
    }
    assert_eq!(served.send("POST", "/mcp", &[], LIST).await.status, 415);
    for method in ["GET", "PUT", "PATCH", "HEAD", "OPTIONS", "DELETE"] {
        let answer = served
            .send(method, "/mcp", &[("accept", "text/event-stream")], "")
            .await;
        assert_eq!(answer.status, 405, "{method}");
        assert_eq!(answer.headers["allow"], "POST, DELETE");
    }
    for path in ["/mcp", "/", "/mcp/"] {
        assert_eq!(
            served.send("POST", path, &[JSON], LIST).await.status,
            200,
            "{path}"
        );
    }
    for path in ["/mcp2", "/sse", "/.well-known/oauth-protected-resource"] {
        assert_eq!(
            served.send("POST", path, &[JSON], LIST).await.status,
            404,
            "{path}"
        );
    }
}

#[tokio::test]
async fn versions_before_the_new_era() {
    let served = serve(TOOLS);
    for version in ["2024-11-05", "2025-03-26", "2025-06-18", "2025-11-25"] {
        let params = json!({"protocolVersion": version, "capabilities": {}, "clientInfo": {"name": "t", "version": "1"}});
        let answer = served.ask("initialize", params).await;
        assert_eq!(answer.json["result"]["protocolVersion"], version);
        let listed = served
            .send(
                "POST",
                "/mcp",
                &[JSON, ("mcp-protocol-version", version)],
                LIST,
            )
            .await;
        assert_eq!(listed.json["result"]["tools"].as_array().unwrap().len(), 2);
        assert!(
            listed.json["result"].get("ttlMs").is_none(),
            "{}",
            listed.text
        );
        assert!(
            listed.json["result"].get("resultType").is_none(),
            "{}",
            listed.text
        );
    }
    for version in ["2030-01-01", "1", MODERN] {
        let params = json!({"protocolVersion": version, "capabilities": {}, "clientInfo": {"name": "t", "version": "1"}});
        let answer = served.ask("initialize", params).await;
        assert_eq!(
            answer.json["result"]["protocolVersion"], "2025-11-25",
            "{version}"
        );
    }
    let unknown = served
        .send(
            "POST",
            "/mcp",
            &[JSON, ("mcp-protocol-version", "1999-01-01")],
            LIST,
        )
        .await;
    assert_eq!(
        (unknown.status.as_u16(), unknown.code(), &unknown.json["id"]),
        (400, -32_000, &json!(7))
    );
    let malformed = served.ask("initialize", json!({})).await;
    assert_eq!(malformed.code(), -32_602);
}

#[tokio::test]
async fn headers_of_the_new_era() {
    let served = serve(TOOLS);
    let fine = served.ask_modern("tools/list", json!({}), &[]).await;
    assert_eq!(fine.json["result"]["resultType"], "complete");
    assert_eq!(
        (
            &fine.json["result"]["ttlMs"],
            &fine.json["result"]["cacheScope"]
        ),
        (&json!(0), &json!("private"))
    );
    assert_eq!(
        fine.json["result"]["_meta"]["io.modelcontextprotocol/serverInfo"]["name"],
        "shop-mcp"
    );
    let call = json!({"name": "get", "arguments": {"id": "1"}});
    for (headers, why) in [
        (&[("mcp-protocol-version", "")][..], "no version"),
        (&[("mcp-protocol-version", "2025-11-25")], "another version"),
        (&[("mcp-method", "")], "no method"),
        (&[("mcp-method", "tools/list")], "another method"),
        (&[("mcp-name", "")], "no name"),
        (&[("mcp-name", "plain")], "another name"),
    ] {
        let answer = served.ask_modern("tools/call", call.clone(), headers).await;
        assert_eq!(
            (answer.status.as_u16(), answer.code()),
            (400, -32_020),
            "{why}: {}",
            answer.text
        );
    }
    assert!(served.upstream.asked.lock().unwrap().is_empty());
    let encoded = served
        .ask_modern("tools/call", call, &[("mcp-name", "=?base64?Z2V0?=")])
        .await;
    assert_eq!(encoded.json["result"]["isError"], false, "{}", encoded.text);

    let headers = [
        JSON,
        ("mcp-protocol-version", MODERN),
        ("mcp-method", "tools/list"),
    ];
    let no_meta = served.send("POST", "/mcp", &headers, LIST).await;
    assert_eq!(
        (no_meta.status.as_u16(), no_meta.code()),
        (400, -32_602),
        "{}",
        no_meta.text
    );
    let future = r#"{"jsonrpc":"2.0","id":1,"method":"tools/list","params":{"_meta":{"io.modelcontextprotocol/protocolVersion":"2099-01-01","io.modelcontextprotocol/clientCapabilities":{}}}}"#;
    let headers = [
        JSON,
        ("mcp-protocol-version", "2099-01-01"),
        ("mcp-method", "tools/list"),
    ];
    let future = served.send("POST", "/mcp", &headers, future).await;
    assert_eq!(
        (future.status.as_u16(), future.code()),
        (400, -32_022),
        "{}",
        future.text
    );
    assert!(
        future.json["error"]["data"]["supported"]
            .as_array()
            .unwrap()
            .contains(&json!(MODERN))
    );

    for gone in [
        "ping",
        "logging/setLevel",
        "resources/subscribe",
        "initialize",
        "no/such",
    ] {
        let answer = served.ask_modern(gone, json!({}), &[]).await;
        assert_eq!(
            (answer.status.as_u16(), answer.code()),
            (404, -32_601),
            "{gone}: {}",
            answer.text
        );
    }
}

#[tokio::test]
async fn notifications_and_answers_are_taken() {
    let served = serve(TOOLS);
    for message in [
        r#"{"jsonrpc":"2.0","method":"notifications/initialized"}"#,
        r#"{"jsonrpc":"2.0","method":"notifications/no-such-thing","params":{"a":1}}"#,
        r#"{"jsonrpc":"2.0","method":"notifications/cancelled","params":{"requestId":"never"}}"#,
        r#"{"jsonrpc":"2.0","id":9,"result":{}}"#,
        r#"{"jsonrpc":"2.0","id":9,"error":{"code":1,"message":"no"}}"#,
    ] {
        let answer = served.post(message).await;
        assert_eq!(
            (answer.status.as_u16(), answer.text.as_str()),
            (202, ""),
            "{message}"
        );
    }
}

#[tokio::test]
async fn params_that_are_none() {
    let served = serve(TOOLS);
    for params in [
        json!({}),
        json!({"name": 5}),
        json!({"name": "get", "arguments": []}),
        json!({"name": "get", "arguments": "x"}),
        json!([]),
    ] {
        let answer = served.ask("tools/call", params.clone()).await;
        assert_eq!(
            (answer.status.as_u16(), answer.code()),
            (200, -32_602),
            "{params}"
        );
        assert_eq!(answer.json["id"], 1);
    }
    let answer = served.ask("tools/list", json!({"cursor": "mine"})).await;
    assert_eq!(answer.code(), -32_602);
    for unoffered in [
        "resources/list",
        "prompts/list",
        "completion/complete",
        "no/such",
    ] {
        assert_eq!(
            served.ask(unoffered, json!({})).await.code(),
            if unoffered == "completion/complete" {
                -32_602
            } else {
                -32_601
            },
            "{unoffered}"
        );
    }
    assert!(served.upstream.asked.lock().unwrap().is_empty());
}

#[tokio::test]
async fn sessions_are_known_or_not() {
    let served = serve(TOOLS);
    let params = json!({"protocolVersion": "2025-11-25", "capabilities": {}, "clientInfo": {"name": "t", "version": "1"}});
    let session = served.ask("initialize", params).await.headers["mcp-session-id"]
        .to_str()
        .unwrap()
        .to_owned();
    let with = [JSON, ("mcp-session-id", session.as_str())];
    assert_eq!(served.send("POST", "/mcp", &with, LIST).await.status, 200);
    let forged = [JSON, ("mcp-session-id", "forged")];
    let refused = served.send("POST", "/mcp", &forged, LIST).await;
    assert_eq!(
        (refused.status.as_u16(), refused.code(), &refused.json["id"]),
        (404, -32_001, &json!(7))
    );
    assert_eq!(served.send("DELETE", "/mcp", &forged, "").await.status, 404);
    assert_eq!(served.send("DELETE", "/mcp", &with, "").await.status, 204);
    assert_eq!(served.send("POST", "/mcp", &with, LIST).await.status, 404);
    let modern = served
        .ask_modern("tools/list", json!({}), &[("mcp-session-id", "forged")])
        .await;
    assert_eq!(modern.status, 200, "the new era ignores the header");
    assert!(!modern.headers.contains_key("mcp-session-id"));
}
