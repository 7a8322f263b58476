//! A key that a mapping has twice.

use crate::code::{Code, Severity};
use crate::diagnostic::Diagnostic;
use crate::span::Span;

/// See the documentation in the value.
pub static CODE: Code = Code {
    id: "duplicate-key",
    severity: Severity::Error,
    docs: "\
A mapping has the same key twice, so one of the two values would be lost. Often a copied block was not renamed.

```yaml
headers:
  accept: application/json
  accept: text/csv          # wrong: which one?
```

Remove one of them, or rename it. Keys of a merged mapping (`<<: *base`) may be given again: the key that is written
out wins.
",
};

/// `key` stands at `first` and `again`.
pub fn new(key: &str, first: Span, again: Span) -> Diagnostic {
    Diagnostic::new(
        &CODE,
        format!("The key `{key}` occurs twice in one mapping"),
    )
    .at(again, "again here")
    .also(first, "first here")
    .help("remove one of the two or rename it; the first one was read")
}

/// Two merge keys stand at `first` and `again`.
pub fn merge(first: Span, again: Span) -> Diagnostic {
    Diagnostic::new(&CODE, "The merge key `<<` occurs twice in one mapping")
        .at(again, "again here")
        .also(first, "first here")
        .help("merge several mappings with one list: `<<: [*first, *second]`")
}
