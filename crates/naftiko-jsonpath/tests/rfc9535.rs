//! The RFC 9535 compliance suite (703 cases, vendored beside its licence) on the inner engine.
//!
//! [`naftiko_jsonpath::Path`] follows another dialect; the suite is for what lies under it.

#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::indexing_slicing
)]

use jsonpath_rfc9535::JsonPath;
use serde_json::Value;

#[test]
fn inner_engine_passes_all_703_cases() {
    let suite: Value = serde_json::from_str(include_str!("rfc9535/cts.json")).unwrap();
    let cases = suite["tests"].as_array().unwrap();
    let failed: Vec<_> = cases
        .iter()
        .filter(|case| !passes(case))
        .map(|case| &case["name"])
        .collect();
    assert_eq!(failed, Vec::<&Value>::new());
    assert_eq!(cases.len(), 703);
    println!("{} cases passed", cases.len());
}

fn passes(case: &Value) -> bool {
    let path = JsonPath::parse(case["selector"].as_str().unwrap());
    if case["invalid_selector"] == true {
        return path.is_err();
    }
    let Ok(path) = path else { return false };
    let found: Value = path
        .query_values(&case["document"])
        .into_iter()
        .cloned()
        .collect();
    match &case["results"] {
        Value::Array(any) => any.contains(&found),
        _ => case["result"] == found,
    }
}
