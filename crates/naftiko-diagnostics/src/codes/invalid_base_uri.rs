//! A base URI that no request can start with.

use crate::code::{Code, Severity};
use crate::diagnostic::Diagnostic;
use crate::span::{Span, Spanned};

/// See the documentation in the value.
pub static CODE: Code = Code {
    id: "invalid-base-uri",
    severity: Severity::Error,
    docs: "\
`baseUri` begins with `http://` or `https://` and a host; a path may follow.

```yaml
baseUri: https://api.example.com/v2
```
",
};

/// The base has another scheme, or none.
pub fn scheme(text: &Spanned<String>) -> Diagnostic {
    let help = if text.value.contains("://") {
        String::from("only `http` and `https` are served")
    } else {
        format!("write `https://{}`", text.value.trim_start_matches('/'))
    };
    Diagnostic::new(&CODE, "A base URI begins with `http://` or `https://`").at(text.span, "has no such scheme").help(help)
}

/// The base holds a fragment at `span`.
pub fn fragment(span: Span) -> Diagnostic {
    Diagnostic::new(&CODE, "A base URI cannot hold a fragment (`#…`)").at(span, "never sent").help("remove the fragment")
}
