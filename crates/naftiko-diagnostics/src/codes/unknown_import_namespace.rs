//! An import of a namespace that its source does not have.

use crate::code::{Code, Severity};
use crate::diagnostic::Diagnostic;
use crate::span::Spanned;
use crate::suggest::{did_you_mean, list};

/// See the documentation in the value.
pub static CODE: Code = Code {
    id: "unknown-import-namespace",
    severity: Severity::Error,
    docs: "\
`import` names the `namespace` of an entry in the source file. To give it another name here, add `as`.

```yaml
consumes:
  - import: shop          # the namespace in the source
    as: store             # its name here
    location: ./shared/shop-api.yaml
```
",
};

/// `wanted` is none of the namespaces `there` of `source`.
pub fn new(wanted: &Spanned<String>, source: &str, there: &[&str]) -> Diagnostic {
    let finding = Diagnostic::new(&CODE, format!("`{source}` has no namespace `{wanted}`"));
    match there {
        [] => finding.at(wanted.span, "not there").help(format!("`{source}` has none at all; add one to it or name another file")),
        [only] => finding
            .at(wanted.span, format!("did you mean `{only}`?"))
            .help(format!("write `import: {only}`, and `as: {wanted}` to call it `{wanted}` here")),
        _ => {
            let label = did_you_mean(wanted.as_str(), there.iter().copied())
                .map_or_else(|| String::from("not there"), |near| format!("did you mean `{near}`?"));
            finding.at(wanted.span, label).help(format!("it has {}", list(there.iter().copied())))
        }
    }
}
