//! The upstream kind `http` and its clients.

use std::fmt;
use std::sync::{Arc, OnceLock};

use hyper_util::client::proxy::matcher::Matcher;
use naftiko_engine::{
    UpstreamContext, UpstreamError, UpstreamErrorKind, UpstreamKind, UpstreamService,
};
use rustls::pki_types::CertificateDer;
use tower::service_fn;

use crate::client::Client;
use crate::exchange::Exchange;
use crate::limits::HttpLimits;
use crate::target::Origin;
use crate::trust;

/// Consumed APIs over HTTP/1.1 and, where TLS negotiates it, HTTP/2.
///
/// All upstreams of one `HttpUpstream` share a client. A pool is keyed by origin anyway, credentials travel in requests
/// and never belong to a connection, and loading the certificates that the machine trusts is worth doing once.
///
/// Certificates are verified as the platform does: on Linux against its certificate store, or against what
/// `SSL_CERT_FILE` and `SSL_CERT_DIR` name. Upstreams without TLS need no store, so a capability of `http` bases starts
/// in a container that has none.
///
/// Variables like `HTTP_PROXY` are not obeyed unless the operator says so: they are set for other programs of a
/// container, and a proxy sees every credential that goes to an `http` base.
pub struct HttpUpstream {
    limits: HttpLimits,
    roots: Vec<CertificateDer<'static>>,
    environment_proxy: bool,
    plain: OnceLock<Client>,
    secure: OnceLock<Client>,
}

impl HttpUpstream {
    /// A kind with bounds, that trusts what the platform trusts and uses no proxy.
    pub fn new(limits: HttpLimits) -> Self {
        Self {
            limits,
            roots: Vec::new(),
            environment_proxy: false,
            plain: OnceLock::new(),
            secure: OnceLock::new(),
        }
    }

    /// Trusts the certificates of a PEM text too, beside those of the platform.
    ///
    /// # Errors
    /// [`UpstreamErrorKind::Misconfigured`] when the text holds no certificate.
    pub fn trusting(mut self, pem: &[u8]) -> Result<Self, UpstreamError> {
        let roots = trust::certificates(pem).map_err(misconfigured)?;
        if roots.is_empty() {
            return Err(misconfigured("there is no certificate in the PEM text"));
        }
        self.roots.extend(roots);
        self.secure = OnceLock::new();
        Ok(self)
    }

    /// Obeys `HTTP_PROXY`, `HTTPS_PROXY`, `ALL_PROXY` and `NO_PROXY`.
    #[must_use]
    pub fn with_environment_proxy(mut self) -> Self {
        self.environment_proxy = true;
        self.plain = OnceLock::new();
        self.secure = OnceLock::new();
        self
    }

    fn client(&self, secure: bool) -> Result<Client, UpstreamError> {
        // A proxy may itself be reached by TLS.
        let secure = secure || self.environment_proxy;
        let cell = if secure { &self.secure } else { &self.plain };
        if let Some(client) = cell.get() {
            return Ok(client.clone());
        }
        let tls = if secure {
            trust::platform(&self.roots)
        } else {
            // Nothing is loaded, because no certificate is looked at: redirects do not leave the scheme.
            trust::nobody()
        };
        let tls = tls.map_err(|error| misconfigured(error.to_string()))?;
        let proxies = self.environment_proxy.then(Matcher::from_env);
        let client = Client::new(tls, proxies, &self.limits);
        Ok(cell.get_or_init(|| client).clone())
    }
}

fn misconfigured(why: impl Into<String>) -> UpstreamError {
    UpstreamError::new(UpstreamErrorKind::Misconfigured, why)
}

impl Default for HttpUpstream {
    fn default() -> Self {
        Self::new(HttpLimits::default())
    }
}

impl fmt::Debug for HttpUpstream {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("HttpUpstream")
            .field("limits", &self.limits)
            .field("roots", &self.roots.len())
            .field("environment_proxy", &self.environment_proxy)
            .finish_non_exhaustive()
    }
}

impl UpstreamKind for HttpUpstream {
    // The trait leaves the lifetime to each kind.
    #[allow(clippy::unnecessary_literal_bound)]
    fn kind(&self) -> &str {
        "http"
    }

    fn build(&self, context: UpstreamContext) -> Result<UpstreamService, UpstreamError> {
        let origin = Origin::new(&context.base)?;
        let client = self.client(origin.is_secure())?;
        let exchange = Arc::new(Exchange::new(client, origin, self.limits));
        Ok(UpstreamService::new(service_fn(move |request| {
            let exchange = Arc::clone(&exchange);
            async move { exchange.run(request).await }
        })))
    }
}
