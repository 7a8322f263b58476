//! The front behind a pair of streams: one message a line, answers as they come.

use std::io;
use std::sync::Arc;

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use bytes::Bytes;
use futures_util::StreamExt;
use futures_util::stream::FuturesUnordered;
use http::{HeaderMap, HeaderValue, StatusCode};
use naftiko_expose::{Reader, Serving, StreamServer, Writer};
use serde::Deserialize;
use tokio::io::{AsyncBufReadExt, AsyncWriteExt, BufReader};

use super::Front;
use super::message::{Era, Kind, Message};
use super::reply::{INVALID_REQUEST, Reply};

/// The one session of a pair of streams.
const SESSION: &str = "stdio";

/// Requests that are answered at a time; more wait in the stream.
const MAX_CALLS: usize = 256;

impl StreamServer for Front {
    fn serve(self: Arc<Self>, reader: Reader, writer: Writer) -> Serving {
        Box::pin(async move { Connection::new(&self, reader, writer).run().await })
    }
}

struct Connection<'f> {
    front: &'f Front,
    lines: Lines,
    writer: Writer,
    /// The version that the handshake agreed on.
    version: Option<HeaderValue>,
}

impl<'f> Connection<'f> {
    fn new(front: &'f Front, reader: Reader, writer: Writer) -> Self {
        Self {
            front,
            lines: Lines::new(reader, front.limit),
            writer,
            version: None,
        }
    }

    async fn run(mut self) -> io::Result<()> {
        let mut calls = FuturesUnordered::new();
        let mut open = true;
        while open || !calls.is_empty() {
            tokio::select! {
                Some(reply) = calls.next() => self.write(reply).await?,
                line = self.lines.next(), if open && calls.len() < MAX_CALLS => match line? {
                    None => open = false,
                    Some(Line::Blank) => {}
                    Some(Line::TooLong) => {
                        let text = format!("the line is longer than {} bytes", self.front.limit);
                        let reply = Reply::error(StatusCode::OK, None, INVALID_REQUEST, &text);
                        self.write(reply).await?;
                    }
                    Some(Line::Message(line)) => {
                        if let Some(call) = self.take(line).await? {
                            calls.push(call);
                        }
                    }
                },
            }
        }
        self.writer.shutdown().await
    }

    /// Starts to answer a line. What must come before everything else is answered at once.
    async fn take(
        &mut self,
        line: Bytes,
    ) -> io::Result<Option<impl Future<Output = Reply> + use<'f>>> {
        let message = match Message::read(&line, &HeaderMap::new()) {
            Ok(message) => message,
            Err(reply) => {
                self.write(reply).await?;
                return Ok(None);
            }
        };
        let headers = self.headers(&message);
        let front = self.front;
        let at_once = message.method == "initialize" || message.kind == Kind::Notification;
        if at_once || message.kind == Kind::Response {
            let reply = front
                .answer(&message, line.clone(), headers, Some(SESSION))
                .await;
            if message.method == "initialize" {
                self.version = negotiated(&reply.body).or(self.version.take());
            }
            // Nobody waits for an answer to a notification.
            if message.id().is_some() {
                self.write(reply).await?;
            }
            return Ok(None);
        }
        Ok(Some(async move {
            match Message::read(&line, &HeaderMap::new()) {
                Ok(message) => {
                    front
                        .answer(&message, line.clone(), headers, Some(SESSION))
                        .await
                }
                Err(reply) => reply,
            }
        }))
    }

    /// The headers that the message would have over HTTP.
    fn headers(&self, message: &Message<'_>) -> HeaderMap {
        let mut headers = HeaderMap::new();
        let mut put = |name: &'static str, value: Option<HeaderValue>| {
            if let Some(value) = value {
                headers.insert(name, value);
            }
        };
        match message.era {
            Era::Modern => {
                put("mcp-protocol-version", message.version().and_then(header));
                put("mcp-method", header(message.method.to_string()));
                put("mcp-name", message.subject().and_then(encoded));
            }
            Era::Legacy if message.method == "initialize" => {}
            Era::Legacy => put("mcp-protocol-version", self.version.clone()),
        }
        headers
    }

    async fn write(&mut self, reply: Reply) -> io::Result<()> {
        if reply.body.is_empty() {
            return Ok(());
        }
        self.writer.write_all(&reply.body).await?;
        self.writer.write_all(b"\n").await?;
        self.writer.flush().await
    }
}

fn header(text: String) -> Option<HeaderValue> {
    HeaderValue::try_from(text).ok()
}

/// A header that may hold any text.
fn encoded(text: String) -> Option<HeaderValue> {
    header(format!("=?base64?{}?=", STANDARD.encode(text)))
}

/// The version that the answer to a handshake names.
fn negotiated(body: &[u8]) -> Option<HeaderValue> {
    #[derive(Deserialize)]
    #[serde(rename_all = "camelCase")]
    struct Agreed {
        protocol_version: String,
    }
    #[derive(Deserialize)]
    struct Answer {
        result: Agreed,
    }
    let answer: Answer = serde_json::from_slice(body).ok()?;
    header(answer.result.protocol_version)
}

/// The lines of a stream, each at most so long.
struct Lines {
    reader: BufReader<Reader>,
    /// The beginning of a line whose end has not come: reading may be interrupted at any time.
    line: Vec<u8>,
    limit: usize,
    too_long: bool,
}

enum Line {
    Message(Bytes),
    Blank,
    TooLong,
}

impl Lines {
    fn new(reader: Reader, limit: usize) -> Self {
        Self {
            reader: BufReader::new(reader),
            line: Vec::new(),
            limit,
            too_long: false,
        }
    }

    /// The next line; nothing at the end. A last line without a line break counts.
    async fn next(&mut self) -> io::Result<Option<Line>> {
        loop {
            let available = self.reader.fill_buf().await?;
            if available.is_empty() {
                let rest = !self.line.is_empty() || self.too_long;
                return Ok(rest.then(|| self.take()));
            }
            let end = available.iter().position(|byte| *byte == b'\n');
            let used = end.map_or(available.len(), |end| end + 1);
            let part = available
                .get(..end.unwrap_or(available.len()))
                .unwrap_or_default();
            if self.line.len() + part.len() > self.limit {
                self.too_long = true;
                self.line = Vec::new();
            } else if !self.too_long {
                self.line.extend_from_slice(part);
            }
            self.reader.consume(used);
            if end.is_some() {
                return Ok(Some(self.take()));
            }
        }
    }

    fn take(&mut self) -> Line {
        let line = std::mem::take(&mut self.line);
        if std::mem::take(&mut self.too_long) {
            Line::TooLong
        } else if line.iter().all(u8::is_ascii_whitespace) {
            Line::Blank
        } else {
            Line::Message(Bytes::from(line))
        }
    }
}
