//! A `with` key that the called operation does not know.

use crate::code::{Code, Severity};
use crate::diagnostic::Diagnostic;
use crate::span::{Span, Spanned};

/// See the documentation in the value.
pub static CODE: Code = Code {
    id: "unused-with-key",
    severity: Severity::Warning,
    docs: "\
`with` gives values to the inputs, placeholders and body names of the called operation. A key that is none of these is
sent all the same where that is possible: as a query parameter of a read, as a member of the body of a write.

```yaml
call: shop.list-orders
with: {page_size: rest.size}   # `page_size` is an input of `list-orders`
```
",
};

/// `key` becomes a query parameter.
pub fn parameter(key: &Spanned<String>) -> Diagnostic {
    Diagnostic::new(&CODE, format!("The called operation does not know `{key}`; it is sent as a query parameter"))
        .at(key.span, "not an input of the called operation")
        .help(format!("declare `{key}` on the consumed operation"))
}

/// `key` becomes a member of the body.
pub fn member(key: &Spanned<String>) -> Diagnostic {
    Diagnostic::new(&CODE, format!("The called operation does not know `{key}`; it is sent as a member of the body"))
        .at(key.span, "not an input of the called operation")
        .help(format!("declare `{key}` on the consumed operation"))
}

/// `key` has no place beside the declared body at `body`.
pub fn beside_body(key: &Spanned<String>, body: Span) -> Diagnostic {
    Diagnostic::new(&CODE, format!("Nothing of the called operation takes `{key}`"))
        .with_severity(Severity::Error)
        .at(key.span, "would be lost")
        .also(body, "this body does not use it")
        .help(format!("use `{{{{{key}}}}}` in the body, or declare `{key}` as an input"))
}

/// The called operation has an input `key` that always sends its own `value`.
pub fn fixed(key: &Spanned<String>) -> Diagnostic {
    Diagnostic::new(
        &CODE,
        format!("The called operation always sends its own `value` for `{key}`"),
    )
    .at(key.span, "has no effect")
    .help(format!("remove `{key}` here, or the `value` of the consumed input"))
}
