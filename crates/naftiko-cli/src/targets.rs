//! Options that name a part of a capability: `[CAPABILITY/]NAMESPACE=…`.

use std::path::PathBuf;
use std::str::FromStr;

/// The part that an option is about.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Target {
    /// The capability; any, when absent.
    pub(crate) capability: Option<String>,
    /// The namespace.
    pub(crate) namespace: String,
}

impl Target {
    fn parse(text: &str) -> Result<Self, String> {
        let (capability, namespace) = match text.rsplit_once('/') {
            Some((capability, namespace)) => (Some(capability.to_owned()), namespace),
            None => (None, text),
        };
        if namespace.is_empty() || capability.as_deref() == Some("") {
            return Err(String::from("a namespace stands before `=`"));
        }
        Ok(Self {
            capability,
            namespace: namespace.to_owned(),
        })
    }

    /// Whether it means the namespace of that capability.
    pub(crate) fn is(&self, capability: &str, namespace: &str) -> bool {
        self.namespace == namespace && self.capability.as_deref().is_none_or(|c| c == capability)
    }
}

/// `--upstream [CAPABILITY/]NS=URL`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct UpstreamOption {
    pub(crate) target: Target,
    pub(crate) url: String,
}

impl FromStr for UpstreamOption {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, String> {
        let (target, url) = text
            .split_once('=')
            .ok_or("write NAMESPACE=URL, such as `shop=http://localhost:9000`")?;
        let lower = url.to_ascii_lowercase();
        let rest = lower
            .strip_prefix("http://")
            .or_else(|| lower.strip_prefix("https://"));
        match rest {
            None => Err(String::from("the URL begins with `http://` or `https://`")),
            Some(rest) if rest.is_empty() || rest.starts_with(['/', ':', '?', '#']) => {
                Err(String::from("the URL names no host"))
            }
            Some(rest) if rest.contains(char::is_whitespace) => {
                Err(String::from("the URL holds blanks"))
            }
            Some(_) => Ok(Self {
                target: Target::parse(target)?,
                url: url.to_owned(),
            }),
        }
    }
}

/// `--set [CAPABILITY/]NS.NAME=VALUE`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct SetOption {
    pub(crate) target: Target,
    pub(crate) name: String,
    pub(crate) value: String,
}

impl FromStr for SetOption {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, String> {
        const FORM: &str = "write NAMESPACE.NAME=VALUE, such as `shop.region=eu`";
        let (left, value) = text.split_once('=').ok_or(FORM)?;
        let (target, name) = left.split_once('.').ok_or(FORM)?;
        if name.is_empty() {
            return Err(String::from(FORM));
        }
        let target = Target::parse(target)?;
        Ok(Self {
            target,
            name: name.to_owned(),
            value: value.to_owned(),
        })
    }
}

/// `--fixture NS=FILE`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct FixtureOption {
    pub(crate) target: Target,
    pub(crate) file: PathBuf,
}

impl FromStr for FixtureOption {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, String> {
        let (target, file) = text.split_once('=').ok_or("write NAMESPACE=FILE")?;
        Ok(Self {
            target: Target::parse(target)?,
            file: PathBuf::from(file),
        })
    }
}

/// `--listen [[CAPABILITY/]NS=]ADDR[:PORT]`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct ListenOption {
    /// The exposure; all, when absent.
    pub(crate) target: Option<Target>,
    /// The host or address.
    pub(crate) address: String,
    /// The port; that of the document, when absent.
    pub(crate) port: Option<u16>,
}

impl FromStr for ListenOption {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, String> {
        let (target, place) = match text.split_once('=') {
            Some((target, place)) => (Some(Target::parse(target)?), place),
            None => (None, text),
        };
        let (address, port) = if let Some(rest) = place.strip_prefix('[') {
            let (address, rest) = rest.split_once(']').ok_or("a `[` is not closed")?;
            (address, rest.strip_prefix(':'))
        } else if place.matches(':').count() > 1 {
            // An IPv6 address without brackets has no port.
            (place, None)
        } else {
            place
                .split_once(':')
                .map_or((place, None), |(address, port)| (address, Some(port)))
        };
        let port = port
            .map(|port| {
                port.parse::<u16>()
                    .map_err(|_| format!("`{port}` is not a port"))
            })
            .transpose()?;
        if address.is_empty() {
            return Err(String::from(
                "an address stands before the port, such as 127.0.0.1",
            ));
        }
        if address.contains(|c: char| c.is_whitespace() || c == '/') {
            return Err(format!("`{address}` is not an address"));
        }
        Ok(Self {
            target,
            address: address.to_owned(),
            port,
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn listen(text: &str) -> (Option<String>, String, Option<u16>) {
        let option: ListenOption = text.parse().unwrap();
        (
            option.target.map(|target| target.namespace),
            option.address,
            option.port,
        )
    }

    #[test]
    fn listen_takes_addresses_with_and_without_port() {
        assert_eq!(listen("0.0.0.0"), (None, "0.0.0.0".into(), None));
        assert_eq!(listen("127.0.0.1:0"), (None, "127.0.0.1".into(), Some(0)));
        assert_eq!(
            listen("api=[::1]:80"),
            (Some("api".into()), "::1".into(), Some(80))
        );
        assert_eq!(listen("::1"), (None, "::1".into(), None));
        for bad in ["", ":80", "a:b", "[::1", "=x", "x/y:1"] {
            assert!(bad.parse::<ListenOption>().is_err(), "{bad}");
        }
    }

    #[test]
    fn upstreams_are_urls() {
        let option: UpstreamOption = "ops/shop=http://localhost:1/x".parse().unwrap();
        assert!(option.target.is("ops", "shop"));
        assert!(!option.target.is("other", "shop"));
        for bad in [
            "shop",
            "shop=localhost",
            "shop=ftp://x",
            "shop=http://",
            "=http://x",
            "s=http:// x",
        ] {
            assert!(bad.parse::<UpstreamOption>().is_err(), "{bad}");
        }
    }

    #[test]
    fn settings_name_a_placeholder() {
        let option: SetOption = "shop.region=eu=1".parse().unwrap();
        assert_eq!(
            (option.name.as_str(), option.value.as_str()),
            ("region", "eu=1")
        );
        assert!("shop=eu".parse::<SetOption>().is_err());
    }
}
