//! What documents say, and what is said of their mistakes.

use naftiko::diagnostics::Severity;
use serde_json::json;

use crate::support::{load, serve};

fn findings(exposes: &str) -> Vec<(String, Severity)> {
    let loaded = load(exposes, &[]);
    let findings = loaded.findings.iter();
    findings
        .map(|finding| (finding.code.id.to_owned(), finding.severity))
        .collect()
}

fn with_tools(tools: &str) -> String {
    format!("  exposes:\n    - {{type: mcp, port: 9091, namespace: m, tools: [{tools}]}}\n")
}

#[test]
fn a_wrong_hint_does_not_break_its_tool() {
    let document = with_tools(
        "{name: a, description: A, call: shop.plain, hints: {readOnly: perhaps, fast: true}}",
    );
    let loaded = load(&document, &[]);
    assert_eq!(loaded.sound(), 1);
    let found = findings(&document);
    assert!(
        found.contains(&("wrong-type".into(), Severity::Warning)),
        "{found:?}"
    );
    assert!(
        found.contains(&("unknown-key".into(), Severity::Warning)),
        "{found:?}"
    );
    assert!(
        found
            .iter()
            .all(|(_, severity)| *severity != Severity::Error),
        "{found:?}"
    );
}

#[tokio::test]
async fn the_second_tool_of_a_name_is_the_error() {
    let document = with_tools(
        "{name: a, description: First, call: shop.plain}, {name: a, description: Second, call: shop.plain}, {name: b, description: Broken, call: shop.nothing}",
    );
    let found = findings(&document);
    assert!(
        found.contains(&("duplicate-route".into(), Severity::Error)),
        "{found:?}"
    );
    let served = serve(&document);
    assert_eq!(served.loaded.sound(), 1);
    let list = served.ask("tools/list", json!({})).await;
    let tools = list.json["result"]["tools"].as_array().unwrap();
    assert_eq!(
        (tools.len(), &tools[0]["description"]),
        (1, &json!("First")),
        "broken tools are not listed"
    );
    assert_eq!(served.call("b", json!({})).await.code(), -32_602);
}

#[tokio::test]
async fn keyed_tools_and_cache_hints_are_read() {
    let served = serve(
        "  exposes:\n    - {type: mcp, port: 9091, namespace: m, ttlMs: 5000, cacheScope: public, tools: {a b: {description: A, call: shop.plain}}}\n",
    );
    let list = served.ask_modern("tools/list", json!({}), &[]).await;
    let result = &list.json["result"];
    assert_eq!(
        (&result["ttlMs"], &result["cacheScope"]),
        (&json!(5000), &json!("public"))
    );
    assert_eq!(result["tools"][0]["name"], "a_b", "a safe name is listed");
    for name in ["a_b", "a b"] {
        assert_eq!(
            served.call(name, json!({})).await.json["result"]["isError"],
            false,
            "{name}"
        );
    }
    let discover = served.ask_modern("server/discover", json!({}), &[]).await;
    assert_eq!(discover.json["result"]["ttlMs"], 5000);
    assert_eq!(
        discover.json["result"]["capabilities"],
        json!({"tools": {}})
    );
}

#[test]
fn mistakes_are_told() {
    let mcp = |more: &str| format!("  exposes:\n    - {{type: mcp, namespace: m, {more}}}\n");
    for (document, code) in [
        (
            mcp("port: 9091, transport: pigeon, tools: []"),
            "wrong-type",
        ),
        (mcp("port: 9091, ttlMs: -1, tools: []"), "wrong-type"),
        (mcp("port: 9091, cacheScope: all, tools: []"), "wrong-type"),
        (mcp("port: 9091, tool: []"), "unknown-key"),
        (mcp("port: 9091"), "nothing-exposed"),
        (
            mcp("port: 9091, transport: stdio, tools: []"),
            "useless-key",
        ),
        (
            mcp("port: 9091, tools: [{description: x, call: shop.plain}]"),
            "missing-key",
        ),
        (
            mcp("port: 9091, resources: [{name: a, uri: nowhere, call: shop.plain}]"),
            "invalid-resource-uri",
        ),
        (
            mcp("port: 9091, resources: [{name: a, uri: 'a://{x}', location: a.txt}]"),
            "invalid-resource-uri",
        ),
        (
            mcp("port: 9091, resources: [{name: a, uri: 'a://b', location: gone.txt}]"),
            "file-unreadable",
        ),
        (
            mcp("port: 9091, prompts: [{name: a, location: gone.txt}]"),
            "file-unreadable",
        ),
        (mcp("port: 9091, prompts: [{name: a}]"), "missing-key"),
        (
            mcp("port: 9091, prompts: [{name: a, template: [{role: pope, content: x}]}]"),
            "wrong-type",
        ),
    ] {
        let found = findings(&document);
        assert!(
            found.iter().any(|(id, _)| id == code),
            "{document}{found:?}"
        );
    }
    let stdio = findings(&mcp(
        "transport: stdio, tools: [{name: a, description: A, call: shop.plain}]",
    ));
    assert!(
        !stdio.iter().any(|(id, _)| id == "missing-key"),
        "{stdio:?}"
    );
}
