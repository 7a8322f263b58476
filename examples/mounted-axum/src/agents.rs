//! Two MCP clients of the mounted server, one of each era, and requests that it refuses. A program of one's own has a
//! library for this, and no need of it.

use reqwest::{Method, Response};
use serde_json::{Value, json};

use crate::support::{Error, caller};

const SESSION: &str = "mcp-session-id";
const MODERN: &str = "2026-07-28";

/// Headers of a request.
type Headers<'h> = &'h [(&'h str, &'h str)];

pub(crate) async fn check(endpoint: &str) -> Result<(), Error> {
    with_a_session(endpoint).await?;
    without_state(endpoint).await?;
    it_refuses(endpoint).await
}

async fn send(
    method: Method,
    url: &str,
    headers: Headers<'_>,
    message: &Value,
) -> Result<Response, Error> {
    let mut request = caller()?.request(method, url);
    for (name, value) in headers {
        request = request.header(*name, *value);
    }
    let request = request
        .header("content-type", "application/json")
        .header("accept", "application/json, text/event-stream");
    Ok(request.body(message.to_string()).send().await?)
}

async fn post(url: &str, headers: Headers<'_>, message: &Value) -> Result<Response, Error> {
    send(Method::POST, url, headers, message).await
}

async fn body(answer: Response) -> Result<Value, Error> {
    Ok(serde_json::from_str(&answer.text().await?)?)
}

fn request(method: &str, params: &Value) -> Value {
    json!({"jsonrpc": "2.0", "id": 1, "method": method, "params": params})
}

fn get_book(id: &Value) -> Value {
    json!({"name": "get-book", "arguments": {"id": id}})
}

/// What the tool `get-book` gave.
fn book(answer: &Value) -> Option<&str> {
    assert_eq!(
        answer.pointer("/result/isError"),
        Some(&json!(false)),
        "{answer}"
    );
    answer.pointer("/result/structuredContent/title")?.as_str()
}

/// A client before 2026-07-28: it connects, and names its session from then on.
async fn with_a_session(endpoint: &str) -> Result<(), Error> {
    let client = json!({
        "protocolVersion": "2025-11-25",
        "capabilities": {},
        "clientInfo": {"name": "example", "version": "1"},
    });
    let answer = post(endpoint, &[], &request("initialize", &client)).await?;
    assert_eq!(answer.status(), 200);
    let session = answer.headers().get(SESSION).cloned();
    let session = session.ok_or("a session begins with `initialize`")?;
    let answer = body(answer).await?;
    let version = answer.pointer("/result/protocolVersion");
    assert_eq!(version, Some(&json!("2025-11-25")), "{answer}");

    let headers = [
        (SESSION, session.to_str()?),
        ("mcp-protocol-version", "2025-11-25"),
    ];
    let ready = json!({"jsonrpc": "2.0", "method": "notifications/initialized"});
    assert_eq!(post(endpoint, &headers, &ready).await?.status(), 202);
    let list = body(post(endpoint, &headers, &request("tools/list", &json!({}))).await?).await?;
    let tools = list.pointer("/result/tools").and_then(Value::as_array);
    assert_eq!(tools.map(Vec::len), Some(2), "{list}");
    let call = request("tools/call", &get_book(&json!(1)));
    let answer = body(post(endpoint, &headers, &call).await?).await?;
    assert_eq!(book(&answer), Some("Emma"), "{answer}");
    // With a slash at the end it is the same endpoint.
    let slash = format!("{endpoint}/");
    assert_eq!(post(&slash, &headers, &call).await?.status(), 200);
    // The model is told what was wrong with its call, and an error of the consumed API is one of the tool.
    for (id, told) in [(json!("x"), "must be an integer"), (json!(9), "404")] {
        let call = request("tools/call", &get_book(&id));
        let answer = body(post(endpoint, &headers, &call).await?).await?;
        let told_so = answer.to_string().contains(told);
        assert_eq!(
            answer.pointer("/result/isError"),
            Some(&json!(true)),
            "{answer}"
        );
        assert!(told_so, "{answer}");
    }

    let end = send(Method::DELETE, endpoint, &headers, &json!({})).await?;
    assert_eq!(end.status(), 204);
    assert_eq!(post(endpoint, &headers, &call).await?.status(), 404);
    Ok(())
}

/// A client of 2026-07-28: it connects to nothing, and every request says everything.
async fn without_state(endpoint: &str) -> Result<(), Error> {
    let meta = json!({
        "io.modelcontextprotocol/protocolVersion": MODERN,
        "io.modelcontextprotocol/clientCapabilities": {},
        "io.modelcontextprotocol/clientInfo": {"name": "example", "version": "1"},
    });
    let params = json!({"name": "get-book", "arguments": {"id": 1}, "_meta": meta});
    let headers = [
        ("mcp-protocol-version", MODERN),
        ("mcp-method", "tools/call"),
        ("mcp-name", "get-book"),
    ];
    let call = request("tools/call", &params);
    let answer = post(endpoint, &headers, &call).await?;
    assert!(answer.status() == 200 && !answer.headers().contains_key(SESSION));
    let answer = body(answer).await?;
    assert_eq!(book(&answer), Some("Emma"), "{answer}");
    // Whoever routes by these headers can trust them: one that contradicts the body is refused.
    let other = [headers[0], headers[1], ("mcp-name", "list-books")];
    assert_eq!(post(endpoint, &other, &call).await?.status(), 400);
    Ok(())
}

async fn it_refuses(endpoint: &str) -> Result<(), Error> {
    let list = request("tools/list", &json!({}));
    // A page in the user's browser, and one whose name was made to resolve to this machine.
    for header in [("origin", "https://evil.example"), ("host", "evil.example")] {
        assert_eq!(post(endpoint, &[header], &list).await?.status(), 403);
    }
    let own = [("origin", "http://localhost:3000")];
    assert_eq!(post(endpoint, &own, &list).await?.status(), 200);
    // There is nothing to listen to.
    let listen = send(Method::GET, endpoint, &[], &json!({})).await?;
    assert_eq!(listen.status(), 405);
    assert_eq!(
        listen.headers().get("allow").map(AsRef::as_ref),
        Some(&b"POST, DELETE"[..])
    );
    let below = format!("{endpoint}/tools");
    assert_eq!(post(&below, &[], &list).await?.status(), 404);
    Ok(())
}
