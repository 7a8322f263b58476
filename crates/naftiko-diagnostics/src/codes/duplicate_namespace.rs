//! Two entries with one namespace.

use crate::code::{Code, Severity};
use crate::diagnostic::Diagnostic;
use crate::span::{Span, Spanned};

/// See the documentation in the value.
pub static CODE: Code = Code {
    id: "duplicate-namespace",
    severity: Severity::Error,
    docs: "\
A namespace names one entry of its section: `call` and the command line could not tell two apart.

```yaml
consumes:
  - {type: http, namespace: shop, baseUri: https://a.example}
  - {type: http, namespace: shop, baseUri: https://b.example}   # rename one
```
",
};

/// `again` in `section` is taken since `first`.
pub fn new(section: &str, again: &Spanned<String>, first: Span) -> Diagnostic {
    let help = if section == "exposes" { "rename one of the two" } else { "rename one of the two; an import is renamed with `as`" };
    Diagnostic::new(&CODE, format!("The namespace `{again}` occurs twice in `{section}`"))
        .at(again.span, "again here")
        .also(first, "first here")
        .help(help)
}
