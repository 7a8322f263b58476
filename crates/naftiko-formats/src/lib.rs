//! Decoders of upstream formats to JSON, and encoders of request bodies.
//!
//! Pure functions from bytes to bytes: no network, no document. [`Format`] names what an upstream answers
//! (`outputRawFormat`, specification "Output formats") and turns it into the JSON tree that mappings look into;
//! [`encode`] writes the bodies that are not JSON.

mod delimited;
mod error;
mod format;
mod xml;

pub mod encode;

pub use error::FormatError;
pub use format::Format;
