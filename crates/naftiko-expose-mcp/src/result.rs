//! Results of tools: from what a flow gives to what a client reads (decisions, section 6, "MCP results").

use bytes::{Bytes, BytesMut};
use http::{Response, StatusCode};
use http_body_util::BodyExt;
use naftiko_engine::{Body, FlowError, FlowOutput, Origin, collect};
use naftiko_expose::ExposureLimits;
use serde_json::{Value, json};

use crate::content::{self, Block};
use crate::json::{self, Json};
use crate::schema::WRAPPER;
use crate::server::Era;
use crate::tools::{OutputSchema, Tool};

/// What a client reads.
#[derive(Debug)]
pub(crate) struct ToolResult {
    pub(crate) content: Vec<Block>,
    /// The text of the only block as a JSON string, where that is known.
    pub(crate) quoted: Option<String>,
    /// Compact JSON.
    pub(crate) structured: Option<String>,
    pub(crate) is_error: bool,
}

impl ToolResult {
    /// A failure, told to the model that called.
    pub(crate) fn error(text: impl Into<String>) -> Self {
        Self {
            content: vec![Block::Text(text.into())],
            quoted: None,
            structured: None,
            is_error: true,
        }
    }
}

/// The result of a flow that gave something.
pub(crate) async fn of(
    output: FlowOutput,
    tool: &Tool,
    era: Era,
    limits: &ExposureLimits,
) -> ToolResult {
    match output {
        FlowOutput::Relay {
            success: true,
            response,
        } => relayed(response, tool, era, limits.relayed).await,
        FlowOutput::Relay {
            success: false,
            response,
        } => {
            let (status, body, whole) = beginning(response, limits.relayed_error).await;
            ToolResult::error(refused(status, &body, whole).to_string())
        }
        FlowOutput::Value { bytes, .. } => shaped(&bytes, tool, era),
        FlowOutput::Empty { .. } => ToolResult {
            content: Vec::new(),
            quoted: None,
            structured: tool
                .output
                .as_ref()
                .map(|schema| promised(schema, b"null", era)),
            is_error: false,
        },
    }
}

/// The result of a flow that gave nothing. The log gets `said`, which tells more than a client may know, but no secret.
pub(crate) fn failed(error: &FlowError, tool: &Tool, said: &str) -> ToolResult {
    if error.origin() != Origin::Caller {
        let said = naftiko_diagnostics::render::escape(said);
        tracing::warn!(target: "naftiko::mcp", tool = tool.name, error = %said, "a tool failed");
    }
    ToolResult::error(error.sentence())
}

async fn relayed(response: Response<Body>, tool: &Tool, era: Era, limit: usize) -> ToolResult {
    let (parts, body) = response.into_parts();
    let body = match collect(body, limit).await {
        Ok(body) => body,
        Err(error) => {
            let said = error.to_string();
            return failed(&FlowError::Upstream(error), tool, &said);
        }
    };
    let own = format!("naftiko:{}", tool.name);
    let content = content::read(&parts.headers, body, &own).await;
    let (quoted, structured) = match (&tool.output, content.value) {
        (Some(schema), Some(value)) => {
            let promised = promised(schema, value.text.as_bytes(), era);
            (Some(value.quoted), Some(promised))
        }
        (Some(schema), None) => (None, Some(promised(schema, b"null", era))),
        (None, Some(value)) => {
            let structured = value.is_object().then_some(value.text);
            (Some(value.quoted), structured)
        }
        (None, None) => (None, None),
    };
    ToolResult {
        structured,
        quoted,
        content: content.blocks,
        is_error: false,
    }
}

fn shaped(bytes: &Bytes, tool: &Tool, era: Era) -> ToolResult {
    let text = match std::str::from_utf8(bytes) {
        Ok(text) => text.to_owned(),
        Err(_) => String::from_utf8_lossy(bytes).into_owned(),
    };
    let value = match &tool.output {
        Some(schema) => Some(json::fitted(bytes, &schema.promise)),
        None => json::compact(bytes),
    };
    let (quoted, structured) = match value {
        Some(value) => {
            let is_object = value.is_object();
            let Json {
                text: written,
                quoted,
            } = value;
            // The text is what came, even where that does not keep the promise.
            let quoted = (written == text).then_some(quoted);
            let structured = match &tool.output {
                Some(schema) => Some(wrapped(schema, written, era)),
                None => is_object.then_some(written),
            };
            (quoted, structured)
        }
        None => (None, None),
    };
    ToolResult {
        structured,
        quoted,
        content: vec![Block::Text(text)],
        is_error: false,
    }
}

/// What came as `schema` promises it, whatever that is.
fn promised(schema: &OutputSchema, came: &[u8], era: Era) -> String {
    wrapped(schema, json::fitted(came, &schema.promise).text, era)
}

/// Older clients want an object.
fn wrapped(schema: &OutputSchema, value: String, era: Era) -> String {
    if schema.wrapped.is_some() && era == Era::Legacy {
        return format!(r#"{{"{WRAPPER}":{value}}}"#);
    }
    value
}

/// What is said of an upstream's refusal: its status and body.
pub(crate) fn refused(status: StatusCode, body: &[u8], whole: bool) -> Value {
    let value = if whole {
        serde_json::from_slice(body).ok()
    } else {
        None
    };
    let body = match value {
        Some(value) => value,
        None if body.is_empty() => Value::Null,
        None => Value::from(String::from_utf8_lossy(body).into_owned()),
    };
    let mut said = json!({"status": status.as_u16(), "body": body});
    if !whole && let Some(said) = said.as_object_mut() {
        said.insert("truncated".into(), Value::Bool(true));
    }
    said
}

/// The first `limit` bytes of a body, and whether that is all of it. What breaks off counts as cut.
pub(crate) async fn beginning(response: Response<Body>, limit: usize) -> (StatusCode, Bytes, bool) {
    let (parts, mut body) = response.into_parts();
    let mut read = BytesMut::new();
    while let Some(frame) = body.frame().await {
        let Ok(frame) = frame else {
            return (parts.status, read.freeze(), false);
        };
        let Ok(data) = frame.into_data() else {
            continue;
        };
        let room = limit - read.len();
        if data.len() > room {
            read.extend_from_slice(data.get(..room).unwrap_or_default());
            return (parts.status, read.freeze(), false);
        }
        read.extend_from_slice(&data);
    }
    (parts.status, read.freeze(), true)
}
