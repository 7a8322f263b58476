//! A variable that nothing binds.

use crate::code::{Code, Severity};
use crate::diagnostic::Diagnostic;
use crate::span::Span;

/// See the documentation in the value.
pub static CODE: Code = Code {
    id: "unbound-variable",
    severity: Severity::Error,
    docs: "\
A name in capitals is meant to be a variable. It must be bound, so that the operator knows what a capability reads.

```yaml
binds:
  - namespace: env
    keys:
      API_KEY: API_KEY
```
",
};

/// `name` at `span` is written like a variable and bound nowhere.
pub fn new(span: Span, name: &str) -> Diagnostic {
    Diagnostic::new(&CODE, format!("No bind has the variable `{name}`"))
        .at(span, "not bound")
        .help(format!("bind it: `binds: [{{namespace: env, keys: {{{name}: {name}}}}}]`"))
}
