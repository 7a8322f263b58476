//! What the operator sees of a request.

use std::cell::RefCell;
use std::io::Write;
use std::sync::Once;

use naftiko_engine::{UpstreamError, UpstreamErrorKind};

use crate::support::{Api, SECRET, json_answer};

thread_local! {
    /// What this thread's test hears, while it listens.
    static HEARD: RefCell<Option<Vec<u8>>> = const { RefCell::new(None) };
}

/// Writes to the thread's own buffer.
struct Lines;

impl Write for Lines {
    fn write(&mut self, bytes: &[u8]) -> std::io::Result<usize> {
        HEARD.with_borrow_mut(|heard| {
            if let Some(heard) = heard {
                heard.extend_from_slice(bytes);
            }
        });
        Ok(bytes.len())
    }

    fn flush(&mut self) -> std::io::Result<()> {
        Ok(())
    }
}

/// What `run` logs. The subscriber is that of the whole process: with one of a thread, a place that first logs on another
/// thread would be taken for one that nobody hears.
fn logged(run: impl FnOnce()) -> String {
    static SUBSCRIBER: Once = Once::new();
    SUBSCRIBER.call_once(|| {
        let subscriber = tracing_subscriber::fmt()
            .with_ansi(false)
            .with_max_level(tracing::Level::DEBUG)
            .with_writer(|| Lines)
            .finish();
        tracing::subscriber::set_global_default(subscriber).unwrap();
        tracing::callsite::rebuild_interest_cache();
    });
    HEARD.set(Some(Vec::new()));
    run();
    String::from_utf8(HEARD.take().unwrap()).unwrap()
}

const ORDER: &str = "
        - path: /orders/{order_id}
          operations:
            - {method: GET, name: get, call: shop.get-order}
";

#[test]
fn one_line_per_request_with_the_route_and_no_values() {
    let api = Api::answering(ORDER, |_| Ok(json_answer(200, "{}")));
    let log = logged(|| {
        api.get("/orders/private-value?also=private-value");
    });
    assert_eq!(log.lines().count(), 1, "{log}");
    for part in [
        "DEBUG naftiko::rest: answered",
        "exposure=api",
        "method=GET",
        "route=\"/orders/{order_id}\"",
        "status=200",
        "ms=",
    ] {
        assert!(log.contains(part), "{part}: {log}");
    }
    assert!(!log.contains("private-value"), "{log}");
    let log = logged(|| {
        api.get("/nothing/private-value");
    });
    assert!(
        log.contains("problem=\"not-found\"") && !log.contains("private-value"),
        "{log}"
    );
}

#[test]
fn upstream_errors_are_told_without_secrets_and_control_characters() {
    let api = Api::answering(ORDER, |_| {
        let detail = format!(
            "refused by 10.0.0.1\n\u{1b}[31m token {SECRET} {}",
            "x".repeat(5000)
        );
        Err(UpstreamError::new(UpstreamErrorKind::Unreachable, detail))
    });
    let log = logged(|| {
        api.get("/orders/7");
    });
    assert_eq!(log.lines().count(), 2, "{log}");
    assert!(
        log.contains("WARN naftiko::rest: no usable answer from the upstream"),
        "{log}"
    );
    assert!(log.contains("error=\"upstream-unreachable\""), "{log}");
    assert!(
        log.contains("refused by 10.0.0.1\\n\\u{1b}[31m token ***"),
        "{log}"
    );
    assert!(
        !log.contains(SECRET) && !log.contains('\u{1b}') && log.len() < 2000,
        "{log}"
    );
}
