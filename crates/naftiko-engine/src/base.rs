//! Base URIs: fixed when a capability starts. No request can change the scheme or the authority.

use std::fmt;

use http::Uri;

/// Why a base URI cannot be used. No text holds a value that an operator gave.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum BaseError {
    /// It is not a URI.
    NotAUri,
    /// Its scheme is not `http` or `https`.
    Scheme,
    /// It names no host.
    NoHost,
    /// It holds a user name or password.
    UserInfo,
    /// It holds a fragment.
    Fragment,
    /// A value inside the host is no DNS label.
    NotALabel(String),
}

impl fmt::Display for BaseError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::NotAUri => f.write_str("it is not a URI"),
            Self::Scheme => f.write_str("it does not begin with `http://` or `https://`"),
            Self::NoHost => f.write_str("it names no host"),
            Self::UserInfo => f.write_str("it holds a user name; use `authentication`"),
            Self::Fragment => f.write_str("it holds a fragment (`#…`)"),
            Self::NotALabel(name) => {
                write!(
                    f,
                    "the value of `{name}` is not a part of a host name (letters, digits and `-`)"
                )
            }
        }
    }
}

impl std::error::Error for BaseError {}

/// A base that can be used.
#[derive(Clone, Debug)]
pub(crate) struct Base {
    /// Scheme and authority.
    pub(crate) origin: String,
    /// The path, without a slash at its end unless nothing follows.
    pub(crate) path: String,
    /// The query that it is written with, encoded.
    pub(crate) query: Option<String>,
    pub(crate) uri: Uri,
}

/// One piece of a base and, for a value, its name.
pub(crate) enum Filled<'a> {
    Text(&'a str),
    Value(&'a str, &'a str),
}

/// Joins the pieces of a base. A value that stands in the host must be DNS labels.
pub(crate) fn join(pieces: &[Filled<'_>]) -> Result<Base, BaseError> {
    let mut text = String::new();
    for piece in pieces {
        match piece {
            Filled::Text(part) => text.push_str(part),
            Filled::Value(name, value) => {
                if in_host(&text) && !is_labels(value) {
                    return Err(BaseError::NotALabel((*name).to_owned()));
                }
                text.push_str(value);
            }
        }
    }
    parse(&text)
}

/// Reads a base.
pub(crate) fn parse(text: &str) -> Result<Base, BaseError> {
    let text = text.trim();
    if text.contains('#') {
        return Err(BaseError::Fragment);
    }
    let (scheme, rest) = text.split_once("://").ok_or(BaseError::Scheme)?;
    if !scheme.eq_ignore_ascii_case("http") && !scheme.eq_ignore_ascii_case("https") {
        return Err(BaseError::Scheme);
    }
    let end = rest.find(['/', '?']).unwrap_or(rest.len());
    let (authority, tail) = rest.split_at(end);
    if authority.contains('@') {
        return Err(BaseError::UserInfo);
    }
    if authority.is_empty() || authority.starts_with(':') {
        return Err(BaseError::NoHost);
    }
    let (path, query) = tail
        .split_once('?')
        .map_or((tail, None), |(path, q)| (path, Some(q)));
    let path = naftiko_plan::encode_literal(path);
    if path.split('/').any(naftiko_plan::is_dots) {
        return Err(BaseError::NotAUri);
    }
    let origin = format!("{}://{authority}", scheme.to_ascii_lowercase());
    let uri: Uri = format!("{origin}{}", if path.is_empty() { "/" } else { &path })
        .parse()
        .map_err(|_| BaseError::NotAUri)?;
    if uri.host().is_none_or(str::is_empty) {
        return Err(BaseError::NoHost);
    }
    let query = query
        .filter(|q| !q.is_empty())
        .map(naftiko_plan::encode_literal);
    Ok(Base {
        origin,
        path,
        query,
        uri,
    })
}

/// Whether what follows `text` still belongs to the host.
fn in_host(text: &str) -> bool {
    text.split_once("://")
        .is_some_and(|(_, rest)| !rest.contains(['/', '?', '#', ':']))
}

fn is_labels(value: &str) -> bool {
    let label = |label: &str| {
        !label.is_empty()
            && label.len() <= 63
            && label.chars().all(|c| c.is_ascii_alphanumeric() || c == '-')
            && !label.starts_with('-')
            && !label.ends_with('-')
    };
    !value.is_empty() && value.split('.').all(label)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn bases_are_split() {
        let base = parse("HTTPS://api.example.com:8443/v 2/?k=1").unwrap();
        assert_eq!(base.origin, "https://api.example.com:8443");
        assert_eq!(base.path, "/v%202/");
        assert_eq!(base.query.as_deref(), Some("k=1"));
        assert_eq!(parse("http://[::1]:80").unwrap().origin, "http://[::1]:80");
    }

    #[test]
    fn bad_bases_are_told_apart() {
        assert_eq!(parse("ftp://x").unwrap_err(), BaseError::Scheme);
        assert_eq!(parse("api.example.com").unwrap_err(), BaseError::Scheme);
        assert_eq!(parse("http:///x").unwrap_err(), BaseError::NoHost);
        assert_eq!(parse("http://u:p@x/").unwrap_err(), BaseError::UserInfo);
        assert_eq!(parse("http://x/#a").unwrap_err(), BaseError::Fragment);
        assert_eq!(parse("http://a b/").unwrap_err(), BaseError::NotAUri);
    }

    #[test]
    fn values_in_a_host_are_labels() {
        let host = |value| {
            join(&[
                Filled::Text("https://"),
                Filled::Value("r", value),
                Filled::Text(".x.com/p"),
            ])
        };
        assert!(host("eu-1").is_ok());
        assert!(host("a.b").is_ok());
        for bad in ["", "a/b", "a@b", "x:1", "-a", "a..b", "é"] {
            assert_eq!(
                host(bad).unwrap_err(),
                BaseError::NotALabel("r".into()),
                "{bad}"
            );
        }
        // A variable may be the whole origin.
        assert!(
            join(&[
                Filled::Value("S", "https://argo.local:2746"),
                Filled::Text("/api")
            ])
            .is_ok()
        );
        assert!(join(&[Filled::Text("https://x/"), Filled::Value("p", "a/b")]).is_ok());
    }
}
