//! The capability document as written: a tree with spans and a tolerant model.
//!
//! [`yaml`] reads text into a tree that knows the place of every key and value. [`Document::decode`] reads that tree
//! into the model below. Decoding never fails: what is wrong becomes a diagnostic, and everything else is kept. The
//! union of the spellings of all dialects is read (Naftiko specification, sections "Document shape" to "Tunnel"); what
//! the declared dialect does not know is a warning.
//!
//! The model holds no meaning: references are text here, and what they refer to is checked by `naftiko-plan`.

pub mod yaml;

mod auth;
mod bind;
mod body;
mod client;
mod dialect;
mod document;
mod exposure;
mod fields;
mod import;
mod input;
mod output;
mod unit;

pub use auth::{ApiKey, ApiKeyPlacement, Authentication, AuthenticationKind};
pub use bind::{Bind, BindEntry};
pub use body::{Body, BodyKind};
pub use client::{Client, ConsumedOperation, ConsumedResource, ConsumesEntry};
pub use dialect::{Dialect, Family};
pub use document::{Document, Info};
pub use exposure::Exposure;
pub use fields::{Context, Fields, items};
pub use import::Import;
pub use input::{ConsumedInput, DeclaredInput, JsonType, Place};
pub use output::{OutputParameter, OutputType};
pub use unit::Unit;

pub use naftiko_diagnostics::{Span, Spanned};
