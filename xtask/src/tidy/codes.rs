//! Every diagnostic code has an example: a folder `tests/diagnostics/{code}/` with documents that earn it.

use crate::project::{self, shown};

/// Whether a code without an example is a finding. Until every code has one, they are only listed.
const REQUIRED: bool = false;

pub(super) fn check() -> Result<Vec<String>, String> {
    let roster = project::root().join("crates/naftiko-diagnostics/src/codes/mod.rs");
    let text =
        std::fs::read_to_string(&roster).map_err(|error| format!("{}: {error}", shown(&roster)))?;
    let codes = roster_of(&text);
    if codes.is_empty() {
        return Err(format!("{} has no roster", shown(&roster)));
    }
    let examples = project::root().join("tests/diagnostics");
    let missing: Vec<String> = codes
        .into_iter()
        .filter(|code| !examples.join(code).is_dir())
        .collect();
    if REQUIRED {
        return Ok(missing
            .iter()
            .map(|code| format!("tests/diagnostics/{code}/ is missing"))
            .collect());
    }
    if !missing.is_empty() {
        println!(
            "without an example in tests/diagnostics: {}",
            missing.join(", ")
        );
    }
    Ok(Vec::new())
}

/// The codes of `roster! { … }`: a module's name with hyphens is its code's.
fn roster_of(text: &str) -> Vec<String> {
    let body = text
        .split("\nroster! {")
        .nth(1)
        .and_then(|rest| rest.split("\n}").next())
        .unwrap_or_default();
    let lines = body
        .lines()
        .map(str::trim)
        .filter(|line| !line.starts_with("//"));
    let names = lines
        .flat_map(|line| line.split(','))
        .map(str::trim)
        .filter(|name| !name.is_empty());
    names.map(|name| name.replace('_', "-")).collect()
}

#[cfg(test)]
mod tests {
    #[test]
    fn the_roster_is_read() {
        let text = "macro_rules! roster {\n}\n\nroster! {\n    // Reading.\n    yaml_syntax,\n    a_b, c,\n}\n";
        assert_eq!(super::roster_of(text), ["yaml-syntax", "a-b", "c"]);
    }
}
