//! A kind of exposed server.

use std::fmt;
use std::path::PathBuf;
use std::sync::Arc;

use naftiko_engine::Engine;
use naftiko_imports::SourceLoader;
use naftiko_plan::{DecodedExposure, ExposurePlan};
use naftiko_spec::{Context, Exposure};

use crate::message::HttpService;
use crate::stream::StreamServer;

/// A kind of exposed server.
pub trait ExposerKind: fmt::Debug + Send + Sync {
    /// The word that documents write as `type`.
    fn kind(&self) -> &'static str;

    /// Reads the kind's own part of a document. Findings go to the context; what cannot be read is left out.
    fn decode(&self, exposure: &Exposure, cx: &mut Context<'_>) -> DecodedExposure;

    /// Like [`ExposerKind::decode`], for kinds that read files which the document names.
    fn decode_at(&self, exposure: &Exposure, home: &Home, cx: &mut Context<'_>) -> DecodedExposure {
        let _ = home;
        self.decode(exposure, cx)
    }

    /// Makes the server.
    fn build(&self, context: &ExposureContext) -> Result<Exposer, BuildError>;

    /// Makes a server that talks over standard streams, whatever transport the document says.
    ///
    /// # Errors
    /// The kind has none.
    fn build_stdio(&self, context: &ExposureContext) -> Result<Arc<dyn StreamServer>, BuildError> {
        let _ = context;
        Err(BuildError(format!(
            "a server of type `{}` does not talk over standard streams",
            self.kind()
        )))
    }

    /// The path below its address that callers start from: what is shown after the port.
    fn path(&self) -> &'static str {
        ""
    }
}

/// Where a document lies: what its relative locations start from, and what reads them.
#[derive(Clone, Debug)]
pub struct Home {
    /// The directory of the document.
    pub dir: PathBuf,
    /// What reads files, and keeps to those that the document may reach.
    pub files: Arc<dyn SourceLoader>,
}

/// What a server is made from.
#[derive(Clone, Debug)]
pub struct ExposureContext {
    /// The engine of its capability.
    pub engine: Arc<Engine>,
    /// Its place in the plan's exposures.
    pub exposure: usize,
    /// Bounds.
    pub limits: ExposureLimits,
}

impl ExposureContext {
    /// Its part of the plan.
    ///
    /// # Errors
    /// The plan has no exposure at that place.
    pub fn plan(&self) -> Result<&ExposurePlan, BuildError> {
        self.engine
            .plan()
            .exposures
            .get(self.exposure)
            .ok_or_else(|| BuildError(String::from("the plan has no such exposure")))
    }
}

/// Bounds of a server (decisions, section 8).
#[derive(Clone, Copy, Debug)]
pub struct ExposureLimits {
    /// Bytes of a request's body.
    pub request_body: usize,
    /// Bytes of an upstream's error that a result repeats, where it is not streamed.
    pub relayed_error: usize,
    /// Bytes of an answer that is passed on, where it cannot be streamed.
    pub relayed: usize,
}

impl Default for ExposureLimits {
    fn default() -> Self {
        const MIB: usize = 1024 * 1024;
        Self {
            request_body: 10 * MIB,
            relayed_error: 64 * 1024,
            relayed: 32 * MIB,
        }
    }
}

/// A built server.
pub enum Exposer {
    /// It answers HTTP requests.
    Http(HttpService),
    /// It talks over a pair of streams: those of the process.
    Stdio(Arc<dyn StreamServer>),
}

impl fmt::Debug for Exposer {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Exposer::Http(_) => f.write_str("Exposer::Http"),
            Exposer::Stdio(_) => f.write_str("Exposer::Stdio"),
        }
    }
}

/// Why a server cannot be made.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct BuildError(pub String);

impl fmt::Display for BuildError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

impl std::error::Error for BuildError {}
