//! A proxy in front of the echo that spoils what passes.

use std::convert::Infallible;
use std::sync::{Arc, Mutex};

use bytes::Bytes;
use http_body_util::{BodyExt as _, Full};
use hyper::body::Incoming;
use hyper::service::service_fn;
use hyper::{Request, Response};
use hyper_util::rt::TokioIo;
use tokio::net::TcpListener;

use super::super::client::Connection;
use super::list::{Change, Message};

/// A running proxy.
pub(super) struct Proxy {
    authority: String,
    echo: String,
    defect: Arc<Mutex<Option<Change>>>,
}

impl Proxy {
    /// Starts one in front of the echo at this URL.
    pub(super) async fn start(echo: &str) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let authority = listener.local_addr().unwrap().to_string();
        let defect = Arc::new(Mutex::new(None));
        let (shared, upstream) = (Arc::clone(&defect), echo.to_owned());
        tokio::spawn(async move {
            while let Ok((stream, _)) = listener.accept().await {
                let (defect, upstream) = (Arc::clone(&shared), upstream.clone());
                tokio::spawn(async move {
                    let service = service_fn(move |request| {
                        // A change without state, so nothing is held over the call.
                        let change = *defect.lock().unwrap();
                        pass(request, change, upstream.clone())
                    });
                    let _ = hyper::server::conn::http1::Builder::new()
                        .serve_connection(TokioIo::new(stream), service)
                        .await;
                });
            }
        });
        let echo = echo.split('/').nth(2).unwrap().to_owned();
        Self {
            authority,
            echo,
            defect,
        }
    }

    /// The URL by which the proxy stands for one of the echo's upstreams.
    pub(super) fn in_place_of(&self, upstream: &str) -> String {
        upstream.replacen(&self.echo, &self.authority, 1)
    }

    /// What it spoils from now on.
    pub(super) fn set(&self, change: Option<Change>) {
        *self.defect.lock().unwrap() = change;
    }
}

async fn pass(
    request: Request<Incoming>,
    change: Option<Change>,
    upstream: String,
) -> Result<Response<Full<Bytes>>, Infallible> {
    let (parts, body) = request.into_parts();
    let mut method = parts.method.to_string();
    let mut path = parts.uri.path().to_owned();
    let mut query = parts.uri.query().unwrap_or_default().to_owned();
    let own = ["host", "content-length", "transfer-encoding", "connection"];
    let kept = parts
        .headers
        .iter()
        .filter(|(name, _)| !own.contains(&name.as_str()));
    let mut headers: Vec<(String, String)> = kept
        .map(|(name, value)| {
            (
                name.to_string(),
                String::from_utf8_lossy(value.as_bytes()).into_owned(),
            )
        })
        .collect();
    let mut body = body.collect().await.unwrap().to_bytes().to_vec();
    if let Some(change) = change {
        change(&mut Message::Request {
            method: &mut method,
            path: &mut path,
            query: &mut query,
            headers: &mut headers,
            body: &mut body,
        });
    }
    let target = if query.is_empty() {
        path
    } else {
        format!("{path}?{query}")
    };
    let reply = Connection::new(&upstream)
        .send(&method, &target, &headers, Some(body))
        .await
        .unwrap();
    let mut answer = reply.body.to_vec();
    if let Some(change) = change {
        change(&mut Message::Answer { body: &mut answer });
    }
    let response = Response::builder()
        .status(reply.status)
        .header("content-type", "application/json");
    Ok(response.body(Full::new(Bytes::from(answer))).unwrap())
}
