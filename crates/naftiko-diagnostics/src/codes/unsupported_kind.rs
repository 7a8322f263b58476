//! A kind of consumed API or exposed server that nobody serves.

use crate::code::{Code, Severity};
use crate::diagnostic::Diagnostic;
use crate::span::Spanned;
use crate::suggest::{did_you_mean, list};

/// See the documentation in the value.
pub static CODE: Code = Code {
    id: "unsupported-kind",
    severity: Severity::Error,
    docs: "\
`exposes` and `consumes` take the kinds that the program registers. The program `naftiko` has servers of `type: rest` and
`type: mcp`, and consumed APIs of `type: http`. A document with a kind of somebody else's needs a command that registers
it: that is a program of a few lines, which docs/embedding.md shows.

```yaml
exposes:
  - type: rest
    port: 8080
```
",
};

/// No upstream of the kind `kind`; `known` are registered.
pub fn upstream<'a>(
    kind: &Spanned<String>,
    known: impl Iterator<Item = &'a str> + Clone,
) -> Diagnostic {
    let label = did_you_mean(kind.as_str(), known.clone())
        .map_or_else(|| String::from("not known"), |near| format!("did you mean `{near}`?"));
    Diagnostic::new(&CODE, format!("There is no consumed API of the type `{kind}`"))
        .at(kind.span, label)
        .help(known_here(known))
}

/// No exposer of the kind `kind`; `known` are registered.
pub fn exposer<'a>(kind: &Spanned<String>, known: impl Iterator<Item = &'a str> + Clone) -> Diagnostic {
    let near = if kind.value == "http" || kind.value == "api" { Some("rest") } else { None };
    let near = near.or_else(|| did_you_mean(kind.as_str(), known.clone()));
    let label = near.map_or_else(|| String::from("not known"), |near| format!("did you mean `{near}`?"));
    Diagnostic::new(&CODE, format!("There is no exposed server of the type `{kind}`"))
        .at(kind.span, label)
        .help(known_here(known))
}

fn known_here<'a>(known: impl Iterator<Item = &'a str>) -> String {
    let known = list(known);
    format!("known here: {known}; `naftiko explain unsupported-kind` says how a program knows more")
}
