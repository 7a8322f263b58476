//! A text body whose values are written as they come.

use crate::code::{Code, Severity};
use crate::diagnostic::Diagnostic;
use crate::span::Span;

/// See the documentation in the value.
pub static CODE: Code = Code {
    id: "unescaped-body",
    severity: Severity::Warning,
    docs: "\
A body of plain text, SPARQL or YAML has no rule by which a value could be made harmless: what a caller gives is written
into it as it is and may change what the text means. JSON, XML, form and multipart bodies escape their values.

```yaml
body: {type: json, data: {query: \"{{tools.query}}\"}}
```
",
};

/// The body at `span` of the type `kind` takes values as they are.
pub fn new(span: Span, kind: &str) -> Diagnostic {
    Diagnostic::new(
        &CODE,
        format!("Values are written into this `{kind}` body as they are"),
    )
    .at(span, "a value may change what it means")
    .help("use a format that escapes values, such as `json`, if the API takes one")
}
