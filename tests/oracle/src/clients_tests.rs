//! Consumed APIs as they are written, in every spelling.

use super::*;
use crate::tree::parse;

fn read(yaml: &str) -> Client {
    client(&parse(yaml).unwrap(), Scope::default())
}

#[test]
fn paths_join_with_one_slash_and_keep_queries() {
    for (resource, operation, path, query) in [
        ("/v2", "/theatres", "/v2/theatres", ""),
        ("/v2/", "theatres/", "/v2/theatres/", ""),
        ("/a/b", "/a/b/{id}", "/a/b/{id}", ""),
        ("/a/b", "/a/bc", "/a/b/a/bc", ""),
        ("/", "/{id}", "/{id}", ""),
        ("", "/x", "/x", ""),
        ("/a", "/", "/a", ""),
        ("/", "", "", ""),
        ("/posts/{id}/", "", "/posts/{id}/", ""),
        ("/?Action=Run", "", "", "Action=Run"),
        ("/a?x=1", "/b?y=2", "/a/b", "x=1&y=2"),
    ] {
        assert_eq!(
            joined(resource, operation),
            (path.to_owned(), query.to_owned()),
            "{resource} + {operation}"
        );
    }
}

#[test]
fn a_path_input_without_a_placeholder_is_appended_only_where_that_is_unique() {
    let client = read(
        "{namespace: a, baseUri: 'https://{host}/', resources: [
           {path: /things, operations: [
             {name: one, method: GET, inputParameters: [{name: id, in: path}, {name: host, in: path}]},
             {name: list, method: GET},
             {name: x, method: DELETE, inputParameters: [{name: a, in: path}]},
             {name: y, method: DELETE, inputParameters: [{name: b, in: path}]}]}]}",
    );
    assert_eq!(
        client.operations[0].appended,
        ["id"],
        "the host is the operator's"
    );
    assert!(client.operations[0].error.is_none());
    assert!(client.operations[1].error.is_none());
    assert_eq!(
        client.operations[2].error.as_ref().unwrap().code,
        "ambiguous-completed-path"
    );
    assert_eq!(
        client.operations[3].error.as_ref().unwrap().code,
        "ambiguous-completed-path"
    );
}

#[test]
fn fragments_and_connection_headers_are_errors_of_the_operation() {
    let client = read(
        "{namespace: a, baseUri: 'https://h', resources: [{path: '/#X', operations: [{name: f, method: POST}]},
          {path: /y, operations: [{name: h, method: GET, inputParameters: [{name: Host, in: header}]}]}]}",
    );
    assert_eq!(
        client.operations[0].error.as_ref().unwrap().code,
        "path-fragment"
    );
    assert_eq!(
        client.operations[1].error.as_ref().unwrap().code,
        "reserved-header"
    );
}

#[test]
fn credentials_in_every_spelling() {
    let auth = |text: &str| authentication(&parse(text).unwrap());
    let header = |text: &str, name: &str, value: &str| match auth(text) {
        Ok(Auth::Headers(pairs)) => {
            assert_eq!(pairs, [(name.to_owned(), value.to_owned())], "{text}");
        }
        other => panic!("{text}: {other:?}"),
    };
    header("{type: apikey, key: K, value: v}", "K", "v");
    header("{type: apikey, name: K, in: header, value: v}", "K", "v");
    header("{type: apiKey, header: K, token: v}", "K", "v");
    header("{type: apikey, header: K, key: v}", "K", "v");
    header("{type: header, header: K, value: v}", "K", "v");
    assert!(
        matches!(auth("{type: apikey, headers: {A: x, B: y}}"), Ok(Auth::Headers(pairs)) if pairs.len() == 2)
    );
    assert!(matches!(
        auth("{type: apikey, key: k, value: v, placement: query}"),
        Ok(Auth::Query(_))
    ));
    assert!(matches!(
        auth("{type: query, parameters: [{name: a, value: b}]}"),
        Ok(Auth::Query(_))
    ));
    assert!(
        matches!(auth("{type: bearer, placement: header, value: t}"), Ok(Auth::Bearer(t)) if t == "t")
    );
    assert!(
        matches!(auth("{type: basic, username: u, password: ''}"), Ok(Auth::Basic(_, p)) if p.is_empty())
    );
    assert!(matches!(
        auth("{type: digest, username: u, password: p}"),
        Ok(Auth::Digest)
    ));
    for bad in [
        "{type: oauth2}",
        "{type: apikey, key: k, value: v, placement: body}",
        "{type: bearer}",
    ] {
        assert!(auth(bad).is_err(), "{bad}");
    }
}

#[test]
fn a_credential_sees_variables_only() {
    let with = |token: &str| {
        read(&format!(
            "{{namespace: a, baseUri: 'https://h', authentication: {{type: bearer, token: '{token}'}}}}"
        ))
    };
    assert!(with("{{UNBOUND}}").error.is_none());
    assert!(with("{{env.UNBOUND}}").error.is_none());
    assert_eq!(
        with("X {{signature}}").error.unwrap().code,
        "authentication-not-a-variable"
    );
    assert_eq!(
        with("{{tools.KEY}}").error.unwrap().code,
        "authentication-not-a-variable"
    );
}
