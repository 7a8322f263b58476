//! The one place where errors of the client become errors of an upstream.

use std::error::Error;
use std::fmt::Write;
use std::io;

use naftiko_engine::{UpstreamError, UpstreamErrorKind};

/// The longest text that one cause may add to a detail, in characters.
const LONGEST_CAUSE: usize = 200;

/// What `error` is to the engine.
pub(crate) fn failure(error: reqwest::Error) -> UpstreamError {
    // Its text would end with the address, and the query of an address may be a credential.
    let error = error.without_url();
    UpstreamError::new(kind(&error), detail(&error))
}

fn kind(error: &reqwest::Error) -> UpstreamErrorKind {
    if error.is_dns() {
        UpstreamErrorKind::NameNotResolved
    } else if error.is_timeout() {
        UpstreamErrorKind::TimedOut
    } else if error.is_builder() {
        UpstreamErrorKind::Misconfigured
    } else if error.is_connect() {
        no_connection(error)
    } else if head_is_too_large(error) {
        UpstreamErrorKind::TooLarge
    } else {
        UpstreamErrorKind::Broken
    }
}

/// A refusal of the operating system comes before TLS begins. Other errors of I/O, and connections that were there and
/// went away, are TLS that failed.
fn no_connection(error: &reqwest::Error) -> UpstreamErrorKind {
    let Some(cause) = causes(error).find_map(<dyn Error>::downcast_ref::<io::Error>) else {
        return UpstreamErrorKind::Unreachable;
    };
    let broke_off = matches!(
        cause.kind(),
        io::ErrorKind::ConnectionReset
            | io::ErrorKind::ConnectionAborted
            | io::ErrorKind::BrokenPipe
    );
    if cause.raw_os_error().is_some() && !broke_off {
        UpstreamErrorKind::Unreachable
    } else {
        UpstreamErrorKind::Tls
    }
}

fn head_is_too_large(error: &reqwest::Error) -> bool {
    causes(error)
        .filter_map(<dyn Error>::downcast_ref::<hyper::Error>)
        .any(hyper::Error::is_parse_too_large)
}

fn causes(error: &reqwest::Error) -> impl Iterator<Item = &(dyn Error + 'static)> {
    let mut next = error.source();
    std::iter::from_fn(move || {
        let cause = next?;
        next = cause.source();
        Some(cause)
    })
}

/// The error and its causes in one line. What the upstream may have written itself (the name in a certificate) is
/// clipped and escaped, or left out (what HTTP/2 says when it goes away).
fn detail(error: &reqwest::Error) -> String {
    let mut text = error.to_string();
    let mut in_protocol = false;
    for cause in causes(error) {
        // One inside of another may hold the address again.
        if cause.is::<reqwest::Error>() {
            continue;
        }
        let of_system = cause
            .downcast_ref::<io::Error>()
            .is_some_and(|cause| cause.raw_os_error().is_some());
        if in_protocol && !of_system {
            continue;
        }
        in_protocol |= cause.is::<hyper::Error>();
        text.push_str(": ");
        for c in cause.to_string().chars().take(LONGEST_CAUSE) {
            if c.is_control() {
                // Writing to a String cannot fail.
                let _ = write!(text, "{}", c.escape_default());
            } else {
                text.push(c);
            }
        }
    }
    text
}
