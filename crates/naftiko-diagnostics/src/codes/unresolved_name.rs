//! A name that means nothing where it stands.

use crate::code::{Code, Severity};
use crate::diagnostic::Diagnostic;
use crate::span::Span;

/// See the documentation in the value.
pub static CODE: Code = Code {
    id: "unresolved-name",
    severity: Severity::Error,
    docs: "\
Credentials and base URIs are the operator's: they see variables, never the inputs of a caller.

```yaml
authentication:
  type: bearer
  token: \"{{API_TOKEN}}\"       # a bound variable, not {{rest.token}}
```
",
};

/// `name` in a credential is no variable.
pub fn in_credential(span: Span, name: &str) -> Diagnostic {
    Diagnostic::new(&CODE, format!("`{name}` is not a variable, and a credential sees nothing else"))
        .at(span, "not a bound variable")
        .help("bind a variable and name it here")
}
