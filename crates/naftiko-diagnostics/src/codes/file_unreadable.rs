//! A file behind a resource or prompt that cannot be read.

use crate::code::{Code, Severity};
use crate::diagnostic::Diagnostic;
use crate::span::Spanned;

/// See the documentation in the value.
pub static CODE: Code = Code {
    id: "file-unreadable",
    severity: Severity::Error,
    docs: "\
The file or folder that a resource or prompt names must lie in the directory tree of the document, or of one that `--root`
allows. A prompt's file is text; a resource may be any file, or a folder whose files are all served.

```yaml
resources:
  - {name: guide, label: Guide, description: How it works, uri: \"docs://guide\", location: \"file:///./docs\"}
```
",
};

/// The file at `location` cannot be read, for the reason `why`.
pub fn new(location: &Spanned<String>, why: &str) -> Diagnostic {
    Diagnostic::new(&CODE, format!("The location `{location}` cannot be read: {why}"))
        .at(location.span, "cannot be read")
        .help("a location is relative to the directory of the file that names it")
}

/// The file lies outside the allowed trees.
pub fn outside(location: &Spanned<String>, why: &str) -> Diagnostic {
    Diagnostic::new(&CODE, format!("The location `{location}` is not allowed: {why}"))
        .at(location.span, "outside")
        .help("allow its directory with `--root DIR`, or any with `--allow-outside`")
}
