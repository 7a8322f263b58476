//! An HTTP method that is not one.

use crate::code::{Code, Severity};
use crate::diagnostic::Diagnostic;
use crate::span::Spanned;
use crate::suggest::{did_you_mean, list};

/// See the documentation in the value.
pub static CODE: Code = Code {
    id: "unknown-method",
    severity: Severity::Error,
    docs: "\
`method` is one of GET, POST, PUT, PATCH, DELETE, HEAD and OPTIONS.

```yaml
method: GTE      # did you mean GET?
```
",
};

/// The method `text` is none of `known`.
pub fn new(text: &Spanned<String>, known: &[&'static str]) -> Diagnostic {
    let label = did_you_mean(text.as_str(), known.iter().copied())
        .map_or_else(|| String::from("not a method"), |near| format!("did you mean `{near}`?"));
    Diagnostic::new(&CODE, format!("`{text}` is not an HTTP method that can be used"))
        .at(text.span, label)
        .help(format!("write one of {}", list(known.iter().copied())))
}
