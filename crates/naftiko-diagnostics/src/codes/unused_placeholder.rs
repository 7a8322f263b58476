//! A placeholder of an exposed path that fills nothing.

use crate::code::{Code, Severity};
use crate::diagnostic::Diagnostic;
use crate::span::Spanned;

/// See the documentation in the value.
pub static CODE: Code = Code {
    id: "unused-placeholder",
    severity: Severity::Warning,
    docs: "\
Callers must fill every placeholder of a path, but what they write into this one goes nowhere. Mostly the name differs from
the one that the call needs.

```yaml
- path: /orders/{id}
  operations:
    - method: GET
      call: shop.get-order
      with: {order_id: rest.id}      # takes the value of {id}
```
",
};

/// Nothing of the call takes the placeholder `name`; `wanted` are the inputs that the call needs besides.
pub fn new(name: &Spanned<String>, wanted: &[&str]) -> Diagnostic {
    let finding = Diagnostic::new(
        &CODE,
        format!("The placeholder `{name}` of the path fills nothing"),
    )
    .at(name.span, "goes nowhere");
    match wanted.first() {
        Some(input) => finding.help(format!(
            "the call needs `{input}`: write `with: {{{input}: rest.{name}}}`, or call the placeholder `{input}`"
        )),
        None => finding.help("remove it from the path, or give it to an input with `with`"),
    }
}
