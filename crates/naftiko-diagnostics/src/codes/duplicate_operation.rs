//! Two operations of one consumed API with one name.

use crate::code::{Code, Severity};
use crate::diagnostic::Diagnostic;
use crate::span::{Span, Spanned};

/// See the documentation in the value.
pub static CODE: Code = Code {
    id: "duplicate-operation",
    severity: Severity::Warning,
    docs: "\
A `call` names an operation by its API's namespace and its own name, so the second operation of that name can never be
called.

```yaml
operations:
  - {name: list, method: GET}
  - {name: list, method: POST}    # cannot be called: rename it
```
",
};

/// `again` is taken since `first`.
pub fn new(again: &Spanned<String>, first: Span) -> Diagnostic {
    Diagnostic::new(&CODE, format!("The operation `{again}` occurs twice in one API; a `call` means the first"))
        .at(again.span, "can never be called")
        .also(first, "first here")
        .help("rename one of the two")
}
