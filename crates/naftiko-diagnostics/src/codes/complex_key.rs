//! A key that is a list or a mapping.

use crate::code::{Code, Severity};
use crate::diagnostic::Diagnostic;
use crate::span::Span;

/// See the documentation in the value.
pub static CODE: Code = Code {
    id: "complex-key",
    severity: Severity::Error,
    docs: "\
YAML lets a list or a mapping be a key; no capability has such keys. Most often braces or brackets at the start of text
lack their quotes:

```yaml
{a, b}: both            # wrong: the key is a mapping
\"{a, b}\": both          # right: the key is text
```
",
};

/// The key at `span` is `kind`, such as \"a list\".
pub fn new(span: Span, kind: &str) -> Diagnostic {
    Diagnostic::new(&CODE, format!("A key must be text, but this one is {kind}"))
        .at(span, kind)
        .help("put the key in quotes if it is meant as text")
}

/// A value at `span` has no key at all.
pub fn missing(span: Span) -> Diagnostic {
    Diagnostic::new(&CODE, "A value of this mapping has no key")
        .at(span, "a key belongs here")
        .help("write a key in front of the colon")
}
