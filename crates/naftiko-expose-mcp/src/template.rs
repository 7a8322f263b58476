//! URI templates of resources: text with `{name}` in it, matched against what a client asks for.

use percent_encoding::percent_decode_str;
use regex::Regex;

/// A parsed template; one without placeholders is an address.
#[derive(Clone, Debug)]
pub(crate) struct UriTemplate {
    names: Vec<String>,
    pattern: Regex,
}

impl UriTemplate {
    /// Reads a template. `{name}` stands for one segment, `{+name}` for any text (RFC 6570, "simple" and "reserved").
    ///
    /// # Errors
    /// What is wrong with it.
    pub(crate) fn parse(text: &str) -> Result<Self, &'static str> {
        let scheme = text.split_once(':').map_or("", |(scheme, _)| scheme);
        let starts = scheme.starts_with(|c: char| c.is_ascii_alphabetic());
        if !starts
            || !scheme
                .chars()
                .all(|c| c.is_ascii_alphanumeric() || "+.-".contains(c))
        {
            return Err("it has no scheme");
        }
        let mut pattern = String::from("^");
        let mut names: Vec<String> = Vec::new();
        let mut rest = text;
        while let Some((before, after)) = rest.split_once('{') {
            let (name, after) = after.split_once('}').ok_or("a `{` has no `}`")?;
            pattern.push_str(&regex::escape(before));
            let (name, value) = match name.strip_prefix('+') {
                Some(name) => (name, "(.+)"),
                None => (name, "([^/?#]+)"),
            };
            let plain = |c: char| c.is_alphanumeric() || "_.-".contains(c);
            if name.is_empty() || !name.chars().all(plain) {
                return Err("a placeholder is no plain name");
            }
            if names.iter().any(|known| known == name) {
                return Err("a placeholder occurs twice");
            }
            names.push(name.to_owned());
            pattern.push_str(value);
            rest = after;
        }
        if rest.contains('}') {
            return Err("a `}` has no `{`");
        }
        pattern.push_str(&regex::escape(rest));
        pattern.push('$');
        let pattern = Regex::new(&pattern).map_err(|_| "it is too long")?;
        Ok(Self { names, pattern })
    }

    /// The names of its placeholders.
    pub(crate) fn names(&self) -> &[String] {
        &self.names
    }

    /// The values of the placeholders in `uri`, decoded; nothing when it is another address.
    pub(crate) fn matches(&self, uri: &str) -> Option<Vec<String>> {
        let found = self.pattern.captures(uri)?;
        found
            .iter()
            .skip(1)
            .map(|value| {
                let text = value.map_or("", |value| value.as_str());
                let decoded = percent_decode_str(text).decode_utf8().ok()?;
                Some(decoded.into_owned())
            })
            .collect()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn values_are_found_and_decoded() {
        let template = UriTemplate::parse("test://template/{id}/data").unwrap();
        assert_eq!(template.names(), ["id"]);
        assert_eq!(
            template.matches("test://template/1%2F2/data").unwrap(),
            ["1/2"]
        );
        assert_eq!(template.matches("test://template/1/2/data"), None);
        assert_eq!(template.matches("test://template//data"), None);
        assert_eq!(template.matches("xtest://template/1/data"), None);
        assert_eq!(template.matches("test://template/%ff/data"), None);
        let deep = UriTemplate::parse("f://{+path}").unwrap();
        assert_eq!(deep.matches("f://a/b?c").unwrap(), ["a/b?c"]);
        let plain = UriTemplate::parse("data://a.b?c=(1)").unwrap();
        assert_eq!(plain.matches("data://a.b?c=(1)"), Some(vec![]));
        assert_eq!(plain.matches("data://aXb?c=(1)"), None);
    }

    #[test]
    fn what_is_no_template_is_refused() {
        for bad in [
            "",
            "x",
            "1x://y",
            "a://{",
            "a://}",
            "a://{}",
            "a://{x y}",
            "a://{x}{x}",
        ] {
            assert!(UriTemplate::parse(bad).is_err(), "{bad}");
        }
    }
}
