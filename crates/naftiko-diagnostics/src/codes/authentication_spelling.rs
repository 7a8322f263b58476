//! A credential that is spelled in its own way.

use crate::code::{Code, Severity};
use crate::diagnostic::Diagnostic;
use crate::span::{Span, Spanned};

/// See the documentation in the value.
pub static CODE: Code = Code {
    id: "authentication-spelling",
    severity: Severity::Warning,
    docs: "\
The credential is understood, but the specification spells it in another way: `type: apikey` with `key`, `value` and
`placement`; `type: bearer` with `token`.

```yaml
authentication: {type: apikey, key: X-Api-Key, value: \"{{API_KEY}}\", placement: header}
```
",
};

/// The kind `word` is read as `right`.
pub fn kind(word: &Spanned<String>, right: &str) -> Diagnostic {
    Diagnostic::new(&CODE, format!("The authentication type `{word}` is spelled `{right}`"))
        .at(word.span, format!("read as `{right}`"))
        .help(format!("write `type: {right}`"))
}

/// The key `written` is read as `right`.
pub fn key(span: Span, written: &str, right: &str) -> Diagnostic {
    Diagnostic::new(&CODE, format!("`{written}` of this authentication is spelled `{right}`"))
        .at(span, format!("read as `{right}`"))
        .help(format!("write `{right}`"))
}

/// Several keys are written in one group.
pub fn group(span: Span, group: &str) -> Diagnostic {
    Diagnostic::new(&CODE, format!("`{group}` is not part of the specification's `apikey`, which has one `key` and `value`"))
        .at(span, "each entry is sent")
}
