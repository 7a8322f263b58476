//! What a capability's calls must send and answer, derived without the engine.
//!
//! The oracle reads a capability document on its own and says, for each exposed REST operation and
//! MCP tool, either why it is broken or how to call it, what the upstream must see and what the
//! caller must get. It depends on no crate of the engine, so the two can disagree.
//!
//! One document is judged like this:
//!
//! ```text
//! let document = load(path);                        // verdict, variables, upstreams, problems
//! let echo = Echo::start(&namespaces).await?;       // one prefix for each document.upstreams
//! // start the engine with document.variables as its environment, and
//! // --upstream NS={echo.upstream(NS)} for each of them
//! for case in document.cases(Fill::All) {           // then Fill::Required
//!     // Broken: must be refused at load. A case with doubts may be refused or called.
//!     // Call:   echo.prepare(shape.sample()), make call.caller, echo.take() -> one Observed
//!     //         check_request(&call.expected, &observed)
//!     //         check_rest_answer(&call.answer, &observed.answer, ..) or check_tool_answer(..)
//! }
//! ```
//!
//! Where only method and path are known, as with a sandbox, [`check_target`] compares those.

mod body;
mod caller;
mod cases;
mod clients;
mod compare;
mod demands;
mod echo;
mod exposers;
mod inputs;
mod load;
mod model;
mod names;
mod request;
mod response;
mod sight;
mod survey;
#[cfg(test)]
mod testing;
mod tree;
mod values;
mod with;

pub use caller::{Caller, Fill, decode_query, encode_query};
pub use cases::{Call, Case, Document, Outcome, Upstream, load};
pub use compare::{Difference, check_request, check_rest_answer, check_target, check_tool_answer};
pub use echo::{Echo, Observed};
pub use load::Verdict;
pub use model::{Place, Reason};
pub use request::{Expected, ExpectedBody};
pub use response::{Answer, Shape};
pub use survey::{Survey, files, listing, show, survey};
