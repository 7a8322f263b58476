//! A file without content.

use crate::code::{Code, Severity};
use crate::diagnostic::Diagnostic;
use crate::span::Span;

/// See the documentation in the value.
pub static CODE: Code = Code {
    id: "empty-document",
    severity: Severity::Error,
    docs: "\
The file holds nothing, or nothing but comments. A capability begins with the version of the specification that it
follows:

```yaml
naftiko: 1.0.0-alpha2
capability:
  exposes: []
```
",
};

/// The file at `span` is empty.
pub fn new(span: Span) -> Diagnostic {
    Diagnostic::new(&CODE, "The document is empty").at(span, "nothing but blanks and comments here")
}
