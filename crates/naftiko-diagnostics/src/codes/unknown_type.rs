//! A type that is not one of JSON.

use crate::code::{Code, Severity};
use crate::diagnostic::Diagnostic;
use crate::span::Spanned;
use crate::suggest::{did_you_mean, list};

/// See the documentation in the value.
pub static CODE: Code = Code {
    id: "unknown-type",
    severity: Severity::Warning,
    docs: "\
Inputs are of type `string`, `number`, `integer`, `boolean`, `array` or `object`; outputs likewise. Another word checks
nothing: any value is taken.

```yaml
- name: since
  in: query
  type: date      # write `string`
```
",
};

/// The type `word` of an input is none of `known`.
pub fn input<'a>(word: &Spanned<String>, known: impl Iterator<Item = &'a str> + Clone) -> Diagnostic {
    make(word, "an input", known)
}

/// The type `word` of an output is none of `known`.
pub fn output<'a>(word: &Spanned<String>, known: impl Iterator<Item = &'a str> + Clone) -> Diagnostic {
    make(word, "an output", known)
}

fn make<'a>(
    word: &Spanned<String>,
    what: &str,
    known: impl Iterator<Item = &'a str> + Clone,
) -> Diagnostic {
    let finding = Diagnostic::new(&CODE, format!("`{word}` is not a type of {what}"));
    let help = format!("write one of {}", list(known.clone()));
    match did_you_mean(word.as_str(), known) {
        Some(near) => finding.at(word.span, format!("did you mean `{near}`?")).help(help),
        None => finding.at(word.span, "any value is taken").help(help),
    }
}
