//! An upstream that records what it sees and answers JSON.
//!
//! One listener serves every consumed namespace below a prefix of its own, so a request that reaches
//! the wrong upstream shows. Calls are to be made one at a time: [`Echo::prepare`], the call, then
//! [`Echo::take`].

use std::convert::Infallible;
use std::net::SocketAddr;
use std::sync::{Arc, Mutex, PoisonError};

use bytes::Bytes;
use http_body_util::{BodyExt as _, Full, Limited};
use hyper::body::Incoming;
use hyper::service::service_fn;
use hyper::{Request, Response};
use hyper_util::rt::TokioIo;
use serde_json::{Value, json};
use tokio::net::TcpListener;

/// The largest request body that is recorded, in bytes.
const BODY_LIMIT: usize = 16 << 20;

/// One request that an upstream saw.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Observed {
    /// The consumed namespace whose upstream it reached; empty when it reached none.
    pub namespace: String,
    /// The method.
    pub method: String,
    /// The raw path below the upstream's prefix.
    pub path: String,
    /// The raw query.
    pub query: Option<String>,
    /// Headers in their order, values as UTF-8 as far as they are.
    pub headers: Vec<(String, String)>,
    /// The body, whole.
    pub body: Vec<u8>,
    /// The body of the answer that was given.
    pub answer: Vec<u8>,
}

impl Observed {
    /// The values of a header, whatever its case.
    pub fn header<'h>(&'h self, name: &'h str) -> impl Iterator<Item = &'h str> {
        self.headers
            .iter()
            .filter(move |(other, _)| other.eq_ignore_ascii_case(name))
            .map(|(_, value)| value.as_str())
    }
}

#[derive(Debug, Default)]
struct State {
    namespaces: Vec<String>,
    extra: Value,
    seen: Vec<Observed>,
}

/// A running echo; dropping it stops it.
#[derive(Debug)]
pub struct Echo {
    address: SocketAddr,
    state: Arc<Mutex<State>>,
    server: tokio::task::JoinHandle<()>,
}

impl Echo {
    /// Starts an echo on a loopback port for these namespaces.
    ///
    /// # Errors
    /// When no port can be had.
    pub async fn start(namespaces: &[String]) -> std::io::Result<Self> {
        let listener = TcpListener::bind(("127.0.0.1", 0)).await?;
        let address = listener.local_addr()?;
        let state = Arc::new(Mutex::new(State {
            namespaces: namespaces.to_vec(),
            ..State::default()
        }));
        let shared = Arc::clone(&state);
        let server = tokio::spawn(async move {
            while let Ok((stream, _)) = listener.accept().await {
                let state = Arc::clone(&shared);
                tokio::spawn(async move {
                    let service = service_fn(move |request| answer(request, Arc::clone(&state)));
                    let served = hyper::server::conn::http1::Builder::new()
                        .serve_connection(TokioIo::new(stream), service);
                    // A caller that goes away is not the echo's concern.
                    let _ = served.await;
                });
            }
        });
        Ok(Self {
            address,
            state,
            server,
        })
    }

    /// The URL for `--upstream NS=URL`; it has a path, which must stand before every sent path.
    pub fn upstream(&self, namespace: &str) -> Option<String> {
        let index =
            self.with(|state| state.namespaces.iter().position(|other| other == namespace))?;
        Some(format!("http://{}/u{index}", self.address))
    }

    /// Sets members that the following answers have beside `echo`; a shape's sample.
    pub fn prepare(&self, extra: Value) {
        self.with(|state| state.extra = extra);
    }

    /// The requests seen since the last call.
    pub fn take(&self) -> Vec<Observed> {
        self.with(|state| std::mem::take(&mut state.seen))
    }

    fn with<T>(&self, change: impl FnOnce(&mut State) -> T) -> T {
        change(&mut self.state.lock().unwrap_or_else(PoisonError::into_inner))
    }
}

impl Drop for Echo {
    fn drop(&mut self) {
        self.server.abort();
    }
}

