//! A caller of served operations: one connection, one request at a time, nothing normalised.
//!
//! A general HTTP client tidies a URL before it sends it; here the path that the oracle wrote goes over the wire.

use std::time::Duration;

use bytes::Bytes;
use http_body_util::{BodyExt as _, Full};
use hyper::client::conn::http1::{SendRequest, handshake};
use hyper_util::rt::TokioIo;
use tokio::net::TcpStream;

/// How long one answer may take.
const PATIENCE: Duration = Duration::from_secs(20);

/// A connection to one server, opened anew when the server has closed it.
#[derive(Debug)]
pub(super) struct Connection {
    authority: String,
    sender: Option<SendRequest<Full<Bytes>>>,
}

/// An answer, read whole.
#[derive(Debug)]
pub(super) struct Reply {
    pub(super) status: u16,
    pub(super) headers: http::HeaderMap,
    pub(super) body: Bytes,
}

impl Connection {
    /// A connection to `http://AUTHORITY…`; nothing is opened yet.
    pub(super) fn new(url: &str) -> Self {
        let rest = url.strip_prefix("http://").unwrap_or(url);
        let authority = rest.split('/').next().unwrap_or(rest).to_owned();
        Self {
            authority,
            sender: None,
        }
    }

    /// Sends one request and reads its answer.
    ///
    /// # Errors
    /// One line, when there is no answer.
    pub(super) async fn send(
        &mut self,
        method: &str,
        target: &str,
        headers: &[(String, String)],
        body: Option<Vec<u8>>,
    ) -> Result<Reply, String> {
        let mut request = http::Request::builder()
            .method(method)
            .uri(target)
            .header("host", &self.authority);
        for (name, value) in headers {
            request = request.header(name, value);
        }
        let request = request
            .body(Full::new(Bytes::from(body.unwrap_or_default())))
            .map_err(|error| format!("the call cannot be written: {error}"))?;
        let exchange = self.exchange(request);
        if let Ok(reply) = tokio::time::timeout(PATIENCE, exchange).await {
            return reply;
        }
        self.sender = None;
        Err(format!("no answer within {} seconds", PATIENCE.as_secs()))
    }

    async fn exchange(&mut self, request: http::Request<Full<Bytes>>) -> Result<Reply, String> {
        let told = |error: hyper::Error| format!("the connection failed: {error}");
        let open = match &mut self.sender {
            Some(sender) => sender.ready().await.is_ok(),
            None => false,
        };
        if !open {
            let stream = TcpStream::connect(&self.authority)
                .await
                .map_err(|error| format!("no connection: {error}"))?;
            // Small requests one after the other: waiting for more to send would cost 40 ms each.
            stream
                .set_nodelay(true)
                .map_err(|error| error.to_string())?;
            let (sender, connection) = handshake(TokioIo::new(stream)).await.map_err(told)?;
            tokio::spawn(connection);
            self.sender = Some(sender);
        }
        let Some(sender) = &mut self.sender else {
            return Err("no connection".to_owned());
        };
        let response = sender.send_request(request).await.map_err(told)?;
        let (parts, body) = response.into_parts();
        let body = body.collect().await.map_err(told)?.to_bytes();
        Ok(Reply {
            status: parts.status.as_u16(),
            headers: parts.headers,
            body,
        })
    }
}
