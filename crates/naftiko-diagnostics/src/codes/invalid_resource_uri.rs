//! A resource whose address is no URI and no URI template.

use crate::code::{Code, Severity};
use crate::diagnostic::Diagnostic;
use crate::span::Spanned;

/// See the documentation in the value.
pub static CODE: Code = Code {
    id: "invalid-resource-uri",
    severity: Severity::Error,
    docs: "\
The `uri` of a resource starts with a scheme, any at all. `{name}` in it stands for one segment of the address and is an
input of the operation that the resource calls; a resource that is a file or folder has none.

```yaml
resources:
  - {name: order, label: Order, description: One order, uri: \"shop://orders/{order_id}\", call: shop.get-order}
```
",
};

/// `uri` cannot be an address, for the reason `why`.
pub fn new(uri: &Spanned<String>, why: &str) -> Diagnostic {
    Diagnostic::new(&CODE, format!("`{uri}` cannot be the URI of a resource: {why}")).at(uri.span, "no address of a resource")
}
