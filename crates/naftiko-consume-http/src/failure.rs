//! The one place where errors of the client become errors of an upstream.

use std::error::Error;
use std::fmt::Write;
use std::io;
use std::time::Duration;

use hyper_util::client::legacy;
use naftiko_engine::{UpstreamError, UpstreamErrorKind};

use crate::connect::{NoAddress, TooLate};

/// The longest text that one cause may add to a detail, in characters.
const LONGEST_CAUSE: usize = 200;

/// What `error` is to the engine.
pub(crate) fn failure(error: &(dyn Error + 'static)) -> UpstreamError {
    UpstreamError::new(kind(error), detail(error))
}

/// A whole call took longer than it may.
pub(crate) fn too_late(limit: Duration) -> UpstreamError {
    let missing = "no whole answer";
    failure(&TooLate { missing, limit })
}

fn kind(error: &(dyn Error + 'static)) -> UpstreamErrorKind {
    if has::<NoAddress>(error) {
        UpstreamErrorKind::NameNotResolved
    } else if has::<TooLate>(error) {
        UpstreamErrorKind::TimedOut
    } else if find::<legacy::Error>(error).is_some_and(legacy::Error::is_connect) {
        no_connection(error)
    } else if find::<hyper::Error>(error).is_some_and(hyper::Error::is_parse_too_large) {
        UpstreamErrorKind::TooLarge
    } else {
        UpstreamErrorKind::Broken
    }
}

/// A refusal of the operating system comes before TLS begins. Other errors of I/O, and connections that were there and
/// went away, are TLS that failed.
fn no_connection(error: &(dyn Error + 'static)) -> UpstreamErrorKind {
    let Some(cause) = find::<io::Error>(error) else {
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

/// The error, then what caused it.
fn chain<'e>(error: &'e (dyn Error + 'static)) -> impl Iterator<Item = &'e (dyn Error + 'static)> {
    let mut next = Some(error);
    std::iter::from_fn(move || {
        let cause = next?;
        next = cause.source();
        Some(cause)
    })
}

fn find<'e, E: Error + 'static>(error: &'e (dyn Error + 'static)) -> Option<&'e E> {
    chain(error).find_map(<dyn Error>::downcast_ref::<E>)
}

fn has<E: Error + 'static>(error: &(dyn Error + 'static)) -> bool {
    find::<E>(error).is_some()
}

/// The error and its causes in one line. What the upstream may have written itself (the name in a certificate) is
/// clipped and escaped, or left out (what HTTP/2 says when it goes away).
fn detail(error: &(dyn Error + 'static)) -> String {
    let mut text = String::new();
    let mut in_protocol = false;
    for cause in chain(error) {
        let of_system = cause
            .downcast_ref::<io::Error>()
            .is_some_and(|cause| cause.raw_os_error().is_some());
        // "client error (Connect)" says less than what caused it.
        let wraps = cause.is::<legacy::Error>() && cause.source().is_some();
        if wraps || in_protocol && !of_system {
            continue;
        }
        in_protocol |= cause.is::<hyper::Error>();
        if !text.is_empty() {
            text.push_str(": ");
        }
        let said = in_words(cause).map_or_else(|| cause.to_string(), str::to_owned);
        for c in said.chars().take(LONGEST_CAUSE) {
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

/// What an operator can do something about, where the library's own words are not for people.
fn in_words(cause: &(dyn Error + 'static)) -> Option<&'static str> {
    use rustls::{CertificateError as Certificate, Error as Tls};
    // An error of I/O may hold another one, and that one of TLS: they are no causes of it.
    let mut held = cause.downcast_ref::<io::Error>()?.get_ref()?;
    while let Some(inner) = held.downcast_ref::<io::Error>() {
        held = inner.get_ref()?;
    }
    match held.downcast_ref::<Tls>()? {
        Tls::InvalidMessage(_) => Some("what answers there does not speak TLS: is it `http://`?"),
        Tls::InvalidCertificate(Certificate::UnknownIssuer) => Some(
            "its certificate is from nobody who is trusted here: SSL_CERT_FILE can name who is",
        ),
        Tls::InvalidCertificate(Certificate::Other(_)) => {
            Some("its certificate is not one of a server: self-signed ones often are not")
        }
        _ => None,
    }
}
