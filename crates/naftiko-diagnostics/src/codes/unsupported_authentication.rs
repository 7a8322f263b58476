//! A kind of credential that is not served.

use crate::code::{Code, Severity};
use crate::diagnostic::Diagnostic;
use crate::span::Span;

/// See the documentation in the value.
pub static CODE: Code = Code {
    id: "unsupported-authentication",
    severity: Severity::Error,
    docs: "\
Served are `basic`, `bearer` and `apikey`. An API that asks for another kind cannot be called yet; `--sandbox` runs
without any credential.

```yaml
authentication: {type: bearer, token: \"{{TOKEN}}\"}
```
",
};

/// Credentials of the kind `kind` are not served.
pub fn new(span: Span, kind: &str) -> Diagnostic {
    Diagnostic::new(&CODE, format!("Authentication of the type `{kind}` is not supported"))
        .at(span, "not supported")
        .help("supported are `basic`, `bearer` and `apikey`; `--sandbox` needs none")
}
