//! A bound variable that nothing uses.

use crate::code::{Code, Severity};
use crate::diagnostic::Diagnostic;
use crate::span::Span;

/// See the documentation in the value.
pub static CODE: Code = Code {
    id: "unused-variable",
    severity: Severity::Warning,
    docs: "\
Nothing in the document sends this variable anywhere, so it is not needed at start. Often the place that should use it
spells it in another way.

```yaml
binds:
  - namespace: env
    keys:
      API_KEY: API_KEY      # and nowhere {{API_KEY}}
```
",
};

/// Nothing uses the variable `name`.
pub fn new(span: Span, name: &str) -> Diagnostic {
    Diagnostic::new(&CODE, format!("Nothing uses the variable `{name}`"))
        .at(span, "bound, never used")
        .help(format!("use it as `{{{{{name}}}}}`, or remove it"))
}
