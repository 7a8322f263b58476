//! The router by examples: paths as documents write them, requests, and what is found.

use super::*;

fn segments(path: &str) -> Vec<Segment> {
    let below = path.strip_prefix('/').unwrap();
    if below.is_empty() {
        return Vec::new();
    }
    let segment = |text: &str| match text {
        "*" => Segment::Any,
        text if text.contains('*') => {
            let (before, after) = text.split_once('*').unwrap();
            let text = |text: &str| Piece::Text(text.to_owned());
            let pieces = [text(before), Piece::Slot, text(after)];
            Segment::Partial(pieces.into_iter().filter(|p| *p != text("")).collect())
        }
        text => Segment::Literal(text.to_owned()),
    };
    below.split('/').map(segment).collect()
}

/// A router of `METHOD path` lines; the unit is the number of the line.
fn router(lines: &[&str]) -> Router {
    let mut router = Router::new();
    for (unit, route) in lines.iter().enumerate() {
        let (method, path) = route.split_once(' ').unwrap();
        let methods = match method {
            "*" => Methods::All,
            method => Methods::One(method.parse().unwrap()),
        };
        let (path, query) = path.split_once('?').unwrap_or((path, ""));
        let query: Vec<_> = form_urlencoded::parse(query.as_bytes())
            .into_owned()
            .collect();
        router.add(methods, &segments(path), &query, unit);
    }
    router
}

fn find(router: &Router, request: &str) -> String {
    let (method, path) = request.split_once(' ').unwrap();
    let (path, query) = path.split_once('?').unwrap_or((path, ""));
    match router.find(&method.parse().unwrap(), path, query) {
        Ok(Found::Unit(unit, values)) => format!("{unit} [{}]", values.join("|")),
        Ok(Found::Options(allow)) => format!("options {allow}"),
        Ok(Found::OtherMethod(allow)) => format!("405 {allow}"),
        Ok(Found::Nothing) => String::from("404"),
        Err(BadPath) => String::from("400"),
    }
}

#[test]
fn text_wins_over_placeholders_and_more_text_over_less() {
    let router = router(&[
        "GET /orders/*",
        "GET /orders/search",
        "GET /v1/*",
        "POST /v1/*:publish",
        "GET /v1/*:publish",
        "GET /v1/*:publish-now",
        "GET /*/longer-text",
        "GET /x/*",
    ]);
    assert_eq!(find(&router, "GET /orders/7"), "0 [7]");
    assert_eq!(find(&router, "GET /orders/search"), "1 []");
    assert_eq!(find(&router, "GET /v1/news"), "2 [news]");
    assert_eq!(find(&router, "POST /v1/news:publish"), "3 [news]");
    assert_eq!(find(&router, "GET /v1/news:publish"), "4 [news]");
    assert_eq!(find(&router, "GET /v1/news:publish-now"), "5 [news]");
    assert_eq!(find(&router, "GET /x/longer-text"), "6 [x]");
    assert_eq!(find(&router, "GET /x/y"), "7 [y]");
    assert_eq!(find(&router, "GET /orders"), "404");
    assert_eq!(find(&router, "GET /orders/7/8"), "404");
}

#[test]
fn a_method_is_looked_for_in_every_path_that_fits() {
    let router = router(&["GET /orders/*", "POST /orders/search", "DELETE /orders/*"]);
    assert_eq!(find(&router, "GET /orders/search"), "0 [search]");
    assert_eq!(find(&router, "POST /orders/search"), "1 []");
    assert_eq!(
        find(&router, "POST /orders/7"),
        "405 GET, HEAD, DELETE, OPTIONS"
    );
    assert_eq!(
        find(&router, "PUT /orders/search"),
        "405 GET, HEAD, POST, DELETE, OPTIONS"
    );
    assert_eq!(
        find(&router, "PURGE /orders/7"),
        "405 GET, HEAD, DELETE, OPTIONS"
    );
    assert_eq!(find(&router, "HEAD /orders/7"), "0 [7]");
    assert_eq!(
        find(&router, "OPTIONS /orders/7"),
        "options GET, HEAD, DELETE, OPTIONS"
    );
    assert_eq!(
        find(&router, "OPTIONS *"),
        "options GET, HEAD, POST, DELETE, OPTIONS"
    );
    assert_eq!(find(&router, "OPTIONS /nothing"), "404");
}

