//! Redirects: same-origin GET and HEAD are followed, everything else is relayed.

use std::sync::{Arc, Mutex};
use std::time::Duration;

use bytes::Bytes;
use http::{Method, Request};
use naftiko_engine::UpstreamErrorKind;
use tokio::io::AsyncWriteExt;
use tower::ServiceExt;

use crate::support::{Upstream, call, limits, ok, read_head, short, text};

/// An answer that redirects.
fn to(status: u16, location: &str) -> String {
    format!("HTTP/1.1 {status} X\r\nLocation: {location}\r\nContent-Length: 0\r\n\r\n")
}

/// An upstream whose `/a` redirects to `location`, and that tells `/z` from the rest.
async fn redirecting(status: u16, location: String) -> (Upstream, Arc<Mutex<Vec<String>>>) {
    let seen = Arc::new(Mutex::new(Vec::new()));
    let heads = Arc::clone(&seen);
    let upstream = Upstream::answers(move |head| {
        heads.lock().unwrap().push(head.to_owned());
        let target = head.split(' ').nth(1).unwrap();
        if target == "/a" {
            to(status, &location)
        } else if head.starts_with("HEAD ") {
            "HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\n".to_owned()
        } else {
            ok(target)
        }
    })
    .await;
    (upstream, seen)
}

#[tokio::test]
async fn get_and_head_go_on_with_their_credentials() {
    for status in [301, 302, 303, 307, 308] {
        let (upstream, seen) = redirecting(status, "/z?x=1#top".to_owned()).await;
        for method in [Method::GET, Method::HEAD] {
            let request = Request::builder()
                .method(method.clone())
                .uri(format!("{}/a", upstream.base()))
                .header("authorization", "Bearer t");
            let answer = upstream
                .service(limits())
                .oneshot(request.body(Bytes::new()).unwrap())
                .await
                .unwrap();
            assert_eq!(answer.status(), 200);
            let expected = if method == Method::GET { "/z?x=1" } else { "" };
            assert_eq!(text(answer).await.unwrap(), expected);
        }
        for head in seen.lock().unwrap().iter() {
            assert!(head.contains("authorization: Bearer t\r\n"), "{head}");
            assert!(!head.to_lowercase().contains("referer"), "{head}");
        }
        // Each client asked twice on one connection.
        assert_eq!(upstream.count(), 2);
        assert_eq!(seen.lock().unwrap().len(), 4);
    }
}

#[tokio::test]
async fn other_origins_are_relayed() {
    let other = Upstream::answers(|_| ok("stolen")).await;
    let (upstream, seen) = redirecting(302, format!("{}/z", other.base())).await;
    let uri = format!("{}/a", upstream.base());
    let answer = call(&upstream.service(limits()), Method::GET, &uri)
        .await
        .unwrap();
    assert_eq!(answer.status(), 302);
    assert_eq!(answer.headers()["location"], format!("{}/z", other.base()));
    assert_eq!(other.count(), 0);
    assert_eq!(seen.lock().unwrap().len(), 1);
}

#[tokio::test]
async fn writes_are_relayed() {
    for method in [Method::POST, Method::PUT, Method::PATCH, Method::DELETE] {
        for status in [301, 303, 307] {
            let (upstream, seen) = redirecting(status, "/z".to_owned()).await;
            let uri = format!("{}/a", upstream.base());
            let answer = call(&upstream.service(limits()), method.clone(), &uri)
                .await
                .unwrap();
            assert_eq!(answer.status(), status);
            assert_eq!(seen.lock().unwrap().len(), 1);
        }
    }
}

#[tokio::test]
async fn locations_that_lead_nowhere_are_relayed() {
    for location in ["", "http://[", "/a", "javascript:alert(1)", "/a#again"] {
        let (upstream, seen) = redirecting(302, location.to_owned()).await;
        let uri = format!("{}/a", upstream.base());
        let answer = call(&upstream.service(limits()), Method::GET, &uri)
            .await
            .unwrap();
        assert_eq!(answer.status(), 302, "{location}");
        assert_eq!(seen.lock().unwrap().len(), 1, "{location}");
    }
    let upstream =
        Upstream::answers(|_| "HTTP/1.1 302 X\r\nContent-Length: 2\r\n\r\nhi".into()).await;
    let answer = upstream.get(limits()).await.unwrap();
    assert_eq!(answer.status(), 302);
    assert_eq!(text(answer).await.unwrap(), "hi");
}

#[tokio::test]
async fn loops_end() {
    // Two addresses that lead to one another.
    let upstream = Upstream::answers(|head| {
        to(
            302,
            if head.starts_with("GET /1 ") {
                "/2"
            } else {
                "/1"
            },
        )
    })
    .await;
    let uri = format!("{}/1", upstream.base());
    let answer = call(&upstream.service(limits()), Method::GET, &uri)
        .await
        .unwrap();
    assert_eq!(answer.headers()["location"], "/1");
    // Always further.
    let seen = Arc::new(Mutex::new(0));
    let count = Arc::clone(&seen);
    let upstream = Upstream::answers(move |_| {
        let mut count = count.lock().unwrap();
        *count += 1;
        to(302, &format!("/{count}"))
    })
    .await;
    let uri = format!("{}/0", upstream.base());
    let answer = call(&upstream.service(limits()), Method::GET, &uri)
        .await
        .unwrap();
    assert_eq!(answer.status(), 302);
    assert_eq!(answer.headers()["location"], "/6");
    assert_eq!(*seen.lock().unwrap(), 6);
}

#[tokio::test]
async fn redirects_share_one_time_limit() {
    // Each hop is within the limit of 250 ms, three are not.
    let upstream = Upstream::start(|mut stream| async move {
        for hop in 0.. {
            if read_head(&mut stream).await.is_empty() {
                return;
            }
            tokio::time::sleep(Duration::from_millis(100)).await;
            let answer = to(302, &format!("/{hop}"));
            let _ = stream.write_all(answer.as_bytes()).await;
        }
    })
    .await;
    let error = upstream.get(short()).await.unwrap_err();
    assert_eq!(error.kind, UpstreamErrorKind::TimedOut);
}
