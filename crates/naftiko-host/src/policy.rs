//! Who may call: the Host and Origin rules (decisions, section 7).
//!
//! A server on a loopback address is open to every page that the user's browser shows, in two ways: a page may send
//! requests to it (the browser then names the page in `Origin` or `Sec-Fetch-Site`), and a page whose own name is made
//! to resolve to 127.0.0.1 may even read the answers, for the browser takes both for one site ("DNS rebinding"; `Host`
//! then still holds the page's name). Both are refused here.

use std::fmt;
use std::net::{IpAddr, Ipv6Addr};

use http::header::{HOST, ORIGIN};
use http::{HeaderMap, HeaderValue, Request, Response, StatusCode, Version};
use naftiko_engine::Body;

use crate::authority::HostName;
use crate::problem::problem;

/// Which hosts requests may be addressed to, and which pages they may come from.
///
/// Always allowed are `localhost`, 127.0.0.0/8 and `[::1]`, with any port. The default allows nothing else.
#[derive(Clone, Debug, Default)]
pub struct HostPolicy {
    names: Vec<String>,
    addresses: Vec<IpAddr>,
    any_address: bool,
    origins: Vec<String>,
}

/// A name or origin that no request can have.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct InvalidName(pub String);

impl fmt::Display for InvalidName {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let name = naftiko_diagnostics::render::escape(&self.0);
        write!(f, "`{name}` is not the name of a host")
    }
}

impl std::error::Error for InvalidName {}

/// Why a request is refused.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Refusal {
    /// It does not say which host it is for: status 400.
    MissingHost,
    /// It says so twice, or in a way that cannot be read: status 400.
    MalformedHost,
    /// It is for a host that is not served here: status 403.
    ForeignHost(String),
    /// It was sent by a page of another site: status 403.
    ForeignOrigin,
}

impl Refusal {
    /// The status of the answer.
    pub fn status(&self) -> StatusCode {
        match self {
            Refusal::MissingHost | Refusal::MalformedHost => StatusCode::BAD_REQUEST,
            Refusal::ForeignHost(_) | Refusal::ForeignOrigin => StatusCode::FORBIDDEN,
        }
    }

    /// The answer: a problem document.
    pub fn response(&self) -> Response<Body> {
        problem(self.status(), "refused", &self.to_string())
    }
}

impl fmt::Display for Refusal {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Refusal::MissingHost => f.write_str("the request has no Host header"),
            Refusal::MalformedHost => {
                f.write_str("the request does not name one host as `name` or `name:port`")
            }
            Refusal::ForeignHost(host) => write!(
                f,
                "this server does not answer for the host `{}`; the operator can allow it with `--allow-host`",
                naftiko_diagnostics::render::escape(host)
            ),
            Refusal::ForeignOrigin => {
                f.write_str("this server does not answer requests that pages of other sites send")
            }
        }
    }
}

impl HostPolicy {
    /// Allows also what a server at `address` is called by: the address itself and, where it is not a loopback address,
    /// every IP address. A Host that is an IP address cannot come from DNS rebinding, since no name was resolved; and
    /// behind a mapped port or a wildcard a server cannot know by which addresses it is reached.
    #[must_use]
    pub fn listening_on(mut self, address: IpAddr) -> Self {
        let address = address.to_canonical();
        self.any_address |= !address.is_loopback();
        if !address.is_unspecified() {
            self.addresses.push(address);
        }
        self
    }

    /// Allows also that host (`--allow-host`): a name or an IP address. A port behind it is ignored; there are no
    /// wildcards.
    ///
    /// # Errors
    /// It is neither.
    pub fn allow_host(mut self, name: &str) -> Result<Self, InvalidName> {
        let bare_v6 = name.parse::<Ipv6Addr>().ok();
        match (bare_v6, HostName::parse(name)) {
            (Some(ip), _) => self.addresses.push(IpAddr::V6(ip).to_canonical()),
            (None, Some(HostName::Ip(ip))) => self.addresses.push(ip),
            (None, Some(HostName::Name(name))) => self.names.push(name.to_owned()),
            (None, None) => return Err(InvalidName(name.to_owned())),
        }
        Ok(self)
    }

