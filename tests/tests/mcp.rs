//! Clients and suites that nobody here wrote, on the customer's capability and on the conformance fixture.

// The figures are the point: they are read in the log of a run.
#![allow(clippy::print_stdout)]

use naftiko_tests::binary::naftiko;
use naftiko_tests::clients::{Clients, Target, install};
use naftiko_tests::server::Naftiko;
use naftiko_tests::workspace;
use serde_json::{Value, json};

const SEED: &str = "specs/shop-operations.yaml";
const SEED_MCP: &str = "tiktok-shop-operations-mcp";

/// What clients do with the seed: every tool, and one mistake.
fn seed_plan() -> Value {
    json!({
        "tools": ["list-products", "get-product", "list-orders", "get-order", "list-payments"],
        "calls": [
            {"name": "list-orders", "arguments": {"page_size": 2}, "contains": "page_token"},
            {"name": "list-products", "arguments": {}},
            {"name": "list-payments", "arguments": {}},
            {"name": "get-product", "arguments": {"product_id": "no-such-product"}, "error": true, "contains": "status"},
            {"name": "get-order", "arguments": {}, "error": true, "contains": "order_id"},
        ],
    })
}

fn judged(clients: &Clients, target: &Target) {
    for outcome in clients.run_matrix(target, &seed_plan()) {
        println!(
            "{}: {}",
            outcome.client,
            outcome.said.chars().take(100).collect::<String>()
        );
    }
    println!("amagi-mcp-probe: {}", clients.run_probe(target));
}

#[test]
#[ignore = "needs Node and Python"]
fn every_client_uses_the_seed_over_http() {
    let clients = install();
    let server = Naftiko::start(&workspace(), &[SEED, "--sandbox"], &[]);
    let url = format!("http://127.0.0.1:{}/mcp", server.port_of(SEED_MCP));
    judged(clients, &Target::Http(url.clone()));
    println!("{}", clients.run_mcpcheck(&url));
}

#[test]
#[ignore = "needs Node and Python"]
fn every_client_uses_the_seed_over_stdio() {
    let spec = workspace().join(SEED).display().to_string();
    let line = [
        naftiko().display().to_string(),
        "run".into(),
        spec,
        "--sandbox".into(),
        "--stdio".into(),
        SEED_MCP.into(),
    ];
    judged(install(), &Target::Stdio(line.to_vec()));
}

#[test]
#[ignore = "needs Node and Python"]
fn the_conformance_suite_finds_what_is_expected() {
    let clients = install();
    let upstream = clients.fixture_upstream();
    let base = format!("fixture={}", upstream.url());
    let spec = "tests/mcp/conformance/capability.yaml";
    let server = Naftiko::start(&workspace(), &[spec, "--upstream", &base], &[]);
    for counts in clients.run_conformance(&format!("http://localhost:{}/mcp", server.port())) {
        println!(
            "conformance {}: {} checks pass, {} fail as expected; {} of {} scenarios",
            counts.revision,
            counts.checks.0,
            counts.checks.1,
            counts.scenarios.0,
            counts.scenarios.1
        );
    }
}
