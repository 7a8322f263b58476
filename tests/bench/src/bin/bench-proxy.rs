//! The proxy that somebody would write by hand: hyper on both sides, one pool, bodies streamed.
//!
//! `/items/…` and `/lists/…` are passed through. `/shaped/…` is what a programmer does who wants four members of each
//! element of `/lists/…`: parse to a tree, take them out, write.

use std::convert::Infallible;
use std::error::Error;

use bytes::Bytes;
use http_body_util::combinators::BoxBody;
use http_body_util::{BodyExt as _, Empty, Full};
use hyper::body::Incoming;
use hyper::header::{CONTENT_TYPE, HeaderMap, HeaderName, HeaderValue};
use hyper::service::service_fn;
use hyper::{Request, Response, StatusCode};
use hyper_util::client::legacy::Client;
use hyper_util::client::legacy::connect::HttpConnector;
use hyper_util::rt::{TokioExecutor, TokioIo};
use naftiko_bench::{own_address, upstream};
use serde_json::{Value, json};
use tokio::net::TcpListener;

#[global_allocator]
static ALLOCATOR: mimalloc::MiMalloc = mimalloc::MiMalloc;

type Failure = Box<dyn Error + Send + Sync>;
type Body = BoxBody<Bytes, Failure>;

/// Headers that belong to one hop (RFC 9110, section 7.6.1).
const HOP: [&str; 5] = [
    "connection",
    "keep-alive",
    "te",
    "transfer-encoding",
    "upgrade",
];

#[tokio::main]
async fn main() -> Result<(), Failure> {
    let base = upstream()?;
    let mut connector = HttpConnector::new();
    connector.set_nodelay(true);
    let client: Client<_, Empty<Bytes>> = Client::builder(TokioExecutor::new()).build(connector);
    let listener = TcpListener::bind(own_address()?).await?;
    loop {
        let (stream, _) = listener.accept().await?;
        stream.set_nodelay(true)?;
        let (client, base) = (client.clone(), base.clone());
        tokio::spawn(async move {
            let proxy = service_fn(move |request| {
                let (client, base) = (client.clone(), base.clone());
                async move {
                    Ok::<_, Infallible>(
                        answer(request, &client, &base)
                            .await
                            .unwrap_or_else(|failure| broken(&failure)),
                    )
                }
            });
            let server = hyper::server::conn::http1::Builder::new();
            // The other side went away; there is nobody to tell.
            let _ = server.serve_connection(TokioIo::new(stream), proxy).await;
        });
    }
}

async fn answer(
    request: Request<Incoming>,
    client: &Client<HttpConnector, Empty<Bytes>>,
    base: &str,
) -> Result<Response<Body>, Failure> {
    let path = request
        .uri()
        .path_and_query()
        .map_or("/", |path| path.as_str());
    let shaped = path.strip_prefix("/shaped");
    let uri = match shaped {
        Some(rest) => format!("{base}/lists{rest}"),
        None => format!("{base}{path}"),
    };
    let mut hop = Request::builder()
        .method(request.method())
        .uri(uri)
        .body(Empty::new())?;
    if let Some(accept) = request.headers().get("accept") {
        hop.headers_mut().insert("accept", accept.clone());
    }
    let response = client.request(hop).await?;
    if shaped.is_some() {
        return shape(response).await;
    }
    let (parts, body) = response.into_parts();
    let mut answer = Response::new(body.map_err(Failure::from).boxed());
    *answer.status_mut() = parts.status;
    *answer.headers_mut() = end_to_end(parts.headers);
    Ok(answer)
}

fn end_to_end(mut headers: HeaderMap) -> HeaderMap {
    for name in HOP {
        headers.remove(HeaderName::from_static(name));
    }
    headers
}

async fn shape(response: Response<Incoming>) -> Result<Response<Body>, Failure> {
    let body = response.into_body().collect().await?.to_bytes();
    let mut document: Value = serde_json::from_slice(&body)?;
    let items = document
        .pointer_mut("/data/items")
        .map(Value::take)
        .unwrap_or_default();
    let Value::Array(items) = items else {
        return Err("no items".into());
    };
    let shaped: Vec<Value> = items
        .into_iter()
        .map(|mut item| {
            let mut take = |path: &str| item.pointer_mut(path).map(Value::take).unwrap_or_default();
            json!({
                "id": take("/id"),
                "name": take("/name"),
                "owner": take("/owner/login"),
                "stars": take("/stars"),
            })
        })
        .collect();
    let bytes = Bytes::from(serde_json::to_vec(&shaped)?);
    let mut answer = Response::new(Full::new(bytes).map_err(|never| match never {}).boxed());
    answer
        .headers_mut()
        .insert(CONTENT_TYPE, HeaderValue::from_static("application/json"));
    Ok(answer)
}

fn broken(failure: &Failure) -> Response<Body> {
    let text = Bytes::from(failure.to_string());
    let mut answer = Response::new(Full::new(text).map_err(|never| match never {}).boxed());
    *answer.status_mut() = StatusCode::BAD_GATEWAY;
    answer
}
