//! A mapping that is not a `JSONPath`.

use crate::code::{Code, Severity};
use crate::diagnostic::Diagnostic;
use crate::span::Span;

/// See the documentation in the value.
pub static CODE: Code = Code {
    id: "invalid-mapping",
    severity: Severity::Error,
    docs: "\
`mapping` is a JSONPath into what the upstream answers.

```yaml
mapping: \"$.data.orders[0].id\"
```
",
};

/// `path` at `span` is no `JSONPath`, for the reason `why`.
pub fn new(span: Span, path: &str, why: &str) -> Diagnostic {
    Diagnostic::new(&CODE, format!("`{path}` is not a JSONPath: {why}")).at(span, "here").help("a path looks like `$.data.items[0].name`")
}
