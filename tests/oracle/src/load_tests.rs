//! Files as they are found: imports, broken YAML, what is no capability.

use super::*;
use crate::Fill;
use crate::testing::{broken, called, load_files};

const ROOT: &str = "naftiko: 1.0.0-alpha1\ncapability: {consumes: [{import: shop, location: ./shared/shop.yaml}], exposes: [{type: mcp, tools: [{name: t, call: shop.op}]}]}";
const SHOP: &str = "naftiko: 1.0.0-alpha1\nbinds: [{namespace: env, keys: {TOKEN: SHOP_TOKEN}}]\ncapability: {consumes: [{namespace: shop, baseUri: 'https://h', authentication: {type: bearer, token: '{{TOKEN}}'}, resources: [{path: /a, operations: [{name: op, method: GET}]}]}], exposes: [{type: mcp, tools: [{name: other, call: shop.op}]}]}";

#[test]
fn an_import_brings_the_client_with_its_own_binds_and_no_exposers() {
    let document = load_files(&[("root.yaml", ROOT), ("shared/shop.yaml", SHOP)]);
    let cases = document.cases(Fill::All);
    assert_eq!(cases.len(), 1);
    assert_eq!(
        document.variables,
        BTreeMap::from([("SHOP_TOKEN".to_owned(), "env-SHOP_TOKEN".to_owned())])
    );
    let call = called(cases.into_iter().next().unwrap());
    assert_eq!(call.expected.headers[0].1, "Bearer env-SHOP_TOKEN");
}

#[test]
fn imports_that_fail_say_so() {
    let broken_by = |files: &[(&str, &str)]| broken(&load_files(files).cases(Fill::All)[0]);
    assert_eq!(broken_by(&[("root.yaml", ROOT)]), "import-failed");
    assert_eq!(
        broken_by(&[
            ("root.yaml", ROOT),
            (
                "shared/shop.yaml",
                &SHOP.replace("namespace: shop", "namespace: x")
            )
        ]),
        "import-failed"
    );
    let outside = ROOT.replace("./shared/shop.yaml", "../shop.yaml");
    assert_eq!(
        broken_by(&[("sub/root.yaml", &outside), ("shop.yaml", SHOP)]),
        "import-failed"
    );
    let ring = "naftiko: 1.0.0-alpha1\nconsumes: [{import: shop, location: shop.yaml}]";
    assert_eq!(
        broken_by(&[("root.yaml", ROOT), ("shared/shop.yaml", ring)]),
        "import-failed"
    );
}

#[test]
fn an_alias_renames_and_transitive_imports_are_followed() {
    let root = ROOT
        .replace("import: shop,", "import: shop, as: store,")
        .replace("shop.op", "store.op");
    let middle = "ikanos: 1.0.0-beta1\nconsumes: [{import: shop, from: 'file:///./deep.yaml'}]";
    let document = load_files(&[
        ("root.yaml", &root),
        ("shared/shop.yaml", middle),
        ("shared/deep.yaml", SHOP),
    ]);
    let call = called(document.cases(Fill::All).remove(0));
    assert_eq!(call.expected.namespace, "store");
}

#[test]
fn verdicts() {
    let verdict = |text: &str| load_files(&[("d.yaml", text)]).verdict;
    assert!(matches!(verdict("a: [1"), Verdict::Unreadable(_)));
    assert!(matches!(verdict("a: {{x}}"), Verdict::Unreadable(_)));
    assert_eq!(verdict("name: x"), Verdict::NotACapability);
    assert_eq!(verdict("- 1"), Verdict::NotACapability);
    assert_eq!(
        verdict("naftiko: 1.0.0-alpha2\ncapability: {consumes: []}"),
        Verdict::ExposesNothing
    );
    assert_eq!(
        verdict(
            "\u{feff}ikanos: 1.0.0-beta5\r\ncapability: {exposes: [{type: rest, port: 1}]}\r\n"
        ),
        Verdict::Exposes
    );
}

#[test]
fn binds_read_the_environment_or_a_file() {
    let text = "naftiko: 1.0.0-alpha1\nbinds: [{namespace: f, location: 'file://./s.env', keys: {K: k}}, {namespace: env, keys: {E: SOURCE}}]\ncapability: {consumes: [{namespace: a, baseUri: 'https://h', resources: [{path: '/{{f.K}}/{{E}}', operations: [{name: op, method: GET}]}]}], exposes: [{type: mcp, tools: [{name: t, call: a.op}]}]}";
    let document = load_files(&[("d.yaml", text), ("s.env", "k=\"from file\"\n")]);
    assert_eq!(document.variables.keys().collect::<Vec<_>>(), ["SOURCE"]);
    let call = called(document.cases(Fill::All).remove(0));
    assert_eq!(call.expected.path, "/from%20file/env-SOURCE");
}

#[test]
fn values_of_variables_fit_where_they_stand() {
    assert_eq!(chosen("A_B", None), "env-A_B");
    assert_eq!(chosen("A_B", Some(Usage::Part)), "env-a-b");
    assert_eq!(chosen("A_B", Some(Usage::Whole)), "https://env-a-b.example");
    assert_eq!(usage_of("{{env.URL}}/v1").get("URL"), Some(&Usage::Whole));
    assert_eq!(
        usage_of("https://{{SHOP}}.h/").get("SHOP"),
        Some(&Usage::Part)
    );
}
