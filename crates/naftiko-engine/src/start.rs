//! Why an engine cannot start: what operators have to give, said at once.

use std::fmt;

use crate::base::BaseError;
use crate::upstream::UpstreamError;

/// Why an engine cannot start: everything that is missing at once.
#[derive(Debug)]
pub enum StartError {
    /// Placeholders of bases that nobody set: namespace and name.
    Unset(Vec<UnsetVariable>),
    /// A base cannot be used.
    Base {
        /// The namespace of the upstream.
        namespace: String,
        /// Why.
        error: BaseError,
    },
    /// A credential cannot be sent: its value holds control characters.
    Credential {
        /// The namespace of the upstream.
        namespace: String,
    },
    /// An upstream cannot be made.
    Upstream {
        /// The namespace of the upstream.
        namespace: String,
        /// Why.
        error: UpstreamError,
    },
}

/// A placeholder of a base that nobody set.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct UnsetVariable {
    /// The namespace of the upstream.
    pub namespace: String,
    /// The placeholder.
    pub name: String,
    /// The base as written.
    pub base: String,
}

impl fmt::Display for StartError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            StartError::Unset(unset) => {
                f.write_str("the base URI needs values that nothing gives:")?;
                for one in unset {
                    let UnsetVariable {
                        namespace,
                        name,
                        base,
                    } = one;
                    write!(
                        f,
                        "\n  `{name}` of `{base}`: add `--set {namespace}.{name}=VALUE`"
                    )?;
                }
                Ok(())
            }
            StartError::Base { namespace, error } => {
                write!(f, "the base URI of `{namespace}` cannot be used: {error}")
            }
            StartError::Credential { namespace } => write!(
                f,
                "the credential of `{namespace}` cannot be sent: its value holds control characters"
            ),
            StartError::Upstream { namespace, error } => {
                write!(f, "the upstream `{namespace}` cannot be used: {error}")
            }
        }
    }
}

impl std::error::Error for StartError {}
