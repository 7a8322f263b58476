//! A value of the wrong kind.

use crate::code::{Code, Severity};
use crate::diagnostic::Diagnostic;
use crate::span::Span;

/// See the documentation in the value.
pub static CODE: Code = Code {
    id: "wrong-type",
    severity: Severity::Error,
    docs: "\
The value is of another kind than what stands at that place: a mapping instead of a list, a word instead of a number.

```yaml
port: eighty      # a number from 1 to 65535
```
",
};

/// `what` at `span` must be `expected` and is `found`.
pub fn new(span: Span, what: &str, expected: &str, found: &str) -> Diagnostic {
    let what = if what.starts_with("a ") || what.starts_with("an ") || what.starts_with("the ") {
        what.to_owned()
    } else {
        format!("`{what}`")
    };
    Diagnostic::new(&CODE, format!("Expected {expected} for {what}, but found {found}"))
        .at(span, format!("must be {expected}"))
}
