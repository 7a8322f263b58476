//! A key that has no effect beside another.

use crate::code::{Code, Severity};
use crate::diagnostic::Diagnostic;
use crate::span::Span;

/// See the documentation in the value.
pub static CODE: Code = Code {
    id: "useless-key",
    severity: Severity::Warning,
    docs: "\
The key is known, but something beside it takes its place, so that it has no effect.

```yaml
- type: mcp
  transport: stdio
  port: 9091          # a server over standard streams listens on no port
```
",
};

/// `key` at `span` has no effect, because of `why`.
pub fn new(span: Span, key: &str, why: &str) -> Diagnostic {
    Diagnostic::new(&CODE, format!("`{key}` has no effect: {why}")).at(span, "no effect").help(format!("remove `{key}`"))
}
