//! A path input that no placeholder takes.

use crate::code::{Code, Severity};
use crate::diagnostic::Diagnostic;
use crate::span::{Span, Spanned};
use crate::suggest::list;

/// See the documentation in the value.
pub static CODE: Code = Code {
    id: "path-input-without-placeholder",
    severity: Severity::Warning,
    docs: "\
An input `in: path` fills a placeholder of the path. Without one it is appended as a segment, if the request that results
is no other operation's.

```yaml
path: /orders/{order_id}
inputParameters:
  - {name: order_id, in: path}
```
",
};

/// `names` are appended, which makes `path`.
pub fn new(span: Span, names: &[&str], path: &str) -> Diagnostic {
    let shown = path.replace("{}", "{…}");
    Diagnostic::new(&CODE, format!("No placeholder takes {}; the path becomes `{shown}`", list(names.iter().copied())))
        .at(span, "appended as a segment")
        .help(format!("write `{{{}}}` in the path", names.first().copied().unwrap_or_default()))
}

/// Appending `names` would make the request of the operation `other`.
pub fn ambiguous(span: Span, names: &[&str], other: &Spanned<String>) -> Diagnostic {
    Diagnostic::new(
        &CODE,
        format!("No placeholder takes {}, and appending a segment would make the request of `{other}`", list(names.iter().copied())),
    )
    .with_severity(Severity::Error)
    .at(span, "fills no placeholder")
    .also(other.span, "the same request")
    .help(format!("write `{{{}}}` in the path of this operation", names.first().copied().unwrap_or_default()))
}
