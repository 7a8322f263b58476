//! Two servers on one port.

use crate::code::{Code, Severity};
use crate::diagnostic::Diagnostic;
use crate::span::Span;

/// See the documentation in the value.
pub static CODE: Code = Code {
    id: "port-clash",
    severity: Severity::Error,
    docs: "\
Two servers of one process cannot listen on the same address and port.

```yaml
exposes:
  - {type: rest, port: 8080, namespace: a}
  - {type: mcp, port: 8080, namespace: b}      # choose another port
```
",
};

/// `port` at `span` is taken since `first`.
pub fn new(span: Span, port: u16, first: Span) -> Diagnostic {
    Diagnostic::new(&CODE, format!("Port {port} is used by two servers")).at(span, "again here").also(first, "first here").help("choose another port for one of the two")
}
