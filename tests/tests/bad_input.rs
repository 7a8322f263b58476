//! What callers and upstreams may do wrong: each has a defined answer, nothing hangs and nothing grows.

use std::io::{Read, Write};
use std::time::{Duration, Instant};

use naftiko_tests::client::{Connection, get, post, send};
use naftiko_tests::data;
use naftiko_tests::message::Side;
use naftiko_tests::server::Naftiko;
use naftiko_tests::upstream::{MockUpstream, Reply};

const MIB: usize = 1024 * 1024;

/// Serves `bad-input/capability.yaml` with the API `shop` at `upstream`.
fn serve(upstream: &str, more: &[&str]) -> Naftiko {
    let upstream = format!("shop={upstream}");
    let mut args = vec!["capability.yaml", "--upstream", &upstream];
    args.extend(more);
    Naftiko::start(&data("bad-input"), &args, &[])
}

/// An upstream that answers with `size` bytes of a JSON list, without waiting for the reader.
fn big(size: usize) -> MockUpstream {
    MockUpstream::start(move |_| {
        Reply::Stream(Box::new(move |stream| {
            let head = format!(
                "HTTP/1.1 200 OK\r\ncontent-type: application/json\r\ncontent-length: {size}\r\n\r\n"
            );
            let _ = stream.write_all(head.as_bytes());
            let mut block = vec![b' '; MIB];
            block[0] = b'[';
            let mut left = size - 1;
            while left > 0 {
                let count = left.min(MIB);
                if stream.write_all(&block[..count]).is_err() {
                    return;
                }
                block[0] = b' ';
                left -= count;
            }
            let _ = stream.write_all(b"]");
        }))
    })
}

#[track_caller]
fn problem(answer: &naftiko_tests::message::Message, status: u16, word: &str) {
    assert_eq!(answer.status(), status, "{}", answer.text());
    assert_eq!(
        answer.header("content-type"),
        Some("application/problem+json")
    );
    assert_eq!(answer.json()["type"], format!("urn:naftiko:problem:{word}"));
    assert_eq!(answer.json()["status"], status);
}

#[test]
fn an_upstream_that_is_not_there() {
    let free = std::net::TcpListener::bind("127.0.0.1:0")
        .unwrap()
        .local_addr()
        .unwrap();
    let server = serve(&format!("http://{free}"), &[]);
    let answer = get(server.port(), "/plain");
    problem(&answer, 502, "upstream-unreachable");
    assert!(
        !answer.text().contains(&free.to_string()),
        "an address is shown: {}",
        answer.text()
    );
    server.says("Connection refused");
}

#[test]
fn an_upstream_without_a_name() {
    let server = serve("http://nowhere.invalid", &["--connect-timeout", "5"]);
    let answer = get(server.port(), "/plain");
    problem(&answer, 502, "upstream-name-not-resolved");
    assert!(!answer.text().contains("nowhere"), "{}", answer.text());
}

#[test]
fn an_upstream_that_speaks_no_tls() {
    let mock = MockUpstream::agreeable();
    let server = serve(&mock.url().replace("http:", "https:"), &[]);
    let answer = get(server.port(), "/plain");
    assert_eq!(answer.status(), 502, "{}", answer.text());
}

#[test]
fn an_upstream_that_never_answers() {
    let mock = MockUpstream::start(|_| Reply::Silence);
    let server = serve(&mock.url(), &["--upstream-timeout", "0.5"]);
    let started = Instant::now();
    problem(&get(server.port(), "/plain"), 504, "upstream-timed-out");
    assert!(
        started.elapsed() < Duration::from_secs(5),
        "{:?}",
        started.elapsed()
    );
}

