//! A placement of a credential that is not served.

use crate::code::{Code, Severity};
use crate::diagnostic::Diagnostic;
use crate::span::Spanned;
use crate::suggest::list;

/// See the documentation in the value.
pub static CODE: Code = Code {
    id: "unknown-placement",
    severity: Severity::Error,
    docs: "\
An API key goes into a header or into the query.

```yaml
authentication: {type: apikey, key: X-Key, value: \"{{KEY}}\", placement: header}
```
",
};

/// The placement `word` is none of `known`.
pub fn new(word: &Spanned<String>, known: &[&str]) -> Diagnostic {
    Diagnostic::new(&CODE, format!("A credential cannot be placed in `{word}`"))
        .at(word.span, "not a placement")
        .help(format!("write one of {}", list(known.iter().copied())))
}
