//! Source files, spans, diagnostic codes and their renderers.
//!
//! Every finding about a document is a [`Diagnostic`]: a [`Code`] with a fixed identity, one sentence, the place, what
//! would be valid and how to get there. Checks return all they found in a [`Diagnostics`]; what a person or a program
//! sees is made by [`render`] alone. This crate knows no YAML and no capability: codes speak in the words of their
//! callers.

mod code;
mod collector;
mod diagnostic;
mod source;
mod span;
mod suggest;

pub mod codes;
pub mod render;

pub use code::{Code, Severity};
pub use collector::Diagnostics;
pub use diagnostic::{Diagnostic, Label};
pub use source::{FileId, Position, SourceFile, SourceMap};
pub use span::{Span, Spanned};
pub use suggest::{did_you_mean, list};
