//! The eleven published dialects, each as a JSON Schema, and what in a document deviates from one.
//!
//! The dialects are stated once, in the modules of `sections`, with what each version changed; [`schema`] generates the JSON Schema
//! (2020-12) of a version from it. It accepts the documents that the schema published for that version accepts, and
//! refuses the others at the same places: [`places`] are these. People are shown [`deviations`], which look into
//! alternatives for the one that was meant and say in a sentence what is wrong with it, deeper than those places.
//!
//! Formats (`format: uri`) are notes for editors and not asserted, as the standard has it unless told otherwise.

mod build;
mod dialect;
mod kinds;
mod names;
mod report;
mod sections;
mod validator;

use std::collections::BTreeSet;

use serde_json::Value;

pub use dialect::Dialect;
pub use kinds::schema_with_kinds;
pub use report::{Deviation, DeviationKind, Segment};

/// The JSON Schema of a dialect, as editors take it.
pub fn schema(d: Dialect) -> Value {
    sections::root::document(d)
}

/// Whether the dialect accepts the document: `validate --strict`, references aside.
pub fn accepts(d: Dialect, document: &Value) -> bool {
    validator::of(d).is_some_and(|compiled| compiled.validator.is_valid(document))
}

/// What deviates from the dialect, each at the deepest place that makes sense; empty exactly if [`accepts`] holds.
///
/// `document` is the whole document; its nesting must be bounded, since the search follows it.
pub fn deviations(d: Dialect, document: &Value) -> Vec<Deviation> {
    report::deviations(d, document)
}

/// The places that the schema itself reports, as JSON Pointers, without a look into alternatives.
pub fn places(d: Dialect, document: &Value) -> BTreeSet<String> {
    let errors = validator::of(d).map(|compiled| compiled.validator.iter_errors(document));
    errors
        .into_iter()
        .flatten()
        .map(|error| error.instance_path().as_str().to_owned())
        .collect()
}
