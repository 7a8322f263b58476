//! A template that YAML takes for a mapping because it lacks quotes.

use crate::code::{Code, Severity};
use crate::diagnostic::Diagnostic;
use crate::span::Span;

/// See the documentation in the value.
pub static CODE: Code = Code {
    id: "unquoted-template",
    severity: Severity::Error,
    docs: "\
Braces begin a mapping in YAML. A value that begins with a template therefore needs quotes:

```yaml
value: {{token}}            # wrong: a mapping whose key is a mapping
value: \"{{token}}\"          # right
path: {{base}}/orders       # wrong
path: \"{{base}}/orders\"     # right
path: /orders/{{id}}        # right: the text does not begin with a brace
```
",
};

/// `text` at `span` should be quoted.
pub fn new(span: Span, text: &str) -> Diagnostic {
    let quote = if text.contains('"') { '\'' } else { '"' };
    let help = if text.len() <= 80 && !(text.contains('"') && text.contains('\'')) {
        format!("write {quote}{text}{quote}")
    } else {
        String::from("put the whole value in quotes")
    };
    Diagnostic::new(&CODE, "A template at the start of a value needs quotes")
        .at(span, "YAML reads the braces as a mapping")
        .help(help)
}
