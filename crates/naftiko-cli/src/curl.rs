//! A request as a curl command that a shell takes.

use bytes::Bytes;
use http::Request;
use naftiko::bindings::Masker;

/// The command that sends `request`, without its secrets.
pub(crate) fn command(request: &Request<Bytes>, masker: &Masker) -> String {
    let mut parts = vec![String::from("curl")];
    if request.method() != http::Method::GET {
        parts.push(format!("-X {}", request.method()));
    }
    parts.push(quote(&masker.mask(&request.uri().to_string())));
    for (name, value) in request.headers() {
        let text = if value.is_sensitive() {
            // The kind of a credential is no secret.
            let text = String::from_utf8_lossy(value.as_bytes()).into_owned();
            match text.split_once(' ') {
                Some((scheme @ ("Bearer" | "Basic"), _)) => format!("{scheme} ***"),
                _ => String::from("***"),
            }
        } else {
            masker.mask(&String::from_utf8_lossy(value.as_bytes()))
        };
        parts.push(format!("-H {}", quote(&format!("{name}: {text}"))));
    }
    if !request.body().is_empty() {
        let body = String::from_utf8_lossy(request.body());
        parts.push(format!("--data-raw {}", quote(&masker.mask(&body))));
    }
    parts.join(" \\\n  ")
}

/// One word of a shell command. Control characters are written so that a terminal shows them and a shell reads them.
fn quote(text: &str) -> String {
    if text.chars().any(char::is_control) {
        let mut escaped = String::new();
        for c in text.chars() {
            match c {
                '\'' => escaped.push_str("\\'"),
                '\\' => escaped.push_str("\\\\"),
                '\n' => escaped.push_str("\\n"),
                c if c.is_control() => {
                    let mut bytes = [0; 4];
                    for byte in c.encode_utf8(&mut bytes).bytes() {
                        escaped.push_str(&format!("\\x{byte:02x}"));
                    }
                }
                c => escaped.push(c),
            }
        }
        return format!("$'{escaped}'");
    }
    format!("'{}'", text.replace('\'', "'\\''"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn words_are_quoted_for_a_shell() {
        assert_eq!(quote("a b"), "'a b'");
        assert_eq!(quote("it's"), "'it'\\''s'");
        assert_eq!(quote("a\u{1b}[0m\n"), "$'a\\x1b[0m\\n'");
    }

    #[test]
    fn secrets_are_masked_wherever_they_stand() {
        let mut key = http::HeaderValue::from_static("topsecret");
        key.set_sensitive(true);
        let request = Request::post("https://x.test/a?key=topsecret")
            .header("x-key", key)
            .header("x-note", "has topsecret inside")
            .body(Bytes::from_static(b"{\"k\":\"topsecret\"}"))
            .unwrap();
        let text = command(&request, &Masker::new(["topsecret"]));
        assert!(!text.contains("topsecret"), "{text}");
        assert!(text.contains("-H 'x-key: ***'"), "{text}");
        assert!(text.contains("--data-raw '{\"k\":\"***\"}'"), "{text}");
    }
}