#[test]
fn declared_head_and_options_win_over_those_that_are_made() {
    let router = router(&["GET /a", "HEAD /a", "OPTIONS /a", "POST /b"]);
    assert_eq!(find(&router, "HEAD /a"), "1 []");
    assert_eq!(find(&router, "OPTIONS /a"), "2 []");
    assert_eq!(find(&router, "HEAD /b"), "405 POST, OPTIONS");
}

#[test]
fn a_slash_at_the_end_matters_only_where_two_paths_differ_in_it() {
    let router = router(&[
        "GET /orders",
        "GET /orders/*/items",
        "GET /orders/*",
        "GET /both",
        "GET /both/",
        "GET /closed/",
        "GET /",
    ]);
    assert_eq!(find(&router, "GET /orders/7/items/"), "1 [7]");
    assert_eq!(find(&router, "GET /orders/7/"), "2 [7]");
    assert_eq!(find(&router, "GET /both"), "3 []");
    assert_eq!(find(&router, "GET /both/"), "4 []");
    assert_eq!(find(&router, "GET /closed"), "5 []");
    assert_eq!(find(&router, "GET /"), "6 []");
    assert_eq!(find(&router, "GET //"), "404");
    assert_eq!(find(&router, "GET /orders//"), "404");
}

#[test]
fn an_empty_value_is_found_so_that_it_can_be_named() {
    let router = router(&[
        "GET /orders/*/items",
        "GET /alone/*",
        "GET /both",
        "GET /both/*",
        "DELETE /both",
        "DELETE /both/*",
        "POST /both",
    ]);
    assert_eq!(find(&router, "GET /both/"), "3 []");
    assert_eq!(find(&router, "HEAD /both/"), "3 []");
    assert_eq!(find(&router, "DELETE /both/"), "5 []");
    assert_eq!(find(&router, "POST /both/"), "6 []");
    assert_eq!(find(&router, "GET /orders//items"), "0 []");
    assert_eq!(find(&router, "GET /alone/"), "1 []");
    assert_eq!(find(&router, "GET /alone"), "404");
}

#[test]
fn escapes_are_decoded_after_the_path_is_split() {
    let router = router(&["GET /files/*", "GET /a b/*.json"]);
    assert_eq!(find(&router, "GET /files/a%2Fb"), "0 [a/b]");
    assert_eq!(find(&router, "GET /files/%2e%2E"), "0 [..]");
    assert_eq!(find(&router, "GET /files/caf%C3%A9"), "0 [café]");
    assert_eq!(find(&router, "GET /a%20b/x%20y.json"), "1 [x y]");
    assert_eq!(find(&router, "GET /files/a+b"), "0 [a+b]");
    for bad in ["%", "%2", "%zz", "%FF", "a%C3", "%+1"] {
        assert_eq!(find(&router, &format!("GET /files/{bad}")), "400", "{bad}");
    }
}

#[test]
fn the_first_of_equal_routes_counts() {
    let router = router(&["GET /orders/*", "GET /orders/*", "* /all/*"]);
    assert_eq!(find(&router, "GET /orders/7"), "0 [7]");
    assert_eq!(find(&router, "POST /all/7"), "2 [7]");
}

#[test]
fn many_paths_cost_a_request_little() {
    let lines: Vec<String> = (0..5000).map(|n| format!("GET /r{n}/*/s{n}")).collect();
    let lines: Vec<&str> = lines.iter().map(String::as_str).collect();
    let router = router(&lines);
    assert_eq!(find(&router, "GET /r4999/x/s4999"), "4999 [x]");
    let long = format!("GET /{}", "a/".repeat(30_000));
    assert_eq!(find(&router, &long), "404");
}

#[test]
fn written_parameters_must_be_there() {
    let router = router(&[
        "POST /vm/*/power?action=start",
        "POST /vm/*/power?action=stop",
        "POST /vm/*/power?action=stop&hard",
        "GET /vm?public",
        "GET /vm",
    ]);
    assert_eq!(find(&router, "POST /vm/7/power?action=start"), "0 [7]");
    assert_eq!(find(&router, "POST /vm/7/power?x=1&action=st%6fp"), "1 [7]");
    assert_eq!(find(&router, "POST /vm/7/power?hard&action=stop"), "2 [7]");
    assert_eq!(find(&router, "POST /vm/7/power?action=other"), "404");
    assert_eq!(find(&router, "GET /vm/7/power"), "405 POST, OPTIONS");
    assert_eq!(find(&router, "GET /vm?public="), "3 []");
    assert_eq!(find(&router, "HEAD /vm"), "4 []");
}
