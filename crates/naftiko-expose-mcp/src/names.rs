//! Names as clients accept them: a name outside of their alphabet is listed under a safe one, and both are accepted.

use std::collections::HashSet;

/// The longest name that every client accepts.
const MAX: usize = 64;

/// Whether clients accept `name` as it is: 1 to 64 of `[a-zA-Z0-9_.-]`.
pub(crate) fn is_safe(name: &str) -> bool {
    (1..=MAX).contains(&name.len()) && name.bytes().all(is_safe_byte)
}

fn is_safe_byte(byte: u8) -> bool {
    byte.is_ascii_alphanumeric() || b"_.-".contains(&byte)
}

/// A safe name for each of `names`: itself where it is safe, else a made-up one that no other of them has.
pub(crate) fn safe_names<'n>(names: impl IntoIterator<Item = &'n str> + Clone) -> Vec<String> {
    let mut taken: HashSet<String> = names
        .clone()
        .into_iter()
        .filter(|name| is_safe(name))
        .map(str::to_owned)
        .collect();
    names
        .into_iter()
        .map(|name| {
            if is_safe(name) {
                return name.to_owned();
            }
            let alias = alias(name, &taken);
            taken.insert(alias.clone());
            alias
        })
        .collect()
}

fn alias(name: &str, taken: &HashSet<String>) -> String {
    let mut base = String::new();
    for c in name.chars() {
        let safe = u8::try_from(c).is_ok_and(is_safe_byte);
        // `filter[status]` becomes `filter_status`: one `_` for every run of other characters, none at the end.
        match (safe, base.ends_with('_')) {
            (true, _) => base.push(c),
            (false, false) => base.push('_'),
            (false, true) => {}
        }
    }
    let mut base = base.trim_matches('_').to_owned();
    base.truncate(MAX);
    if base.is_empty() {
        base.push_str("input");
    }
    if !taken.contains(&base) {
        return base;
    }
    let numbered = |number: u32| {
        let suffix = format!("_{number}");
        let mut name = base.clone();
        name.truncate(MAX - suffix.len());
        name + &suffix
    };
    (2..=u32::MAX)
        .map(numbered)
        .find(|name| !taken.contains(name))
        .unwrap_or(base)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn unsafe_names_get_unique_safe_ones() {
        let long = "x".repeat(70);
        let names = [
            "filter[status]",
            "filter_status",
            "filter(status)",
            "",
            "é",
            &long,
            "ok.-_1",
        ];
        let safe = safe_names(names);
        assert_eq!(
            safe[..5],
            [
                "filter_status_2",
                "filter_status",
                "filter_status_3",
                "input",
                "input_2"
            ]
        );
        assert_eq!(safe[5], "x".repeat(64));
        assert_eq!(safe[6], "ok.-_1");
        assert!(safe.iter().all(|name| is_safe(name)));
        let unique: HashSet<&String> = safe.iter().collect();
        assert_eq!(unique.len(), names.len());
    }
}
