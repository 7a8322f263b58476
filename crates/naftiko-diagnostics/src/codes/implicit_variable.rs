//! A variable that is read without being bound.

use crate::code::{Code, Severity};
use crate::diagnostic::Diagnostic;
use crate::span::Span;

/// See the documentation in the value.
pub static CODE: Code = Code {
    id: "implicit-variable",
    severity: Severity::Warning,
    docs: "\
In credentials and base URIs, a name in capitals that nothing binds is read from the environment. With
`--no-implicit-env` it is refused.

```yaml
binds:
  - namespace: env
    keys:
      API_KEY: API_KEY      # says so
```
",
};

/// `name` at `span` is read from the environment though nothing binds it.
pub fn new(span: Span, name: &str) -> Diagnostic {
    Diagnostic::new(&CODE, format!("`{name}` is not bound; it is read from the environment"))
        .at(span, "not bound")
        .help(format!("bind it: `binds: [{{namespace: env, keys: {{{name}: {name}}}}}]`"))
}
