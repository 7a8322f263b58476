//! The defects: what each changes in a request or an answer, and the words of the difference that must be found.

use serde_json::{Value, json};

/// A request on its way to the upstream, or an answer on its way back.
#[derive(Debug)]
pub(super) enum Message<'m> {
    Request {
        method: &'m mut String,
        path: &'m mut String,
        query: &'m mut String,
        headers: &'m mut Vec<(String, String)>,
        body: &'m mut Vec<u8>,
    },
    Answer {
        body: &'m mut Vec<u8>,
    },
}

/// Changes a message as a defect does; most change requests only.
pub(super) type Change = fn(&mut Message<'_>);

/// One defect.
pub(super) struct Defect {
    pub(super) name: &'static str,
    pub(super) change: Change,
    /// Words of the difference that the oracle must find.
    pub(super) seen_as: &'static str,
}

const fn defect(name: &'static str, seen_as: &'static str, change: Change) -> Defect {
    Defect {
        name,
        change,
        seen_as,
    }
}

pub(super) const DEFECTS: &[Defect] = &[
    defect("a dropped query", "query `low`: expected", |m| {
        query(m, |_| String::new());
    }),
    defect(
        "a query sent by the caller's name",
        "query `from`: not expected",
        |m| query(m, |q| q.replace("low=", "from=")),
    ),
    defect("a swapped `with`", "query `low`: expected", |m| {
        query(m, |q| {
            q.replace("low=", "@=")
                .replace("high=", "low=")
                .replace("@=", "high=")
        });
    }),
    defect("only the first of an array", "query `tag`: expected", |m| {
        query(m, |q| match q.rfind("&tag=") {
            Some(at) => q[..at].to_owned(),
            None => q.to_owned(),
        });
    }),
    defect("an array joined by commas", "query `tag`: expected", |m| {
        query(m, |q| {
            q.replacen("&tag=", "@", 1)
                .replace("&tag=", ",")
                .replace('@', "&tag=")
        });
    }),
    defect(
        "a query that is encoded twice",
        "query `tag`: expected",
        |m| query(m, |q| q.replace('%', "%25")),
    ),
    defect(
        "a query in another order",
        "query: not in the declared order",
        |m| {
            query(m, |q| q.split('&').rev().collect::<Vec<_>>().join("&"));
        },
    ),
    defect("an unencoded slash in the path", "path: expected", |m| {
        path(m, |p| p.replace("%2F", "/"));
    }),
    defect("a path that is encoded twice", "path: expected", |m| {
        path(m, |p| p.replace('%', "%25"));
    }),
    defect("a slash too many", "path: expected", |m| {
        path(m, |p| format!("{p}/"));
    }),
    defect("a placeholder that stays", "path: expected", |m| {
        path(m, |p| match p.split_once("/people/") {
            Some((before, _)) => format!("{before}/people/%7Bperson%7D"),
            None => p.to_owned(),
        });
    }),
    defect("the other upstream", "upstream: expected `staff`", |m| {
        path(m, |p| p.replacen("/u1/", "/u0/", 1));
    }),
    defect("another method", "method: expected POST, got PUT", |m| {
        if let Message::Request { method, .. } = m
            && *method == "POST"
        {
            "PUT".clone_into(method);
        }
    }),
    defect("no credential", "header `Authorization`: expected", |m| {
        headers(m, |all| all.retain(|(name, _)| name != "authorization"));
    }),
    defect(
        "a wrong credential",
        "header `X-Staff-Key`: expected",
        |m| {
            headers(m, |all| {
                all.iter_mut()
                    .filter(|(name, _)| name == "x-staff-key")
                    .for_each(|(_, value)| value.push('x'));
            });
        },
    ),
    defect(
        "a credential for everybody",
        "header `authorization`: not expected",
        |m| {
            headers(m, |all| {
                all.retain(|(name, _)| name != "authorization");
                all.push(("authorization".to_owned(), "Bearer t".to_owned()));
            });
        },
    ),
    defect("a dropped header", "header `X-Trace`: expected", |m| {
        headers(m, |all| all.retain(|(name, _)| name != "x-trace"));
    }),
    defect("a lost type", "body `count`: expected", |m| {
        json_body(m, |body| {
            body["count"] = Value::String(body["count"].to_string());
        });
    }),
    defect("a lost member", "body `fresh`: expected", |m| {
        json_body(m, |body| {
            drop(body.as_object_mut().unwrap().remove("fresh"));
        });
    }),
    defect("a member too many", "body `shelf`: not expected", |m| {
        json_body(m, |body| body["shelf"] = json!("a"));
    }),
    defect("no content type", "content type: expected", |m| {
        headers(m, |all| all.retain(|(name, _)| name != "content-type"));
    }),
    defect("a body with a GET", "body: expected none", |m| {
        if let Message::Request { method, body, .. } = m
            && *method == "GET"
        {
            **body = b"{}".to_vec();
        }
    }),
    defect(
        "an answer written anew",
        "answer: expected the upstream's bytes",
        |m| {
            if let Message::Answer { body } = m {
                let value: Value = serde_json::from_slice(body).unwrap();
                **body = serde_json::to_vec_pretty(&value).unwrap();
            }
        },
    ),
    defect("a shape applied to nothing", "answer", |m| {
        if let Message::Answer { body } = m {
            let mut value: Value = serde_json::from_slice(body).unwrap();
            value.as_object_mut().unwrap().remove("data");
            **body = value.to_string().into_bytes();
        }
    }),
];

fn query(message: &mut Message<'_>, change: impl Fn(&str) -> String) {
    if let Message::Request { query, .. } = message {
        **query = change(query);
    }
}

fn path(message: &mut Message<'_>, change: impl Fn(&str) -> String) {
    if let Message::Request { path, .. } = message {
        **path = change(path);
    }
}

fn headers(message: &mut Message<'_>, change: impl Fn(&mut Vec<(String, String)>)) {
    if let Message::Request { headers, .. } = message {
        change(headers);
    }
}

fn json_body(message: &mut Message<'_>, change: impl Fn(&mut Value)) {
    if let Message::Request { body, .. } = message
        && let Ok(mut value) = serde_json::from_slice::<Value>(body)
    {
        change(&mut value);
        **body = value.to_string().into_bytes();
    }
}
