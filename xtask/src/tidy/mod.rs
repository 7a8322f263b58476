//! `cargo xtask tidy`: rules of the project that the compiler does not check.
//!
//! Each rule is a function that returns what it found as lines for a person. The same rules run in
//! `cargo test --workspace`, so nobody has to know of this command.

mod codes;
mod doors;
mod layers;
mod links;
mod purity;
mod sources;

/// A rule, by the name under which its findings are printed.
type Rule = (&'static str, fn() -> Result<Vec<String>, String>);

/// What must hold.
const RULES: &[Rule] = &[
    ("layers", layers::check),
    ("purity", purity::check),
    ("doors", doors::check),
    ("opening paragraphs", sources::openings),
    ("file lengths", sources::lengths),
    ("words of the outside", sources::words),
    ("links", links::check),
    ("ARCHITECTURE.md", links::architecture),
    ("diagnostic examples", codes::check),
];

/// Checks every rule and prints what was found.
pub(crate) fn run() -> Result<bool, String> {
    let mut fine = true;
    for (name, rule) in RULES {
        let found = rule()?;
        println!(
            "{name:<22} {}",
            if found.is_empty() {
                "ok".to_owned()
            } else {
                format!("{} found", found.len())
            }
        );
        for line in &found {
            println!("  {line}");
        }
        fine &= found.is_empty();
    }
    let long = sources::nearly_too_long();
    if !long.is_empty() {
        println!(
            "\nover {} lines, which is often two ideas in one file:",
            sources::LONG
        );
        for line in &long {
            println!("  {line}");
        }
    }
    Ok(fine)
}

#[cfg(test)]
mod tests {
    use super::RULES;

    #[test]
    fn the_project_keeps_its_rules() {
        let found: Vec<String> = RULES
            .iter()
            .flat_map(|(name, rule)| {
                rule()
                    .unwrap()
                    .into_iter()
                    .map(move |line| format!("{name}: {line}"))
            })
            .collect();
        assert!(found.is_empty(), "\n{}", found.join("\n"));
    }
}
