//! A deviation from the declared version of the specification.

use crate::code::{Code, Severity};
use crate::diagnostic::Diagnostic;
use crate::span::Span;

/// See the documentation in the value.
pub static CODE: Code = Code {
    id: "dialect-deviation",
    severity: Severity::Warning,
    docs: "\
The document runs, but the published schema of the version that it declares does not allow what stands there. With
`validate --strict` this is an error.

```yaml
naftiko: \"1.0.0-alpha1\"
# … tools: [{hints: {readOnly: true}}]     `hints` came with 1.0.0-alpha2
```
",
};

/// The schema of `version` does not allow what stands at `span`.
pub fn new(span: Span, version: &str, message: &str, help: Option<String>) -> Diagnostic {
    let finding = Diagnostic::new(&CODE, message.to_owned()).at(span, format!("not in the schema of {version}"));
    match help {
        Some(help) => finding.help(help),
        None => finding,
    }
}
