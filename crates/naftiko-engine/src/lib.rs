//! Runs the flows of a plan: arguments, request, upstream, output.
//!
//! [`Engine::run`] is the middle of every call: it takes the [`Arguments`] that an exposer gathered, makes the request
//! that the plan describes, gives it to the [`UpstreamService`] and turns what comes back into a [`FlowOutput`]. It
//! knows no server and no client: an exposer turns the output, or the [`FlowError`], into an answer of its own kind, and
//! an upstream kind turns requests into traffic. Nothing is parsed or looked up by name here, and nothing is locked.

mod arguments;
mod base;
mod body;
mod credential;
mod encode;
mod engine;
mod error;
mod render;
mod start;
mod upstream;

pub use arguments::{Arguments, InputProblem, check_json, check_text};
pub use base::BaseError;
pub use body::{Body, collect, empty, full, mask};
pub use engine::{Engine, EngineLimits, EngineSettings, FlowOutput, UpstreamBinding};
pub use error::{FlowError, Origin};
pub use naftiko_plan::is_dots;
pub use render::RequestProblem;
pub use start::{StartError, UnsetVariable};
pub use upstream::{
    UpstreamContext, UpstreamError, UpstreamErrorKind, UpstreamKind, UpstreamKinds, UpstreamService,
};
