//! The Host and Origin matrix.

use http::{Request, Version};

use super::HostPolicy;

fn loopback() -> HostPolicy {
    HostPolicy::default().listening_on("127.0.0.1".parse().unwrap())
}

fn named() -> HostPolicy {
    loopback().allow_host("api.example.com:8443").unwrap()
}

fn wildcard() -> HostPolicy {
    HostPolicy::default().listening_on("0.0.0.0".parse().unwrap())
}

fn cors() -> HostPolicy {
    loopback().allow_origin("https://app.example.com").unwrap()
}

/// The status of a request with these headers; 200 is one that passes.
fn status(policy: &HostPolicy, version: Version, target: &str, headers: &[(&str, &str)]) -> u16 {
    let mut request = Request::builder().version(version).uri(target);
    for (name, value) in headers {
        request = request.header(*name, *value);
    }
    match policy.check(&request.body(()).unwrap()) {
        Ok(()) => 200,
        Err(refusal) => refusal.status().as_u16(),
    }
}

#[test]
fn hosts() {
    let cases = [
        (loopback(), "localhost", 200),
        (loopback(), "LocalHost:8081", 200),
        (loopback(), "localhost.", 200),
        (loopback(), "127.0.0.1:1", 200),
        (loopback(), "127.255.0.9", 200),
        (loopback(), "[::1]:8081", 200),
        (loopback(), "[::ffff:127.0.0.1]", 200),
        (loopback(), "evil.example", 403),
        (loopback(), "localhost.evil.example", 403),
        (loopback(), "127.0.0.1.evil.example", 403),
        (loopback(), "evil.localhost", 403),
        (loopback(), "0.0.0.0", 403),
        (loopback(), "192.168.1.5", 403),
        (loopback(), "2130706433", 403),
        (loopback(), "localhost@evil.example", 400),
        (loopback(), "localhost, evil.example", 400),
        (loopback(), "", 400),
        (loopback(), "::1", 400),
        (loopback(), "*", 400),
        (named(), "API.example.com", 200),
        (named(), "api.example.com:1", 200),
        (named(), "sub.api.example.com", 403),
        (wildcard(), "192.168.1.5:8081", 200),
        (wildcard(), "[2001:db8::1]", 200),
        (wildcard(), "localhost", 200),
        (wildcard(), "naftiko", 403),
    ];
    for (policy, host, expected) in cases {
        let got = status(&policy, Version::HTTP_11, "/x", &[("host", host)]);
        assert_eq!(got, expected, "Host: {host}");
    }
}

#[test]
fn where_the_host_is_written() {
    let policy = loopback();
    let (h1, h2) = (Version::HTTP_11, Version::HTTP_2);
    let host: &[(&str, &str)] = &[("host", "localhost")];
    let evil: &[(&str, &str)] = &[("host", "evil.example")];
    assert_eq!(status(&policy, h1, "/x", &[]), 400, "no Host");
    assert_eq!(
        status(&policy, Version::HTTP_10, "/x", &[]),
        200,
        "HTTP/1.0"
    );
    assert_eq!(status(&policy, Version::HTTP_10, "/x", evil), 403);
    assert_eq!(status(&policy, h2, "/x", &[]), 400, "no :authority");
    assert_eq!(status(&policy, h2, "http://localhost:1/x", &[]), 200);
    assert_eq!(status(&policy, h2, "http://evil.example/x", &[]), 403);
    assert_eq!(
        status(&policy, h2, "http://localhost/x", evil),
        403,
        "both count"
    );
    assert_eq!(
        status(&policy, h1, "http://evil.example/x", host),
        403,
        "both count"
    );
    assert_eq!(status(&policy, h1, "http://u@localhost/x", host), 400);
    let twice = [("host", "localhost"), ("host", "localhost")];
    assert_eq!(status(&policy, h1, "/x", &twice), 400);
}

/// The headers of a table's line: `name=value` with a space between two.
fn headers(line: &str) -> Vec<(&str, &str)> {
    line.split(' ')
        .map(|header| header.split_once('=').unwrap())
        .collect()
}

#[test]
fn origins() {
    let (at, wild) = ("localhost", "192.168.1.5:8081");
    let both = "origin=https://app.example.com sec-fetch-site=cross-site";
    let cases = [
        (loopback(), at, "origin=http://localhost:3000", 200),
        (loopback(), at, "origin=https://127.0.0.1", 200),
        (loopback(), at, "origin=null", 403),
        (loopback(), at, "origin=", 403),
        (loopback(), at, "origin=http://evil.example", 403),
        (loopback(), at, "origin=http://localhost.evil.example", 403),
        (loopback(), at, "origin=http://localhost@evil.example", 403),
        (loopback(), at, "origin=chrome-extension://localhost", 403),
        (
            loopback(),
            at,
            "origin=http://localhost origin=http://evil",
            403,
        ),
        (loopback(), at, "sec-fetch-site=cross-site", 403),
        (loopback(), at, "sec-fetch-site=Cross-Site", 403),
        (loopback(), at, "sec-fetch-site=same-site", 200),
        (loopback(), at, "sec-fetch-site=same-origin", 200),
        (loopback(), at, "sec-fetch-site=none", 200),
        (named(), at, "origin=https://api.example.com", 200),
        // A page on some IP address is as foreign as any, unless it is the server's own.
        (wildcard(), wild, "origin=http://192.168.1.5:8081", 200),
        (wildcard(), wild, "origin=http://6.6.6.6", 403),
        (wildcard(), wild, "origin=http://localhost:3000", 200),
        (cors(), at, "origin=https://app.example.com", 200),
        (cors(), at, both, 200),
        (loopback(), at, both, 403),
        (cors(), at, "origin=http://app.example.com", 403),
        (cors(), at, "sec-fetch-site=cross-site", 403),
    ];
    for (policy, host, line, expected) in cases {
        let mut all = vec![("host", host)];
        all.extend(headers(line));
        let got = status(&policy, Version::HTTP_11, "/x", &all);
        assert_eq!(got, expected, "{all:?}");
    }
}

#[test]
fn names_that_cannot_be() {
    for name in [
        "",
        "*",
        "*.example.com",
        "a b",
        "http://example.com",
        "a/b",
        "x\u{1b}[2J",
    ] {
        let error = HostPolicy::default()
            .allow_host(name)
            .unwrap_err()
            .to_string();
        assert!(!error.contains('\u{1b}'), "{error}");
    }
    for origin in ["null", "example.com", "http://", "http://a/b"] {
        assert!(
            HostPolicy::default().allow_origin(origin).is_err(),
            "{origin}"
        );
    }
    let v6 = HostPolicy::default().allow_host("2001:db8::1").unwrap();
    let headers = [("host", "[2001:db8::1]:80")];
    assert_eq!(status(&v6, Version::HTTP_11, "/", &headers), 200);
}
