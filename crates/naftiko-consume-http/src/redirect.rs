//! Which redirects are followed (decisions, section 5, "Redirects").

use http::header::LOCATION;
use http::{HeaderMap, StatusCode, Uri};
use url::Url;

/// Where a GET or HEAD of `from` goes on: a single `Location` at the same scheme, host and port. Credentials go with
/// it, because it is the origin that they were meant for. Everything else is an answer like any other.
pub(crate) fn next(status: StatusCode, headers: &HeaderMap, from: &Uri) -> Option<Uri> {
    if !matches!(status.as_u16(), 301 | 302 | 303 | 307 | 308) {
        return None;
    }
    let mut locations = headers.get_all(LOCATION).iter();
    let (Some(location), None) = (locations.next(), locations.next()) else {
        return None;
    };
    let location = std::str::from_utf8(location.as_bytes()).ok()?;
    let from = Url::parse(&from.to_string()).ok()?;
    let mut next = from.join(location).ok()?;
    // A fragment is for the reader of a page, and would make a loop look like progress.
    next.set_fragment(None);
    let same =
        next.origin() == from.origin() && next.username().is_empty() && next.password().is_none();
    next.as_str().parse().ok().filter(|_| same)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn go(status: u16, location: &str) -> Option<String> {
        let mut headers = HeaderMap::new();
        headers.insert(LOCATION, location.parse().unwrap());
        let from = Uri::from_static("http://x.org:81/a/b?c=d");
        let next = next(StatusCode::from_u16(status).unwrap(), &headers, &from);
        next.map(|uri| uri.to_string())
    }

    #[test]
    fn the_same_origin_is_followed() {
        for (location, to) in [
            ("http://x.org:81/z", "http://x.org:81/z"),
            ("HTTP://X.org:81/z#top", "http://x.org:81/z"),
            ("//x.org:81/z", "http://x.org:81/z"),
            ("/z?y", "http://x.org:81/z?y"),
            ("z", "http://x.org:81/a/z"),
            ("../z", "http://x.org:81/z"),
            ("?y", "http://x.org:81/a/b?y"),
        ] {
            assert_eq!(go(302, location).as_deref(), Some(to), "{location}");
        }
    }

    #[test]
    fn other_origins_are_not() {
        for location in [
            "https://x.org:81/z",
            "http://x.org/z",
            "http://x.org.evil.com:81/z",
            "http://u:p@x.org:81/z",
            "//evil.com/z",
            "\\\\evil.com\\z",
            "/\\evil.com/z",
            "http://[",
            "javascript:alert(1)",
            "file:///etc/passwd",
        ] {
            assert_eq!(go(302, location), None, "{location}");
        }
    }

    #[test]
    fn other_statuses_are_not() {
        for status in [200, 201, 300, 304, 305, 306, 399, 404] {
            assert_eq!(go(status, "/z"), None, "{status}");
        }
        for status in [301, 302, 303, 307, 308] {
            assert!(go(status, "/z").is_some(), "{status}");
        }
    }

    #[test]
    fn two_locations_are_none() {
        let mut headers = HeaderMap::new();
        headers.append(LOCATION, "/a".parse().unwrap());
        headers.append(LOCATION, "/b".parse().unwrap());
        let from = Uri::from_static("http://x.org/");
        assert_eq!(next(StatusCode::FOUND, &headers, &from), None);
        assert_eq!(next(StatusCode::FOUND, &HeaderMap::new(), &from), None);
    }
}
