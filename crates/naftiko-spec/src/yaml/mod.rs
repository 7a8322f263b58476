//! YAML text as a tree with places, with as many findings as one pass can make.
//!
//! [`parse`] reads one document. A mistake that leaves the structure readable (a key written twice, a template without
//! quotes, an unknown alias) is a finding and the tree goes on without it; after a mistake in the syntax the text is
//! mended where that can be done safely and read again, so that a person sees all mistakes at once. A document that comes
//! from elsewhere can be hostile: its size, its depth and what its aliases grow to are bounded by [`Limits`], and no part
//! of this module recurses deeper than that.

mod build;
mod mapping;
mod node;
mod origin;
mod scalar;
mod source;
mod syntax;

pub use node::{Entry, Node, NodeKind, Style};

use naftiko_diagnostics::codes::document_too_large;
use naftiko_diagnostics::{Diagnostics, FileId, Span};

use build::{Builder, Stop};
use source::Source;

/// How often a text is mended and read again; and, so that this costs little, how many bytes are read again at most.
const REPAIRS: usize = 20;
const REPAIR_BYTES: usize = 4 * 1024 * 1024;

/// What a document may cost to read.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Limits {
    /// Bytes of text. What aliases copy may take as many bytes again.
    pub bytes: usize,
    /// Collections inside each other.
    pub depth: usize,
    /// Keys and values, counted after aliases were replaced by what they stand for.
    pub nodes: usize,
}

impl Default for Limits {
    fn default() -> Self {
        Self {
            bytes: 8 * 1024 * 1024,
            depth: 128,
            nodes: 200_000,
        }
    }
}

/// Reads one YAML document and adds what is wrong with it to `out`.
///
/// The tree is there whenever the text could be read to its end, even if mistakes were found on the way; ask
/// [`Diagnostics::has_errors`] whether it can be relied upon. An empty document is a finding and no tree.
pub fn parse(file: FileId, text: &str, limits: &Limits, out: &mut Diagnostics) -> Option<Node> {
    if text.len() > limits.bytes {
        out.push(document_too_large::bytes(
            Span::new(file, 0, 0),
            text.len(),
            limits.bytes,
        ));
        return None;
    }
    let mut found = Diagnostics::new();
    let mut source = Source::new(file, text);
    let repairs = REPAIRS.min(REPAIR_BYTES / text.len().max(1));
    let tree = loop {
        let mut pass = Diagnostics::new();
        let result = Builder::new(&source, limits, &mut pass).run();
        let repaired = match &result {
            Err(Stop::Syntax(error)) => {
                let (finding, mend) = syntax::explain(&source, error);
                found.push(finding);
                mend.is_some_and(|r| source.mends() < repairs && source.mend(r))
            }
            _ => false,
        };
        if !repaired {
            found.extend(pass);
            break result.ok().flatten();
        }
    };
    found.sort();
    out.extend(found);
    tree
}

#[cfg(test)]
mod tests;
