//! A header that belongs to the connection.

use crate::code::{Code, Severity};
use crate::diagnostic::Diagnostic;
use crate::span::Spanned;

/// See the documentation in the value.
pub static CODE: Code = Code {
    id: "forbidden-header",
    severity: Severity::Error,
    docs: "\
Host, Content-Length, Transfer-Encoding, Connection, TE, Upgrade and Trailer are set by the HTTP connection itself. A
document that sets them could make a request mean something else.

```yaml
- {name: Host, in: header, value: example.com}   # use baseUri
```
",
};

/// `name` is set by the connection.
pub fn new(name: &Spanned<String>) -> Diagnostic {
    Diagnostic::new(&CODE, format!("The header `{name}` belongs to the connection and cannot be set"))
        .at(name.span, "cannot be set")
        .help("remove it; the host is that of `baseUri`")
}
