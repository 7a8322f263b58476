//! Small documents for the tests: a consumed API, an exposed side, and the cases that follow.

use std::path::Path;

use crate::{Call, Case, Document, Fill, Outcome, load};

/// Writes files below a temporary folder and loads the first.
pub(crate) fn load_files(files: &[(&str, &str)]) -> Document {
    let folder = tempfile::tempdir().unwrap();
    for (name, content) in files {
        let path = folder.path().join(name);
        std::fs::create_dir_all(path.parent().unwrap()).unwrap();
        std::fs::write(path, content).unwrap();
    }
    load(&folder.path().join(Path::new(files[0].0)))
}

/// A document of one client `api` and two exposers, `web` (REST) and `ai` (MCP).
pub(crate) fn document(client: &str, resources: &str, tools: &str) -> Document {
    let text = format!(
        "naftiko: 1.0.0-alpha2\nbinds: [{{namespace: env, keys: {{TOKEN: TOKEN, REGION: AWS_REGION}}}}]\ncapability:\n  \
         consumes: [{{namespace: api, type: http, {client}}}]\n  exposes:\n  \
         - {{type: rest, namespace: web, port: 1, resources: [{resources}]}}\n  \
         - {{type: mcp, namespace: ai, port: 2, tools: [{tools}]}}\n"
    );
    let found = load_files(&[("d.yaml", &text)]);
    assert_eq!(found.verdict, crate::Verdict::Exposes, "{text}");
    found
}

/// The only case, as a call.
pub(crate) fn only(document: &Document) -> Call {
    let mut cases = document.cases(Fill::All);
    assert_eq!(cases.len(), 1, "{cases:#?}");
    called(cases.remove(0))
}

/// A case that must be a call.
pub(crate) fn called(case: Case) -> Call {
    match case.outcome {
        Outcome::Call(call) => *call,
        other => panic!("{}: {other:?}", case.name),
    }
}

/// The code of a case that must be broken.
pub(crate) fn broken(case: &Case) -> &'static str {
    match &case.outcome {
        Outcome::Broken(reason) => reason.code,
        other => panic!("{}: {other:?}", case.name),
    }
}

/// One REST operation `METHOD /path` calling `api.op` of a client whose one operation is `op`.
pub(crate) fn rest(operation: &str, path: &str, unit: &str) -> Document {
    let client = format!(
        "baseUri: 'https://h/v1', resources: [{{path: '', operations: [{{name: op, {operation}}}]}}]"
    );
    document(
        &client,
        &format!("{{path: '{path}', operations: [{{name: u, call: api.op, {unit}}}]}}"),
        "",
    )
}

/// One tool calling `api.op` of a client whose one operation is `op`.
pub(crate) fn tool(operation: &str, unit: &str) -> Document {
    let client = format!(
        "baseUri: 'https://h/v1', resources: [{{path: '', operations: [{{name: op, {operation}}}]}}]"
    );
    document(&client, "", &format!("{{name: u, call: api.op, {unit}}}"))
}
