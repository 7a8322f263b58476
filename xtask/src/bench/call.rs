//! What is asked: the bytes of a request, with the places that the load fills in.

use std::net::SocketAddr;

use serde_json::{Value, json};

/// The load puts ten digits and a space here; see `tests/bench/src/load.rs`.
const NUMBER: &str = "{number...}";
/// The load puts the name of the connection's session here.
const SESSION: &str = "{session}";

/// The revisions of MCP that differ on the wire.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Era {
    /// Up to 2025-11-25: a handshake, and a session where the server has them.
    Legacy,
    /// 2026-07-28: no handshake, no session.
    Modern,
}

impl Era {
    pub(crate) const fn version(self) -> &'static str {
        match self {
            Era::Legacy => "2025-11-25",
            Era::Modern => "2026-07-28",
        }
    }
}

/// One call, said without an address.
#[derive(Clone, Debug)]
pub(crate) enum Call {
    /// A GET.
    Get {
        /// Where, with a slash at its beginning.
        path: String,
        /// What the answer holds.
        expected: &'static str,
    },
    /// A `tools/call`.
    Tool {
        era: Era,
        /// Where the endpoint is.
        path: String,
        tool: String,
        arguments: Value,
        /// Whether the server has sessions, for the older revisions.
        sessions: bool,
        expected: &'static str,
    },
}

/// A call as the load wants it.
#[derive(Debug)]
pub(crate) struct Bytes {
    pub(crate) setup: Vec<String>,
    pub(crate) request: String,
    pub(crate) expected: &'static str,
}

impl Call {
    /// A GET whose answer holds a kettle.
    pub(crate) fn item(path: &str) -> Self {
        Call::Get {
            path: path.to_owned(),
            expected: "A kettle",
        }
    }

    /// The call for one server.
    pub(crate) fn bytes(&self, address: SocketAddr) -> Bytes {
        match self {
            Call::Get { path, expected } => Bytes {
                setup: Vec::new(),
                request: format!(
                    "GET {path} HTTP/1.1\r\nHost: {address}\r\nAccept: application/json\r\n\r\n"
                ),
                expected,
            },
            Call::Tool {
                era,
                path,
                tool,
                arguments,
                sessions,
                expected,
            } => {
                let post = |headers: &str, body: &Value| post(address, path, headers, body);
                let params = json!({"name": tool, "arguments": arguments});
                let (setup, request) = match era {
                    Era::Legacy => legacy(&post, &params, *sessions),
                    Era::Modern => (Vec::new(), modern(&post, params, tool)),
                };
                Bytes {
                    setup,
                    request,
                    expected,
                }
            }
        }
    }
}

fn legacy(
    post: &dyn Fn(&str, &Value) -> String,
    params: &Value,
    sessions: bool,
) -> (Vec<String>, String) {
    let version = Era::Legacy.version();
    let about = json!({
        "protocolVersion": version, "capabilities": {}, "clientInfo": {"name": "bench", "version": "1"},
    });
    let first = json!({"jsonrpc": "2.0", "id": 1, "method": "initialize", "params": about});
    let second = json!({"jsonrpc": "2.0", "method": "notifications/initialized"});
    let mut headers = format!("MCP-Protocol-Version: {version}\r\n");
    if sessions {
        headers.push_str(&format!("Mcp-Session-Id: {SESSION}\r\n"));
    }
    let call = json!({"jsonrpc": "2.0", "id": NUMBER, "method": "tools/call", "params": params});
    let setup = vec![post("", &first), post(&headers, &second)];
    (setup, post(&headers, &call))
}

fn modern(post: &dyn Fn(&str, &Value) -> String, mut params: Value, tool: &str) -> String {
    let version = Era::Modern.version();
    if let Some(params) = params.as_object_mut() {
        let about = json!({
            "io.modelcontextprotocol/protocolVersion": version,
            "io.modelcontextprotocol/clientCapabilities": {},
            "io.modelcontextprotocol/clientInfo": {"name": "bench", "version": "1"},
        });
        params.insert("_meta".to_owned(), about);
    }
    let call = json!({"jsonrpc": "2.0", "id": NUMBER, "method": "tools/call", "params": params});
    let headers = format!(
        "MCP-Protocol-Version: {version}\r\nMcp-Method: tools/call\r\nMcp-Name: {tool}\r\n"
    );
    post(&headers, &call)
}

fn post(address: SocketAddr, path: &str, headers: &str, body: &Value) -> String {
    // The number is a number, not a text.
    let body = body.to_string().replace(&format!("\"{NUMBER}\""), NUMBER);
    let length = body.len();
    format!(
        "POST {path} HTTP/1.1\r\nHost: {address}\r\nContent-Type: application/json\r\n\
         Accept: application/json, text/event-stream\r\n{headers}Content-Length: {length}\r\n\r\n{body}"
    )
}

#[cfg(test)]
mod tests {
    use super::{Call, Era};
    use serde_json::json;

    fn tool(era: Era) -> super::Bytes {
        let call = Call::Tool {
            era,
            path: "/mcp".to_owned(),
            tool: "get-item".to_owned(),
            arguments: json!({"id": "7"}),
            sessions: true,
            expected: "A kettle",
        };
        call.bytes(([127, 0, 0, 1], 80).into())
    }

    #[test]
    fn a_body_is_as_long_as_its_header_says() {
        for era in [Era::Legacy, Era::Modern] {
            let bytes = tool(era);
            for text in bytes.setup.iter().chain([&bytes.request]) {
                let (head, body) = text.split_once("\r\n\r\n").unwrap();
                let said = head.rsplit(' ').next().unwrap();
                assert_eq!(said, body.len().to_string(), "{text}");
            }
        }
    }

    #[test]
    fn only_the_older_revisions_begin_with_a_handshake() {
        assert_eq!(tool(Era::Legacy).setup.len(), 2);
        assert!(tool(Era::Modern).setup.is_empty());
        assert!(tool(Era::Legacy).request.contains("\"id\":{number...},"));
    }
}
