//! A document without the root key of a capability.

use crate::code::{Code, Severity};
use crate::diagnostic::Diagnostic;
use crate::span::Span;
use crate::suggest::{did_you_mean, list};

/// See the documentation in the value.
pub static CODE: Code = Code {
    id: "not-a-capability",
    severity: Severity::Error,
    docs: "\
A capability document has the root key `naftiko` (to 1.0.0-alpha2) or `ikanos` (from 1.0.0-alpha3) with the version that
it is written for. Without it there is no telling what the rest means.

```yaml
naftiko: \"1.0.0-alpha2\"
info: {label: Shop}
capability: {}
```
",
};

/// The document is no mapping but `found`.
pub fn not_a_mapping(span: Span, found: &str) -> Diagnostic {
    Diagnostic::new(&CODE, format!("A capability is a mapping with the root key `naftiko` or `ikanos`, but this file holds {found}"))
        .at(span, "not a capability")
}

/// The document has other root keys.
pub fn no_root_key<'a>(span: Span, keys: impl Iterator<Item = &'a str>) -> Diagnostic {
    let keys: Vec<&str> = keys.collect();
    let slip = keys.iter().find_map(|key| Some((*key, did_you_mean(key, ["naftiko", "ikanos"])?)));
    let help = match slip {
        Some((key, near)) => format!("did you mean `{near}` by `{key}`?"),
        None => String::from("if it is meant to be one, begin it with `naftiko: \"1.0.0-alpha2\"`"),
    };
    Diagnostic::new(
        &CODE,
        format!("A capability has the root key `naftiko` or `ikanos` with its version, but this file has {}", list(keys)),
    )
    .at(span, "neither `naftiko` nor `ikanos`")
    .help(help)
}

/// Both root keys are there.
pub fn two_versions(span: Span) -> Diagnostic {
    Diagnostic::new(&CODE, "A capability declares one version, but this file has both `naftiko` and `ikanos`")
        .at(span, "remove one of the two")
}
