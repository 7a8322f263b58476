//! Sources of variables besides the environment.

use std::collections::BTreeMap;
use std::fmt;
use std::path::Path;

use naftiko_imports::{LoadError, SourceLoader};

use crate::dotenv;

/// Reads the variables of one kind of source. An embedder registers its own for a scheme of its own (`vault://…`).
pub trait BindProvider: fmt::Debug + Send + Sync {
    /// The URI scheme that it serves, without `:`.
    fn scheme(&self) -> &str;

    /// All values of `location`, as a document in `dir` names it.
    fn read(
        &self,
        location: &str,
        dir: &Path,
        loader: &dyn SourceLoader,
    ) -> Result<BTreeMap<String, String>, ProviderError>;
}

/// Why a source of variables cannot be read. The text never holds a value.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ProviderError(pub String);

impl fmt::Display for ProviderError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

impl std::error::Error for ProviderError {}

impl From<LoadError> for ProviderError {
    fn from(error: LoadError) -> Self {
        Self(error.to_string())
    }
}

/// Reads `file:` sources: a YAML or JSON mapping of scalars, or a `.env` file.
#[derive(Clone, Copy, Debug, Default)]
pub struct FileProvider;

impl BindProvider for FileProvider {
    fn scheme(&self) -> &'static str {
        "file"
    }

    fn read(
        &self,
        location: &str,
        dir: &Path,
        loader: &dyn SourceLoader,
    ) -> Result<BTreeMap<String, String>, ProviderError> {
        let source = loader.load(dir, location)?;
        let extension = source
            .path
            .extension()
            .map(|e| e.to_string_lossy().to_lowercase());
        if matches!(extension.as_deref(), Some("yaml" | "yml" | "json")) {
            return mapping(&source.text)
                .ok_or_else(|| ProviderError(format!("`{}` is not a mapping", source.name)));
        }
        dotenv::parse(&source.text).map_err(|line| {
            ProviderError(format!(
                "line {line} of `{}` is not `KEY=value`",
                source.name
            ))
        })
    }
}

/// The scalars of a flat YAML mapping; JSON is YAML too. The error of the parser is dropped: it may quote a value.
fn mapping(text: &str) -> Option<BTreeMap<String, String>> {
    let values: BTreeMap<String, serde_yaml::Value> = serde_yaml::from_str(text).ok()?;
    let scalar = |value: serde_yaml::Value| match value {
        serde_yaml::Value::String(text) => Some(text),
        serde_yaml::Value::Number(number) => Some(number.to_string()),
        serde_yaml::Value::Bool(value) => Some(value.to_string()),
        _ => None,
    };
    Some(
        values
            .into_iter()
            .filter_map(|(key, value)| Some((key, scalar(value)?)))
            .collect(),
    )
}
