//! A part of the specification that is not served.

use crate::code::{Code, Severity};
use crate::diagnostic::Diagnostic;
use crate::span::Span;

/// See the documentation in the value.
pub static CODE: Code = Code {
    id: "not-supported",
    severity: Severity::Error,
    docs: "\
The specification has it, this version does not run it. Nothing is guessed: the unit that needs it is refused, the
others are served with `--allow-partial`.

```yaml
operations:
  - name: enrich
    steps: []       # not served yet: use `call`
```
",
};

/// `what` at `span` is not served.
pub fn new(span: Span, what: &str) -> Diagnostic {
    Diagnostic::new(&CODE, format!("This version does not run {what}"))
        .at(span, "not supported yet")
        .help("remove it, or serve the rest with `--allow-partial`")
}

/// What the unit at `span` runs is not served, but a `call` would be.
pub fn instead_of_call(span: Span, what: &str) -> Diagnostic {
    Diagnostic::new(&CODE, format!("This version does not run {what}"))
        .at(span, "not supported yet")
        .help("use `call` with `with`, or serve the rest with `--allow-partial`")
}
