//! A format that is not served.

use crate::code::{Code, Severity};
use crate::diagnostic::Diagnostic;
use crate::span::{Span, Spanned};
use crate::suggest::{did_you_mean, list};

/// See the documentation in the value.
pub static CODE: Code = Code {
    id: "unsupported-format",
    severity: Severity::Error,
    docs: "\
Bodies are `json`, `formUrlEncoded`, `multipartForm`, `text`, `xml`, `sparql`, `yaml` or `binary`. Answers are shaped from
`json`, `xml`, `yaml`, `csv`, `tsv`, `psv` and `text`. An answer that is passed on as it is may have any format.

```yaml
body: {type: json, data: {name: \"{{tools.name}}\"}}
```
",
};

/// The data at `span` of `what` must be `expected`.
pub fn body_data(span: Span, what: &str, expected: &str) -> Diagnostic {
    Diagnostic::new(&CODE, format!("The data of {what} must be {expected}"))
        .at(span, format!("must be {expected}"))
}

/// A body of the type `kind` is one text, but several inputs are to be its content.
pub fn several_texts(kind: &Spanned<String>) -> Diagnostic {
    Diagnostic::new(&CODE, format!("A body of the type `{kind}` is one text, but several inputs are `in: body`"))
        .at(kind.span, "takes one input")
        .help("write the text under `data`, with a placeholder for each input")
}

/// There is no kind `kind` of bodies; `known` are there.
pub fn unknown_body<'a>(kind: &Spanned<String>, known: impl Iterator<Item = &'a str> + Clone) -> Diagnostic {
    let label = did_you_mean(kind.as_str(), known.clone())
        .map_or_else(|| String::from("not known"), |near| format!("did you mean `{near}`?"));
    Diagnostic::new(&CODE, format!("There is no request body of the type `{kind}`"))
        .at(kind.span, label)
        .help(format!("the types are {}", list(known)))
}

/// Answers of the format `format` cannot be shaped by the unit at `unit`.
pub fn output(format: &Spanned<String>, unit: Span) -> Diagnostic {
    Diagnostic::new(&CODE, format!("An answer of the format `{format}` cannot be shaped yet"))
        .at(unit, "shapes it")
        .also(format.span, "declared here")
        .help("without `outputParameters` the answer is passed on as it is")
}
