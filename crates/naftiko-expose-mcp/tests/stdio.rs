//! A pair of streams: a line in, a line out.

use std::sync::Arc;
use std::time::Duration;

use serde_json::{Value, json};
use tokio::io::{AsyncBufReadExt, AsyncReadExt, AsyncWriteExt, BufReader, DuplexStream};

use crate::support::{MODERN, Served, TOOLS, serve, serve_with};

/// Sends lines, closes the input and reads everything that comes.
async fn talk(served: &Served, lines: &[String]) -> Vec<Value> {
    let (mut ours, theirs) = tokio::io::duplex(1 << 20);
    let (mut out, writer) = tokio::io::duplex(1 << 20);
    let serving = Arc::clone(&served.stdio).serve(Box::pin(theirs), Box::pin(writer));
    let serving = tokio::spawn(serving);
    for line in lines {
        ours.write_all(line.as_bytes()).await.unwrap();
        ours.write_all(b"\n").await.unwrap();
    }
    drop(ours);
    let mut text = String::new();
    out.read_to_string(&mut text).await.unwrap();
    tokio::time::timeout(Duration::from_secs(5), serving)
        .await
        .expect("the end of input ends it")
        .unwrap()
        .unwrap();
    text.lines()
        .map(|line| serde_json::from_str(line).expect("one message a line"))
        .collect()
}

fn request(id: u32, method: &str, params: &Value) -> String {
    json!({"jsonrpc": "2.0", "id": id, "method": method, "params": params}).to_string()
}

fn initialize() -> String {
    request(
        1,
        "initialize",
        &json!({"protocolVersion": "2025-06-18", "capabilities": {}, "clientInfo": {"name": "t", "version": "1"}}),
    )
}

#[tokio::test]
async fn garbage_is_answered_and_forgotten() {
    let served = serve(TOOLS);
    let answers = talk(
        &served,
        &[
            initialize(),
            String::from("garbage"),
            String::new(),
            String::from("[]"),
            String::from(r#"{"jsonrpc":"2.0","method":"notifications/initialized"}"#),
            String::from(r#"{"jsonrpc":"2.0","method":"notifications/no-such"}"#),
            request(2, "no/such", &json!({})),
            request(
                3,
                "tools/call",
                &json!({"name": "get", "arguments": {"id": "a\nb"}}),
            ),
        ],
    )
    .await;
    let ids: Vec<&Value> = answers.iter().map(|answer| &answer["id"]).collect();
    assert_eq!(ids.len(), 5, "{answers:?}");
    assert_eq!(answers[0]["result"]["protocolVersion"], "2025-06-18");
    assert_eq!(
        (&answers[1]["error"]["code"], &answers[1]["id"]),
        (&json!(-32_700), &Value::Null)
    );
    assert_eq!(answers[2]["error"]["code"], -32_600);
    let by_id = |id: u32| answers.iter().find(|answer| answer["id"] == id).unwrap();
    assert_eq!(by_id(2)["error"]["code"], -32_601);
    assert_eq!(by_id(3)["result"]["isError"], false);
}

#[tokio::test]
async fn the_new_era_needs_no_handshake() {
    let served = serve(TOOLS);
    let meta = json!({"io.modelcontextprotocol/protocolVersion": MODERN, "io.modelcontextprotocol/clientCapabilities": {}, "io.modelcontextprotocol/clientInfo": {"name": "t", "version": "1"}});
    let answers = talk(&served, &[
        request(1, "server/discover", &json!({"_meta": meta})),
        request(2, "tools/call", &json!({"name": "plain", "_meta": meta})),
        request(3, "tools/list", &json!({"_meta": {"io.modelcontextprotocol/protocolVersion": "2099-01-01", "io.modelcontextprotocol/clientCapabilities": {}}})),
        request(4, "server/discover", &json!({})),
    ]).await;
    let by_id = |id: u32| answers.iter().find(|answer| answer["id"] == id).unwrap();
    assert!(
        by_id(1)["result"]["supportedVersions"]
            .as_array()
            .unwrap()
            .contains(&json!(MODERN))
    );
    assert_eq!(by_id(2)["result"]["resultType"], "complete");
    assert_eq!(by_id(3)["error"]["code"], -32_022);
    assert!(
        by_id(4)["error"]["code"].as_i64().is_some(),
        "{:?}",
        by_id(4)
    );
}

#[tokio::test]
async fn long_lines_are_refused_and_skipped() {
    let limits = naftiko::expose::ExposureLimits {
        request_body: 1000,
        ..Default::default()
    };
    let served = serve_with(TOOLS, &[], limits);
    let answers = talk(
        &served,
        &["x".repeat(50_000), request(2, "ping", &json!({}))],
    )
    .await;
    assert_eq!(answers[0]["error"]["code"], -32_600);
    assert_eq!(answers[1], json!({"jsonrpc": "2.0", "id": 2, "result": {}}));
}

async fn line(out: &mut BufReader<DuplexStream>) -> Value {
    let mut text = String::new();
    let read = out.read_line(&mut text);
    tokio::time::timeout(Duration::from_secs(5), read)
        .await
        .unwrap()
        .unwrap();
    serde_json::from_str(&text).unwrap()
}

#[tokio::test]
async fn a_cancelled_call_is_given_up_and_has_no_answer() {
    let served = serve(TOOLS);
    let (mut ours, theirs) = tokio::io::duplex(1 << 16);
    let (out, writer) = tokio::io::duplex(1 << 16);
    let mut out = BufReader::new(out);
    let serving = tokio::spawn(Arc::clone(&served.stdio).serve(Box::pin(theirs), Box::pin(writer)));
    let slow = request(
        5,
        "tools/call",
        &json!({"name": "get", "arguments": {"id": "slow"}}),
    );
    for text in [initialize(), slow, request(6, "ping", &json!({}))] {
        ours.write_all(format!("{text}\n").as_bytes())
            .await
            .unwrap();
    }
    assert_eq!(line(&mut out).await["id"], 1);
    assert_eq!(line(&mut out).await["id"], 6, "a slow call holds nobody up");
    let cancel =
        json!({"jsonrpc": "2.0", "method": "notifications/cancelled", "params": {"requestId": 5}});
    ours.write_all(format!("{cancel}\n{}\n", request(7, "ping", &json!({}))).as_bytes())
        .await
        .unwrap();
    assert_eq!(line(&mut out).await["id"], 7);
    for _ in 0..500 {
        if *served.upstream.dropped.lock().unwrap() == 1 {
            break;
        }
        tokio::time::sleep(Duration::from_millis(5)).await;
    }
    assert_eq!(*served.upstream.dropped.lock().unwrap(), 1);
    drop(ours);
    tokio::time::timeout(Duration::from_secs(5), serving)
        .await
        .unwrap()
        .unwrap()
        .unwrap();
    let mut rest = String::new();
    out.read_to_string(&mut rest).await.unwrap();
    assert_eq!(rest, "");
}
