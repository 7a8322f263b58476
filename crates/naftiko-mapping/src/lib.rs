//! Output shapes compiled to projections over JSON bytes.
//!
//! A document declares what an answer looks like ([`Shape`], [`Output`]). That is compiled once to
//! a [`Projection`], which turns the upstream's bytes into the caller's bytes without building a
//! tree: it reads only the members that the shape asks for, skips the others, and copies what is
//! passed on as it was written, so that numbers of any size survive.
//!
//! Paths with filters, wildcards, `..` or functions need a tree. They get one of the part of the
//! document that they look at, and of no more. There, numbers that neither 64-bit integers nor
//! doubles can hold lose digits.
//!
//! ```
//! use naftiko_mapping::{Kind, Output, Path, Projection, Shape};
//!
//! let id = Shape { mapping: Some(Path::parse("$.product.id")?), ..Shape::new(Kind::String) };
//! let shape = Shape { properties: Some(vec![("id".into(), id)]), ..Shape::new(Kind::Object) };
//! let projection = Projection::compile(&Output::unnamed(vec![shape]));
//! let projected = projection.apply(br#"{"product": {"id": 7, "stock": 3}}"#)?;
//! assert_eq!(projected.bytes, br#"{"id":"7"}"#);
//! # Ok::<(), Box<dyn std::error::Error>>(())
//! ```

mod error;
mod fast;
mod projection;
mod schema;
mod shape;
#[cfg(test)]
mod tests;
mod text;
mod tree;

pub use error::MappingError;
pub use naftiko_jsonpath::{Path, PathError};
pub use projection::{Projected, Projection};
pub use shape::{Kind, Output, Shape};
