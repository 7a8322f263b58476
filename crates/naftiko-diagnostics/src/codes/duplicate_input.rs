//! Two inputs of one unit with one name.

use crate::code::{Code, Severity};
use crate::diagnostic::Diagnostic;
use crate::span::Spanned;

/// See the documentation in the value.
pub static CODE: Code = Code {
    id: "duplicate-input",
    severity: Severity::Warning,
    docs: "\
A caller could not tell the two apart; the first one counts.

```yaml
inputParameters:
  - {name: id, in: path, type: string}
  - {name: id, in: query, type: string}   # has no effect
```
",
};

/// `again` was declared before.
pub fn new(again: &Spanned<String>) -> Diagnostic {
    Diagnostic::new(&CODE, format!("The input `{again}` is declared twice; the first one counts"))
        .at(again.span, "has no effect")
        .help("rename or remove one of the two")
}
