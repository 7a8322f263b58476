//! Credentials: rendered once, when a capability starts.

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use http::{HeaderName, HeaderValue, header};
use naftiko_bindings::Secret;
use naftiko_plan::{CredentialPlan, SecretText, TextPiece};
use naftiko_spec::ApiKeyPlacement;

use crate::render::component;

/// What a credential adds to every request.
#[derive(Clone, Debug, Default)]
pub(crate) struct Credential {
    pub(crate) headers: Vec<(HeaderName, HeaderValue)>,
    /// Encoded `name=value` pairs. Debug output is never logged: `Debug` of the engine leaves it out.
    pub(crate) query: Vec<String>,
    /// What secrets look like on the wire, besides the values themselves.
    pub(crate) encoded: Vec<String>,
}

/// A value that no header can carry.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct NotAHeaderValue;

/// Renders a credential with the values of variables. Values of variables that this start does not need are `None`.
pub(crate) fn render(
    plan: &CredentialPlan,
    variables: &[Option<Secret>],
) -> Result<Credential, NotAHeaderValue> {
    let mut credential = Credential::default();
    match plan {
        CredentialPlan::None | CredentialPlan::Unsupported(_) => {}
        CredentialPlan::Basic { username, password } => {
            let pair = format!(
                "{}:{}",
                text(username, variables),
                text(password, variables)
            );
            let encoded = STANDARD.encode(pair);
            let value = sensitive(&format!("Basic {encoded}"))?;
            credential.headers.push((header::AUTHORIZATION, value));
            credential.encoded.push(encoded);
        }
        CredentialPlan::Bearer(token) => {
            let value = sensitive(&format!("Bearer {}", text(token, variables)))?;
            credential.headers.push((header::AUTHORIZATION, value));
        }
        CredentialPlan::Keys(keys) => {
            for key in keys {
                let value = text(&key.value, variables);
                match key.placement {
                    ApiKeyPlacement::Header => {
                        let name = HeaderName::from_bytes(key.name.as_bytes())
                            .map_err(|_| NotAHeaderValue)?;
                        credential.headers.push((name, sensitive(&value)?));
                    }
                    ApiKeyPlacement::Query => {
                        let pair = format!("{}={}", component(&key.name), component(&value));
                        credential.query.push(pair);
                    }
                }
            }
        }
    }
    Ok(credential)
}

fn text(text: &SecretText, variables: &[Option<Secret>]) -> String {
    text.0
        .iter()
        .map(|piece| match piece {
            TextPiece::Text(text) => text.as_str(),
            TextPiece::Variable(id) => variables
                .get(id.0)
                .and_then(Option::as_ref)
                .map_or("", Secret::expose),
        })
        .collect()
}

/// A header value that does not print.
fn sensitive(text: &str) -> Result<HeaderValue, NotAHeaderValue> {
    // A trailing line break, as a secret file has it, is no part of the secret.
    let mut value =
        HeaderValue::from_bytes(text.trim_end().as_bytes()).map_err(|_| NotAHeaderValue)?;
    value.set_sensitive(true);
    Ok(value)
}
