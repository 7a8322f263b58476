//! Content codings: whether a caller takes the one that an upstream has used.

use http::{HeaderMap, header};

/// Whether the caller of a request takes a body with these answer headers as it is. `identity` is always taken; without
/// `Accept-Encoding` nothing else is, as most callers without it could not decode it.
pub(crate) fn accepted(request: &HeaderMap, answer: &HeaderMap) -> bool {
    codings(answer).all(|coding| coding == "identity" || takes(request, &coding))
}

/// The codings of an answer, in lower case.
fn codings(answer: &HeaderMap) -> impl Iterator<Item = String> {
    let values = answer.get_all(header::CONTENT_ENCODING).iter();
    values
        .map(|value| String::from_utf8_lossy(value.as_bytes()).to_ascii_lowercase())
        .flat_map(|value| {
            let codings = value.split(',').map(|coding| coding.trim().to_owned());
            codings
                .filter(|coding| !coding.is_empty())
                .collect::<Vec<_>>()
        })
}

fn takes(request: &HeaderMap, coding: &str) -> bool {
    let mut any = false;
    for value in request.get_all(header::ACCEPT_ENCODING) {
        for entry in value.to_str().unwrap_or_default().split(',') {
            let mut parts = entry.split(';').map(str::trim);
            let name = parts.next().unwrap_or_default();
            let refused = parts.any(|part| {
                let weight = part.strip_prefix("q=").or_else(|| part.strip_prefix("Q="));
                weight.is_some_and(|weight| weight.parse::<f32>().is_ok_and(|q| q <= 0.0))
            });
            let same = name.eq_ignore_ascii_case(coding)
                || (coding == "x-gzip" && name.eq_ignore_ascii_case("gzip"));
            if same {
                return !refused;
            }
            any |= name == "*" && !refused;
        }
    }
    any
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(accept: Option<&str>, coding: &str) -> bool {
        let mut request = HeaderMap::new();
        if let Some(accept) = accept {
            request.insert(header::ACCEPT_ENCODING, accept.parse().unwrap());
        }
        let mut answer = HeaderMap::new();
        answer.insert(header::CONTENT_ENCODING, coding.parse().unwrap());
        accepted(&request, &answer)
    }

    #[test]
    fn callers_decide() {
        assert!(check(Some("gzip, br"), "br"));
        assert!(check(Some("gzip;q=0.5"), "GZIP"));
        assert!(check(Some("*"), "br"));
        assert!(check(None, "identity"));
        assert!(check(Some("gzip, br"), "gzip, br"));
        assert!(!check(Some("gzip"), "gzip, br"));
        assert!(!check(None, "br"));
        assert!(!check(Some("gzip"), "br"));
        assert!(!check(Some("br;q=0, *"), "br"));
        assert!(!check(Some("br; q=0.000"), "br"));
        assert!(accepted(&HeaderMap::new(), &HeaderMap::new()));
    }
}
