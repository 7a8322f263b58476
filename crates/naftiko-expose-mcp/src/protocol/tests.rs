//! What the library's own HTTP service answers, and why a front stands before it: a line that fails here is one that the
//! front may no longer need (`docs/decisions/0003-mcp.md`).

use std::sync::Arc;

use bytes::Bytes;
use http::{Request, StatusCode};
use http_body_util::{BodyExt, Full};
use rmcp::ServerHandler;
use rmcp::transport::streamable_http_server::session::never::NeverSessionManager;
use rmcp::transport::streamable_http_server::{StreamableHttpServerConfig, StreamableHttpService};

struct Plain;

impl ServerHandler for Plain {}

async fn answer(method: &str, accept: &str, body: &str) -> (u16, String) {
    let config = StreamableHttpServerConfig::default()
        .with_legacy_session_mode(false)
        .with_json_response(true);
    let sessions = Arc::new(NeverSessionManager::default());
    let service = StreamableHttpService::new(|| Ok(Plain), sessions, config);
    let request = Request::builder()
        .method(method)
        .uri("/mcp")
        .header("host", "localhost")
        .header("content-type", "application/json")
        .header("accept", accept)
        .body(Full::new(Bytes::from(body.to_owned())))
        .unwrap();
    let (parts, body) = service.handle(request).await.into_parts();
    let body = body.collect().await.unwrap().to_bytes();
    (
        parts.status.as_u16(),
        String::from_utf8_lossy(&body).into_owned(),
    )
}

#[tokio::test]
async fn what_the_library_leaves_open() {
    const BOTH: &str = "application/json, text/event-stream";
    const LIST: &str = r#"{"jsonrpc":"2.0","id":1,"method":"tools/list"}"#;
    for accept in ["*/*", "application/json"] {
        assert_eq!(
            answer("POST", accept, LIST).await.0,
            StatusCode::NOT_ACCEPTABLE,
            "{accept}"
        );
    }
    let deep = format!(
        "{{\"jsonrpc\":\"2.0\",\"id\":1,\"method\":\"x\",\"params\":{{\"a\":{}{}}}}}",
        "[".repeat(200),
        "]".repeat(200)
    );
    let batch = format!("[{LIST}]");
    for (body, what) in [
        ("garbage", "no JSON"),
        (batch.as_str(), "a batch"),
        (deep.as_str(), "deep nesting"),
        (
            r#"{"jsonrpc":"2.0","id":1.5,"method":"tools/list"}"#,
            "a broken id",
        ),
    ] {
        let (status, text) = answer("POST", BOTH, body).await;
        assert_eq!(status, StatusCode::UNSUPPORTED_MEDIA_TYPE, "{what}: {text}");
        assert!(!text.starts_with('{'), "{what}: {text}");
    }
    let list =
        r#"{"jsonrpc":"2.0","id":1,"method":"tools/call","params":{"name":"x","arguments":[]}}"#;
    let (_, text) = answer("POST", BOTH, list).await;
    assert!(
        !text.contains("-32602"),
        "arguments that are a list: {text}"
    );
    let (status, text) = answer("POST", BOTH, r#"{"jsonrpc":"2.0","id":1,"result":{}}"#).await;
    assert_eq!(
        status,
        StatusCode::BAD_REQUEST,
        "an answer that nobody wants: {text}"
    );
    assert_eq!(
        answer("GET", BOTH, "").await.0,
        StatusCode::METHOD_NOT_ALLOWED
    );
}
