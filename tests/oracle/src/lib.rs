//! What a capability's calls must send and answer, derived without the engine.
//!
//! The oracle reads a capability document on its own and says, for each exposed REST operation and
//! MCP tool, either why it is broken or how to call it, what the upstream must see and what the
//! caller must get. It depends on no crate of the engine, so the two can disagree.
//!
//! ```text
//! load(path) -> Document -> cases(Fill) -> Case { Broken | Unjudged | Call }
//! Echo::start(namespaces) -> upstream(namespace), prepare(document), take() -> [Observed]
//! check_request(&Expected, &Observed), check_rest_answer(..), check_tool_answer(..) -> [Difference]
//! ```

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
