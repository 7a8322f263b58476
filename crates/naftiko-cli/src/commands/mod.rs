//! The commands, one file each.

pub(crate) mod call;
pub(crate) mod explain;
pub(crate) mod listen;
pub(crate) mod run;
pub(crate) mod schema;
pub(crate) mod serve;
pub(crate) mod start;
pub(crate) mod validate;
