//! A unit that does nothing.

use crate::code::{Code, Severity};
use crate::diagnostic::Diagnostic;
use crate::span::Span;

/// See the documentation in the value.
pub static CODE: Code = Code {
    id: "missing-call",
    severity: Severity::Error,
    docs: "\
An exposed operation or tool needs a `call`, so that there is something to do.

```yaml
- method: GET
  name: list-orders
  call: shop.list-orders
```
",
};

/// The unit `name` at `span` says nothing of what it does.
pub fn new(span: Span, name: &str) -> Diagnostic {
    Diagnostic::new(&CODE, format!("`{name}` says nothing of what it does"))
        .at(span, "has no `call`")
        .help("add `call: namespace.operation`")
}
