//! One registration of everything that a program brings: kinds of servers, kinds of consumed APIs, sources of variables.

use std::path::Path;
use std::sync::Arc;

use naftiko_bindings::BindProvider;
use naftiko_engine::{UpstreamKind, UpstreamKinds};
use naftiko_expose::{ExposerKind, Registry};

use crate::load::{Loaded, Loader, Unreadable};
use crate::start::Starter;

/// What a program can serve, consume and read. Loading and starting are made from one registration, so that what
/// documents may write is what can be run:
///
/// ```
/// # use naftiko::engine::{UpstreamContext, UpstreamError, UpstreamKind, UpstreamService};
/// # #[derive(Debug)] struct Carrier;
/// # impl UpstreamKind for Carrier {
/// #     fn kind(&self) -> &str { "pigeon" }
/// #     fn build(&self, _: UpstreamContext) -> Result<UpstreamService, UpstreamError> { unimplemented!() }
/// # }
/// let kinds = naftiko::Kinds::new().upstream(Carrier);
/// assert_eq!(kinds.loader().options.upstream_kinds, ["pigeon"]);
/// ```
#[derive(Clone, Debug, Default)]
pub struct Kinds {
    exposers: Registry,
    upstreams: UpstreamKinds,
    providers: Vec<Arc<dyn BindProvider>>,
}

impl Kinds {
    /// None.
    pub fn new() -> Self {
        Self::default()
    }

    /// Adds a kind of servers (`type` under `exposes`); it takes the place of one that is called the same.
    #[must_use]
    pub fn exposer(mut self, kind: impl ExposerKind + 'static) -> Self {
        self.exposers = self.exposers.with(Arc::new(kind));
        self
    }

    /// Adds a kind of consumed APIs (`type` under `consumes`); it takes the place of one that is called the same.
    #[must_use]
    pub fn upstream(mut self, kind: impl UpstreamKind + 'static) -> Self {
        self.upstreams = self.upstreams.with(Arc::new(kind));
        self
    }

    /// Adds a source of variables (the scheme of a `location` under `binds`); for its scheme it comes before those that
    /// are there, the one for files included.
    #[must_use]
    pub fn provider(mut self, provider: impl BindProvider + 'static) -> Self {
        self.providers.push(Arc::new(provider));
        self
    }

    /// The kinds of servers.
    pub fn exposers(&self) -> &Registry {
        &self.exposers
    }

    /// The kinds of consumed APIs.
    pub fn upstreams(&self) -> &UpstreamKinds {
        &self.upstreams
    }

    /// A loader of documents that use these kinds, with the default bounds.
    pub fn loader(&self) -> Loader {
        let mut loader = Loader::new(self.exposers.clone());
        loader.options.upstream_kinds = self.upstreams.words().map(str::to_owned).collect();
        loader
    }

    /// A starter that reads variables from these sources, and from no environment until it is given one.
    pub fn starter(&self) -> Starter {
        Starter {
            providers: self.providers.clone(),
            ..Starter::default()
        }
    }

    /// Loads the document in the file `path` with the default bounds.
    ///
    /// # Errors
    /// The file cannot be read. What is wrong in it is in the [findings](Loaded::findings).
    pub fn load(&self, path: impl AsRef<Path>) -> Result<Loaded, Unreadable> {
        self.loader().load(path.as_ref())
    }

    /// Loads a document from memory with the default bounds: [`Loader::load_text`].
    pub fn load_text(&self, name: &str, text: &str) -> Loaded {
        self.loader().load_text(name, text)
    }
}
