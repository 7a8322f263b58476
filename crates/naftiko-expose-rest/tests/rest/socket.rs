//! The service behind a real HTTP server: what hyper makes of its answers.

use bytes::Bytes;
use futures_util::stream;
use http::Response;
use http_body::Frame;
use http_body_util::{BodyExt, StreamBody};
use hyper_util::rt::{TokioExecutor, TokioIo};
use hyper_util::server::conn::auto;
use naftiko_engine::{UpstreamError, UpstreamErrorKind};
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::{TcpListener, TcpStream};
use tower::Service as _;

use crate::support::{Api, json_answer};

const ORDERS: &str = "
        - path: /orders/{order_id}
          operations:
            - {method: GET, name: get, call: shop.get-order}
            - {method: PUT, name: put, call: shop.replace-order}
";

/// What one connection gets for `request`.
fn exchange(api: &Api, request: &str) -> String {
    let runtime = tokio::runtime::Builder::new_current_thread()
        .enable_all()
        .build()
        .unwrap();
    runtime.block_on(async {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let mut client = TcpStream::connect(listener.local_addr().unwrap())
            .await
            .unwrap();
        let (stream, _) = listener.accept().await.unwrap();
        let service = api.service();
        let served = tokio::spawn(async move {
            let answer = hyper::service::service_fn(move |request: http::Request<_>| {
                // Its services are always ready.
                service.clone().call(request.map(naftiko_expose::incoming))
            });
            let server = auto::Builder::new(TokioExecutor::new());
            // A connection that breaks off is an error here, and what some tests are about.
            let _ = server.serve_connection(TokioIo::new(stream), answer).await;
        });
        client.write_all(request.as_bytes()).await.unwrap();
        let mut answer = Vec::new();
        // A reset connection ends the answer too.
        let _ = client.read_to_end(&mut answer).await;
        served.await.unwrap();
        String::from_utf8(answer).unwrap()
    })
}

#[test]
fn head_announces_what_get_would_send() {
    let api = Api::new(ORDERS);
    let get = exchange(
        &api,
        "GET /orders/7 HTTP/1.1\r\nhost: x\r\nconnection: close\r\n\r\n",
    );
    let head = exchange(
        &api,
        "HEAD /orders/7 HTTP/1.1\r\nhost: x\r\nconnection: close\r\n\r\n",
    );
    assert!(get.ends_with("\r\n\r\n{\"ok\":true}"), "{get}");
    assert!(head.ends_with("\r\n\r\n"), "{head}");
    let sorted = |answer: &str| {
        let headers = answer.split("\r\n\r\n").next().unwrap().to_owned();
        let mut lines: Vec<_> = headers.lines().map(str::to_owned).collect();
        lines.retain(|line| !line.starts_with("date:"));
        lines.sort();
        lines
    };
    assert_eq!(sorted(&get), sorted(&head));
    assert!(
        sorted(&head).contains(&"content-length: 11".to_owned()),
        "{head}"
    );
}

#[test]
fn an_upstream_that_dies_in_the_middle_leaves_the_answer_unfinished() {
    let api = Api::answering(ORDERS, |_| {
        let frames = stream::iter([
            Ok(Frame::data(Bytes::from_static(b"[1,"))),
            Err(UpstreamError::new(UpstreamErrorKind::Broken, "reset")),
        ]);
        Ok(Response::new(StreamBody::new(frames).boxed_unsync()))
    });
    let answer = exchange(&api, "GET /orders/7 HTTP/1.1\r\nhost: x\r\n\r\n");
    // No last chunk: no client takes this for the whole.
    assert!(!answer.ends_with("0\r\n\r\n"), "{answer}");
}

#[test]
fn a_body_that_is_announced_too_large_is_refused_without_waiting_for_it() {
    let api = Api::answering(ORDERS, |_| Ok(json_answer(200, "{}")));
    let answer = exchange(
        &api,
        "PUT /orders/7 HTTP/1.1\r\nhost: x\r\ncontent-length: 104857600\r\nconnection: close\r\n\r\n",
    );
    assert!(answer.starts_with("HTTP/1.1 413 "), "{answer}");
    assert!(
        answer.contains("urn:naftiko:problem:body-too-large"),
        "{answer}"
    );
    assert!(api.seen().is_empty());
}
