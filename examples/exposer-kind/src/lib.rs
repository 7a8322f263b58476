//! The kind `jsonrpc` of exposed servers, as a crate: whoever registers [`JsonRpc`] can read and serve documents with it.

mod kind;
mod server;

pub use kind::JsonRpc;
