//! A consumed input whose name is empty.

use crate::code::{Code, Severity};
use crate::diagnostic::Diagnostic;
use crate::span::Span;

/// See the documentation in the value.
pub static CODE: Code = Code {
    id: "unnamed-input",
    severity: Severity::Warning,
    docs: "\
An input without a name can be given by nobody and says nothing to the API, so it is left out.

```yaml
- name: page      # was empty
  in: query
```
",
};

/// The input at `span` has an empty name.
pub fn new(span: Span) -> Diagnostic {
    Diagnostic::new(&CODE, "An input with an empty name is never sent")
        .at(span, "left out")
        .help("give it its name, or remove it")
}
