//! What a name means, and where the values of variables come from.
//!
//! A capability has three kinds of names in templates and in `with`: inputs of the current call (`rest.x`, `tools.x`,
//! `mcp.x`, `{exposer}.x`, plain `x`), variables (`KEY`, `bind.KEY`, `env.KEY`), and what `with` sets. [`Name`] tells
//! the spelling apart; [`Variables`] knows what a file binds; [`Resolver`] reads the values once, at start, through
//! [`BindProvider`]s. Values are [`Secret`]s: they print as `***`.

mod dotenv;
mod environment;
mod name;
mod provider;
mod resolve;
mod secret;
mod variables;

pub use dotenv::parse as parse_env_file;
pub use environment::{Environment, MapEnvironment, Overlay, ProcessEnvironment};
pub use name::{CALLER_PREFIXES, Name, is_screaming, split_place};
pub use provider::{BindProvider, FileProvider, ProviderError};
pub use resolve::{Missing, MissingReason, Resolver};
pub use secret::{MASK, MaskStream, Masker, Secret};
pub use variables::{Origin, Variable, Variables};
