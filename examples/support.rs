//! What the examples share, and an embedder does not need: an upstream that stands for the API of somebody else, and a
//! caller. Each example has it as `src/support.rs`, by a link, so that each is a package that needs no other.
#![allow(dead_code, reason = "no example needs all of it")]

use std::convert::Infallible;
use std::future::Future;
use std::net::SocketAddr;
use std::process::ExitCode;
use std::sync::Arc;

use bytes::Bytes;
use http::{Request, Response, StatusCode};
use http_body_util::Full;
use hyper::body::Incoming;
use hyper::service::service_fn;
use hyper_util::rt::{TokioExecutor, TokioIo};
use hyper_util::server::conn::auto;
use tokio::net::TcpListener;

/// What goes wrong in an example.
pub(crate) type Error = Box<dyn std::error::Error + Send + Sync>;

/// What `main` returns. A `main` that returned the error would print it with `Debug`: a report of many lines in one.
#[allow(clippy::print_stderr, reason = "a program for a terminal")]
pub(crate) fn exit(outcome: Result<(), Error>) -> ExitCode {
    if let Err(error) = outcome {
        eprintln!("{error}");
        return ExitCode::FAILURE;
    }
    ExitCode::SUCCESS
}

/// Whether the program was started as `… --check`: to call itself, judge what came, and end.
pub(crate) fn checking() -> bool {
    std::env::args().any(|argument| argument == "--check")
}

/// The port to listen on: that of the readme, or any when the program only checks itself.
pub(crate) fn port(shown: u16) -> u16 {
    if checking() { 0 } else { shown }
}

/// A server on a loopback port, for as long as the program runs. Returns its base URI.
///
/// # Errors
/// There is no port.
pub(crate) async fn upstream<A, F>(answer: A) -> Result<String, Error>
where
    A: Fn(Request<Incoming>) -> F + Send + Sync + 'static,
    F: Future<Output = Response<Full<Bytes>>> + Send + 'static,
{
    let listener = TcpListener::bind(("127.0.0.1", 0)).await?;
    let base = format!("http://{}", listener.local_addr()?);
    let answer = Arc::new(answer);
    tokio::spawn(async move {
        while let Ok((stream, _)) = listener.accept().await {
            let answer = Arc::clone(&answer);
            let service = service_fn(move |request| {
                let answer = answer(request);
                async move { Ok::<_, Infallible>(answer.await) }
            });
            tokio::spawn(async move {
                let server = auto::Builder::new(TokioExecutor::new());
                // A caller that goes away is no concern of an upstream.
                let _ = server.serve_connection(TokioIo::new(stream), service).await;
            });
        }
    });
    Ok(base)
}

/// An upstream of two books, under `/books` and `/books/{id}`.
///
/// # Errors
/// There is no port.
pub(crate) async fn books() -> Result<String, Error> {
    upstream(|request| async move {
        match request.uri().path() {
            "/books" => json(
                200,
                r#"{"items":[{"id":1,"title":"Emma","cents":900},{"id":2,"title":"Persuasion","cents":700}]}"#,
            ),
            "/books/1" => json(200, r#"{"id":1,"title":"Emma","cents":900}"#),
            _ => json(404, r#"{"error":"no such book"}"#),
        }
    })
    .await
}

/// A JSON answer.
pub(crate) fn json(status: u16, text: impl Into<Bytes>) -> Response<Full<Bytes>> {
    let mut response = Response::new(Full::new(text.into()));
    *response.status_mut() = StatusCode::from_u16(status).unwrap_or_default();
    let kind = http::HeaderValue::from_static("application/json");
    response
        .headers_mut()
        .insert(http::header::CONTENT_TYPE, kind);
    response
}

/// A caller on this machine, which no proxy of the environment comes between.
///
/// # Errors
/// It cannot be made.
pub(crate) fn caller() -> Result<reqwest::Client, Error> {
    Ok(reqwest::Client::builder().no_proxy().build()?)
}

/// The status and body of a GET.
///
/// # Errors
/// No answer.
pub(crate) async fn get(address: SocketAddr, target: &str) -> Result<(u16, String), Error> {
    let answer = caller()?
        .get(format!("http://{address}{target}"))
        .send()
        .await?;
    Ok((answer.status().as_u16(), answer.text().await?))
}