#[test]
fn an_upstream_that_stalls_in_its_body() {
    let mock = MockUpstream::start(|_| {
        Reply::Stream(Box::new(|stream| {
            let _ = stream.write_all(b"HTTP/1.1 200 OK\r\ncontent-length: 10\r\n\r\nabc");
            let mut rest = [0; 16];
            let _ = stream.read(&mut rest);
        }))
    });
    let server = serve(&mock.url(), &["--upstream-timeout", "0.5"]);
    problem(&get(server.port(), "/shaped"), 504, "upstream-timed-out");
    let started = Instant::now();
    let answer = get(server.port(), "/plain");
    assert_eq!((answer.status(), answer.whole), (200, false));
    assert!(
        started.elapsed() < Duration::from_secs(5),
        "{:?}",
        started.elapsed()
    );
}

#[test]
fn an_upstream_whose_header_has_no_end() {
    let mock = MockUpstream::start(|_| {
        Reply::Stream(Box::new(|stream| {
            let _ = stream.write_all(b"HTTP/1.1 200 OK\r\n");
            let line = format!("x-more: {}\r\n", "a".repeat(8000));
            while stream.write_all(line.as_bytes()).is_ok() {}
        }))
    });
    let server = serve(&mock.url(), &[]);
    let answer = get(server.port(), "/plain");
    assert_eq!(answer.status(), 502, "{}", answer.text());
}

#[test]
fn a_hundred_megabytes_stream_through() {
    let mock = big(100 * MIB);
    let server = serve(&mock.url(), &[]);
    assert_eq!(get(server.port(), "/nothing").status(), 404);
    let before = server.peak_memory();
    let mut connection = Connection::open(server.port());
    connection.request("GET", "/plain", &[], b"");
    let mut stream = connection.into_stream();
    let mut block = vec![0; 256 * 1024];
    let mut count = 0;
    while count < 100 * MIB {
        match stream.read(&mut block) {
            Ok(0) | Err(_) => break,
            Ok(more) => count += more,
        }
    }
    assert!(count >= 100 * MIB, "only {count} bytes came");
    if let (Some(before), Some(after)) = (before, server.peak_memory()) {
        let grown = after.saturating_sub(before);
        assert!(grown < 30 * MIB as u64, "the server grew by {grown} bytes");
    }
}

#[test]
fn a_hundred_megabytes_are_not_shaped() {
    let mock = big(100 * MIB);
    let server = serve(&mock.url(), &[]);
    problem(
        &get(server.port(), "/shaped"),
        502,
        "upstream-answer-too-large",
    );
    if let Some(peak) = server.peak_memory() {
        assert!(peak < 150 * MIB as u64, "the server grew to {peak} bytes");
    }
    let mock = big(2 * MIB);
    let server = serve(&mock.url(), &["--max-shaped-response", "1000000"]);
    problem(
        &get(server.port(), "/shaped"),
        502,
        "upstream-answer-too-large",
    );
}

#[test]
fn a_bomb_is_not_shaped() {
    // 60 MiB of blanks in some 60 kB.
    let bomb = std::fs::read(data("bad-input").join("blanks.gz")).unwrap();
    assert!(bomb.len() < 100_000);
    let mock = MockUpstream::start(move |_| {
        Reply::new(
            200,
            &[
                ("content-type", "application/json"),
                ("content-encoding", "gzip"),
            ],
            &bomb,
        )
    });
    let server = serve(&mock.url(), &[]);
    problem(
        &get(server.port(), "/shaped"),
        502,
        "upstream-answer-too-large",
    );
    if let Some(peak) = server.peak_memory() {
        assert!(peak < 150 * MIB as u64, "the server grew to {peak} bytes");
    }
}

