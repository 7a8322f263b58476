//! Authentication, which consumed APIs and exposed servers share.

use serde_json::{Value, json};

use crate::build::{Defs, Shape, exactly, exactly_one, list, text, word, word_or};
use crate::dialect::Dialect;

pub(super) fn define(d: Dialect, defs: &mut Defs) {
    let mut kinds = vec!["authBasic", "authApiKey", "authBearer", "authDigest"];
    if d >= Dialect::Alpha2 {
        kinds.push("authOauth2");
        defs.add("authOauth2", oauth2());
    }
    defs.add("authentication", exactly_one("authentication", &kinds));
    defs.add(
        "authBasic",
        user(Shape::new("basic authentication"), "basic"),
    );
    defs.add(
        "authDigest",
        user(Shape::new("digest authentication"), "digest"),
    );
    let api_key = Shape::new("API key authentication")
        .need(
            "type",
            exactly("apikey"),
            "A key in a header or in the query.",
        )
        .may("key", text(), "The name of the header or query parameter.")
        .may("value", text(), "The key itself, from a variable.")
        .may(
            "placement",
            word(&["header", "query"]),
            "Where the key goes.",
        )
        .build();
    defs.add("authApiKey", api_key);
    let bearer = Shape::new("bearer authentication")
        .need(
            "type",
            exactly("bearer"),
            "A token in the `Authorization` header.",
        )
        .may("token", text(), "The token, from a variable.")
        .build();
    defs.add("authBearer", bearer);
}

fn user(shape: Shape, kind: &str) -> Value {
    shape
        .need("type", exactly(kind), "A user with a password.")
        .may("username", text(), "The user.")
        .may("password", text(), "The password, from a variable.")
        .build()
}

fn oauth2() -> Value {
    // A note for editors; formats are not asserted.
    let uri = json!({ "type": "string", "format": "uri" });
    Shape::new("OAuth 2 authentication")
        .need(
            "type",
            exactly("oauth2"),
            "Tokens of an authorization server.",
        )
        .need(
            "authorizationServerUri",
            uri.clone(),
            "The authorization server.",
        )
        .need("resource", uri.clone(), "The resource that tokens are for.")
        .may("scopes", list(text()), "The scopes that a token needs.")
        .may("audience", text(), "The audience, if not the resource.")
        .may(
            "tokenEndpoint",
            uri,
            "Where tokens come from, if not discovered.",
        )
        .may(
            "tokenValidation",
            word_or(&["jwks", "introspection"], "jwks"),
            "How tokens are checked.",
        )
        .build()
}
