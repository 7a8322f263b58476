//! Which of several alternatives was meant.
//!
//! The `type` of an object tells, where alternatives have one. Otherwise it is the alternative of which most keys are
//! there, then the one with the fewest errors.

use std::cmp::Reverse;

use jsonschema::error::{TypeKind, ValidationErrorKind};
use jsonschema::{JsonType, ValidationError};
use serde_json::Value;

/// An alternative, and what is wrong with the instance as such a one.
#[derive(Clone, Copy)]
pub(crate) struct Branch<'e> {
    pub(crate) schema: &'e Value,
    pub(crate) errors: &'e [ValidationError<'static>],
}

/// What to say about an instance that is none of the alternatives.
pub(crate) enum Choice<'e> {
    /// It was meant as this one.
    Meant(Branch<'e>),
    /// Every alternative is of another type than the instance: these.
    Types(Vec<&'static str>),
    /// The `type` is none of these.
    UnknownTag(Vec<&'e str>),
    /// The `type` is missing; it could be one of these.
    NoTag(Vec<&'e str>),
    /// One of these keys is missing.
    NoneOf(Vec<&'e str>),
}

/// The alternatives of an `anyOf` or `oneOf`, with references resolved.
pub(crate) fn branches<'e>(
    root: &'e Value,
    keyword: &'e Value,
    context: &'e [Vec<ValidationError<'static>>],
) -> Vec<Branch<'e>> {
    let schemas = keyword.as_array().map_or(&[][..], Vec::as_slice);
    schemas
        .iter()
        .zip(context)
        .map(|(schema, errors)| Branch {
            schema: resolved(root, schema),
            errors,
        })
        .collect()
}

fn resolved<'e>(root: &'e Value, schema: &'e Value) -> &'e Value {
    let reference = schema
        .get("$ref")
        .and_then(Value::as_str)
        .and_then(|uri| uri.strip_prefix('#'));
    reference
        .and_then(|pointer| root.pointer(pointer))
        .unwrap_or(schema)
}

/// Chooses. `None` if there is nothing to choose from.
pub(crate) fn choose<'e>(
    at: &str,
    instance: &Value,
    branches: &[Branch<'e>],
) -> Option<Choice<'e>> {
    if let Some(types) = only_types(at, branches) {
        return Some(Choice::Types(types));
    }
    let tagged: Vec<Branch<'e>> = branches
        .iter()
        .copied()
        .filter(|branch| !tags(branch.schema).is_empty())
        .collect();
    let all_tags = || {
        tagged
            .iter()
            .flat_map(|branch| tags(branch.schema))
            .collect()
    };
    if let (Some(tag), false) = (instance.get("type"), tagged.is_empty()) {
        let same: Vec<Branch<'e>> = tagged
            .iter()
            .copied()
            .filter(|branch| tags(branch.schema).iter().any(|known| tag == known))
            .collect();
        return Some(
            best(at, instance, &same).map_or_else(|| Choice::UnknownTag(all_tags()), Choice::Meant),
        );
    }
    let best = best(at, instance, branches)?;
    if tagged.len() > 1 && !tags(best.schema).is_empty() {
        return Some(Choice::NoTag(all_tags()));
    }
    Some(none_of(at, instance, best, branches).map_or(Choice::Meant(best), Choice::NoneOf))
}

/// The values of `type` that an alternative allows.
pub(crate) fn tags(schema: &Value) -> Vec<&str> {
    let Some(tag) = schema
        .get("properties")
        .and_then(|properties| properties.get("type"))
    else {
        return Vec::new();
    };
    match (
        tag.get("const").and_then(Value::as_str),
        tag.get("enum").and_then(Value::as_array),
    ) {
        (Some(only), _) => vec![only],
        (None, Some(several)) => several.iter().filter_map(Value::as_str).collect(),
        (None, None) => Vec::new(),
    }
}

/// The values of `type` of all alternatives in a keyword.
pub(crate) fn all_tags<'e>(root: &'e Value, keyword: &'e Value) -> Vec<&'e str> {
    let schemas = keyword.as_array().map_or(&[][..], Vec::as_slice);
    schemas
        .iter()
        .flat_map(|schema| tags(resolved(root, schema)))
        .collect()
}

/// The types that the alternatives ask for, if that is all that is wrong with each.
fn only_types(at: &str, branches: &[Branch<'_>]) -> Option<Vec<&'static str>> {
    let mut types = Vec::new();
    for branch in branches {
        let [error] = branch.errors else { return None };
        let ValidationErrorKind::Type { kind } = error.kind() else {
            return None;
        };
        if error.instance_path().as_str() != at {
            return None;
        }
        types.extend(type_names(kind));
    }
    (!types.is_empty()).then_some(types)
}

/// The names of the types that an error asks for.
pub(crate) fn type_names(kind: &TypeKind) -> Vec<&'static str> {
    match kind {
        TypeKind::Single(one) => vec![one.as_str()],
        TypeKind::Multiple(several) => several.iter().map(JsonType::as_str).collect(),
    }
}

/// The lower, the closer: the wrong type altogether, whether its own key is there, keys missing, keys there (more is
/// better), and errors at all.
type Distance = (bool, u8, usize, Reverse<usize>, usize);

fn distance(at: &str, instance: &Value, branch: &Branch<'_>) -> Distance {
    let here = || {
        branch
            .errors
            .iter()
            .filter(|error| error.instance_path().as_str() == at)
    };
    let wrong_type = here().any(|error| matches!(error.kind(), ValidationErrorKind::Type { .. }));
    let missing = here()
        .filter(|error| matches!(error.kind(), ValidationErrorKind::Required { .. }))
        .count();
    let required = required(branch.schema);
    let there = required
        .iter()
        .filter(|key| instance.get(key).is_some())
        .count();
    // The sections name the key that makes a form what it is last: `steps`, `import`.
    let own = match required.last() {
        Some(key) if instance.get(key).is_some() => 0,
        None => 1,
        Some(_) => 2,
    };
    let errors = branch.errors.iter().map(|error| match error.kind() {
        ValidationErrorKind::AdditionalProperties { unexpected } => unexpected.len(),
        // Said in so many words that it is something else.
        ValidationErrorKind::Constant { .. } => 10,
        _ => 1,
    });
    (wrong_type, own, missing, Reverse(there), errors.sum())
}

fn best<'e>(at: &str, instance: &Value, branches: &[Branch<'e>]) -> Option<Branch<'e>> {
    branches
        .iter()
        .copied()
        .min_by_key(|branch| distance(at, instance, branch))
}

/// The keys that an alternative asks for.
pub(crate) fn required(schema: &Value) -> Vec<&str> {
    let keys = schema.get("required").and_then(Value::as_array);
    keys.into_iter()
        .flatten()
        .filter_map(Value::as_str)
        .collect()
}

/// If several alternatives are equally close and each lacks one key only: the keys.
fn none_of<'e>(
    at: &str,
    instance: &Value,
    best: Branch<'e>,
    branches: &[Branch<'e>],
) -> Option<Vec<&'e str>> {
    let lacks = |branch: &Branch<'e>| match branch.errors {
        [error] if error.instance_path().as_str() == at => match error.kind() {
            ValidationErrorKind::Required { property } => property.as_str(),
            _ => None,
        },
        _ => None,
    };
    lacks(&best)?;
    let closest = distance(at, instance, &best);
    let ties = branches
        .iter()
        .filter(|branch| distance(at, instance, branch) == closest)
        .count();
    if ties < 2 {
        return None;
    }
    Some(branches.iter().filter_map(lacks).collect())
}