#[test]
fn deep_answers_are_not_shaped() {
    let deep = format!("{}{}", "[".repeat(200_000), "]".repeat(200_000));
    let mock = MockUpstream::start(move |_| Reply::json(200, &format!(r#"{{"orders":{deep}}}"#)));
    let server = serve(&mock.url(), &[]);
    let answer = get(server.port(), "/shaped");
    assert!(matches!(answer.status(), 200 | 502), "{}", answer.status());
    assert_eq!(get(server.port(), "/nothing").status(), 404);
}

#[test]
fn a_hundred_megabytes_of_a_request() {
    let mock = MockUpstream::agreeable();
    let server = serve(&mock.url(), &[]);
    let mut connection = Connection::open(server.port());
    let length = (100 * MIB).to_string();
    connection.request(
        "POST",
        "/write",
        &[
            ("content-type", "application/json"),
            ("content-length", &length),
        ],
        b"",
    );
    let block = vec![b' '; MIB];
    for _ in 0..20 {
        connection.send(&block);
    }
    problem(&connection.answer(), 413, "body-too-large");
    // Without a length it is counted.
    let mut connection = Connection::open(server.port());
    connection.request(
        "POST",
        "/write",
        &[
            ("content-type", "application/json"),
            ("transfer-encoding", "chunked"),
        ],
        b"",
    );
    for _ in 0..20 {
        connection.send(b"100000\r\n");
        connection.send(&block);
        connection.send(b"\r\n");
    }
    problem(&connection.answer(), 413, "body-too-large");
    assert_eq!(mock.requests(), Vec::<String>::new());
    if let Some(peak) = server.peak_memory() {
        assert!(peak < 100 * MIB as u64, "the server grew to {peak} bytes");
    }
}

#[test]
fn a_deep_request_body() {
    let mock = MockUpstream::agreeable();
    let server = serve(&mock.url(), &[]);
    let deep = format!(
        "{{\"title\":{}{}}}",
        "[".repeat(100_000),
        "]".repeat(100_000)
    );
    problem(&post(server.port(), "/write", &deep), 400, "invalid-body");
    assert_eq!(mock.requests(), Vec::<String>::new());
}

#[test]
fn requests_that_are_none() {
    let mock = MockUpstream::agreeable();
    let server = serve(&mock.url(), &["--header-timeout", "1"]);
    let status = |bytes: &[u8]| {
        let mut connection = Connection::open(server.port());
        connection.send(bytes);
        connection
            .try_answer(Side::Answer)
            .map(|answer| answer.status())
    };
    let head =
        |more: &str| format!("GET /plain HTTP/1.1\r\nhost: localhost\r\n{more}\r\n").into_bytes();
    assert_eq!(status(&head("")), Some(200));
    assert_eq!(status(b"\x16\x03\x01\x02\x00\x01\x00"), Some(400), "TLS");
    assert_eq!(status(b"hello\r\n\r\n"), Some(400));
    assert_eq!(status(b"GET /plain HTTP/1.1\r\n\r\n"), Some(400), "no Host");
    assert_eq!(
        status(&head("host: evil.example\r\n")),
        Some(400),
        "two Hosts"
    );
    assert_eq!(status(&head("x: a\r\n b\r\n")), Some(400), "a folded line");
    assert_eq!(
        status(&head("x y: a\r\n")),
        Some(400),
        "a name with a blank"
    );
    assert_eq!(
        status(&head("content-length: 1\r\ncontent-length: 2\r\n")),
        Some(400)
    );
    assert_eq!(status(&head("content-length: -1\r\n")), Some(400));
    assert_eq!(
        status(&head(&format!("x: {}\r\n", "a".repeat(100_000)))),
        Some(431)
    );
    assert_eq!(status(&head("transfer-encoding: gzip\r\n")), Some(400));
    let long = format!(
        "GET /plain?x={} HTTP/1.1\r\nhost: localhost\r\n\r\n",
        "a".repeat(70_000)
    );
    assert!(matches!(status(long.as_bytes()), Some(414 | 431)));
    // A head that never ends.
    let started = Instant::now();
    let mut slow = Connection::open(server.port());
    slow.send(b"GET /plain HTTP/1.1\r\nhost: loc");
    assert!(slow.closed());
    assert!(
        started.elapsed() < Duration::from_secs(10),
        "{:?}",
        started.elapsed()
    );
    assert_eq!(get(server.port(), "/plain").status(), 200);
}

#[test]
fn a_body_that_breaks_off() {
    let mock = MockUpstream::agreeable();
    let server = serve(&mock.url(), &[]);
    let mut connection = Connection::open(server.port());
    connection.request(
        "POST",
        "/write",
        &[
            ("content-type", "application/json"),
            ("content-length", "100"),
        ],
        b"{",
    );
    drop(connection);
    let mut connection = Connection::open(server.port());
    connection.request(
        "POST",
        "/write",
        &[
            ("content-type", "application/json"),
            ("transfer-encoding", "chunked"),
        ],
        b"zz\r\n",
    );
    let status = connection
        .try_answer(Side::Answer)
        .map(|answer| answer.status());
    assert!(matches!(status, Some(400) | None), "{status:?}");
    assert_eq!(get(server.port(), "/plain").status(), 200);
    assert_eq!(mock.requests(), ["GET /plain HTTP/1.1"]);
}

#[test]
fn requests_in_a_row_on_one_connection() {
    let mock = MockUpstream::agreeable();
    let server = serve(&mock.url(), &[]);
    let mut connection = Connection::open(server.port());
    connection.request("GET", "/plain?n=1", &[], b"");
    connection.request(
        "POST",
        "/write",
        &[("content-type", "application/json")],
        br#"{"title":"a"}"#,
    );
    connection.request("GET", "/nothing", &[], b"ignored");
    connection.request("GET", "/plain?n=2", &[], b"");
    let statuses: Vec<u16> = (0..4).map(|_| connection.answer().status()).collect();
    assert_eq!(statuses, [200, 200, 404, 200]);
    assert_eq!(
        mock.requests(),
        [
            "GET /plain HTTP/1.1",
            "POST /write HTTP/1.1",
            "GET /plain HTTP/1.1"
        ]
    );
}

#[test]
fn many_callers_at_a_time() {
    let mock = MockUpstream::agreeable();
    let server = serve(&mock.url(), &[]);
    let port = server.port();
    std::thread::scope(|scope| {
        for _ in 0..16 {
            scope.spawn(move || {
                let mut connection = Connection::open(port);
                for _ in 0..25 {
                    connection.request("GET", "/shaped", &[], b"");
                    assert_eq!(connection.answer().status(), 200);
                }
            });
        }
    });
    assert_eq!(mock.take().len(), 400);
}

#[test]
fn more_connections_than_allowed_wait_or_end() {
    let mock = MockUpstream::agreeable();
    let server = serve(
        &mock.url(),
        &["--max-connections", "2", "--idle-timeout", "1"],
    );
    let mut first = Connection::open(server.port());
    let mut second = Connection::open(server.port());
    for connection in [&mut first, &mut second] {
        connection.request("GET", "/plain", &[], b"");
        assert_eq!(connection.answer().status(), 200);
    }
    // It is served once one of the others is closed for being idle, or told that it cannot be.
    let answer = send(server.port(), "GET", "/plain", &[], b"");
    assert!(matches!(answer.status(), 200 | 503), "{}", answer.status());
}

#[test]
fn what_callers_and_upstreams_say_reaches_no_log_unescaped() {
    let mock = MockUpstream::start(|_| {
        Reply::Raw(b"HTTP/1.1 200 \x1b[31m\r\nbad header\x07\r\n\r\n".to_vec())
    });
    let server = serve(&mock.url(), &["-vv"]);
    let answer = get(server.port(), "/plain?x=%1b%5b31m%0aERROR%20forged");
    assert_eq!(answer.status(), 502);
    get(server.port(), "/%1b%5b31m%0aERROR%20forged");
    server.says("no usable answer");
    let said = server.stderr();
    assert!(
        !said.contains('\u{1b}') && !said.contains('\u{7}'),
        "{said:?}"
    );
    assert!(
        !said.lines().any(|line| line.starts_with("ERROR forged")),
        "{said}"
    );
}
