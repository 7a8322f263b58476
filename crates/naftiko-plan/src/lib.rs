//! Checks references and lowers a linked capability to an immutable plan.
//!
//! [`compile`] turns names into slots, variables and upstreams, templates into expressions, paths into pieces and
//! outputs into projections. It opens no file and no socket, reads no variable and never stops at the first mistake: a
//! unit that cannot be run as meant is kept as broken, with the reason, and the others are whole.
//!
//! Nothing of the running system parses a template, a path or a pattern again, or looks a name up in the document.

mod body;
mod body_json;
mod client;
mod compile;
mod credential;
mod expr;
mod flow;
mod inputs;
mod names;
mod output;
mod plan;
mod request;
mod unit;
mod url;

pub use compile::{DecodedExposure, Options, compile};
pub use expr::{Expr, InputSlot};
pub use flow::{
    BodyPiece, BodyPlan, CallPlan, Escape, Flow, HeaderPlan, InputPlan, InputSource, OutputPlan,
    PartPlan, PathPiece, QueryPart, QueryPiece, RequestPlan,
};
pub use plan::{
    BasePiece, Broken, CredentialPlan, ExposurePlan, FlowId, KeyPlan, OperationPlan, Plan,
    SecretText, TextPiece, Transport, UnitPlan, UpstreamId, UpstreamPlan, VariableId, VariablePlan,
    VariableUse,
};
pub use url::{encode_literal, is_dots};
