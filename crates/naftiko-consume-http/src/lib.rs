//! The HTTP upstream: a pooled client, TLS, redirects and time limits.
