//! Follows imports through a source loader and links one capability.
//!
//! [`link`] takes a decoded document and brings in what its import entries name (specification, "Import entries"). All
//! reading goes through a [`SourceLoader`], so that an embedder can serve documents from memory and so that one place
//! decides which files a document may reach. The servers that an imported document exposes are never looked at.

mod folder;
mod link;
mod loader;
mod locate;

pub use link::{Linked, LinkedClient, Scope, link};
pub use loader::{FsLoader, LoadError, MemoryLoader, Source, SourceLoader};
pub use locate::Location;
