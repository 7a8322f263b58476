//! Where a request goes: the address as it was rendered, byte for byte, or a refusal.
//!
//! reqwest takes addresses as `url::Url`s, and these are normalised as browsers do it. Three changes matter here.
//! Dot segments are resolved, also written `%2e`: a request could climb out of its base. A backslash in a path becomes
//! a slash. Characters that a URI cannot hold are encoded, and `'` in a query, which a URI can hold. The last one is
//! harmless (every browser does it, and no server tells `%27` from `'` in a query), so it is done and nothing else:
//! an address that comes out of a `Url` in any other way than it went in is not sent.

use std::borrow::Cow;

use http::Uri;
use naftiko_engine::{UpstreamError, UpstreamErrorKind};
use reqwest::Url;

/// Scheme, host and port of an upstream, fixed when it is made.
#[derive(Debug)]
pub(crate) struct Origin {
    base: Uri,
    /// The same, parsed once. Requests have its scheme, host and port, so only their path and query are parsed.
    root: Url,
}

impl Origin {
    /// The origin of a base.
    pub(crate) fn new(base: &Uri) -> Result<Self, UpstreamError> {
        let refuse = |why: &str| UpstreamError::new(UpstreamErrorKind::Misconfigured, why);
        let mut root =
            Url::parse(&base.to_string()).map_err(|_| refuse("the base is no address of HTTP"))?;
        if !matches!(root.scheme(), "http" | "https") {
            return Err(refuse("the base is no address of HTTP"));
        }
        if !root.username().is_empty() || root.password().is_some() {
            return Err(refuse("the base holds a user name"));
        }
        root.set_path("/");
        root.set_query(None);
        root.set_fragment(None);
        Ok(Self {
            base: base.clone(),
            root,
        })
    }

    /// Whether it is reached by TLS.
    pub(crate) fn is_secure(&self) -> bool {
        self.base.scheme() == Some(&http::uri::Scheme::HTTPS)
    }

    /// The address of a request below this origin.
    pub(crate) fn target(&self, uri: &Uri) -> Result<Url, UpstreamError> {
        if uri.scheme() != self.base.scheme() || uri.authority() != self.base.authority() {
            return Err(refused(
                "the request leaves the scheme, host or port of its base",
            ));
        }
        let path = uri.path();
        let query = uri.query().map(encode_apostrophes);
        let mut url = self.root.clone();
        url.set_path(path);
        url.set_query(query.as_deref());
        if url.path() == path && url.query() == query.as_deref() {
            Ok(url)
        } else {
            Err(refused(
                "the address cannot be sent as it is: it holds a dot segment or what a URI cannot hold",
            ))
        }
    }
}

/// No text of the address is in it: its query may hold a credential.
fn refused(why: &str) -> UpstreamError {
    UpstreamError::new(UpstreamErrorKind::Misconfigured, why)
}

fn encode_apostrophes(query: &str) -> Cow<'_, str> {
    if query.contains('\'') {
        Cow::Owned(query.replace('\'', "%27"))
    } else {
        Cow::Borrowed(query)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn target(base: &str, uri: &str) -> Result<String, String> {
        let origin = Origin::new(&base.parse().unwrap()).map_err(|e| e.detail)?;
        let url = origin.target(&uri.parse().unwrap()).map_err(|e| e.detail)?;
        Ok(url.to_string())
    }

    #[test]
    fn addresses_stay_as_they_are() {
        for uri in [
            "http://x/",
            "http://x/?",
            "http://x/a?b=c&b=c&&=",
            "http://x//a//",
            "http://x/a;v=1/b,c/(d)/$e/@f/!g*h+i/:j/=k/&l",
            "http://x/%2F%2f%00%25%7B%7D%22%20%c3%a9%5c",
            "http://x/a%2eb/..c/.../%2e%2e%2e/~/-_.",
            "http://x/it's/[a]/^/a|b",
            "http://x/a?x=[1]&y=|^`{}\\/?:@!$()*+,;=%27%2e%2e/../.",
            "http://x:8080/a",
            "http://[::1]:80/a",
        ] {
            let base = uri.split('/').take(3).collect::<Vec<_>>().join("/");
            let expected = uri.replace("http://[::1]:80/", "http://[::1]/");
            assert_eq!(target(&base, uri), Ok(expected), "{uri}");
        }
    }

    #[test]
    fn an_apostrophe_of_a_query_is_the_only_change() {
        assert_eq!(
            target("http://x", "http://x/it's?q=it's").unwrap(),
            "http://x/it's?q=it%27s"
        );
    }

    #[test]
    fn what_would_be_altered_is_refused() {
        for path in [
            "/a/../b",
            "/a/..",
            "/..",
            "/.",
            "/./a",
            "/a/%2e%2e/b",
            "/a/%2E%2E",
            "/a/.%2e/b",
            "/a/%2E/b",
            "/%2e",
            "/a\\b",
            "/a\"b",
            "/{a}",
            "/a`b",
            "/é",
            "/a?q=é",
            "/a?q=\"",
        ] {
            let Ok(uri) = format!("http://x{path}").parse::<Uri>() else {
                continue;
            };
            let error = Origin::new(&"http://x".parse().unwrap())
                .unwrap()
                .target(&uri)
                .unwrap_err();
            assert_eq!(error.kind, UpstreamErrorKind::Misconfigured, "{path}");
            assert!(!error.detail.contains(path), "{}", error.detail);
        }
    }

    #[test]
    fn requests_stay_at_their_origin() {
        for uri in [
            "https://x/a",
            "http://y/a",
            "http://x:81/a",
            "http://u@x/a",
            "/a",
        ] {
            assert!(target("http://x", uri).is_err(), "{uri}");
        }
        assert!(target("http://X", "http://x/a").is_ok());
    }

    #[test]
    fn bases_that_cannot_be_used() {
        for base in ["ftp://x", "http://u:p@x", "/a", "http://x y"] {
            let Ok(base) = base.parse::<Uri>() else {
                continue;
            };
            assert!(Origin::new(&base).is_err(), "{base}");
        }
    }
}
