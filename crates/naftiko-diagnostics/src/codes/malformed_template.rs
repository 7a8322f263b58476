//! A template whose brackets do not fit.

use crate::code::{Code, Severity};
use crate::diagnostic::Diagnostic;
use crate::span::Span;

/// See the documentation in the value.
pub static CODE: Code = Code {
    id: "malformed-template",
    severity: Severity::Error,
    docs: "\
A placeholder is a name between `{{` and `}}`; in paths also between `{` and `}`.

```yaml
value: \"Bearer {{TOKEN}}\"
```
",
};

/// The placeholder at `span` is never closed.
pub fn unclosed(span: Span) -> Diagnostic {
    Diagnostic::new(&CODE, "A placeholder is opened and never closed").at(span, "opened here").help("close it with the same number of brackets")
}

/// The placeholder at `span` has no name.
pub fn empty(span: Span) -> Diagnostic {
    Diagnostic::new(&CODE, "A placeholder has no name").at(span, "empty").help("write a name between the brackets")
}

/// What stands between the brackets is no name.
pub fn not_a_name(span: Span) -> Diagnostic {
    Diagnostic::new(&CODE, "A placeholder holds a name, not an expression")
        .at(span, "not a name")
        .help("write one name without brackets and quotes, such as `{{order_id}}`")
}
