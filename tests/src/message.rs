//! HTTP/1.1 messages, read byte by byte: what was sent is kept as it was sent.

use std::io::{self, BufRead, Read};

/// The first line, the header fields and the body of a message.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Message {
    /// The first line without its end.
    pub start: String,
    /// The fields in order, names in lower case.
    pub headers: Vec<(String, String)>,
    /// The body, decoded from chunks.
    pub body: Vec<u8>,
    /// Whether the body ended as its framing says. A message that broke off is kept as far as it came.
    pub whole: bool,
}

impl Message {
    /// The first value of a field.
    pub fn header(&self, name: &str) -> Option<&str> {
        let found = self
            .headers
            .iter()
            .find(|(known, _)| known.eq_ignore_ascii_case(name));
        found.map(|(_, value)| value.as_str())
    }

    /// The body as text.
    pub fn text(&self) -> String {
        String::from_utf8_lossy(&self.body).into_owned()
    }

    /// The status of an answer.
    ///
    /// # Panics
    /// The first line is none of an answer.
    pub fn status(&self) -> u16 {
        let word = self.start.split(' ').nth(1);
        word.and_then(|word| word.parse().ok())
            .unwrap_or_else(|| panic!("not the first line of an answer: {:?}", self.start))
    }

    /// The body as JSON.
    ///
    /// # Panics
    /// It is not JSON.
    pub fn json(&self) -> serde_json::Value {
        serde_json::from_slice(&self.body)
            .unwrap_or_else(|error| panic!("{error}: {}", self.text()))
    }

    /// The message as lines, without the fields `but`: first line, fields, an empty line, the body.
    pub fn lines(&self, but: &[&str]) -> Vec<String> {
        let mut lines = vec![self.start.clone()];
        for (name, value) in self
            .headers
            .iter()
            .filter(|(name, _)| !but.contains(&name.as_str()))
        {
            lines.push(format!("{name}: {value}"));
        }
        if !self.body.is_empty() {
            lines.push(String::new());
            lines.extend(self.text().lines().map(str::to_owned));
        }
        if !self.whole {
            lines.push(String::from("(broken off)"));
        }
        lines
    }
}

/// What a message answers to, as far as it matters for its length.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Side {
    /// It is a request.
    Request,
    /// It answers a request that may have a body in its answer.
    Answer,
    /// It answers HEAD.
    AnswerToHead,
}

/// Reads one message; nothing at the end of the stream.
///
/// # Errors
/// The stream fails, or breaks off within the head.
pub fn read(stream: &mut impl BufRead, side: Side) -> io::Result<Option<Message>> {
    let mut message = Message::default();
    let Some(start) = line(stream)? else {
        return Ok(None);
    };
    message.start = start;
    loop {
        let field = line(stream)?.ok_or(io::ErrorKind::UnexpectedEof)?;
        if field.is_empty() {
            break;
        }
        let (name, value) = field.split_once(':').ok_or(io::ErrorKind::InvalidData)?;
        message
            .headers
            .push((name.to_ascii_lowercase(), value.trim().to_owned()));
    }
    let status = if side == Side::Request {
        0
    } else {
        message.status()
    };
    if side == Side::AnswerToHead || matches!(status, 100..=199 | 204 | 304) {
        message.whole = true;
        return Ok(Some(message));
    }
    let chunked = message
        .header("transfer-encoding")
        .is_some_and(|value| value.contains("chunked"));
    let length = message
        .header("content-length")
        .and_then(|value| value.parse().ok());
    message.whole = match length {
        _ if chunked => chunks(stream, &mut message.body)?,
        Some(length) => exactly(stream, length, &mut message.body)?,
        None if side == Side::Request => true,
        None => stream.read_to_end(&mut message.body).is_ok(),
    };
    Ok(Some(message))
}

fn line(stream: &mut impl BufRead) -> io::Result<Option<String>> {
    let mut bytes = Vec::new();
    stream.read_until(b'\n', &mut bytes)?;
    if bytes.is_empty() {
        return Ok(None);
    }
    while bytes
        .last()
        .is_some_and(|byte| matches!(byte, b'\r' | b'\n'))
    {
        bytes.pop();
    }
    Ok(Some(String::from_utf8_lossy(&bytes).into_owned()))
}

/// Reads `length` bytes; false when there are fewer.
fn exactly(stream: &mut impl BufRead, length: usize, body: &mut Vec<u8>) -> io::Result<bool> {
    let before = body.len();
    match stream.by_ref().take(length as u64).read_to_end(body) {
        Ok(_) => Ok(body.len() - before == length),
        Err(error) if error.kind() == io::ErrorKind::ConnectionReset => Ok(false),
        Err(error) => Err(error),
    }
}

fn chunks(stream: &mut impl BufRead, body: &mut Vec<u8>) -> io::Result<bool> {
    loop {
        let Some(size) = line(stream)? else {
            return Ok(false);
        };
        let size = size.split(';').next().unwrap_or_default().trim().to_owned();
        let Ok(size) = usize::from_str_radix(&size, 16) else {
            return Ok(false);
        };
        if !exactly(stream, size, body)? || line(stream)?.is_none() {
            return Ok(false);
        }
        if size == 0 {
            return Ok(true);
        }
    }
}
