//! What the author may have meant, and lists of what would be valid.

/// How many names a list shows before it says how many more there are.
const SHOWN: usize = 12;

/// How many candidates are looked at: a document may hold very many names, and every one of its mistakes asks.
const CONSIDERED: usize = 500;

/// The candidate nearest to `name`, when one is near enough to be a likely slip.
pub fn did_you_mean<'a>(
    name: &str,
    candidates: impl IntoIterator<Item = &'a str>,
) -> Option<&'a str> {
    let wanted = name.to_lowercase();
    candidates
        .into_iter()
        .take(CONSIDERED)
        .filter(|candidate| *candidate != name)
        .map(|candidate| {
            let candidate_lower = candidate.to_lowercase();
            (
                strsim::damerau_levenshtein(&wanted, &candidate_lower),
                candidate,
            )
        })
        .filter(|(distance, candidate)| {
            let longest = wanted.chars().count().max(candidate.chars().count());
            *distance <= (longest / 3).max(1) && *distance < longest
        })
        .min_by_key(|(distance, _)| *distance)
        .map(|(_, candidate)| candidate)
}

/// The names in backticks, separated by commas, the last ones counted when there are many.
pub fn list<'a>(names: impl IntoIterator<Item = &'a str>) -> String {
    let names: Vec<&str> = names.into_iter().collect();
    let mut shown: Vec<String> = names.iter().take(SHOWN).map(|n| format!("`{n}`")).collect();
    if names.len() > SHOWN {
        shown.push(format!("and {} more", names.len() - SHOWN));
    }
    shown.join(", ")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_slip_is_recognised_and_a_stranger_is_not() {
        let names = ["list-products", "get-product", "list-orders"];
        assert_eq!(did_you_mean("list-product", names), Some("list-products"));
        assert_eq!(did_you_mean("lsit-orders", names), Some("list-orders"));
        assert_eq!(did_you_mean("payments", names), None);
        assert_eq!(did_you_mean("x", ["y"]), None);
    }

    #[test]
    fn long_lists_are_cut() {
        let names: Vec<String> = (0..14).map(|n| format!("n{n}")).collect();
        let text = list(names.iter().map(String::as_str));
        assert!(text.starts_with("`n0`, `n1`"), "{text}");
        assert!(text.ends_with("and 2 more"), "{text}");
    }
}
