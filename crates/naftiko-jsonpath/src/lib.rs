//! JSON paths as capability authors write it, over an RFC 9535 engine.
//!
//! Published capabilities are written for Jayway `JsonPath`, whose dialect is older than RFC 9535
//! and differs from it: a path to one place gives that value and no list, a filter tests the
//! matched objects of a filter before it, `['a','b']` makes one object, `.length()` ends a path.
//! [`Path`] is that dialect. It parses the text itself and hands what both have in common (names,
//! indexes, slices, wildcards, `..`) to `jsonpath-rfc9535`, which nothing outside this crate sees.
//!
//! ```
//! use naftiko_jsonpath::Path;
//! use serde_json::json;
//!
//! let orders = json!({"orders": [{"id": "a", "total": 3}, {"id": "b", "total": 9}]});
//! let first = Path::parse("$.orders[0].id")?;
//! assert_eq!(first.find(&orders).as_deref(), Some(&json!("a")));
//! let large = Path::parse("orders[?(@.total > 5)].id")?;
//! assert_eq!(large.find(&orders).as_deref(), Some(&json!(["b"])));
//! # Ok::<(), naftiko_jsonpath::PathError>(())
//! ```

mod error;
mod eval;
mod filter;
mod function;
mod parse;
mod path;
mod syntax;

pub use error::PathError;
pub use path::Path;
pub use syntax::Step;
