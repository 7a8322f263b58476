//! A spelling that another version of the specification has.

use crate::code::{Code, Severity};
use crate::diagnostic::Diagnostic;
use crate::span::Span;

/// See the documentation in the value.
pub static CODE: Code = Code {
    id: "other-dialect",
    severity: Severity::Warning,
    docs: "\
From 1.0.0-alpha3 on, collections are keyed maps, titles are called `display` and imports say `from`; before, they are
lists of named entries, `label` and `location`. Both are read in every version, but the published schema of the declared
version knows only its own.

```yaml
ikanos: \"1.0.0-beta5\"
info:
  label: Shop        # 1.0.0-beta5 says `display`
```
",
};

/// The key `other` at `span` is spelled `right` in the declared version.
pub fn spelling(span: Span, other: &str, right: &str, version: &str) -> Diagnostic {
    Diagnostic::new(&CODE, format!("`{other}` is spelled `{right}` in {version}"))
        .at(span, format!("read as `{right}`"))
        .help(format!("write `{right}`"))
}

/// `what` is a list in a version that has keyed maps.
pub fn list(span: Span, what: &str, version: &str) -> Diagnostic {
    Diagnostic::new(&CODE, format!("`{what}` is a map from name to entry in {version}, not a list"))
        .at(Span::new(span.file, span.start as usize, span.start as usize + 1), "read as if it were a map")
        .help("write each entry's name as its key")
}

/// `what` is a keyed map in a version that has lists.
pub fn map(span: Span, what: &str, version: &str) -> Diagnostic {
    Diagnostic::new(&CODE, format!("`{what}` is a list of named entries in {version}, not a map"))
        .at(Span::new(span.file, span.start as usize, span.start as usize + 1), "read as if it were a list")
        .help("write each entry as `- name: …`")
}
