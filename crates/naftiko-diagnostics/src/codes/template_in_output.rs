//! A template where an answer is described.

use crate::code::{Code, Severity};
use crate::diagnostic::Diagnostic;
use crate::span::Span;

/// See the documentation in the value.
pub static CODE: Code = Code {
    id: "template-in-output",
    severity: Severity::Error,
    docs: "\
Outputs come from the upstream's answer or are fixed. They see neither variables nor inputs, so that no secret can end up
in an answer.

```yaml
outputParameters:
  - {name: source, type: string, value: shop}
```
",
};

/// The fixed output at `span` holds a placeholder.
pub fn new(span: Span) -> Diagnostic {
    Diagnostic::new(&CODE, "A fixed output cannot hold a placeholder").at(span, "would be answered as it is").help("use `mapping` to take a value from the answer")
}
