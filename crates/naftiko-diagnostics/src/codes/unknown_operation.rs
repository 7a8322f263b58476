//! A call to an operation that does not exist.

use crate::code::{Code, Severity};
use crate::diagnostic::Diagnostic;
use crate::span::{Span, Spanned};
use crate::suggest::{did_you_mean, list};

/// See the documentation in the value.
pub static CODE: Code = Code {
    id: "unknown-operation",
    severity: Severity::Error,
    docs: "\
The second half of a `call` is the `name` of an operation of that consumed API.

```yaml
call: shop.list-order      # did you mean `shop.list-orders`?
```
",
};

/// The API `namespace`, declared at `declared`, has the operations `known`, but not the `name` at `span`.
pub fn new(
    span: Span,
    namespace: &str,
    name: &str,
    known: &[&str],
    declared: Span,
) -> Diagnostic {
    let label = did_you_mean(name, known.iter().copied())
        .map_or_else(|| String::from("no such operation"), |near| format!("did you mean `{near}`?"));
    let help = if known.is_empty() {
        format!("`{namespace}` has no operations")
    } else {
        format!("`{namespace}` has {}", list(known.iter().copied()))
    };
    Diagnostic::new(&CODE, format!("The consumed API `{namespace}` has no operation `{name}`"))
        .at(span, label)
        .also(declared, "the API that is called")
        .help(help)
}

/// The call has no dot; `all` are the calls that would be valid.
pub fn without_namespace(call: &Spanned<String>, all: &[String]) -> Diagnostic {
    let same = all.iter().find(|known| known.rsplit('.').next() == Some(call.as_str()));
    let near = same.map(String::as_str).or_else(|| did_you_mean(call.as_str(), all.iter().map(String::as_str)));
    let label = near.map_or_else(|| String::from("no namespace"), |near| format!("did you mean `{near}`?"));
    Diagnostic::new(&CODE, format!("A call is `namespace.operation`, but `{call}` has no dot"))
        .at(call.span, label)
        .help(format!("the calls here are {}", list(all.iter().map(String::as_str))))
}
