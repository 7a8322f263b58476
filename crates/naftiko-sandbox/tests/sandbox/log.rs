//! The line that each request leaves in the log, which test runners read.

use std::cell::RefCell;
use std::io::Write;

use naftiko_sandbox::{Credential, LOG_TARGET};
use serde_json::{Value, json};
use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use tokio::net::TcpStream;

use crate::client::{Api, operation};

thread_local! {
    /// What this thread's test hears, while it listens. Its runtime has no other thread.
    static HEARD: RefCell<Option<Vec<u8>>> = const { RefCell::new(None) };
}

/// Writes to the thread's own buffer.
struct Lines;

impl Write for Lines {
    fn write(&mut self, bytes: &[u8]) -> std::io::Result<usize> {
        HEARD.with_borrow_mut(|heard| {
            if let Some(heard) = heard {
                heard.extend_from_slice(bytes);
            }
        });
        Ok(bytes.len())
    }
    fn flush(&mut self) -> std::io::Result<()> {
        Ok(())
    }
}

#[tokio::test]
async fn each_request_is_one_line_without_its_query() {
    // The subscriber is that of the whole process: with one of a thread, a place that first logs on another thread would
    // be taken for one that nobody hears.
    let subscriber = tracing_subscriber::fmt()
        .json()
        .with_max_level(tracing_subscriber::filter::LevelFilter::INFO)
        .with_writer(|| Lines)
        .finish();
    tracing::subscriber::set_global_default(subscriber).unwrap();
    tracing::callsite::rebuild_interest_cache();
    HEARD.set(Some(Vec::new()));

    let operations = vec![operation("get\u{1b}[1m", "GET", "/a/{x}", Value::Null)];
    let api = Api::start(operations, None, Some(Credential::Query("key".into()))).await;
    api.get("/a/x%20y%0A?key=secret").await;
    api.get("/a/1?key=").await;
    api.get("/b").await;
    api.client
        .get(format!("http://{}/", api.sandbox.address()))
        .send()
        .await
        .unwrap();
    // A direction override, unencoded, as no client of ours would send it.
    let mut stream = TcpStream::connect(api.sandbox.address()).await.unwrap();
    let raw = "GET /api/b/\u{202e} HTTP/1.1\r\nhost: x\r\nconnection: close\r\n\r\n";
    stream.write_all(raw.as_bytes()).await.unwrap();
    stream.read_to_end(&mut Vec::new()).await.unwrap();

    let text = String::from_utf8(HEARD.take().unwrap()).unwrap();
    assert!(!text.contains("secret"));
    let logged: Vec<Value> = text
        .lines()
        .map(|line| serde_json::from_str::<Value>(line).unwrap())
        .filter(|line| line["target"] == LOG_TARGET)
        .map(|line| {
            assert_eq!(line["level"], "INFO");
            line["fields"].clone()
        })
        .collect();
    let line = |namespace: &str, path: &str, status: u16, operation: &str, credential: &str| {
        json!({
            "message": "answered", "namespace": namespace, "method": "GET", "path": path,
            "status": status, "operation": operation, "credential": credential,
        })
    };
    let name = "get\\u{1b}[1m";
    assert_eq!(
        logged,
        [
            line("api", "/a/x%20y%0A", 200, name, "sent"),
            line("api", "/a/1", 200, name, "missing"),
            line("api", "/b", 404, "", "missing"),
            line("", "", 404, "", "none"),
            line("api", "/b/\\u{202e}", 404, "", "missing"),
        ]
    );
}
