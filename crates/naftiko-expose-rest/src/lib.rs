//! Exposes a capability as a REST API.
