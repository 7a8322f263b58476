//! A header name that HTTP does not allow.

use crate::code::{Code, Severity};
use crate::diagnostic::Diagnostic;
use crate::span::Spanned;

/// See the documentation in the value.
pub static CODE: Code = Code {
    id: "invalid-header-name",
    severity: Severity::Error,
    docs: "\
Header names are letters, digits and a few signs such as `-` and `_`; no blanks, no colons.

```yaml
- {name: X-Request-Id, in: header}
```
",
};

/// `name` is no header name.
pub fn new(name: &Spanned<String>) -> Diagnostic {
    Diagnostic::new(&CODE, format!("`{name}` cannot be the name of a header"))
        .at(name.span, "not a header name")
        .help("use letters, digits, `-` and `_`")
}
