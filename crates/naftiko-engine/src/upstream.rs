//! The upstream port: what a consumed API is to the engine.

use std::fmt;
use std::sync::Arc;

use bytes::Bytes;
use http::{Request, Response};
use tower::util::BoxCloneSyncService;

use crate::body::Body;

/// A consumed API as a service: a request with its whole body, an answer whose body is a stream. Retry, caching and the
/// like are layers around it.
pub type UpstreamService = BoxCloneSyncService<Request<Bytes>, Response<Body>, UpstreamError>;

/// A kind of consumed API (`type` of a `consumes` entry).
pub trait UpstreamKind: fmt::Debug + Send + Sync {
    /// The word that documents write.
    fn kind(&self) -> &str;

    /// Makes the service of one consumed API.
    fn build(&self, context: UpstreamContext) -> Result<UpstreamService, UpstreamError>;
}

/// Several kinds of consumed APIs: each client is built by the one whose word it has.
#[derive(Clone, Debug, Default)]
pub struct UpstreamKinds {
    kinds: Vec<Arc<dyn UpstreamKind>>,
}

impl UpstreamKinds {
    /// None.
    pub fn new() -> Self {
        Self::default()
    }

    /// Adds a kind; it takes the place of one that is called the same.
    #[must_use]
    pub fn with(mut self, kind: Arc<dyn UpstreamKind>) -> Self {
        self.kinds.retain(|known| known.kind() != kind.kind());
        self.kinds.push(kind);
        self
    }

    /// The words that documents may write.
    pub fn words(&self) -> impl Iterator<Item = &str> {
        self.kinds.iter().map(|kind| kind.kind())
    }
}

impl UpstreamKind for UpstreamKinds {
    fn kind(&self) -> &'static str {
        "*"
    }

    fn build(&self, context: UpstreamContext) -> Result<UpstreamService, UpstreamError> {
        match self.kinds.iter().find(|kind| kind.kind() == context.kind) {
            Some(kind) => kind.build(context),
            None => Err(UpstreamError::new(
                UpstreamErrorKind::Misconfigured,
                format!("there is no kind `{}` of consumed APIs", context.kind),
            )),
        }
    }
}

/// What the service of a consumed API is made from.
#[derive(Clone, Debug)]
pub struct UpstreamContext {
    /// The word that the document writes as `type`; `http` when it writes none.
    pub kind: String,
    /// The namespace, for logs.
    pub namespace: String,
    /// Scheme, authority and base path. Requests carry absolute URIs below it.
    pub base: http::Uri,
}

/// Why there is no answer of an upstream.
#[derive(Debug)]
pub struct UpstreamError {
    /// What happened.
    pub kind: UpstreamErrorKind,
    /// What the network or the library says. For logs, never for callers: it may hold an address.
    pub detail: String,
}

/// What happened to a request without an answer.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum UpstreamErrorKind {
    /// The connection was refused or the host cannot be reached.
    Unreachable,
    /// The name of the host has no address.
    NameNotResolved,
    /// No secure connection could be made.
    Tls,
    /// It took longer than it may.
    TimedOut,
    /// The connection broke, or what came back is not HTTP.
    Broken,
    /// The answer is larger than it may be.
    TooLarge,
    /// The upstream cannot be used at all.
    Misconfigured,
}

impl UpstreamError {
    /// An error of `kind`; `detail` is for logs.
    pub fn new(kind: UpstreamErrorKind, detail: impl Into<String>) -> Self {
        Self {
            kind,
            detail: detail.into(),
        }
    }
}

impl UpstreamErrorKind {
    /// A stable word for logs and problem types.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Unreachable => "upstream-unreachable",
            Self::NameNotResolved => "upstream-name-not-resolved",
            Self::Tls => "upstream-tls",
            Self::TimedOut => "upstream-timed-out",
            Self::Broken => "upstream-broken",
            Self::TooLarge => "upstream-answer-too-large",
            Self::Misconfigured => "upstream-misconfigured",
        }
    }

    /// One sentence for callers: no address, no internal text.
    pub fn sentence(self) -> &'static str {
        match self {
            Self::Unreachable => "the upstream API could not be reached",
            Self::NameNotResolved => "the name of the upstream API could not be resolved",
            Self::Tls => "no secure connection to the upstream API could be made",
            Self::TimedOut => "the upstream API did not answer in time",
            Self::Broken => "the upstream API broke off its answer",
            Self::TooLarge => "the upstream API answered more than is allowed",
            Self::Misconfigured => "the upstream API cannot be called as it is configured",
        }
    }
}

impl fmt::Display for UpstreamError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}: {}", self.kind.as_str(), self.detail)
    }
}

impl std::error::Error for UpstreamError {}
