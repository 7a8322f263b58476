//! A pattern that is not a regular expression.

use crate::code::{Code, Severity};
use crate::diagnostic::Diagnostic;
use crate::span::Spanned;

/// See the documentation in the value.
pub static CODE: Code = Code {
    id: "invalid-pattern",
    severity: Severity::Error,
    docs: "\
`pattern` is a regular expression that the text of an input must match.

```yaml
pattern: \"^[A-Z]{2}[0-9]+$\"
```
",
};

/// `pattern` cannot be read, for the reason `why`.
pub fn new(pattern: &Spanned<String>, why: &str) -> Diagnostic {
    let why = why.lines().last().unwrap_or(why).trim_start_matches("error: ");
    Diagnostic::new(&CODE, format!("`{pattern}` is not a regular expression: {why}")).at(pattern.span, "cannot be read").help("a pattern looks like `^[A-Z]{2}[0-9]+$`")
}
