//! Imports that go round in a ring.

use crate::code::{Code, Severity};
use crate::diagnostic::Diagnostic;
use crate::span::Span;

/// See the documentation in the value.
pub static CODE: Code = Code {
    id: "import-cycle",
    severity: Severity::Error,
    docs: "\
An imported entry may be an import itself, but the chain must end at an entry that is written out.

```yaml
# a.yaml imports `shop` from b.yaml, and b.yaml imports `shop` from a.yaml
```
",
};

/// The import at `span` closes a ring of files and namespaces.
pub fn new(span: Span, ring: Vec<(String, String, Span)>) -> Diagnostic {
    let mut way: Vec<String> = ring.iter().map(|(file, name, _)| format!("{file} ({name})")).collect();
    way.extend(way.first().cloned());
    let mut finding = Diagnostic::new(&CODE, format!("The imports go round in a ring: {}", way.join(" → ")))
        .at(span, "leads back to where it began")
        .help("write the entry out in one of these files");
    for (_, name, place) in ring.into_iter().filter(|(_, _, place)| *place != span) {
        finding = finding.also(place, format!("takes `{name}` from the next file"));
    }
    finding
}
