//! An alias without an anchor.

use crate::code::{Code, Severity};
use crate::diagnostic::Diagnostic;
use crate::span::Span;
use crate::suggest::{did_you_mean, list};

/// See the documentation in the value.
pub static CODE: Code = Code {
    id: "unknown-alias",
    severity: Severity::Error,
    docs: "\
`*name` stands for the value that was marked `&name` earlier in the same file. No such mark comes before it, or the alias
stands inside the value that it names.

```yaml
limits: &limits { timeout: 10s }
orders: *limit          # wrong: the anchor is called `limits`
orders: *limits         # right
```

Text that begins with a star needs quotes: `\"*.example.com\"`.
",
};

/// No anchor `name` comes before the alias at `span`; `anchors` are those that do.
pub fn new<'a>(span: Span, name: &str, anchors: impl IntoIterator<Item = &'a str>) -> Diagnostic {
    let anchors: Vec<&str> = anchors.into_iter().collect();
    let help = match did_you_mean(name, anchors.iter().copied()) {
        Some(near) => format!("did you mean `*{near}`?"),
        None if anchors.is_empty() => {
            format!("put text that begins with a star in quotes: \"*{name}\"")
        }
        None => format!(
            "the anchors so far are {}; put text that begins with a star in quotes",
            list(anchors)
        ),
    };
    Diagnostic::new(
        &CODE,
        format!("No anchor `&{name}` comes before this alias"),
    )
    .at(span, "nothing to stand for")
    .help(help)
}

/// The alias at `span` stands inside the value marked at `anchor` that it names.
pub fn inside_itself(span: Span, name: &str, anchor: Span) -> Diagnostic {
    Diagnostic::new(&CODE, format!("The value marked `&{name}` contains itself"))
        .at(span, "stands for the value around it")
        .also(anchor, "the value begins here")
        .help("remove the alias: a value cannot be a part of itself")
}
