//! Whole documents as cases: what is broken, what is doubted, and the figures of the published catalog.

use crate::testing::{broken, document, load_files, only, rest, tool};
use crate::{Answer, Fill, Outcome};

const OPERATION: &str =
    "baseUri: 'https://h/base', resources: [{path: /a, operations: [{name: op, method: GET}]}]";

#[test]
fn calls_that_name_nothing() {
    let units = "{name: a, call: api.nope}, {name: b, call: other.op}, {name: c}, {name: d, call: api.op}, {name: d, call: api.op}";
    let document = document(OPERATION, "", units);
    let cases = document.cases(Fill::All);
    let codes: Vec<_> = [0, 1, 2, 4]
        .iter()
        .map(|index: &usize| broken(&cases[*index]))
        .collect();
    assert_eq!(
        codes,
        [
            "unknown-operation",
            "unknown-namespace",
            "no-call",
            "tool-clash"
        ]
    );
    assert!(matches!(cases[3].outcome, Outcome::Call(_)));
    assert!(!document.units_are_sound());
}

#[test]
fn an_unsupported_credential_breaks_every_call_of_its_client() {
    let client = format!("{OPERATION}, authentication: {{type: oauth2}}");
    assert_eq!(
        broken(&document(&client, "", "{name: a, call: api.op}").cases(Fill::All)[0]),
        "unsupported-authentication"
    );
}

#[test]
fn two_clients_of_one_namespace_break_both() {
    let text = "naftiko: 1.0.0-alpha2\ncapability: {consumes: [{namespace: a, baseUri: 'https://h', resources: [{path: /x, operations: [{name: op, method: GET}]}]}, {namespace: a, baseUri: 'https://i'}], exposes: [{type: mcp, tools: [{name: t, call: a.op}]}]}";
    assert_eq!(
        broken(&load_files(&[("d.yaml", text)]).cases(Fill::All)[0]),
        "client-clash"
    );
}

#[test]
fn what_the_oracle_does_not_judge_is_said() {
    let document = document(
        OPERATION,
        "",
        "{name: a, steps: [{type: call, call: api.op}]}, {name: m, outputParameters: [{type: string, value: x}]}",
    );
    assert!(
        document
            .cases(Fill::All)
            .iter()
            .all(|case| matches!(case.outcome, Outcome::Unjudged(_)))
    );
}

#[test]
fn errors_that_no_unit_meets_do_not_break_units() {
    let client = "baseUri: 'https://h', resources: [{path: /a, operations: [{name: op, method: GET}]}, {path: '/#x', operations: [{name: bad, method: GET}]}]";
    let document = document(client, "", "{name: a, call: api.op}");
    assert!(document.units_are_sound());
    assert!(!document.is_spotless());
    assert_eq!(document.unused_errors()[0].code, "path-fragment");
}

#[test]
fn upstreams_know_their_base() {
    let upstream = document(OPERATION, "", "{name: a, call: api.op}")
        .upstreams
        .remove(0);
    assert_eq!(
        (upstream.base_path.as_str(), upstream.to_set.len()),
        ("/base", 0)
    );
    let client = OPERATION.replace(
        "https://h/base",
        "https://{region}.{{REGION}}.h:{port}/{{env.X}}/",
    );
    let document = document(&client, "", "{name: a, call: api.op}");
    assert_eq!(document.upstreams[0].to_set, ["region", "port"]);
    assert_eq!(document.variables["AWS_REGION"], "env-aws-region");
    assert_eq!(document.variables["X"], "env-x");
}

#[test]
fn a_route_with_a_query_is_called_with_it_and_doubted() {
    let document = rest("method: GET, path: /b", "/a?Action=Run", "method: GET");
    assert_eq!(document.cases(Fill::All)[0].doubts.len(), 1);
    assert!(only(&document).expected.query.is_empty());
}

#[test]
fn answers() {
    assert_eq!(
        only(&tool("method: GET, path: /a", "")).answer,
        Answer::Identity
    );
    let shaped = "outputParameters: [{type: array, mapping: $.data}]";
    assert!(matches!(
        only(&tool("method: GET, path: /a", shaped)).answer,
        Answer::Shaped(_)
    ));
    assert!(matches!(
        only(&tool("method: GET, path: /a, outputRawFormat: csv", shaped)).answer,
        Answer::Unknown(_)
    ));
}

/// The figures of the published documents, so that a change in reading shows.
#[test]
#[ignore = "needs ../shared"]
fn the_published_catalog() {
    let shared = std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("../../../shared");
    let catalog = crate::survey(&shared.join("catalog"), false);
    println!(
        "read {} documents of the catalog\n{}",
        catalog.files,
        catalog.table()
    );
    assert_eq!((catalog.files, catalog.exposing), (759, 697));
    assert!(catalog.calls.0 + catalog.calls.1 > 12_000 && catalog.sound > 560);
    let imports = crate::survey(&shared.join("catalog-imports"), true);
    println!("read {} documents of the import sets", imports.files);
    assert_eq!((imports.files, imports.exposing), (83, 83));
}
