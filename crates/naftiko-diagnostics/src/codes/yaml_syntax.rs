//! Text that is not YAML.

use crate::code::{Code, Severity};
use crate::diagnostic::Diagnostic;
use crate::span::Span;

/// See the documentation in the value.
pub static CODE: Code = Code {
    id: "yaml-syntax",
    severity: Severity::Error,
    docs: "\
The text is not YAML 1.2. The mistakes met most often:

- a tab in the indentation: YAML wants spaces;
- a quote or a bracket that is never closed: the finding points at the opening one;
- a colon followed by a space inside text without quotes;
- a backslash in double quotes that begins no escape, as in a regular expression: use single quotes.

```yaml
description: Orders: all of them      # wrong: two colons
description: \"Orders: all of them\"    # right
pattern: \"\\d+\"                        # wrong: \\d is no escape
pattern: '\\d+'                        # right
```
",
};

/// `message` says what is wrong, `label` what stands at `span`.
pub fn new(span: Span, message: impl Into<String>, label: impl Into<String>) -> Diagnostic {
    Diagnostic::new(&CODE, message).at(span, label)
}
