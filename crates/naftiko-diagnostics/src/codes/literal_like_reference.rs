//! A text in `with` that is nearly a reference.

use crate::code::{Code, Severity};
use crate::diagnostic::Diagnostic;
use crate::span::Span;

/// See the documentation in the value.
pub static CODE: Code = Code {
    id: "literal-like-reference",
    severity: Severity::Warning,
    docs: "\
A value of `with` refers to an input of the caller when it begins with `rest.`, `tools.`, `mcp.` or the exposer's namespace.
Any other text is sent as it is written, and this one looks like a slip of the pen.

```yaml
with: {order_id: rst.order_id}     # sends the text `rst.order_id`; meant is `rest.order_id`
```
",
};

/// The text at `span` begins with `written.`, which is near to `meant.`.
pub fn new(span: Span, text: &str, written: &str, meant: &str) -> Diagnostic {
    let right = text.replacen(written, meant, 1);
    Diagnostic::new(&CODE, format!("`{text}` is sent as it is written"))
        .at(span, format!("did you mean `{right}`?"))
        .help(format!("write `{right}` for the input of the caller"))
}
