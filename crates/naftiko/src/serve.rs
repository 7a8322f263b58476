//! The servers of a started capability, for whoever mounts them: the services, without sockets.

use std::fmt;
use std::sync::Arc;

use naftiko_expose::{BuildError, Exposer, ExposureContext, ExposureLimits, HttpService};
use naftiko_plan::{Broken, ExposurePlan};

use crate::start::Started;

/// Why an exposed server cannot be made.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum ServeError {
    /// The document exposes none of that name.
    Unknown {
        /// The name.
        label: String,
        /// Those that it exposes.
        exposed: Vec<String>,
    },
    /// The document has errors in it.
    Broken(Broken),
    /// It talks over standard streams, so there is nothing to mount.
    NotHttp(String),
    /// Its kind cannot build it.
    Build(BuildError),
}

impl fmt::Display for ServeError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            ServeError::Unknown { label, exposed } if exposed.is_empty() => write!(
                f,
                "there is no exposed server `{label}`: the document exposes none, and its findings say why"
            ),
            ServeError::Unknown { label, exposed } => {
                let exposed = naftiko_diagnostics::list(exposed.iter().map(String::as_str));
                write!(
                    f,
                    "there is no exposed server `{label}`; there are {exposed}"
                )
            }
            ServeError::Broken(broken) => {
                write!(f, "the server cannot be made: {}", broken.message)
            }
            ServeError::NotHttp(label) => write!(f, "`{label}` does not answer HTTP requests"),
            ServeError::Build(error) => error.fmt(f),
        }
    }
}

impl std::error::Error for ServeError {}

impl Started {
    /// The names of the exposed servers: the namespace, or the kind of one without.
    pub fn exposed(&self) -> impl Iterator<Item = &str> {
        let exposures = self.engine.plan().exposures.iter();
        exposures.map(ExposurePlan::label)
    }

    /// The server of the exposure that is called `label`, built by the kind that decoded it, with the default bounds.
    ///
    /// # Errors
    /// None of that name, or one that cannot be made.
    pub fn exposer(&self, label: &str) -> Result<Exposer, ServeError> {
        self.exposer_within(label, ExposureLimits::default())
    }

    /// Like [`Started::exposer`], with bounds.
    ///
    /// # Errors
    /// None of that name, or one that cannot be made.
    pub fn exposer_within(
        &self,
        label: &str,
        limits: ExposureLimits,
    ) -> Result<Exposer, ServeError> {
        let exposures = &self.engine.plan().exposures;
        let found = exposures
            .iter()
            .enumerate()
            .find(|(_, exposure)| exposure.label() == label);
        let unknown = || ServeError::Unknown {
            label: label.to_owned(),
            exposed: self.exposed().map(str::to_owned).collect(),
        };
        let (index, exposure) = found.ok_or_else(unknown)?;
        if let Some(broken) = &exposure.broken {
            return Err(ServeError::Broken(broken.clone()));
        }
        let kind = self.registry.get(&exposure.kind).ok_or_else(unknown)?;
        let context = ExposureContext {
            engine: Arc::clone(&self.engine),
            exposure: index,
            limits,
        };
        kind.build(&context).map_err(ServeError::Build)
    }

    /// The HTTP service of the exposure that is called `label`, to be put behind a listener or to be
    /// [mounted](naftiko_expose::Mounted).
    ///
    /// # Errors
    /// None of that name, one that cannot be made, or one that talks over standard streams.
    pub fn service(&self, label: &str) -> Result<HttpService, ServeError> {
        match self.exposer(label)? {
            Exposer::Http(service) => Ok(service),
            Exposer::Stdio(_) => Err(ServeError::NotHttp(label.to_owned())),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::ServeError;

    #[test]
    fn what_there_is_instead_is_said_even_if_there_is_nothing() {
        let said = |exposed: &[&str]| {
            let exposed = exposed.iter().map(|&name| name.to_owned()).collect();
            let label = "shop".to_owned();
            ServeError::Unknown { label, exposed }.to_string()
        };
        assert!(said(&[]).ends_with("the document exposes none, and its findings say why"));
        assert!(said(&["a", "b"]).ends_with("there are `a`, `b`"));
    }
}
