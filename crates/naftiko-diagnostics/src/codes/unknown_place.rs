//! A place of an input that HTTP does not have.

use crate::code::{Code, Severity};
use crate::diagnostic::Diagnostic;
use crate::span::Spanned;
use crate::suggest::list;

/// See the documentation in the value.
pub static CODE: Code = Code {
    id: "unknown-place",
    severity: Severity::Error,
    docs: "\
`in` says where an input stands: `path`, `query`, `header`, `cookie` or `body`.

```yaml
- name: page
  in: querry      # did you mean `query`?
```
",
};

/// The place `word` is none of `known`.
pub fn new<'a>(
    word: &Spanned<String>,
    known: impl Iterator<Item = &'a str>,
    near: Option<&str>,
) -> Diagnostic {
    let finding = Diagnostic::new(&CODE, format!("`{word}` is not a place of an input"));
    let label = near.map_or_else(|| String::from("not a place"), |near| format!("did you mean `{near}`?"));
    finding.at(word.span, label).help(format!("write one of {}", list(known)))
}
