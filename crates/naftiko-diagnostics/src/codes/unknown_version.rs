//! A version of the specification that is not known.

use crate::code::{Code, Severity};
use crate::diagnostic::Diagnostic;
use crate::span::Spanned;
use crate::suggest::list;

/// See the documentation in the value.
pub static CODE: Code = Code {
    id: "unknown-version",
    severity: Severity::Warning,
    docs: "\
The version decides which spellings a document may use. A version that is not known is read as the nearest one that is;
`validate --strict` cannot check such a document.

```yaml
naftiko: \"1.0.0-alpha9\"   # known: 0.4, 0.5, 1.0.0-alpha1, 1.0.0-alpha2
```
",
};

/// `version` under `root_key` is none of `known`; it is read as `read_as`. `other_key` is the root key that has it.
pub fn new<'a>(
    version: &Spanned<String>,
    root_key: &str,
    known: impl Iterator<Item = &'a str>,
    read_as: &str,
    other_key: Option<&str>,
) -> Diagnostic {
    let help = match other_key {
        Some(key) => format!("version {version} is declared as `{key}: \"{version}\"`"),
        None => format!("`{root_key}` knows {}", list(known)),
    };
    Diagnostic::new(&CODE, format!("Version `{version}` is not known under `{root_key}`"))
        .at(version.span, format!("read as {}", if other_key.is_some() { version.as_str() } else { read_as }))
        .help(help)
}
