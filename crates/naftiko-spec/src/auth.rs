//! Credentials (specification, "Authentication"): how a client shows who it is, or what an exposer asks for.

use naftiko_diagnostics::{Span, Spanned, codes};

use crate::fields::{Context, Fields, text_of};
use crate::yaml::Node;

/// How a credential is shown, as written.
#[derive(Clone, Debug)]
pub struct Authentication {
    /// The kind and its fields.
    pub kind: AuthenticationKind,
    /// The whole declaration.
    pub span: Span,
}

/// The kinds of credentials.
#[derive(Clone, Debug)]
pub enum AuthenticationKind {
    /// A name and a password.
    Basic {
        /// Template of the name.
        username: Option<Spanned<String>>,
        /// Template of the password; it may be empty.
        password: Option<Spanned<String>>,
    },
    /// The same, answering a challenge.
    Digest {
        /// Template of the name.
        username: Option<Spanned<String>>,
        /// Template of the password.
        password: Option<Spanned<String>>,
    },
    /// A token in `Authorization: Bearer`.
    Bearer {
        /// Template of the token.
        token: Spanned<String>,
    },
    /// One or more named values in headers or the query.
    ApiKey(Vec<ApiKey>),
    /// A kind that is not served: `oauth2`, or one that no specification has.
    Other(Spanned<String>),
}

/// One named value.
#[derive(Clone, Debug)]
pub struct ApiKey {
    /// The name of the header or query parameter.
    pub name: Spanned<String>,
    /// Template of the value.
    pub value: Spanned<String>,
    /// Where it goes.
    pub placement: ApiKeyPlacement,
}

/// Where an API key goes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ApiKeyPlacement {
    /// A header field; what a document without `placement` means.
    Header,
    /// The query string.
    Query,
}

impl Authentication {
    /// Reads a declaration; without one that can be understood, nothing.
    pub fn read(node: &Node, cx: &mut Context<'_>) -> Option<Self> {
        let mut fields = Fields::open(node, "authentication", cx)?;
        let Some(word) = fields.text("type", cx) else {
            if fields.key_span("type").is_none() {
                cx.out
                    .push(codes::missing_key::new(node.span, "authentication", "type"));
            }
            return None;
        };
        let kind = match word.as_str() {
            "basic" => AuthenticationKind::Basic {
                username: fields.text("username", cx),
                password: fields.text("password", cx),
            },
            "digest" => AuthenticationKind::Digest {
                username: fields.text("username", cx),
                password: fields.text("password", cx),
            },
            "bearer" => {
                let token = token(&mut fields, "token", "value", cx);
                if let Some(placement) = fields.text("placement", cx)
                    && placement.value != "header"
                {
                    cx.out
                        .push(codes::unknown_placement::new(&placement, &["header"]));
                }
                AuthenticationKind::Bearer { token: token? }
            }
            "apikey" => AuthenticationKind::ApiKey(api_keys(&mut fields, None, cx)?),
            "apiKey" | "api-key" | "api_key" => {
                cx.out
                    .push(codes::authentication_spelling::kind(&word, "apikey"));
                AuthenticationKind::ApiKey(api_keys(&mut fields, None, cx)?)
            }
            "header" => {
                cx.out
                    .push(codes::authentication_spelling::kind(&word, "apikey"));
                AuthenticationKind::ApiKey(api_keys(
                    &mut fields,
                    Some(ApiKeyPlacement::Header),
                    cx,
                )?)
            }
            "query" => {
                cx.out
                    .push(codes::authentication_spelling::kind(&word, "apikey"));
                AuthenticationKind::ApiKey(api_keys(&mut fields, Some(ApiKeyPlacement::Query), cx)?)
            }
            _ => {
                return Some(Self {
                    kind: AuthenticationKind::Other(word),
                    span: node.span,
                });
            }
        };
        fields.finish(cx);
        Some(Self {
            kind,
            span: node.span,
        })
    }
}

