//! Two operations that answer the same request.

use crate::code::{Code, Severity};
use crate::diagnostic::Diagnostic;
use crate::span::Span;

/// See the documentation in the value.
pub static CODE: Code = Code {
    id: "duplicate-route",
    severity: Severity::Error,
    docs: "\
Two operations with the same method and the same path, whatever their placeholders are called, cannot be told apart. The
first one is served.

```yaml
- {path: \"/orders/{id}\", operations: [{method: GET}]}
- {path: \"/orders/{order_id}\", operations: [{method: GET}]}    # the same request
```
",
};

/// `route` at `span` is taken since `first`.
pub fn new(span: Span, route: &str, first: Span) -> Diagnostic {
    Diagnostic::new(&CODE, format!("`{route}` is exposed twice")).at(span, "the same request again").also(first, "first here").help("give one of the two another path or method")
}

/// The tool or other unit `name` at `span` is taken since `first`.
pub fn name(span: Span, what: &str, name: &str, first: Span) -> Diagnostic {
    Diagnostic::new(&CODE, format!("The {what} `{name}` is exposed twice")).at(span, "again here").also(first, "first here").help("rename one of the two")
}
