//! The exposer port: kinds, their registry and what a kind is built from.
//!
//! A kind of exposed server (`type` of an `exposes` entry) is an [`ExposerKind`]: it decodes its own part of a document,
//! so that `validate` knows it without opening a socket, and builds a service over an engine. The built-in kinds are
//! registered like any other; a kind that lives outside of this workspace is registered the same way. A built exposer is
//! a `tower` service: the host puts it behind a listener, and another gateway can mount it where it likes ([`Mounted`]).

mod kind;
mod message;
mod mounted;
mod registry;
mod stream;

pub use kind::{BuildError, Exposer, ExposerKind, ExposureContext, ExposureLimits, Home};
pub use message::{BodyProblem, HttpService, IncomingBody, incoming, read_body};
pub use mounted::{InvalidPrefix, Mounted};
pub use registry::{Registry, is_of_the_specification};
pub use stream::{Reader, Serving, StreamServer, Writer};
