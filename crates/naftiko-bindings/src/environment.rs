//! The environment that variables without a location are read from.

use std::collections::BTreeMap;
use std::fmt;

/// A set of environment variables. A trait, so that tests and embedders never touch the process.
pub trait Environment: fmt::Debug + Send + Sync {
    /// The value of `key`, if it is set.
    fn get(&self, key: &str) -> Option<String>;
}

/// The environment of this process.
#[derive(Clone, Copy, Debug, Default)]
pub struct ProcessEnvironment;

impl Environment for ProcessEnvironment {
    fn get(&self, key: &str) -> Option<String> {
        std::env::var(key).ok()
    }
}

/// Values held in memory: an `--env-file`, or what an embedder gives.
#[derive(Clone, Default)]
pub struct MapEnvironment(pub BTreeMap<String, String>);

impl fmt::Debug for MapEnvironment {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        // Keys only: the values are secrets.
        f.debug_set().entries(self.0.keys()).finish()
    }
}

impl Environment for MapEnvironment {
    fn get(&self, key: &str) -> Option<String> {
        self.0.get(key).cloned()
    }
}

/// Two environments: the first wins. The process wins over `--env-file` (decisions, section 3).
#[derive(Debug)]
pub struct Overlay<A, B>(pub A, pub B);

impl<A: Environment, B: Environment> Environment for Overlay<A, B> {
    fn get(&self, key: &str) -> Option<String> {
        self.0.get(key).or_else(|| self.1.get(key))
    }
}
