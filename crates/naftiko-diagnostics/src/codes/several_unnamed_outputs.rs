//! Several outputs without names.

use crate::code::{Code, Severity};
use crate::diagnostic::Diagnostic;
use crate::span::Span;

/// See the documentation in the value.
pub static CODE: Code = Code {
    id: "several-unnamed-outputs",
    severity: Severity::Warning,
    docs: "\
Without names, the first output that has a value is the whole answer. With names, all of them are its members.

```yaml
outputParameters:
  - {name: id, type: string, mapping: $.id}
  - {name: total, type: number, mapping: $.total}
```
",
};

/// A second unnamed output stands at `span`.
pub fn new(span: Span) -> Diagnostic {
    Diagnostic::new(&CODE, "Of several outputs without names, only the first that has a value is answered")
        .at(span, "answered only when the one before has no value")
        .help("give each output a `name`")
}
