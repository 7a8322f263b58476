//! A key that nothing reads.

use crate::code::{Code, Severity};
use crate::diagnostic::Diagnostic;
use crate::span::{Span, Spanned};
use crate::suggest::{did_you_mean, list};

/// See the documentation in the value.
pub static CODE: Code = Code {
    id: "unknown-key",
    severity: Severity::Warning,
    docs: "\
A key that is not part of the specification has no effect. Mostly it is a slip of the pen, or something that belongs one
level up or down.

```yaml
tools:
  - name: get-order
    descripton: Gets an order   # did you mean `description`?
```
",
};

/// `key` of `what` is none of `known`.
pub fn new<'a>(
    key: &Spanned<String>,
    what: &str,
    known: impl Iterator<Item = &'a str> + Clone,
) -> Diagnostic {
    let finding = Diagnostic::new(&CODE, format!("`{key}` is not a key of {what}, so it has no effect"));
    match did_you_mean(key.as_str(), known.clone()) {
        Some(near) => finding
            .at(key.span, format!("did you mean `{near}`?"))
            .help(format!("write `{near}`, or remove the key")),
        None => finding.at(key.span, "has no effect").help(format!("known here: {}", list(known))),
    }
}

/// The key `written` of `what` is read as `right`.
pub fn renamed(span: Span, written: &str, right: &str, what: &str) -> Diagnostic {
    Diagnostic::new(&CODE, format!("`{written}` of {what} is spelled `{right}`"))
        .at(span, format!("read as `{right}`"))
        .help(format!("rename it to `{right}`"))
}
