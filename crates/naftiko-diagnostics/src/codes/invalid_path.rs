//! A path that no request can have.

use crate::code::{Code, Severity};
use crate::diagnostic::Diagnostic;
use crate::span::Span;

/// See the documentation in the value.
pub static CODE: Code = Code {
    id: "invalid-path",
    severity: Severity::Error,
    docs: "\
A path is sent as it is written, with its placeholders filled. A fragment (`#…`) is never sent to a server, and `.` and
`..` are resolved before anything is sent, so neither can be meant.

```yaml
path: /orders/{id}?expand=items
```
",
};

/// The path holds a fragment.
pub fn fragment(span: Span) -> Diagnostic {
    Diagnostic::new(&CODE, "A path cannot hold a fragment (`#…`): it is never sent to a server")
        .at(span, "never sent")
        .help("remove the fragment, or write `%23` for the character itself")
}

/// The path has a segment `.` or `..`.
pub fn dots(span: Span) -> Diagnostic {
    Diagnostic::new(&CODE, "A path cannot have the segments `.` and `..`")
        .at(span, "leads elsewhere")
        .help("write the path that is meant")
}

/// The query that an exposed path is written with holds a placeholder.
pub fn query(span: Span) -> Diagnostic {
    Diagnostic::new(&CODE, "A query that is written in an exposed path cannot hold placeholders")
        .at(span, "not in a query")
        .help("remove it from the path: declare an input `in: query`")
}

/// Two placeholders of a segment have nothing between them.
pub fn adjacent(span: Span) -> Diagnostic {
    Diagnostic::new(&CODE, "Two placeholders with nothing between them cannot be told apart")
        .at(span, "where does the first one end?")
        .help("write text between them, such as `{a}-{b}`")
}
