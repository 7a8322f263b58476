//! A key without which a part cannot be used.

use crate::code::{Code, Severity};
use crate::diagnostic::Diagnostic;
use crate::span::Span;

/// See the documentation in the value.
pub static CODE: Code = Code {
    id: "missing-key",
    severity: Severity::Error,
    docs: "\
The part needs this key to mean anything: a consumed API without `baseUri` has no address, an operation without `method`
no request.

```yaml
- name: list-orders
  method: GET          # needed
  path: /orders
```
",
};

/// `what` at `span` has no `key`.
pub fn new(span: Span, what: &str, key: &str) -> Diagnostic {
    Diagnostic::new(&CODE, format!("`{key}` is missing on {what}"))
        .at(span, format!("needs `{key}`"))
        .help(format!("add `{key}: …`"))
}
