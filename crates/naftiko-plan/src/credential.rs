//! Credentials: templates that see variables only.

use naftiko_diagnostics::{Diagnostics, Severity, Spanned, codes};
use naftiko_expr::{Part, Syntax, Template};
use naftiko_imports::LinkedClient;
use naftiko_spec::AuthenticationKind;

use crate::client::implicit;
use crate::compile::Compiler;
use crate::names::unbound;
use crate::plan::{CredentialPlan, KeyPlan, SecretText, TextPiece, UpstreamId};
use crate::url::{inside, malformed};

/// The credential of a client.
pub(crate) fn lower(
    id: UpstreamId,
    linked: &LinkedClient,
    compiler: &mut Compiler<'_>,
    found: &mut Diagnostics,
) -> CredentialPlan {
    let Some(authentication) = &linked.client.authentication else {
        return CredentialPlan::None;
    };
    let mut text = |template: &Option<Spanned<String>>| match template {
        Some(template) => lower_text(template, id, linked.scope, compiler, found),
        None => SecretText(Vec::new()),
    };
    match &authentication.kind {
        AuthenticationKind::Basic { username, password } => CredentialPlan::Basic {
            username: text(username),
            password: text(password),
        },
        AuthenticationKind::Bearer { token } => CredentialPlan::Bearer(text(&Some(token.clone()))),
        AuthenticationKind::ApiKey(keys) => {
            let keys = keys.iter().map(|key| KeyPlan {
                name: key.name.value.clone(),
                placement: key.placement,
                value: text(&Some(key.value.clone())),
            });
            let keys: Vec<KeyPlan> = keys.collect();
            for key in authentication_names(&authentication.kind) {
                if http::HeaderName::from_bytes(key.value.as_bytes()).is_err() {
                    found.push(codes::invalid_header_name::new(key));
                }
            }
            CredentialPlan::Keys(keys)
        }
        AuthenticationKind::Digest { .. } => {
            unsupported("digest", authentication.span, compiler, found)
        }
        AuthenticationKind::Other(kind) => unsupported(&kind.value, kind.span, compiler, found),
    }
}

/// The names of header API keys.
fn authentication_names(kind: &AuthenticationKind) -> Vec<&Spanned<String>> {
    match kind {
        AuthenticationKind::ApiKey(keys) => keys
            .iter()
            .filter(|key| key.placement == naftiko_spec::ApiKeyPlacement::Header)
            .map(|key| &key.name)
            .collect(),
        _ => Vec::new(),
    }
}

/// Kinds that are not served stop a client, but not a sandbox, which asks for no credential.
fn unsupported(
    kind: &str,
    span: naftiko_spec::Span,
    compiler: &Compiler<'_>,
    found: &mut Diagnostics,
) -> CredentialPlan {
    let finding = codes::unsupported_authentication::new(span, kind);
    found.push(if compiler.options.sandbox {
        finding.with_severity(Severity::Warning)
    } else {
        finding
    });
    CredentialPlan::Unsupported(kind.to_owned())
}

fn lower_text(
    text: &Spanned<String>,
    id: UpstreamId,
    scope: usize,
    compiler: &mut Compiler<'_>,
    found: &mut Diagnostics,
) -> SecretText {
    let template = match Template::parse(&text.value, Syntax::Double) {
        Ok(template) => template,
        Err(error) => {
            found.push(malformed(text, &error, 0));
            return SecretText(Vec::new());
        }
    };
    let mut pieces = Vec::new();
    for part in template.parts() {
        let placeholder = match part {
            Part::Text(text) => {
                pieces.push(TextPiece::Text(text.clone()));
                continue;
            }
            Part::Placeholder(placeholder) => placeholder,
        };
        let span = inside(text, placeholder.range.start, placeholder.range.len());
        if let Some(variable) = compiler.variable(scope, &placeholder.name, span, id) {
            pieces.push(TextPiece::Variable(variable));
        } else if let Some(key) = implicit(&placeholder.name, true) {
            match compiler.implicit(key, span, id, found) {
                Some(variable) => pieces.push(TextPiece::Variable(variable)),
                None => found.push(unbound(key, span)),
            }
        } else {
            found.push(codes::unresolved_name::in_credential(
                span,
                &placeholder.name,
            ));
        }
    }
    SecretText(pieces)
}
