//! A merge key whose value cannot be merged.

use crate::code::{Code, Severity};
use crate::diagnostic::Diagnostic;
use crate::span::Span;

/// See the documentation in the value.
pub static CODE: Code = Code {
    id: "invalid-merge",
    severity: Severity::Error,
    docs: "\
The merge key `<<` takes the keys of another mapping, or of each mapping of a list. Keys that are written out win over
merged ones, earlier mappings of the list over later ones.

```yaml
base: &base { method: GET }
list:
  <<: *base             # right
  path: /orders
other:
  <<: base              # wrong: this is the text `base`
```

A key that is really called `<<` is written in quotes.
",
};

/// The merge key has `kind` at `span`.
pub fn new(span: Span, kind: &str) -> Diagnostic {
    Diagnostic::new(
        &CODE,
        format!("Only a mapping or a list of mappings can be merged, not {kind}"),
    )
    .at(span, kind)
    .help("write an alias of a mapping, such as `<<: *base`; put `<<` in quotes if it is a name")
}
