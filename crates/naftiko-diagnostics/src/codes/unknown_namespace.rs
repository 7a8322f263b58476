//! A call to an API that is not consumed.

use crate::code::{Code, Severity};
use crate::diagnostic::Diagnostic;
use crate::span::Span;
use crate::suggest::{did_you_mean, list};

/// See the documentation in the value.
pub static CODE: Code = Code {
    id: "unknown-namespace",
    severity: Severity::Error,
    docs: "\
The first half of a `call` is the namespace of an entry of `consumes`, or the `as` of an import.

```yaml
call: shop.list-orders     # `shop` is a namespace in `consumes`
```
",
};

/// A call names the API `namespace` at `span`, but only `known` are consumed.
pub fn new(span: Span, namespace: &str, known: &[&str]) -> Diagnostic {
    let finding = Diagnostic::new(&CODE, format!("No consumed API has the namespace `{namespace}`"));
    let label = did_you_mean(namespace, known.iter().copied())
        .map_or_else(|| String::from("not consumed"), |near| format!("did you mean `{near}`?"));
    let finding = finding.at(span, label);
    if known.is_empty() {
        finding.help("this capability consumes nothing that can be called; add it to `consumes`")
    } else {
        finding.help(format!("consumed here: {}", list(known.iter().copied())))
    }
}
