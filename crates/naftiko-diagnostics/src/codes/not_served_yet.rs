//! An exposed server that this version announces but does not serve.

use crate::code::{Code, Severity};
use crate::diagnostic::Diagnostic;
use crate::span::Spanned;

/// See the documentation in the value.
pub static CODE: Code = Code {
    id: "not-served-yet",
    severity: Severity::Warning,
    docs: "\
The kind is part of the specification and is checked as far as it goes, but this version does not open its port. The
other servers of the document are served.

```yaml
exposes:
  - type: skill      # announced, not served
    port: 9000
```
",
};

/// Servers of `kind` are not served.
pub fn new(kind: &Spanned<String>) -> Diagnostic {
    Diagnostic::new(&CODE, format!("Servers of the type `{kind}` are not served yet; the others are"))
        .at(kind.span, "not served yet")
}
