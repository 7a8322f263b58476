//! From what the schema reports to what people are shown.
//!
//! [`explain`] turns one error into deviations, [`branch`] finds the alternative that was meant, [`history`] knows
//! which version knew a key, and [`sentence`] has the words.

mod branch;
mod deviation;
mod explain;
mod history;
mod sentence;

use serde_json::Value;

pub use deviation::{Deviation, DeviationKind, Segment};

use crate::dialect::Dialect;
use crate::validator;

pub(crate) fn deviations(d: Dialect, document: &Value) -> Vec<Deviation> {
    let Some(compiled) = validator::of(d) else {
        return vec![Deviation::new(
            Vec::new(),
            DeviationKind::Other,
            format!("the schema of {d} cannot be used to check this document"),
        )];
    };
    let mut explain = explain::Explain::new(d, &compiled.schema, document);
    for error in compiled.validator.iter_errors(document) {
        explain.error(&error);
    }
    explain.found
}

#[cfg(test)]
mod tests;
