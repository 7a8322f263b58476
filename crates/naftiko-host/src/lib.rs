//! Owns the sockets: listeners, limits, host and origin checks, drain.
