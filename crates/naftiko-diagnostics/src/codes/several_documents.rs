//! More than one YAML document in a file.

use crate::code::{Code, Severity};
use crate::diagnostic::Diagnostic;
use crate::span::Span;

/// See the documentation in the value.
pub static CODE: Code = Code {
    id: "several-documents",
    severity: Severity::Error,
    docs: "\
A line `---` begins a new YAML document. A file holds one document: which of several is meant cannot be known.

```yaml
naftiko: 1.0.0-alpha2
---                     # wrong: a second document begins
naftiko: 1.0.0-alpha2
```

Write each document into a file of its own. One `---` in front of the first line is fine.
",
};

/// A second document begins at `span`.
pub fn new(span: Span) -> Diagnostic {
    Diagnostic::new(&CODE, "The file holds more than one YAML document")
        .at(span, "a second document begins here")
        .help("write each document into a file of its own; the first one alone was read")
}
