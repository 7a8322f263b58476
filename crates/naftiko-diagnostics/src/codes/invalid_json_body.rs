//! A JSON body that is not JSON.

use crate::code::{Code, Severity};
use crate::diagnostic::Diagnostic;
use crate::span::Span;

/// See the documentation in the value.
pub static CODE: Code = Code {
    id: "invalid-json-body",
    severity: Severity::Error,
    docs: "\
A JSON body is written as YAML, or as JSON text in which placeholders stand for values or for parts of texts.

```yaml
body:
  type: json
  data: {title: \"{{tools.title}}\"}
```
",
};

/// The text at `span` is not JSON, for the reason `why`.
pub fn new(span: Span, why: &str) -> Diagnostic {
    Diagnostic::new(&CODE, format!("The body is not JSON: {why}"))
        .at(span, "not JSON")
        .help("write the body as YAML under `data`, or mend the JSON text")
}
