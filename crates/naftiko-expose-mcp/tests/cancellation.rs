//! A client that goes away, or says that it does, ends the upstream call.

use std::time::Duration;

use serde_json::json;

use crate::support::{Served, TOOLS, serve};

async fn asked(served: &Served, times: usize) {
    for _ in 0..500 {
        if served.upstream.asked.lock().unwrap().len() >= times {
            return;
        }
        tokio::time::sleep(Duration::from_millis(5)).await;
    }
    panic!("the upstream was not asked");
}

async fn given_up(served: &Served, times: usize) {
    for _ in 0..500 {
        if *served.upstream.dropped.lock().unwrap() >= times {
            return;
        }
        tokio::time::sleep(Duration::from_millis(5)).await;
    }
    panic!("the upstream call goes on");
}

#[tokio::test]
async fn a_client_that_goes_away() {
    let served = serve(TOOLS);
    let call = json!({"name": "get", "arguments": {"id": "slow"}});
    {
        let legacy = served.ask("tools/call", call.clone());
        tokio::select! {
            answer = legacy => panic!("{answer:?}"),
            () = asked(&served, 1) => {}
        }
    }
    given_up(&served, 1).await;
    {
        let modern = served.ask_modern("tools/call", call, &[]);
        tokio::select! {
            answer = modern => panic!("{answer:?}"),
            () = asked(&served, 2) => {}
        }
    }
    given_up(&served, 2).await;
}

#[tokio::test]
async fn a_cancellation_finds_its_call() {
    let served = serve(TOOLS);
    let start = |name: &'static str| {
        let info = json!({"protocolVersion": "2025-11-25", "capabilities": {}, "clientInfo": {"name": name, "version": "1"}});
        served.ask("initialize", info)
    };
    let session = |answer: &crate::support::Answer| {
        answer.headers["mcp-session-id"]
            .to_str()
            .unwrap()
            .to_owned()
    };
    let (mine, other) = (session(&start("a").await), session(&start("b").await));
    let json = ("content-type", "application/json");
    let call = r#"{"jsonrpc":"2.0","id":5,"method":"tools/call","params":{"name":"get","arguments":{"id":"slow"}}}"#;
    let cancel = r#"{"jsonrpc":"2.0","method":"notifications/cancelled","params":{"requestId":5}}"#;
    let mine_headers = [json, ("mcp-session-id", mine.as_str())];
    let running = served.send("POST", "/mcp", &mine_headers, call);
    let cancelling = async {
        asked(&served, 1).await;
        let others = [json, ("mcp-session-id", other.as_str())];
        served.send("POST", "/mcp", &others, cancel).await;
        served.post(cancel).await;
        tokio::time::sleep(Duration::from_millis(50)).await;
        assert_eq!(
            *served.upstream.dropped.lock().unwrap(),
            0,
            "ids of other clients mean nothing"
        );
        served.send("POST", "/mcp", &mine_headers, cancel).await;
    };
    let (answer, ()) = tokio::join!(running, cancelling);
    assert_eq!((answer.status.as_u16(), answer.text.as_str()), (202, ""));
    given_up(&served, 1).await;
}
