//! Answers: a status and, mostly, one message.

use bytes::Bytes;
use http::{Response, StatusCode};
use serde_json::{Value, json};

/// The text is no JSON.
pub(super) const PARSE_ERROR: i32 = -32_700;
/// The JSON is no message.
pub(super) const INVALID_REQUEST: i32 = -32_600;
/// The message's parameters are not what its method takes.
pub(super) const INVALID_PARAMS: i32 = -32_602;
/// The session is unknown or over; what clients of the official libraries know it by.
pub(super) const SESSION_NOT_FOUND: i32 = -32_001;
/// Something else is wrong with the transport.
pub(super) const REFUSED: i32 = -32_000;

/// An answer, whatever transport it goes to.
#[derive(Debug)]
pub(super) struct Reply {
    pub(super) status: StatusCode,
    /// One message without line breaks, or nothing.
    pub(super) body: Bytes,
}

impl Reply {
    /// Nothing to say.
    pub(super) fn accepted() -> Self {
        Self {
            status: StatusCode::ACCEPTED,
            body: Bytes::new(),
        }
    }

    /// An error. `id` is that of the request as it was written, if it has one.
    pub(super) fn error(status: StatusCode, id: Option<&str>, code: i32, text: &str) -> Self {
        let error = json!({"code": code, "message": text});
        let id = id.unwrap_or("null");
        Self {
            status,
            body: Bytes::from(format!(r#"{{"jsonrpc":"2.0","id":{id},"error":{error}}}"#)),
        }
    }

    /// An answer of the protocol's library. Where that is no message, it becomes one.
    pub(super) fn of(response: Response<Bytes>) -> Self {
        let (parts, body) = response.into_parts();
        let is_message = body.first() == Some(&b'{');
        if parts.status.is_success() || is_message {
            let body = if is_message { body } else { Bytes::new() };
            return Self {
                status: parts.status,
                body,
            };
        }
        let text = String::from_utf8_lossy(&body).into_owned();
        let text = if parts.status.is_server_error() || text.is_empty() {
            String::from("the request cannot be served")
        } else {
            text
        };
        let code = match parts.status {
            // The library reads a message again, more strictly than we do.
            StatusCode::UNSUPPORTED_MEDIA_TYPE => INVALID_REQUEST,
            _ => REFUSED,
        };
        let status = match parts.status {
            StatusCode::UNSUPPORTED_MEDIA_TYPE => StatusCode::BAD_REQUEST,
            status => status,
        };
        Self::error(status, None, code, &text)
    }

    /// The answer to the request of that id: an error that names none is given it.
    pub(super) fn for_id(self, id: &str) -> Self {
        if self.status.is_success() {
            return self;
        }
        let Ok(Value::Object(mut message)) = serde_json::from_slice::<Value>(&self.body) else {
            return self;
        };
        if !message.get("id").is_none_or(Value::is_null) {
            return self;
        }
        let id = serde_json::from_str(id).unwrap_or_default();
        message.insert("id".into(), id);
        Self {
            status: self.status,
            body: Bytes::from(Value::Object(message).to_string()),
        }
    }

    /// Whether it holds an answer that is no error.
    pub(super) fn is_result(&self) -> bool {
        #[derive(serde::Deserialize)]
        struct Outcome {
            result: Option<serde::de::IgnoredAny>,
        }
        serde_json::from_slice::<Outcome>(&self.body).is_ok_and(|outcome| outcome.result.is_some())
    }
}
