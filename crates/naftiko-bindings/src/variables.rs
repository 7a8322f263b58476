//! The variables that one file binds, and which of them a name means.

use std::path::PathBuf;

use naftiko_diagnostics::Span;
use naftiko_imports::Scope;

/// A bound variable.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Variable {
    /// Its name in templates.
    pub name: String,
    /// Its key in the source.
    pub key: String,
    /// Where the value is read.
    pub origin: Origin,
    /// The label of its bind.
    pub namespace: Option<String>,
    /// Where it is bound; for an unbound variable, where it is used.
    pub span: Span,
}

/// Where the value of a variable is read.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Origin {
    /// The environment of the process and `--env-file`.
    Environment,
    /// A URI, seen from a directory.
    Location {
        /// The URI as written.
        location: String,
        /// The directory of the document that names it.
        dir: PathBuf,
    },
}

/// All variables of a scope.
#[derive(Clone, Debug, Default)]
pub struct Variables {
    all: Vec<Variable>,
}

impl Variables {
    /// The variables that `scope` binds.
    pub fn of(scope: &Scope) -> Self {
        let mut all = Vec::new();
        for bind in &scope.binds {
            let origin = match &bind.location {
                None => Origin::Environment,
                Some(location) => Origin::Location {
                    location: location.value.clone(),
                    dir: scope.dir.clone(),
                },
            };
            for (name, key) in &bind.keys {
                all.push(Variable {
                    name: name.value.clone(),
                    key: key.value.clone(),
                    origin: origin.clone(),
                    namespace: bind.namespace.as_ref().map(|name| name.value.clone()),
                    span: name.span,
                });
            }
        }
        Self { all }
    }

    /// The variable that `name` means: `KEY`, `bind.KEY` or `env.KEY`. Of two with one name the last one counts.
    pub fn find(&self, name: &str) -> Option<&Variable> {
        let plain = self.all.iter().rev().find(|variable| variable.name == name);
        plain.or_else(|| {
            let (namespace, key) = name.split_once('.')?;
            let same = |variable: &&Variable| variable.name == key;
            let bound = |variable: &&Variable| variable.namespace.as_deref() == Some(namespace);
            let candidates = || self.all.iter().rev().filter(same);
            candidates()
                .find(bound)
                .or_else(|| candidates().next().filter(|_| namespace == "env"))
        })
    }

    /// All variables in document order.
    pub fn iter(&self) -> impl Iterator<Item = &Variable> {
        self.all.iter()
    }
}
