//! The registered kinds: a plain list.

use std::sync::Arc;

use naftiko_diagnostics::{Diagnostics, Spanned, codes};
use naftiko_plan::{DecodedExposure, Transport};
use naftiko_spec::{Context, Document};

use crate::kind::{ExposerKind, Home};

/// Kinds of the specification that nobody has to register for `validate` to know them.
const OF_THE_SPECIFICATION: [&str; 4] = ["rest", "mcp", "skill", "control"];

/// Whether the specification has that kind; others are a program's own.
pub fn is_of_the_specification(kind: &str) -> bool {
    OF_THE_SPECIFICATION.contains(&kind)
}

/// The kinds that a program serves.
#[derive(Clone, Debug, Default)]
pub struct Registry {
    kinds: Vec<Arc<dyn ExposerKind>>,
}

impl Registry {
    /// None.
    pub fn new() -> Self {
        Self::default()
    }

    /// Adds a kind; it takes the place of one that is called the same.
    #[must_use]
    pub fn with(mut self, kind: Arc<dyn ExposerKind>) -> Self {
        self.kinds.retain(|known| known.kind() != kind.kind());
        self.kinds.push(kind);
        self
    }

    /// The kind of that name.
    pub fn get(&self, kind: &str) -> Option<&Arc<dyn ExposerKind>> {
        self.kinds.iter().find(|known| known.kind() == kind)
    }

    /// The words that documents may write.
    pub fn words(&self) -> impl Iterator<Item = &str> + Clone {
        self.kinds.iter().map(|kind| kind.kind())
    }

    /// Decodes every exposure of a document. One of a kind that the specification has and nobody serves is announced
    /// and left out; one that nobody knows is an error.
    pub fn decode(&self, document: &Document, out: &mut Diagnostics) -> Vec<DecodedExposure> {
        self.decode_at(document, None, out)
    }

    /// Like [`Registry::decode`], for a document that may name files.
    pub fn decode_at(
        &self,
        document: &Document,
        home: Option<&Home>,
        out: &mut Diagnostics,
    ) -> Vec<DecodedExposure> {
        let mut decoded = Vec::new();
        for exposure in &document.exposes {
            let name = exposure.kind.as_str();
            let Some(kind) = self.get(name) else {
                out.push(if is_of_the_specification(name) {
                    codes::not_served_yet::new(&exposure.kind)
                } else {
                    codes::unsupported_kind::exposer(&exposure.kind, self.words())
                });
                continue;
            };
            let mut cx = Context {
                dialect: document.dialect,
                out,
            };
            if let Some(span) = exposure.authentication {
                cx.out.push(codes::not_supported::new(
                    span,
                    "`authentication` of an exposed server",
                ));
            }
            decoded.push(match home {
                Some(home) => kind.decode_at(exposure, home, &mut cx),
                None => kind.decode(exposure, &mut cx),
            });
        }
        port_clashes(&decoded, out);
        decoded
    }
}

/// Two servers of one document on one address and port. Wildcard addresses clash with every other.
fn port_clashes(decoded: &[DecodedExposure], out: &mut Diagnostics) {
    let mut seen: Vec<(&str, &Spanned<u16>)> = Vec::new();
    for exposure in decoded.iter().filter(|d| d.transport == Transport::Http) {
        let exposure = &exposure.exposure;
        let Some(port) = &exposure.port else {
            if exposure
                .node
                .get("port")
                .is_some_and(|node| !node.is_null())
            {
                // What stands there is told already.
                continue;
            }
            out.push(codes::missing_key::new(
                exposure.kind.span,
                "an exposed server",
                "port",
            ));
            continue;
        };
        let address = exposure
            .address
            .as_ref()
            .map_or("127.0.0.1", Spanned::as_str);
        let wild = |address: &str| matches!(address, "0.0.0.0" | "::" | "*");
        let loopback = |address| {
            if address == "localhost" {
                "127.0.0.1"
            } else {
                address
            }
        };
        let first = seen.iter().find(|(other, taken)| {
            taken.value == port.value
                && (loopback(other) == loopback(address) || wild(other) || wild(address))
        });
        match first {
            Some((_, first)) => out.push(codes::port_clash::new(port.span, port.value, first.span)),
            None => seen.push((address, port)),
        }
    }
}
