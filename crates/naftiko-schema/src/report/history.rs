//! What other versions knew at the same place of the schema, and what a key is called now.

use serde_json::Value;

use crate::dialect::Dialect;
use crate::validator;

/// Keys that were renamed, with the older name first.
const RENAMED: [(&str, &str); 6] = [
    ("label", "display"),
    ("location", "from"),
    ("functions", "flows"),
    ("targetName", "target"),
    ("externalRefs", "binds"),
    ("naftiko", "ikanos"),
];

/// The part of a dialect's schema at a pointer.
pub(crate) fn part(d: Dialect, pointer: &str) -> Option<&'static Value> {
    validator::of(d)?.schema.pointer(pointer)
}

/// Says which versions know something that `d` does not: "known since 1.0.0-alpha2", "known until 0.5".
pub(crate) fn known(d: Dialect, knows: impl Fn(Dialect) -> bool) -> Option<String> {
    let since = Dialect::ALL
        .into_iter()
        .filter(|other| *other > d)
        .find(|other| knows(*other));
    let until = Dialect::ALL
        .into_iter()
        .rev()
        .filter(|other| *other < d)
        .find(|other| knows(*other));
    match (since, until) {
        (Some(since), _) => Some(format!("known since {since}")),
        (None, Some(until)) => Some(format!("known until {until}")),
        (None, None) => None,
    }
}

/// Whether the object at the pointer has the key in that dialect.
pub(crate) fn has_key(d: Dialect, pointer: &str, key: &str) -> bool {
    part(d, pointer)
        .and_then(|schema| schema.get("properties")?.get(key))
        .is_some()
}

/// What the key is called in the schema of that object, if it was renamed.
pub(crate) fn renamed(schema: &Value, key: &str) -> Option<&'static str> {
    let known = |name: &str| {
        schema
            .get("properties")
            .is_some_and(|properties| properties.get(name).is_some())
    };
    RENAMED.iter().find_map(|(old, new)| match key {
        key if key == *old && known(new) => Some(*new),
        key if key == *new && known(old) => Some(*old),
        _ => None,
    })
}

/// The known word that is closest to `word`, if it is close.
pub(crate) fn closest<'w>(word: &str, known: impl Iterator<Item = &'w str>) -> Option<&'w str> {
    // A key of a document can be of any length, and the comparison takes time by the product of the lengths.
    if word.len() > 64 {
        return None;
    }
    let far = (word.chars().count() / 4).max(1);
    known
        .map(|known| {
            (
                strsim::damerau_levenshtein(&word.to_lowercase(), &known.to_lowercase()),
                known,
            )
        })
        .filter(|(distance, _)| *distance <= far)
        .min_by_key(|(distance, _)| *distance)
        .map(|(_, known)| known)
}
