//! A server that offers nothing.

use crate::code::{Code, Severity};
use crate::diagnostic::Diagnostic;
use crate::span::Span;

/// See the documentation in the value.
pub static CODE: Code = Code {
    id: "nothing-exposed",
    severity: Severity::Error,
    docs: "\
An exposed server offers what stands below its `resources` (REST) or `tools` (MCP). A server with nothing below it answers
every request that there is no such thing. It is a warning where the list is left out on purpose, and an error where the
server has keys that nobody reads: what they were meant to offer would be missing without a word.

```yaml
- type: rest
  port: 8080
  namespace: shop-api
  resources:                       # not `paths`
    - path: /orders
      operations: [{method: GET, call: shop.list-orders}]
```
",
};

/// The `what` at `span` offers nothing below `key`.
pub fn new(span: Span, what: &str, key: &str) -> Diagnostic {
    Diagnostic::new(&CODE, format!("The {what} offers nothing"))
        .at(span, format!("has no `{key}`"))
        .help(format!("write what it offers below `{key}`"))
}
