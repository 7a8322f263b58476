//! An upstream that answers by script and remembers what it was asked.

use std::fmt;
use std::io::{BufReader, Read, Write};
use std::net::{Shutdown, SocketAddr, TcpListener, TcpStream};
use std::sync::{Arc, Mutex};
use std::thread;
use std::time::Duration;

use crate::PATIENCE;
use crate::message::{Message, Side, read};

/// What the upstream does with a request.
pub enum Reply {
    /// An answer with a status line, fields and a body; the length is added.
    Answer {
        /// The status.
        status: u16,
        /// The fields.
        headers: Vec<(String, String)>,
        /// The body.
        body: Vec<u8>,
    },
    /// These bytes, and the end of the connection.
    Raw(Vec<u8>),
    /// Whatever the function does, and the end of the connection.
    Stream(Box<dyn FnOnce(&mut TcpStream) + Send>),
    /// Nothing, for as long as the caller waits.
    Silence,
}

impl Reply {
    /// A JSON answer.
    pub fn json(status: u16, body: &str) -> Self {
        Self::new(status, &[("content-type", "application/json")], body)
    }

    /// An answer.
    pub fn new(status: u16, headers: &[(&str, &str)], body: impl AsRef<[u8]>) -> Self {
        let owned = |(name, value): &(&str, &str)| ((*name).to_owned(), (*value).to_owned());
        Self::Answer {
            status,
            headers: headers.iter().map(owned).collect(),
            body: body.as_ref().to_vec(),
        }
    }
}

impl fmt::Debug for Reply {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Reply")
    }
}

type Script = Box<dyn Fn(&Message) -> Reply + Send + Sync>;

/// A server on a loopback port.
pub struct MockUpstream {
    address: SocketAddr,
    seen: Arc<Mutex<Vec<Message>>>,
    script: Arc<Mutex<Arc<Script>>>,
}

impl fmt::Debug for MockUpstream {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("MockUpstream")
            .field("address", &self.address)
            .finish_non_exhaustive()
    }
}

impl MockUpstream {
    /// Starts one that answers by `script`.
    ///
    /// # Panics
    /// There is no port.
    pub fn start(script: impl Fn(&Message) -> Reply + Send + Sync + 'static) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").expect("a port");
        let address = listener.local_addr().expect("an address");
        let seen = Arc::new(Mutex::new(Vec::new()));
        let script: Arc<Mutex<Arc<Script>>> = Arc::new(Mutex::new(Arc::new(Box::new(script))));
        let (kept, told) = (Arc::clone(&seen), Arc::clone(&script));
        // It lives as long as the process of the test: an idle listener costs nothing.
        thread::spawn(move || {
            for stream in listener.incoming().map_while(Result::ok) {
                let (seen, script) = (Arc::clone(&kept), Arc::clone(&told));
                thread::spawn(move || serve(&stream, &seen, &script));
            }
        });
        Self {
            address,
            seen,
            script,
        }
    }

    /// Starts one that answers `{"ok":true}` to everything.
    pub fn agreeable() -> Self {
        Self::start(|_| Reply::json(200, r#"{"ok":true}"#))
    }

    /// Answers otherwise from now on.
    ///
    /// # Panics
    /// A script panicked.
    pub fn answer(&self, script: impl Fn(&Message) -> Reply + Send + Sync + 'static) {
        *self.script.lock().unwrap() = Arc::new(Box::new(script));
    }

    /// Its authority, such as `127.0.0.1:4711`.
    pub fn authority(&self) -> String {
        self.address.to_string()
    }

    /// Its base URL.
    pub fn url(&self) -> String {
        format!("http://{}", self.address)
    }

    /// The requests since the last time, in the order in which they came.
    ///
    /// # Panics
    /// A script panicked.
    pub fn take(&self) -> Vec<Message> {
        std::mem::take(&mut *self.seen.lock().unwrap())
    }

    /// The first lines of the requests since the last time.
    pub fn requests(&self) -> Vec<String> {
        self.take()
            .into_iter()
            .map(|message| message.start)
            .collect()
    }
}

fn serve(stream: &TcpStream, seen: &Mutex<Vec<Message>>, script: &Mutex<Arc<Script>>) {
    let _ = stream.set_read_timeout(Some(PATIENCE));
    let _ = stream.set_nodelay(true);
    let Ok(mut writer) = stream.try_clone() else {
        return;
    };
    let mut reader = BufReader::new(stream);
    while let Ok(Some(request)) = read(&mut reader, Side::Request) {
        let script = Arc::clone(&script.lock().unwrap());
        let head = request.start.starts_with("HEAD ");
        seen.lock().unwrap().push(request.clone());
        match script(&request) {
            Reply::Answer {
                status,
                headers,
                body,
            } => {
                let mut bytes = format!("HTTP/1.1 {status} Scripted\r\n").into_bytes();
                for (name, value) in headers {
                    bytes.extend(format!("{name}: {value}\r\n").bytes());
                }
                let bodiless = matches!(status, 100..=199 | 204 | 304);
                if !bodiless {
                    bytes.extend(format!("content-length: {}\r\n", body.len()).bytes());
                }
                bytes.extend(b"\r\n");
                if !head && !bodiless {
                    bytes.extend(body);
                }
                if writer.write_all(&bytes).is_err() {
                    return;
                }
            }
            Reply::Raw(bytes) => {
                let _ = writer.write_all(&bytes);
                let _ = writer.shutdown(Shutdown::Write);
                linger(stream);
                return;
            }
            Reply::Stream(write) => {
                write(&mut writer);
                let _ = writer.shutdown(Shutdown::Both);
                return;
            }
            Reply::Silence => {
                linger(stream);
                return;
            }
        }
    }
}

/// Waits until the other side is gone.
fn linger(mut stream: &TcpStream) {
    let _ = stream.set_read_timeout(Some(Duration::from_secs(20)));
    let mut rest = [0; 1024];
    while stream.read(&mut rest).is_ok_and(|count| count > 0) {}
}
