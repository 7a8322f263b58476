//! An import whose file cannot be read.

use crate::code::{Code, Severity};
use crate::diagnostic::Diagnostic;
use crate::span::Spanned;

/// See the documentation in the value.
pub static CODE: Code = Code {
    id: "import-unreadable",
    severity: Severity::Error,
    docs: "\
The file that an import names must be a regular file in the directory tree of the document, or of one that `--root`
allows.

```yaml
consumes:
  - import: shop
    location: ./shared/shop-api.yaml
```
",
};

/// The file at `location` cannot be read, for the reason `why`.
pub fn new(location: &Spanned<String>, why: &str) -> Diagnostic {
    Diagnostic::new(&CODE, format!("The import `{location}` cannot be read: {why}")).at(location.span, "cannot be read")
}

/// There is no such file.
pub fn not_found(location: &Spanned<String>, why: &str) -> Diagnostic {
    Diagnostic::new(&CODE, format!("The import `{location}` cannot be read: {why}"))
        .at(location.span, "not found")
        .help("a location is relative to the directory of the file that names it")
}

/// The file lies outside the allowed trees.
pub fn outside(location: &Spanned<String>, why: &str) -> Diagnostic {
    Diagnostic::new(&CODE, format!("The import `{location}` is not allowed: {why}"))
        .at(location.span, "outside")
        .help("allow its directory with `--root DIR`, or any with `--allow-outside`")
}
