//! A placeholder of a path that nothing can fill.

use crate::code::{Code, Severity};
use crate::diagnostic::Diagnostic;
use crate::span::Span;

/// See the documentation in the value.
pub static CODE: Code = Code {
    id: "missing-path-value",
    severity: Severity::Error,
    docs: "\
Every placeholder of the called path needs a value: an input, a `with` value or a variable.

```yaml
call: shop.get-order        # GET /orders/{order_id}
with: {order_id: rest.order_id}
```
",
};

/// Nothing fills the placeholder `name` at `span`.
pub fn new(span: Span, name: &str) -> Diagnostic {
    Diagnostic::new(&CODE, format!("Nothing can fill the placeholder `{name}` of the path"))
        .at(span, "has no value")
        .help(format!("give it one with `with: {{{name}: …}}`"))
}
