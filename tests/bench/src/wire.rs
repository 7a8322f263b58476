//! HTTP/1.1 as far as the load and its upstream need it: the end of a message, and nothing else.
//!
//! Both share one core, and the server under test has another to itself. They have to cost less than it does, or they
//! would be what is measured; hence bytes that are made once, and a reader that looks for ends alone.

/// Where a message's head ends, if it is there: after its empty line.
pub fn head_end(bytes: &[u8]) -> Option<usize> {
    bytes
        .windows(4)
        .position(|four| four == b"\r\n\r\n")
        .map(|at| at + 4)
}

/// How the end of a body is found.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Length {
    /// So many bytes are still to come.
    Known(usize),
    /// Chunks, until one is empty.
    Chunked(Chunk),
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Chunk {
    /// In the line with its size; the value read so far, and whether an extension has begun.
    Size { value: usize, extension: bool },
    /// So many bytes of data are still to come, the line end after them included.
    Data(usize),
    /// In the trailers, with the length of the line so far.
    Trailer(usize),
}

/// A response that is being read.
#[derive(Debug)]
pub struct Response {
    /// Its status.
    pub status: u16,
    length: Length,
}

impl Response {
    /// Reads a head. The headers that `wanted` names are handed to it.
    ///
    /// # Errors
    /// A sentence, when it is no response, or one without a length.
    pub fn read(head: &[u8], mut wanted: impl FnMut(&str, &[u8])) -> Result<Self, String> {
        let mut headers = [httparse::EMPTY_HEADER; 64];
        let mut response = httparse::Response::new(&mut headers);
        let read = response.parse(head).map_err(|error| error.to_string())?;
        if read.is_partial() {
            return Err("a head that does not end".to_owned());
        }
        let status = response.code.unwrap_or_default();
        let mut length = matches!(status, 202 | 204 | 304).then_some(Length::Known(0));
        for header in response.headers.iter() {
            if header.name.eq_ignore_ascii_case("content-length") {
                let text = std::str::from_utf8(header.value).unwrap_or_default();
                let bytes = text.parse().map_err(|_| "a broken length".to_owned())?;
                length = Some(Length::Known(bytes));
            } else if header.name.eq_ignore_ascii_case("transfer-encoding") {
                length = Some(Length::Chunked(Chunk::Size {
                    value: 0,
                    extension: false,
                }));
            } else {
                wanted(header.name, header.value);
            }
        }
        let length = length.ok_or("an answer that only the connection's end ends")?;
        Ok(Self { status, length })
    }

    /// Takes what came of the body, and says whether it is complete.
    ///
    /// # Errors
    /// A sentence, when the body is longer than it said.
    pub fn take(&mut self, mut bytes: &[u8]) -> Result<bool, String> {
        loop {
            match &mut self.length {
                Length::Known(left) => {
                    *left = left
                        .checked_sub(bytes.len())
                        .ok_or("more bytes than were announced")?;
                    return Ok(*left == 0);
                }
                Length::Chunked(Chunk::Data(left)) => {
                    let now = (*left).min(bytes.len());
                    *left -= now;
                    bytes = bytes.get(now..).unwrap_or_default();
                    if *left > 0 {
                        return Ok(false);
                    }
                    self.length = Length::Chunked(Chunk::Size {
                        value: 0,
                        extension: false,
                    });
                }
                Length::Chunked(chunk) => {
                    let Some((first, rest)) = bytes.split_first() else {
                        return Ok(false);
                    };
                    bytes = rest;
                    if step(chunk, *first)? {
                        return Ok(true);
                    }
                }
            }
        }
    }
}

/// One byte of a line between chunks; whether it ended the body.
fn step(chunk: &mut Chunk, byte: u8) -> Result<bool, String> {
    match chunk {
        Chunk::Size { value: 0, .. } if byte == b'\n' => *chunk = Chunk::Trailer(0),
        Chunk::Size { value, .. } if byte == b'\n' => *chunk = Chunk::Data(*value + 2),
        Chunk::Size { .. } if byte == b'\r' => {}
        Chunk::Size { extension, .. } if byte == b';' => *extension = true,
        Chunk::Size {
            value,
            extension: false,
        } => {
            let digit = char::from(byte).to_digit(16).ok_or("a broken chunk")?;
            *value = *value * 16 + digit as usize;
        }
        Chunk::Trailer(0) if byte == b'\n' => return Ok(true),
        Chunk::Trailer(length) => match byte {
            b'\n' => *length = 0,
            b'\r' => {}
            _ => *length += 1,
        },
        Chunk::Size { .. } | Chunk::Data(_) => {}
    }
    Ok(false)
}

#[cfg(test)]
mod tests {
    use super::{Response, head_end};

    /// Feeds a response in pieces of `piece` bytes; how many bytes it took to be complete.
    fn feed(text: &str, piece: usize) -> Result<usize, String> {
        let end = head_end(text.as_bytes()).ok_or("no head")?;
        let (head, body) = text.split_at(end);
        let mut response = Response::read(head.as_bytes(), |_, _| {})?;
        if response.take(&[])? {
            return Ok(0);
        }
        let mut fed = 0;
        for bytes in body.as_bytes().chunks(piece) {
            fed += bytes.len();
            if response.take(bytes)? {
                return Ok(fed);
            }
        }
        Err("not complete".to_owned())
    }

    #[test]
    fn ends_are_found_however_the_bytes_come() {
        let known = "HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\nabcde";
        let chunks = "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n\
                      3\r\nabc\r\n1a;x=1\r\n01234567890123456789012345\r\n0\r\n\r\n";
        let trailer =
            "HTTP/1.1 200 OK\r\ntransfer-encoding: chunked\r\n\r\n1\r\na\r\n0\r\nx: y\r\n\r\n";
        let body = |text: &str| text.len() - head_end(text.as_bytes()).unwrap_or_default();
        for text in [known, chunks, trailer] {
            for piece in 1..40 {
                assert_eq!(feed(text, piece), Ok(body(text)), "{text:?} by {piece}");
            }
        }
        assert_eq!(feed("HTTP/1.1 202 Accepted\r\n\r\n", 1), Ok(0));
    }

    #[test]
    fn what_is_no_whole_answer_is_told() {
        let cut = "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n3\r\nabc\r\n";
        assert_eq!(feed(cut, 4), Err("not complete".to_owned()));
        let more = "HTTP/1.1 200 OK\r\nContent-Length: 1\r\n\r\nab";
        assert!(feed(more, 4).is_err());
        assert!(feed("HTTP/1.1 200 OK\r\n\r\nab", 4).is_err());
        assert!(
            feed(
                "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\nzz\r\n",
                4
            )
            .is_err()
        );
    }
}