/// The value under its right name, or under the other one with a warning.
fn token(
    fields: &mut Fields<'_>,
    right: &'static str,
    other: &'static str,
    cx: &mut Context<'_>,
) -> Option<Spanned<String>> {
    if let Some(text) = fields.text(right, cx) {
        return Some(text);
    }
    let Some(text) = fields.text(other, cx) else {
        cx.out.push(codes::missing_key::new(
            fields.span,
            "authentication",
            right,
        ));
        return None;
    };
    let span = fields.key_span(other).unwrap_or(text.span);
    cx.out
        .push(codes::authentication_spelling::key(span, other, right));
    Some(text)
}

fn api_keys(
    fields: &mut Fields<'_>,
    fixed: Option<ApiKeyPlacement>,
    cx: &mut Context<'_>,
) -> Option<Vec<ApiKey>> {
    let placement = placement(fields, fixed, cx);
    // `header: X-Key` names the header; `headers`, `parameters` and a mapping under `header` are name and value each.
    let mut keys = Vec::new();
    for (group, place) in [
        ("headers", ApiKeyPlacement::Header),
        ("header", ApiKeyPlacement::Header),
        ("parameters", ApiKeyPlacement::Query),
    ] {
        let Some(node) = fields.take(group) else {
            continue;
        };
        let Some(span) = fields.key_span(group) else {
            continue;
        };
        if let Some(entries) = node.as_map() {
            cx.out
                .push(codes::authentication_spelling::group(span, group));
            for entry in entries {
                if let Some(value) = text_of(&entry.value, "the value of an API key", cx) {
                    keys.push(ApiKey {
                        name: entry.key.clone(),
                        value,
                        placement: place,
                    });
                }
            }
        } else if let Some(list) = node.as_seq() {
            cx.out
                .push(codes::authentication_spelling::group(span, group));
            for item in list {
                let Some(mut item) = Fields::open(item, "an API key", cx) else {
                    continue;
                };
                let name = item.text("name", cx).or_else(|| item.text("key", cx));
                let value = item.text("value", cx).or_else(|| item.text("token", cx));
                match (name, value) {
                    (Some(name), Some(value)) => {
                        keys.push(ApiKey {
                            name,
                            value,
                            placement: place,
                        });
                    }
                    _ => cx
                        .out
                        .push(codes::missing_key::new(item.span, "an API key", "value")),
                }
                item.finish(cx);
            }
        } else if group != "parameters"
            && let Some(name) = text_of(node, group, cx)
        {
            // `header: X-Api-Key` beside `value` or `key`.
            cx.out
                .push(codes::authentication_spelling::key(span, group, "key"));
            let value = fields
                .text("value", cx)
                .or_else(|| fields.text("token", cx))
                .or_else(|| fields.text("key", cx));
            let Some(value) = value else {
                cx.out.push(codes::missing_key::new(
                    fields.span,
                    "authentication",
                    "value",
                ));
                return None;
            };
            return Some(vec![ApiKey {
                name,
                value,
                placement: place,
            }]);
        }
    }
    if !keys.is_empty() {
        return Some(keys);
    }
    let name = fields.text("key", cx).or_else(|| fields.text("name", cx));
    let value = token(fields, "value", "token", cx);
    if name.is_none() {
        cx.out.push(codes::missing_key::new(
            fields.span,
            "authentication",
            "key",
        ));
    }
    Some(vec![ApiKey {
        name: name?,
        value: value?,
        placement,
    }])
}

fn placement(
    fields: &mut Fields<'_>,
    fixed: Option<ApiKeyPlacement>,
    cx: &mut Context<'_>,
) -> ApiKeyPlacement {
    let word = fields
        .text("placement", cx)
        .or_else(|| fields.text("in", cx));
    match word.as_ref().map(Spanned::as_str) {
        Some("query") => ApiKeyPlacement::Query,
        Some("header") => ApiKeyPlacement::Header,
        None => fixed.unwrap_or(ApiKeyPlacement::Header),
        Some(_) => {
            if let Some(word) = &word {
                cx.out
                    .push(codes::unknown_placement::new(word, &["header", "query"]));
            }
            ApiKeyPlacement::Header
        }
    }
}
