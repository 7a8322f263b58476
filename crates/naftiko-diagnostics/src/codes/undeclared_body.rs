//! A write that says nothing of its body.

use crate::code::{Code, Severity};
use crate::diagnostic::Diagnostic;
use crate::span::Spanned;

/// See the documentation in the value.
pub static CODE: Code = Code {
    id: "undeclared-body",
    severity: Severity::Hint,
    docs: "\
A POST, PUT or PATCH that declares neither a body nor body inputs passes on the JSON body of its caller, whatever it is.
Declared inputs tell callers what to send.

```yaml
inputParameters:
  - {name: title, in: body, type: string, required: true}
```
",
};

/// The operation `name` passes on its caller's body.
pub fn new(name: &Spanned<String>) -> Diagnostic {
    Diagnostic::new(&CODE, format!("`{name}` declares no body; that of the caller is passed on"))
        .at(name.span, "any body is taken")
        .help("declare `body`, or inputs with `in: body`")
}