async fn answer(
    request: Request<Incoming>,
    state: Arc<Mutex<State>>,
) -> Result<Response<Full<Bytes>>, Infallible> {
    let (parts, body) = request.into_parts();
    let body = match Limited::new(body, BODY_LIMIT).collect().await {
        Ok(collected) => collected.to_bytes(),
        Err(_) => return Ok(status(413)),
    };
    let raw = parts.uri.path();
    let (index, path) = prefix(raw);
    let headers = parts.headers.iter().map(|(name, value)| {
        (
            name.to_string(),
            String::from_utf8_lossy(value.as_bytes()).into_owned(),
        )
    });
    let mut observed = Observed {
        namespace: String::new(),
        method: parts.method.to_string(),
        path: path.to_owned(),
        query: parts.uri.query().map(str::to_owned),
        headers: headers.collect(),
        body: body.to_vec(),
        answer: Vec::new(),
    };
    let mut state = state.lock().unwrap_or_else(PoisonError::into_inner);
    observed.namespace = index
        .and_then(|index| state.namespaces.get(index))
        .cloned()
        .unwrap_or_default();
    let mut document = json!({"echo": {
        "method": observed.method, "path": observed.path, "query": observed.query, "sign": "é\"\\/",
    }});
    if let (Some(members), Some(extra)) = (document.as_object_mut(), state.extra.as_object()) {
        members.extend(extra.clone());
    }
    // The answer to HEAD has no body, so nothing is there to relay.
    if observed.method != "HEAD" {
        observed.answer = document.to_string().into_bytes();
    }
    let bytes = Bytes::from(observed.answer.clone());
    state.seen.push(observed);
    drop(state);
    let mut response = Response::new(Full::new(bytes));
    let json = hyper::header::HeaderValue::from_static("application/json");
    response
        .headers_mut()
        .insert(hyper::header::CONTENT_TYPE, json);
    Ok(response)
}

/// `/u3/a/b` as the third upstream and `/a/b`.
fn prefix(raw: &str) -> (Option<usize>, &str) {
    let Some(rest) = raw.strip_prefix("/u") else {
        return (None, raw);
    };
    let digits = rest.find('/').unwrap_or(rest.len());
    let (index, path) = rest.split_at(digits);
    match index.parse() {
        Ok(index) => (Some(index), path),
        Err(_) => (None, raw),
    }
}

fn status(code: u16) -> Response<Full<Bytes>> {
    let mut response = Response::new(Full::new(Bytes::new()));
    *response.status_mut() =
        hyper::StatusCode::from_u16(code).unwrap_or(hyper::StatusCode::INTERNAL_SERVER_ERROR);
    response
}

#[cfg(test)]
mod tests {
    use super::*;
    use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};

    #[test]
    fn prefixes() {
        assert_eq!(prefix("/u3/a%2Fb"), (Some(3), "/a%2Fb"));
        assert_eq!(prefix("/u0"), (Some(0), ""));
        assert_eq!(prefix("/users"), (None, "/users"));
    }

    #[tokio::test]
    async fn what_is_sent_is_recorded_raw() {
        let echo = Echo::start(&["a".to_owned(), "b".to_owned()])
            .await
            .unwrap();
        echo.prepare(json!({"data": [1]}));
        let url = echo.upstream("b").unwrap();
        let authority = url
            .trim_start_matches("http://")
            .split('/')
            .next()
            .unwrap()
            .to_owned();
        let mut stream = tokio::net::TcpStream::connect(&authority).await.unwrap();
        let request = format!(
            "POST /u1/x%2Fy?a=1 HTTP/1.1\r\nhost: {authority}\r\nX-K: v\r\ncontent-length: 2\r\nconnection: close\r\n\r\nhi"
        );
        stream.write_all(request.as_bytes()).await.unwrap();
        let mut text = String::new();
        stream.read_to_string(&mut text).await.unwrap();
        let seen = echo.take();
        assert_eq!(seen.len(), 1);
        assert_eq!(
            (seen[0].namespace.as_str(), seen[0].path.as_str()),
            ("b", "/x%2Fy")
        );
        assert_eq!(
            (seen[0].query.as_deref(), seen[0].body.as_slice()),
            (Some("a=1"), &b"hi"[..])
        );
        assert_eq!(seen[0].header("x-k").collect::<Vec<_>>(), ["v"]);
        assert!(
            text.ends_with(std::str::from_utf8(&seen[0].answer).unwrap())
                && text.contains("\"data\":[1]")
        );
        assert!(echo.take().is_empty());
    }
}
