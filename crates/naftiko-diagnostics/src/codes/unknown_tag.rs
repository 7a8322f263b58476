//! An explicit YAML tag that means nothing here.

use crate::code::{Code, Severity};
use crate::diagnostic::Diagnostic;
use crate::span::Span;

/// See the documentation in the value.
pub static CODE: Code = Code {
    id: "unknown-tag",
    severity: Severity::Warning,
    docs: "\
A word that begins with an exclamation mark is a YAML tag. Those of the core schema are understood (`!!str`, `!!int`,
`!!float`, `!!bool`, `!!null`, `!!seq`, `!!map`); every other one is ignored, and so is one that does not fit its value.

```yaml
version: !!str 1.10     # right: text, not the number 1.1
key: !secret API_KEY    # wrong: read as the text `API_KEY`
note: \"!important\"      # right: text that begins with an exclamation mark
```
",
};

/// The tag at `span` is not known.
pub fn new(span: Span, tag: &str) -> Diagnostic {
    Diagnostic::new(&CODE, format!("The tag `{tag}` is unknown and was ignored"))
        .at(span, "no meaning here")
        .help("remove the tag, or put the value in quotes if it begins with an exclamation mark")
}

/// The tag at `span` does not fit its value, which is `kind`.
pub fn unfit(span: Span, tag: &str, kind: &str) -> Diagnostic {
    Diagnostic::new(
        &CODE,
        format!("The tag `{tag}` does not fit its value, {kind}, and was ignored"),
    )
    .at(span, "does not fit")
    .help("remove the tag")
}
