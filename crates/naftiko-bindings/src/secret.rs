//! Values that must not be seen, and hiding them in text that comes from elsewhere.

use std::fmt;
use std::sync::Arc;

/// What stands instead of a secret.
pub const MASK: &str = "***";

/// Values shorter than this are not looked for in foreign text: they would be found everywhere by accident.
const SHORTEST: usize = 4;

/// The value of a variable. It prints as `***`.
#[derive(Clone, PartialEq, Eq)]
pub struct Secret(Arc<str>);

impl Secret {
    /// Keeps `value`.
    pub fn new(value: impl Into<Arc<str>>) -> Self {
        Self(value.into())
    }

    /// The value itself, for the one place that sends it.
    pub fn expose(&self) -> &str {
        &self.0
    }
}

impl fmt::Debug for Secret {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(MASK)
    }
}

impl fmt::Display for Secret {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(MASK)
    }
}

/// Replaces secrets in text by `***`: as they are, and as JSON or a URL would write them.
#[derive(Clone, Default)]
pub struct Masker {
    needles: Vec<Vec<u8>>,
    longest: usize,
}

impl fmt::Debug for Masker {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Masker({} values)", self.needles.len())
    }
}

impl Masker {
    /// Hides each of `secrets`, and each of `encoded`: what a secret became on the wire (a Basic credential).
    pub fn new<'a>(secrets: impl IntoIterator<Item = &'a str>) -> Self {
        let mut needles: Vec<Vec<u8>> = Vec::new();
        for secret in secrets {
            if secret.len() < SHORTEST {
                continue;
            }
            let json = serde_json::to_string(secret).unwrap_or_default();
            let json = json.trim_matches('"');
            for form in [secret, json, &percent(secret)] {
                if !needles.iter().any(|known| known == form.as_bytes()) {
                    needles.push(form.as_bytes().to_vec());
                }
            }
        }
        // A secret that contains another is replaced whole.
        needles.sort_by_key(|needle| std::cmp::Reverse(needle.len()));
        let longest = needles.first().map_or(0, Vec::len);
        Self { needles, longest }
    }

    /// Whether there is nothing to hide.
    pub fn is_empty(&self) -> bool {
        self.needles.is_empty()
    }

    /// `text` without its secrets.
    pub fn mask(&self, text: &str) -> String {
        String::from_utf8_lossy(&self.mask_bytes(text.as_bytes())).into_owned()
    }

    /// `bytes` without its secrets.
    pub fn mask_bytes(&self, bytes: &[u8]) -> Vec<u8> {
        let mut stream = MaskStream::default();
        let mut out = self.push(&mut stream, bytes);
        out.extend(self.finish(stream));
        out
    }

    /// Hides secrets in a stream: takes the next `chunk` and gives what can be passed on. What may be the beginning of
    /// a secret is held back in `stream`, never more than the longest secret.
    pub fn push(&self, stream: &mut MaskStream, chunk: &[u8]) -> Vec<u8> {
        stream.held.extend_from_slice(chunk);
        let safe = (stream.held.len() + 1).saturating_sub(self.longest.max(1));
        self.drain(stream, safe)
    }

    /// What is left at the end of the stream.
    pub fn finish(&self, mut stream: MaskStream) -> Vec<u8> {
        let end = stream.held.len();
        self.drain(&mut stream, end)
    }

    fn drain(&self, stream: &mut MaskStream, safe: usize) -> Vec<u8> {
        let held = std::mem::take(&mut stream.held);
        let mut out = Vec::with_capacity(held.len());
        let mut at = 0;
        while at < safe {
            let rest = held.get(at..).unwrap_or_default();
            match self.needles.iter().find(|needle| rest.starts_with(needle)) {
                Some(needle) => {
                    out.extend_from_slice(MASK.as_bytes());
                    at += needle.len();
                }
                None => {
                    out.extend(rest.first());
                    at += 1;
                }
            }
        }
        stream.held = held.get(at..).unwrap_or_default().to_vec();
        out
    }
}

/// The end of a stream that may be the beginning of a secret.
#[derive(Clone, Default)]
pub struct MaskStream {
    held: Vec<u8>,
}

impl fmt::Debug for MaskStream {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "MaskStream({} bytes held)", self.held.len())
    }
}

/// As the query of a URL writes it.
fn percent(text: &str) -> String {
    text.bytes()
        .map(|byte| {
            if byte.is_ascii_alphanumeric() || b"-._~".contains(&byte) {
                char::from(byte).to_string()
            } else {
                format!("%{byte:02X}")
            }
        })
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn secrets_never_print() {
        let secret = Secret::new("hunter2");
        assert_eq!(format!("{secret} {secret:?}"), "*** ***");
        assert_eq!(secret.expose(), "hunter2");
    }

    #[test]
    fn every_spelling_is_masked() {
        let masker = Masker::new(["s3cr\"t/ä", "abc"]);
        assert_eq!(masker.mask("a s3cr\"t/ä b"), "a *** b");
        assert_eq!(masker.mask(r#"{"k":"s3cr\"t/ä"}"#), r#"{"k":"***"}"#);
        assert_eq!(masker.mask("?k=s3cr%22t%2F%C3%A4&x"), "?k=***&x");
        assert_eq!(masker.mask("abc"), "abc", "too short to look for");
    }

    #[test]
    fn a_secret_across_chunks_is_found() {
        let masker = Masker::new(["secret", "secret-long"]);
        for cut in 0.."xx secret-long yy secre".len() {
            let bytes = "xx secret-long yy secre".as_bytes();
            let mut stream = MaskStream::default();
            let mut out = masker.push(&mut stream, &bytes[..cut]);
            out.extend(masker.push(&mut stream, &bytes[cut..]));
            out.extend(masker.finish(stream));
            assert_eq!(
                String::from_utf8(out).unwrap(),
                "xx *** yy secre",
                "cut at {cut}"
            );
        }
    }
}
