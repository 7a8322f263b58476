//! A small MCP caller over Streamable HTTP: it initialises, and calls tools.

use serde_json::{Map, Value, json};

use super::client::{Connection, Reply};

/// The revision that the caller asks for.
const REVISION: &str = "2025-06-18";

/// A session with one MCP server.
#[derive(Debug)]
pub(super) struct Session {
    connection: Connection,
    path: String,
    id: Option<String>,
    revision: String,
    next: u64,
}

impl Session {
    /// Opens a session at the URL of an MCP server.
    ///
    /// # Errors
    /// One line, when the server does not initialise.
    pub(super) async fn open(url: &str) -> Result<Self, String> {
        let rest = url.strip_prefix("http://").unwrap_or(url);
        let path = rest
            .find('/')
            .map_or("/", |at| rest.split_at(at).1)
            .to_owned();
        let mut session = Self {
            connection: Connection::new(url),
            path,
            id: None,
            revision: REVISION.to_owned(),
            next: 0,
        };
        let parameters = json!({
            "protocolVersion": REVISION, "capabilities": {},
            "clientInfo": {"name": "catalog", "version": env!("CARGO_PKG_VERSION")},
        });
        let result = session.request("initialize", parameters).await?;
        if let Some(revision) = result.get("protocolVersion").and_then(Value::as_str) {
            revision.clone_into(&mut session.revision);
        }
        let told = json!({"jsonrpc": "2.0", "method": "notifications/initialized"});
        let reply = session.post(&told).await?;
        if reply.status >= 300 {
            return Err(format!(
                "notifications/initialized: status {}",
                reply.status
            ));
        }
        Ok(session)
    }

    /// The `result` of one tool call.
    ///
    /// # Errors
    /// One line, for a JSON-RPC error or no answer at all.
    pub(super) async fn call(
        &mut self,
        name: &str,
        arguments: &Map<String, Value>,
    ) -> Result<Value, String> {
        self.request("tools/call", json!({"name": name, "arguments": arguments}))
            .await
    }

    async fn request(&mut self, method: &str, parameters: Value) -> Result<Value, String> {
        self.next += 1;
        let id = self.next;
        let message = json!({"jsonrpc": "2.0", "id": id, "method": method, "params": parameters});
        let reply = self.post(&message).await?;
        if let Some(session) = reply
            .headers
            .get("mcp-session-id")
            .and_then(|value| value.to_str().ok())
        {
            self.id = Some(session.to_owned());
        }
        let text = String::from_utf8_lossy(&reply.body);
        if reply.status != 200 {
            return Err(format!(
                "{method}: status {} `{}`",
                reply.status,
                text.chars().take(160).collect::<String>()
            ));
        }
        let answer = messages(&reply, &text)
            .into_iter()
            .find(|message| message.get("id").and_then(Value::as_u64) == Some(id))
            .ok_or_else(|| format!("{method}: no message with its id"))?;
        if let Some(error) = answer.get("error") {
            return Err(format!("{method}: error {error}"));
        }
        answer
            .get("result")
            .cloned()
            .ok_or_else(|| format!("{method}: neither result nor error"))
    }

    async fn post(&mut self, message: &Value) -> Result<Reply, String> {
        let mut headers = vec![
            ("content-type".to_owned(), "application/json".to_owned()),
            (
                "accept".to_owned(),
                "application/json, text/event-stream".to_owned(),
            ),
        ];
        if self.next > 1 || message.get("id").is_none() {
            headers.push(("mcp-protocol-version".to_owned(), self.revision.clone()));
        }
        if let Some(session) = &self.id {
            headers.push(("mcp-session-id".to_owned(), session.clone()));
        }
        let body = message.to_string().into_bytes();
        self.connection
            .send("POST", &self.path, &headers, Some(body))
            .await
    }
}

/// The messages of an answer, be it one JSON object or a stream of events.
fn messages(reply: &Reply, text: &str) -> Vec<Value> {
    let stream = reply
        .headers
        .get("content-type")
        .and_then(|value| value.to_str().ok())
        .is_some_and(|kind| kind.starts_with("text/event-stream"));
    if !stream {
        return serde_json::from_str(text).into_iter().collect();
    }
    let data = |event: &str| {
        let lines = event.lines().filter_map(|line| line.strip_prefix("data:"));
        lines
            .map(|line| line.strip_prefix(' ').unwrap_or(line))
            .collect::<Vec<_>>()
            .join("\n")
    };
    let plain = text.replace("\r\n", "\n");
    plain
        .split("\n\n")
        .filter_map(|event| serde_json::from_str(&data(event)).ok())
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn both_kinds_of_answers_are_read() {
        let reply = |kind: &str| {
            let mut headers = http::HeaderMap::new();
            headers.insert("content-type", kind.parse().unwrap());
            Reply {
                status: 200,
                headers,
                body: bytes::Bytes::new(),
            }
        };
        assert_eq!(
            messages(&reply("application/json"), "{\"id\": 1}"),
            [json!({"id": 1})]
        );
        let events = "id: 0\r\ndata:\r\n\r\nevent: message\r\ndata: {\"id\":\r\ndata: 2}\r\n\r\n";
        assert_eq!(
            messages(&reply("text/event-stream"), events),
            [json!({"id": 2})]
        );
    }
}
