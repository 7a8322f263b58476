//! `host[:port]` as callers write it (RFC 9110, section 7.2), down to what a check can compare.

use std::net::{IpAddr, Ipv6Addr};

/// The host of an authority. Ports are of no interest to a check: a mapped port differs from the one listened on.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum HostName<'a> {
    /// An address.
    Ip(IpAddr),
    /// A name, as written, without a dot at its end.
    Name(&'a str),
}

impl<'a> HostName<'a> {
    /// The host of `authority`; nothing for what is not `host[:port]`. User information is not: no client sends it, and
    /// `allowed@evil` is how one host is made to look like another.
    pub(crate) fn parse(authority: &'a str) -> Option<Self> {
        let (host, rest) = if let Some(inner) = authority.strip_prefix('[') {
            let (host, rest) = inner.split_once(']')?;
            let ip: Ipv6Addr = host.parse().ok()?;
            (HostName::Ip(IpAddr::V6(ip).to_canonical()), rest)
        } else {
            let end = authority.find(':').unwrap_or(authority.len());
            let (host, rest) = authority.split_at_checked(end)?;
            (Self::unbracketed(host)?, rest)
        };
        let port_is_sound = match rest.strip_prefix(':') {
            Some(port) => port.len() <= 5 && port.bytes().all(|b| b.is_ascii_digit()),
            None => rest.is_empty(),
        };
        port_is_sound.then_some(host)
    }

    fn unbracketed(host: &'a str) -> Option<Self> {
        if let Ok(ip) = host.parse::<IpAddr>() {
            return ip.is_ipv4().then_some(HostName::Ip(ip));
        }
        let name = host.strip_suffix('.').unwrap_or(host);
        let plain = |b: u8| b.is_ascii_alphanumeric() || matches!(b, b'-' | b'.' | b'_');
        (!name.is_empty() && name.len() <= 253 && name.bytes().all(plain))
            .then_some(HostName::Name(name))
    }

    /// Whether both are the same host.
    pub(crate) fn same(self, other: HostName<'_>) -> bool {
        match (self, other) {
            (HostName::Ip(a), HostName::Ip(b)) => a == b,
            (HostName::Name(a), HostName::Name(b)) => a.eq_ignore_ascii_case(b),
            _ => false,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::HostName;

    fn shown(authority: &str) -> String {
        match HostName::parse(authority) {
            Some(HostName::Ip(ip)) => format!("ip {ip}"),
            Some(HostName::Name(name)) => format!("name {name}"),
            None => String::from("none"),
        }
    }

    #[test]
    fn authorities() {
        let cases = [
            ("localhost", "name localhost"),
            ("localhost:", "name localhost"),
            ("localhost.:80", "name localhost"),
            ("a_b-c.example:65535", "name a_b-c.example"),
            ("127.0.0.1:8081", "ip 127.0.0.1"),
            ("[::1]", "ip ::1"),
            ("[::1]:8081", "ip ::1"),
            ("[::ffff:127.0.0.1]", "ip 127.0.0.1"),
            // What looks like an address to some resolvers is a name here, and names are refused unless listed.
            ("2130706433", "name 2130706433"),
            ("0x7f.1", "name 0x7f.1"),
            ("", "none"),
            (".", "none"),
            (":80", "none"),
            ("::1", "none"),
            ("[::1", "none"),
            ("[::1]x", "none"),
            ("[localhost]", "none"),
            ("[fe80::1%25eth0]", "none"),
            ("localhost:80:80", "none"),
            ("localhost:8o", "none"),
            ("localhost:123456", "none"),
            ("localhost:+80", "none"),
            ("user@localhost", "none"),
            ("localhost/x", "none"),
            ("local host", "none"),
            ("lo\u{e9}alhost", "none"),
        ];
        for (authority, expected) in cases {
            assert_eq!(shown(authority), expected, "{authority}");
        }
        assert_eq!(shown(&"a".repeat(254)), "none");
    }
}
