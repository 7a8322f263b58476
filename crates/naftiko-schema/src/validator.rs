//! Compiled schemas: one per dialect, on first use.

use std::sync::OnceLock;

use jsonschema::Validator;
use serde_json::Value;

use crate::dialect::Dialect;

/// A schema, and its validator.
#[derive(Debug)]
pub(crate) struct Compiled {
    pub(crate) schema: Value,
    pub(crate) validator: Validator,
}

/// The compiled schema of a dialect. `None` if it does not compile, which would be a mistake in this crate; callers
/// then accept nothing.
pub(crate) fn of(d: Dialect) -> Option<&'static Compiled> {
    static COMPILED: [OnceLock<Option<Compiled>>; Dialect::ALL.len()] =
        [const { OnceLock::new() }; Dialect::ALL.len()];
    COMPILED
        .get(d as usize)?
        .get_or_init(|| compile(d))
        .as_ref()
}

fn compile(d: Dialect) -> Option<Compiled> {
    let schema = crate::schema(d);
    let validator = jsonschema::draft202012::options()
        .should_validate_formats(false)
        .build(&schema)
        .ok()?;
    Some(Compiled { schema, validator })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_dialect_compiles() {
        for d in Dialect::ALL {
            assert!(of(d).is_some(), "{d}");
        }
    }
}
