//! A declared path input that its own path does not have.

use crate::code::{Code, Severity};
use crate::diagnostic::Diagnostic;
use crate::span::Spanned;

/// See the documentation in the value.
pub static CODE: Code = Code {
    id: "missing-placeholder",
    severity: Severity::Error,
    docs: "\
An exposed operation reads an input `in: path` from a placeholder of its own path.

```yaml
- path: /orders/{order_id}
  operations:
    - inputParameters: [{name: order_id, in: path, type: string}]
```
",
};

/// The input `name` is declared `in: path`, but `path` has no such placeholder.
pub fn new(name: &Spanned<String>, path: &str) -> Diagnostic {
    Diagnostic::new(&CODE, format!("The path `{path}` has no placeholder for the input `{name}`"))
        .at(name.span, "never has a value")
        .help(format!("write `{{{name}}}` in the path, or declare another `in`"))
}
