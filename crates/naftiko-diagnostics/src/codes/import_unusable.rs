//! An import whose file is no usable document.

use crate::code::{Code, Severity};
use crate::diagnostic::Diagnostic;
use crate::span::Spanned;

/// See the documentation in the value.
pub static CODE: Code = Code {
    id: "import-unusable",
    severity: Severity::Error,
    docs: "\
The imported file was read, but it is not YAML, or not a capability document. Its own findings say why.

```yaml
# shared/shop-api.yaml
naftiko: \"1.0.0-alpha2\"
consumes: []
```
",
};

/// The file at `location` is no document.
pub fn new(location: &Spanned<String>) -> Diagnostic {
    Diagnostic::new(&CODE, format!("The import `{location}` cannot be used: what it names cannot be read as a capability"))
        .at(location.span, "see what was found in that file")
}
