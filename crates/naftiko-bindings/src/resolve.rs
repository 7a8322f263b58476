//! Reading the values of variables, once, at start.

use std::collections::BTreeMap;
use std::path::Path;
use std::sync::Arc;

use naftiko_imports::SourceLoader;

use crate::environment::Environment;
use crate::provider::{BindProvider, FileProvider, ProviderError};
use crate::secret::Secret;
use crate::variables::{Origin, Variable};

/// Reads variables from the environment and from providers.
#[derive(Debug)]
pub struct Resolver {
    environment: Arc<dyn Environment>,
    loader: Arc<dyn SourceLoader>,
    providers: Vec<Arc<dyn BindProvider>>,
    prefix: Option<String>,
}

/// A variable without a value, and why.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Missing {
    /// The index of the variable in what was asked for.
    pub variable: usize,
    /// Why.
    pub reason: MissingReason,
}

/// Why a variable has no value.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum MissingReason {
    /// The environment does not have the key.
    NotInEnvironment(String),
    /// The source does not have the key.
    NotInSource(String),
    /// The source cannot be read.
    Source(String),
    /// No provider serves the scheme.
    NoProvider(String),
}

impl Resolver {
    /// Reads from `environment`, and from files through `loader`.
    pub fn new(environment: Arc<dyn Environment>, loader: Arc<dyn SourceLoader>) -> Self {
        Self {
            environment,
            loader,
            providers: vec![Arc::new(FileProvider)],
            prefix: None,
        }
    }

    /// Adds a provider; for its scheme it comes before those that are there.
    #[must_use]
    pub fn with_provider(mut self, provider: Arc<dyn BindProvider>) -> Self {
        self.providers.insert(0, provider);
        self
    }

    /// Tries `{PREFIX}__KEY` before `KEY` in the environment: several capabilities may run in one process.
    #[must_use]
    pub fn with_prefix(mut self, capability: &str) -> Self {
        let upper = |c: char| {
            if c.is_ascii_alphanumeric() {
                c.to_ascii_uppercase()
            } else {
                '_'
            }
        };
        self.prefix = Some(capability.chars().map(upper).collect());
        self
    }

    /// The values of `variables` in their order.
    ///
    /// # Errors
    /// Every variable that has no value, so that a person can mend all at once.
    pub fn resolve<'v>(
        &self,
        variables: impl IntoIterator<Item = &'v Variable>,
    ) -> Result<Vec<Secret>, Vec<Missing>> {
        let mut sources: BTreeMap<Origin, Result<BTreeMap<String, String>, MissingReason>> =
            BTreeMap::new();
        let mut values = Vec::new();
        let mut missing = Vec::new();
        for (index, variable) in variables.into_iter().enumerate() {
            let found = match &variable.origin {
                Origin::Environment => self.environment_value(&variable.key),
                Origin::Location { location, dir } => {
                    let source = sources
                        .entry(variable.origin.clone())
                        .or_insert_with(|| self.read(location, dir));
                    match source {
                        Ok(values) => values.get(&variable.key).cloned().ok_or_else(|| {
                            MissingReason::NotInSource(format!("{location}: {}", variable.key))
                        }),
                        Err(reason) => Err(reason.clone()),
                    }
                }
            };
            match found {
                Ok(value) => values.push(Secret::new(value)),
                Err(reason) => missing.push(Missing {
                    variable: index,
                    reason,
                }),
            }
        }
        if missing.is_empty() {
            Ok(values)
        } else {
            Err(missing)
        }
    }

    fn environment_value(&self, key: &str) -> Result<String, MissingReason> {
        let own = self
            .prefix
            .as_ref()
            .and_then(|p| self.environment.get(&format!("{p}__{key}")));
        own.or_else(|| self.environment.get(key))
            .ok_or_else(|| MissingReason::NotInEnvironment(key.to_owned()))
    }

    fn read(&self, location: &str, dir: &Path) -> Result<BTreeMap<String, String>, MissingReason> {
        let scheme = location
            .split_once(':')
            .map_or("file", |(scheme, _)| scheme);
        let provider = self
            .providers
            .iter()
            .find(|provider| provider.scheme().eq_ignore_ascii_case(scheme))
            .ok_or_else(|| MissingReason::NoProvider(scheme.to_owned()))?;
        provider
            .read(location, dir, &*self.loader)
            .map_err(|ProviderError(text)| MissingReason::Source(text))
    }
}

#[cfg(test)]
mod tests {
    use naftiko_diagnostics::{SourceMap, Span};
    use naftiko_imports::MemoryLoader;

    use super::*;
    use crate::environment::MapEnvironment;

    fn variable(key: &str, location: Option<&str>) -> Variable {
        let file = SourceMap::new().add("t", "");
        let origin = location.map_or(Origin::Environment, |location| Origin::Location {
            location: location.into(),
            dir: "specs".into(),
        });
        Variable {
            name: key.into(),
            key: key.into(),
            origin,
            namespace: None,
            span: Span::new(file, 0, 0),
        }
    }

    fn resolver() -> Resolver {
        let environment = [("A", "plain"), ("SHOP_OPS__A", "own"), ("B", "b")];
        let environment = environment.map(|(k, v)| (k.to_owned(), v.to_owned()));
        let loader = MemoryLoader::new()
            .with("specs/s.yaml", "K: 1\nL: text\nM: [no]\n")
            .with("specs/s.env", "K='x'\n")
            .with("specs/bad.json", "[1]");
        Resolver::new(
            Arc::new(MapEnvironment(environment.into())),
            Arc::new(loader),
        )
    }

    #[test]
    fn the_capability_s_own_key_comes_first() {
        let asked = [variable("A", None), variable("B", None)];
        let plain = resolver().resolve(&asked).unwrap();
        assert_eq!(plain[0].expose(), "plain");
        let own = resolver().with_prefix("shop-ops").resolve(&asked).unwrap();
        assert_eq!((own[0].expose(), own[1].expose()), ("own", "b"));
    }

    #[test]
    fn files_are_read_beside_the_document() {
        let asked = [
            variable("K", Some("file:///./s.yaml")),
            variable("L", Some("s.yaml")),
            variable("K", Some("file:./s.env")),
        ];
        let values = resolver().resolve(&asked).unwrap();
        let values: Vec<&str> = values.iter().map(Secret::expose).collect();
        assert_eq!(values, ["1", "text", "x"]);
    }

    #[test]
    fn all_that_is_missing_is_told() {
        let asked = [
            variable("NOPE", None),
            variable("M", Some("s.yaml")),
            variable("K", Some("bad.json")),
            variable("K", Some("vault://x")),
        ];
        let missing = resolver().resolve(&asked).unwrap_err();
        let reasons: Vec<MissingReason> = missing.into_iter().map(|m| m.reason).collect();
        assert_eq!(
            reasons,
            [
                MissingReason::NotInEnvironment("NOPE".into()),
                MissingReason::NotInSource("s.yaml: M".into()),
                MissingReason::Source("`specs/bad.json` is not a mapping".into()),
                MissingReason::NoProvider("vault".into()),
            ]
        );
    }
}
