//! A running server: readiness, several capabilities, signals.

use std::time::{Duration, Instant};

use naftiko_tests::client::{Connection, get};
use naftiko_tests::data;
use naftiko_tests::message::Side;
use naftiko_tests::server::Naftiko;
use naftiko_tests::upstream::{MockUpstream, Reply};
use serde_json::json;

const TOKEN: (&str, &str) = ("SHOP_TOKEN", "t0ken");

fn orders(mock: &MockUpstream, more: &[&str]) -> Naftiko {
    let upstream = format!("shop={}", mock.url());
    let mut args = vec!["orders.yaml", "--upstream", &upstream];
    args.extend(more);
    Naftiko::start(&data("cli"), &args, &[TOKEN])
}

/// An upstream whose answers take a while.
fn slow(pause: Duration) -> MockUpstream {
    MockUpstream::start(move |_| {
        std::thread::sleep(pause);
        Reply::json(200, r#"{"late":true}"#)
    })
}

#[test]
fn the_ready_file_says_what_is_served_and_goes_with_it() {
    let mut server = orders(&MockUpstream::agreeable(), &[]);
    let port = server.port();
    let expected = json!({
        "pid": server.pid(),
        "exposes": [{
            "capability": "orders",
            "namespace": "orders-api",
            "type": "rest",
            "address": "127.0.0.1",
            "port": port,
            "url": format!("http://127.0.0.1:{port}"),
        }],
    });
    assert_eq!(*server.ready(), expected);
    assert_eq!(get(port, "/orders").status(), 200);
    let said = server.stderr();
    assert!(said.contains(&format!("http://127.0.0.1:{port}")), "{said}");
    assert!(!said.contains('\u{1b}'), "colour is for terminals: {said}");
    server.signal("TERM");
    assert_eq!(server.wait(), Some(0));
    assert!(!server.ready_file().exists());
}

#[test]
fn logs_are_json_lines_when_asked_for() {
    let server = orders(&MockUpstream::agreeable(), &["--log-format", "json", "-v"]);
    assert_eq!(get(server.port(), "/orders?page=1&x=%0a%1b").status(), 200);
    server.says("\"answered\"");
    for line in server.stderr().lines() {
        let line: serde_json::Value =
            serde_json::from_str(line).unwrap_or_else(|error| panic!("{error}: {line}"));
        assert!(line["level"].is_string(), "{line}");
    }
    assert!(!server.stderr().contains("t0ken"), "{}", server.stderr());
}

#[test]
fn a_folder_serves_what_exposes_and_is_not_imported() {
    let mock = MockUpstream::agreeable();
    let (first, second) = (
        format!("first/shop={}/a", mock.url()),
        format!("second/shop={}/b", mock.url()),
    );
    let env = [("FIRST__KEY", "of-first"), ("KEY", "of-all")];
    let server = Naftiko::start(
        &data("cli"),
        &["folder", "--upstream", &first, "--upstream", &second],
        &env,
    );
    let names: Vec<&str> = server.ready()["exposes"]
        .as_array()
        .unwrap()
        .iter()
        .map(|one| one["capability"].as_str().unwrap())
        .collect();
    assert_eq!(names, ["first", "second"]);
    assert!(
        server
            .stderr()
            .contains("compose.yaml is not a capability, skipped"),
        "{}",
        server.stderr()
    );
    assert_eq!(get(server.port_of("first-api"), "/orders").status(), 200);
    assert_eq!(get(server.port_of("second-api"), "/orders").status(), 200);
    let sent = mock.take();
    let got: Vec<(&str, Option<&str>)> = sent
        .iter()
        .map(|request| (request.start.as_str(), request.header("x-key")))
        .collect();
    assert_eq!(
        got,
        [
            ("GET /a/orders HTTP/1.1", Some("of-first")),
            ("GET /b/orders HTTP/1.1", Some("of-all"))
        ]
    );
}

#[test]
fn a_signal_lets_requests_in_flight_finish() {
    let mock = slow(Duration::from_millis(600));
    let mut server = orders(&mock, &["--grace", "10"]);
    let mut busy = Connection::open(server.port());
    busy.request("GET", "/orders", &[], b"");
    let mut idle = Connection::open(server.port());
    idle.request("GET", "/nothing", &[], b"");
    assert_eq!(idle.answer().status(), 404);
    wait_until(|| !mock.take().is_empty());
    server.signal("TERM");
    assert_eq!(busy.answer().json(), json!({"late": true}));
    assert!(idle.closed());
    assert_eq!(server.wait(), Some(0));
}

#[test]
fn nothing_new_is_accepted_after_a_signal() {
    let mock = slow(Duration::from_millis(800));
    let mut server = orders(&mock, &["--grace", "10"]);
    let mut busy = Connection::open(server.port());
    busy.request("GET", "/orders", &[], b"");
    wait_until(|| !mock.take().is_empty());
    server.signal("INT");
    let port = server.port();
    wait_until(|| std::net::TcpStream::connect(("127.0.0.1", port)).is_err());
    assert!(server.is_alive());
    assert_eq!(busy.answer().status(), 200);
    assert_eq!(server.wait(), Some(0));
}

#[test]
fn the_grace_period_ends() {
    let mock = MockUpstream::start(|_| Reply::Silence);
    let mut server = orders(&mock, &["--grace", "1"]);
    let mut busy = Connection::open(server.port());
    busy.request("GET", "/orders", &[], b"");
    wait_until(|| !mock.take().is_empty());
    let started = Instant::now();
    server.signal("TERM");
    assert_eq!(server.wait(), Some(0));
    assert!(
        started.elapsed() < Duration::from_secs(5),
        "{:?}",
        started.elapsed()
    );
    assert!(busy.try_answer(Side::Answer).is_none());
}

#[test]
fn a_second_signal_does_not_wait() {
    let mock = MockUpstream::start(|_| Reply::Silence);
    let mut server = orders(&mock, &["--grace", "60"]);
    let mut busy = Connection::open(server.port());
    busy.request("GET", "/orders", &[], b"");
    wait_until(|| !mock.take().is_empty());
    server.signal("TERM");
    let port = server.port();
    wait_until(|| std::net::TcpStream::connect(("127.0.0.1", port)).is_err());
    assert!(server.is_alive());
    let started = Instant::now();
    server.signal("TERM");
    assert_eq!(server.wait(), Some(0));
    assert!(
        started.elapsed() < Duration::from_secs(5),
        "{:?}",
        started.elapsed()
    );
}

#[test]
fn a_caller_that_goes_away_ends_its_call() {
    static GONE: std::sync::atomic::AtomicBool = std::sync::atomic::AtomicBool::new(false);
    let mock = MockUpstream::start(|_| {
        Reply::Stream(Box::new(|stream| {
            use std::io::Read;
            // The end of the connection is what tells that the call was given up.
            let mut rest = [0; 64];
            let gone = stream.read(&mut rest).is_ok_and(|count| count == 0);
            GONE.store(gone, std::sync::atomic::Ordering::SeqCst);
        }))
    });
    let server = orders(&mock, &[]);
    let mut caller = Connection::open(server.port());
    caller.request("GET", "/orders", &[], b"");
    wait_until(|| !mock.take().is_empty());
    drop(caller);
    wait_until(|| GONE.load(std::sync::atomic::Ordering::SeqCst));
}

#[test]
fn a_sandbox_needs_no_credential_and_no_network() {
    let server = Naftiko::start(&data("cli"), &["orders.yaml", "--sandbox"], &[]);
    let answer = get(server.port(), "/orders/17");
    assert_eq!(answer.status(), 200, "{}", answer.text());
    assert!(answer.text().contains("17"), "{}", answer.text());
}

#[track_caller]
fn wait_until(condition: impl Fn() -> bool) {
    let deadline = Instant::now() + naftiko_tests::PATIENCE;
    while !condition() {
        assert!(Instant::now() < deadline, "it does not happen");
        std::thread::sleep(Duration::from_millis(5));
    }
}

#[test]
fn a_document_without_a_sound_unit_may_be_served_in_part() {
    let server = Naftiko::start(
        &data("cli"),
        &["missing-import.yaml", "--allow-partial"],
        &[],
    );
    assert_eq!(get(server.port(), "/orders").status(), 501);
    server.says("not served: api.list [import-unreadable]");
}
