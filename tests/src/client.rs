//! A client that sends what it is told, also what no well-behaved client would.

use std::fmt::Write as _;
use std::io::{BufReader, Read, Write};
use std::net::TcpStream;

use crate::PATIENCE;
use crate::message::{Message, Side, read};

/// A connection to a server on loopback.
#[derive(Debug)]
pub struct Connection {
    reader: BufReader<TcpStream>,
    port: u16,
}

impl Connection {
    /// Connects.
    ///
    /// # Panics
    /// Nobody listens.
    pub fn open(port: u16) -> Self {
        let stream = TcpStream::connect(("127.0.0.1", port)).expect("somebody listens");
        stream.set_read_timeout(Some(PATIENCE)).expect("a timeout");
        stream.set_write_timeout(Some(PATIENCE)).expect("a timeout");
        stream.set_nodelay(true).expect("an option");
        Self {
            reader: BufReader::new(stream),
            port,
        }
    }

    /// Sends bytes. A server that stopped reading is no failure: it may have answered.
    pub fn send(&mut self, bytes: &[u8]) {
        let _ = self.reader.get_mut().write_all(bytes);
    }

    /// Sends a request with a body of that length in the field; `Host` is added unless it is given.
    pub fn request(&mut self, method: &str, target: &str, headers: &[(&str, &str)], body: &[u8]) {
        let mut head = format!("{method} {target} HTTP/1.1\r\n");
        if !headers
            .iter()
            .any(|(name, _)| name.eq_ignore_ascii_case("host"))
        {
            let _ = write!(head, "host: 127.0.0.1:{}\r\n", self.port);
        }
        for (name, value) in headers {
            let _ = write!(head, "{name}: {value}\r\n");
        }
        let framed = headers.iter().any(|(name, _)| {
            name.eq_ignore_ascii_case("content-length")
                || name.eq_ignore_ascii_case("transfer-encoding")
        });
        if !body.is_empty() && !framed {
            let _ = write!(head, "content-length: {}\r\n", body.len());
        }
        head.push_str("\r\n");
        let mut bytes = head.into_bytes();
        bytes.extend(body);
        self.send(&bytes);
    }

    /// The next answer.
    ///
    /// # Panics
    /// There is none in time.
    pub fn answer(&mut self) -> Message {
        self.try_answer(Side::Answer).expect("an answer")
    }

    /// The next answer, or nothing when the server closes the connection without one.
    ///
    /// # Panics
    /// Neither happens in time.
    pub fn try_answer(&mut self, side: Side) -> Option<Message> {
        match read(&mut self.reader, side) {
            Ok(message) => message,
            Err(error) if error.kind() == std::io::ErrorKind::ConnectionReset => None,
            Err(error) => panic!("no answer: {error}"),
        }
    }

    /// Reads the head of the answer and gives the rest of the stream.
    pub fn into_stream(self) -> BufReader<TcpStream> {
        self.reader
    }

    /// Whether the server has closed the connection: waits until it does.
    pub fn closed(&mut self) -> bool {
        let mut rest = Vec::new();
        self.reader.read_to_end(&mut rest).is_ok()
    }
}

/// Sends one request over a connection of its own and reads the answer.
///
/// # Panics
/// There is none in time.
pub fn send(
    port: u16,
    method: &str,
    target: &str,
    headers: &[(&str, &str)],
    body: &[u8],
) -> Message {
    let mut connection = Connection::open(port);
    connection.request(method, target, headers, body);
    let side = if method == "HEAD" {
        Side::AnswerToHead
    } else {
        Side::Answer
    };
    connection.try_answer(side).expect("an answer")
}

/// Gets a path.
pub fn get(port: u16, target: &str) -> Message {
    send(port, "GET", target, &[], b"")
}

/// Posts JSON to a path.
pub fn post(port: u16, target: &str, json: &str) -> Message {
    send(
        port,
        "POST",
        target,
        &[("content-type", "application/json")],
        json.as_bytes(),
    )
}
