//! A document that costs more to read than the limits allow.

use crate::code::{Code, Severity};
use crate::diagnostic::Diagnostic;
use crate::span::Span;

/// See the documentation in the value.
pub static CODE: Code = Code {
    id: "document-too-large",
    severity: Severity::Error,
    docs: "\
A document is read only up to a size, because a document may come from a stranger: 8 MiB of text, 128 collections inside
each other, and 200,000 keys and values once every alias is replaced by what it stands for.

Nine lines of the following kind would otherwise become a thousand million values:

```yaml
a: &a [x, x, x, x, x, x, x, x, x, x]
b: &b [*a, *a, *a, *a, *a, *a, *a, *a, *a, *a]
c: &c [*b, *b, *b, *b, *b, *b, *b, *b, *b, *b]
```

Split the document with imports, or raise the limit if the document is your own.
",
};

/// The text has `bytes` bytes.
pub fn bytes(file: Span, bytes: usize, limit: usize) -> Diagnostic {
    Diagnostic::new(
        &CODE,
        format!("The document has {bytes} bytes, more than the {limit} allowed"),
    )
    .at(file, "")
    .help("split the document with imports, or raise the limit")
}

/// Collections lie too deep inside each other at `span`.
pub fn depth(span: Span, limit: usize) -> Diagnostic {
    Diagnostic::new(
        &CODE,
        format!("Lists and mappings lie more than {limit} deep inside each other"),
    )
    .at(span, "one too deep")
    .help("no capability needs such depth: look for brackets that are never closed")
}

/// The value at `span` is one more than the allowed number of nodes.
pub fn nodes(span: Span, limit: usize) -> Diagnostic {
    Diagnostic::new(
        &CODE,
        format!("The document has more than {limit} keys and values"),
    )
    .at(span, "one too many")
    .help("split the document with imports, or raise the limit; every use of an alias counts")
}

/// The alias at `span` copies more than may be copied.
pub fn copies(span: Span, limit: usize) -> Diagnostic {
    Diagnostic::new(
        &CODE,
        format!("The aliases of the document copy more than {limit} bytes"),
    )
    .at(span, "one copy too many")
    .help("use fewer aliases of long texts, or raise the limit")
}
