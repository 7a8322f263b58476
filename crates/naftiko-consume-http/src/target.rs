//! Where a request goes: the address as it was rendered, byte for byte, or a refusal.
//!
//! The client sends what it is given. Servers do not agree on what some addresses mean: many resolve dot segments, also
//! written `%2e`, and some read a backslash as a slash. A request that a value of a caller put there could climb out of its
//! base. Other characters that a URI cannot hold are what servers disagree on most. Such addresses are not sent.

use http::Uri;
use naftiko_engine::{UpstreamError, UpstreamErrorKind, is_dots};
use url::Url;

/// Scheme, host and port of an upstream, fixed when it is made.
#[derive(Debug)]
pub(crate) struct Origin {
    base: Uri,
}

impl Origin {
    /// The origin of a base.
    pub(crate) fn new(base: &Uri) -> Result<Self, UpstreamError> {
        let refuse = |why: &str| UpstreamError::new(UpstreamErrorKind::Misconfigured, why);
        let url =
            Url::parse(&base.to_string()).map_err(|_| refuse("the base is no address of HTTP"))?;
        if !matches!(url.scheme(), "http" | "https") {
            return Err(refuse("the base is no address of HTTP"));
        }
        if !url.username().is_empty() || url.password().is_some() {
            return Err(refuse("the base holds a user name"));
        }
        Ok(Self { base: base.clone() })
    }

    /// Whether it is reached by TLS.
    pub(crate) fn is_secure(&self) -> bool {
        self.base.scheme() == Some(&http::uri::Scheme::HTTPS)
    }

    /// Refuses an address that is not below this origin, or that does not say one thing to all servers.
    pub(crate) fn check(&self, uri: &Uri) -> Result<(), UpstreamError> {
        if uri.scheme() != self.base.scheme() || uri.authority() != self.base.authority() {
            return Err(refused(
                "the request leaves the scheme, host or port of its base",
            ));
        }
        let path = uri.path();
        let query = uri.query().unwrap_or_default();
        if path.split('/').any(is_dots)
            || path
                .bytes()
                .any(|byte| !may_stand(byte) || IN_NO_PATH.contains(&byte))
            || query.bytes().any(|byte| !may_stand(byte) || byte == b'"')
        {
            return Err(refused(
                "the address cannot be sent as it is: it holds a dot segment or what a URI cannot hold",
            ));
        }
        Ok(())
    }
}

/// Characters that a query may hold by most servers' reading, and a path by nobody's.
const IN_NO_PATH: &[u8] = b"\\\"{}`";

/// Printable ASCII but for what ends an address or stands around one.
fn may_stand(byte: u8) -> bool {
    byte.is_ascii_graphic() && !matches!(byte, b'<' | b'>' | b'#')
}

/// No text of the address is in it: its query may hold a credential.
fn refused(why: &str) -> UpstreamError {
    UpstreamError::new(UpstreamErrorKind::Misconfigured, why)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn target(base: &str, uri: &str) -> Result<(), String> {
        let origin = Origin::new(&base.parse().unwrap()).map_err(|e| e.detail)?;
        origin.check(&uri.parse().unwrap()).map_err(|e| e.detail)
    }

    #[test]
    fn addresses_are_sent_as_they_are() {
        for uri in [
            "http://x/",
            "http://x/?",
            "http://x/a?b=c&b=c&&=",
            "http://x//a//",
            "http://x/a;v=1/b,c/(d)/$e/@f/!g*h+i/:j/=k/&l",
            "http://x/%2F%2f%00%25%7B%7D%22%20%c3%a9%5c",
            "http://x/a%2eb/..c/.../%2e%2e%2e/~/-_.",
            "http://x/it's/[a]/^/a|b?q=it's",
            "http://x/a?x=[1]&y=|^`{}\\/?:@!$()*+,;=%27%2e%2e/../.",
            "http://x:8080/a",
            "http://[::1]:80/a",
        ] {
            let base = uri.split('/').take(3).collect::<Vec<_>>().join("/");
            assert_eq!(target(&base, uri), Ok(()), "{uri}");
        }
    }

    #[test]
    fn what_servers_disagree_on_is_refused() {
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
                .check(&uri)
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
