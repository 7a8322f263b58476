//! Media types of requests: what a client sends and what it takes.

use http::HeaderMap;
use http::header::{ACCEPT, CONTENT_TYPE};

/// Whether the client takes JSON. The specification wants it to list both JSON and event streams; many list one, or
/// anything, or nothing. Only one that takes no JSON at all is refused.
pub(super) fn takes_json(headers: &HeaderMap) -> bool {
    let mut any = false;
    for value in headers.get_all(ACCEPT) {
        any = true;
        let Ok(text) = value.to_str() else { continue };
        if text.split(',').any(is_json) {
            return true;
        }
    }
    !any
}

fn is_json(range: &str) -> bool {
    let mut parts = range.split(';').map(str::trim);
    let essence = parts.next().unwrap_or_default().to_ascii_lowercase();
    let refused = parts.any(|parameter| {
        let (name, value) = parameter.split_once('=').unwrap_or_default();
        name.trim().eq_ignore_ascii_case("q") && value.trim().parse::<f32>().is_ok_and(|q| q <= 0.0)
    });
    !refused
        && matches!(
            essence.as_str(),
            "application/json" | "application/*" | "*/*" | "*"
        )
}

/// Whether the body is said to be JSON. Anything else is refused, so that no web page can send a message without asking.
pub(super) fn sends_json(headers: &HeaderMap) -> bool {
    headers
        .get(CONTENT_TYPE)
        .and_then(|value| value.to_str().ok())
        .is_some_and(|text| crate::content::essence(text) == "application/json")
}

#[cfg(test)]
mod tests {
    use super::*;

    fn takes(values: &[&str]) -> bool {
        let mut headers = HeaderMap::new();
        for value in values {
            headers.append(ACCEPT, value.parse().unwrap());
        }
        takes_json(&headers)
    }

    #[test]
    fn everyone_who_takes_json_is_served() {
        assert!(takes(&[]));
        assert!(takes(&["*/*"]));
        assert!(takes(&["application/json"]));
        assert!(takes(&["text/event-stream", "Application/JSON; q=0.5"]));
        assert!(takes(&["text/html, application/*;q=0.1"]));
        assert!(!takes(&["text/html"]));
        assert!(!takes(&["text/event-stream"]));
        assert!(!takes(&["application/json;q=0, text/html"]));
    }
}