    /// Allows pages of that origin (`https://app.example.com`), exactly as browsers write it: for an exposer whose CORS
    /// rules allow it.
    ///
    /// # Errors
    /// It is no origin.
    pub fn allow_origin(mut self, origin: &str) -> Result<Self, InvalidName> {
        match origin.split_once("://") {
            Some((scheme, authority))
                if !scheme.is_empty() && HostName::parse(authority).is_some() =>
            {
                self.origins.push(origin.to_ascii_lowercase());
                Ok(self)
            }
            _ => Err(InvalidName(origin.to_owned())),
        }
    }

    /// Whether a request may pass.
    ///
    /// # Errors
    /// It may not.
    pub fn check<B>(&self, request: &Request<B>) -> Result<(), Refusal> {
        let host = self.check_host(request)?;
        self.check_origin(request.headers(), host)
    }

    /// The host that a request is for. `:authority` of HTTP/2 and the authority of an absolute target come before the
    /// Host header (RFC 9112, section 3.2.2), but a request that carries both must be allowed by both.
    fn check_host<'r, B>(&self, request: &'r Request<B>) -> Result<Option<HostName<'r>>, Refusal> {
        let mut headers = request.headers().get_all(HOST).iter();
        let header = headers.next();
        if headers.next().is_some() {
            return Err(Refusal::MalformedHost);
        }
        let target = request.uri().authority().map(http::uri::Authority::as_str);
        let header = header
            .map(HeaderValue::to_str)
            .transpose()
            .map_err(|_| Refusal::MalformedHost)?;
        let mut first = None;
        for written in [target, header].into_iter().flatten() {
            let host = HostName::parse(written).ok_or(Refusal::MalformedHost)?;
            let allowed =
                self.is_own(host) || (self.any_address && matches!(host, HostName::Ip(_)));
            if !allowed {
                return Err(Refusal::ForeignHost(written.to_owned()));
            }
            first.get_or_insert(host);
        }
        // No browser speaks HTTP/1.0, which does not have the header.
        if first.is_none() && request.version() >= Version::HTTP_11 {
            return Err(Refusal::MissingHost);
        }
        Ok(first)
    }

    fn check_origin(&self, headers: &HeaderMap, host: Option<HostName<'_>>) -> Result<(), Refusal> {
        let mut origins = headers.get_all(ORIGIN).iter();
        let origin = origins.next();
        if origins.next().is_some() {
            return Err(Refusal::ForeignOrigin);
        }
        if let Some(origin) = origin {
            let origin = origin.to_str().map_err(|_| Refusal::ForeignOrigin)?;
            let listed = |known: &String| known.eq_ignore_ascii_case(origin);
            if self.origins.iter().any(listed) {
                return Ok(());
            }
            let page = page(origin).ok_or(Refusal::ForeignOrigin)?;
            // Not any IP address here, even where any is fine as a Host: a page can be served from one.
            if !self.is_own(page) && !host.is_some_and(|host| host.same(page)) {
                return Err(Refusal::ForeignOrigin);
            }
        }
        let crosses = |value: &HeaderValue| value.as_bytes().eq_ignore_ascii_case(b"cross-site");
        if headers.get_all("sec-fetch-site").iter().any(crosses) {
            return Err(Refusal::ForeignOrigin);
        }
        Ok(())
    }

    fn is_own(&self, host: HostName<'_>) -> bool {
        match host {
            HostName::Ip(ip) => ip.is_loopback() || self.addresses.contains(&ip),
            HostName::Name(name) => {
                name.eq_ignore_ascii_case("localhost")
                    || self.names.iter().any(|own| own.eq_ignore_ascii_case(name))
            }
        }
    }
}

/// The host of an origin. `null` (a sandboxed frame, a local file) has none.
fn page(origin: &str) -> Option<HostName<'_>> {
    let authority = origin
        .strip_prefix("http://")
        .or_else(|| origin.strip_prefix("https://"))?;
    HostName::parse(authority)
}

#[cfg(test)]
mod tests;
