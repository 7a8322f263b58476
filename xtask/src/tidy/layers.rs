//! The layer table: which of our crates may see which (ARCHITECTURE.md shows it).
//!
//! Compared with `cargo metadata` both ways: a dependency that the table does not allow is found, and so is a row or
//! an allowance that nothing uses. Whoever adds an arrow has to add it here, and to say so in a review. What lies
//! outside `crates/` (tests, examples, these commands) uses the product as anybody does and may see all of it; only what
//! judges the product or is compared with it must see none.

use std::collections::BTreeMap;
use std::path::Path;

use serde_json::Value;

use crate::project;

/// One crate of the workspace.
struct Row {
    name: &'static str,
    /// Its layer: arrows point to a layer named earlier in [`ORDER`], never to the same one.
    layer: &'static str,
    /// The crates of ours that it depends on.
    sees: &'static [&'static str],
    /// The crates of ours that only its tests depend on; these arrows may point anywhere.
    tests_see: &'static [&'static str],
}

/// The layers, lowest first.
const ORDER: &[&str] = &[
    "L0", "L1", "L1b", "L2", "L2b", "L3", "L3b", "L4", "L4b", "L5", "outside",
];

/// Layers that are parts of one: the facade must name no crate that touches the wire.
const FORBIDDEN: &[(&str, &str)] = &[("L4b", "L4")];

/// The judge of the product, and what it is measured against: neither may be made of it.
const STRANGERS: [&str; 2] = [ORACLE, "naftiko-bench"];

const ORACLE: &str = "naftiko-oracle";

const fn row(name: &'static str, layer: &'static str, sees: &'static [&'static str]) -> Row {
    Row {
        name,
        layer,
        sees,
        tests_see: &[],
    }
}

impl Row {
    const fn tests(self, tests_see: &'static [&'static str]) -> Self {
        Self { tests_see, ..self }
    }
}

#[rustfmt::skip]
const TABLE: &[Row] = &[
    row("naftiko-diagnostics", "L0", &[]),
    row("naftiko-jsonpath", "L0", &[]),
    row("naftiko-expr", "L0", &[]),
    row("naftiko-formats", "L0", &[]),
    row("naftiko-spec", "L1", &["naftiko-diagnostics"]),
    row("naftiko-mapping", "L1", &["naftiko-jsonpath"]),
    row("naftiko-schema", "L1", &[]),
    row("naftiko-imports", "L1b", &["naftiko-diagnostics", "naftiko-spec"]),
    row("naftiko-bindings", "L2", &["naftiko-diagnostics", "naftiko-expr", "naftiko-imports", "naftiko-spec"]),
    row("naftiko-plan", "L2b", &["naftiko-bindings", "naftiko-diagnostics", "naftiko-expr", "naftiko-formats", "naftiko-imports", "naftiko-jsonpath", "naftiko-mapping", "naftiko-spec"]),
    row("naftiko-engine", "L3", &["naftiko-bindings", "naftiko-formats", "naftiko-mapping", "naftiko-plan", "naftiko-spec"])
        .tests(&["naftiko-diagnostics", "naftiko-imports"]),
    row("naftiko-expose", "L3b", &["naftiko-diagnostics", "naftiko-engine", "naftiko-imports", "naftiko-plan", "naftiko-spec"]),
    row("naftiko-consume-http", "L4", &["naftiko-engine"]),
    row("naftiko-expose-rest", "L4", &["naftiko-bindings", "naftiko-diagnostics", "naftiko-engine", "naftiko-expose", "naftiko-expr", "naftiko-plan", "naftiko-spec"])
        .tests(&["naftiko", "naftiko-imports"]),
    row("naftiko-expose-mcp", "L4", &["naftiko-diagnostics", "naftiko-engine", "naftiko-expose", "naftiko-imports", "naftiko-plan", "naftiko-spec"])
        .tests(&["naftiko", "naftiko-consume-http", "naftiko-host"]),
    row("naftiko-host", "L4", &["naftiko-diagnostics", "naftiko-engine", "naftiko-expose"]),
    row("naftiko-sandbox", "L4", &[]),
    row("naftiko", "L4b", &["naftiko-bindings", "naftiko-diagnostics", "naftiko-engine", "naftiko-expose", "naftiko-imports", "naftiko-plan", "naftiko-schema", "naftiko-spec"]),
    row("naftiko-cli", "L5", &["naftiko", "naftiko-consume-http", "naftiko-expose-mcp", "naftiko-expose-rest", "naftiko-host", "naftiko-sandbox", "naftiko-schema"]),
    row(ORACLE, "outside", &[]),
    row("naftiko-bench", "outside", &[]),
];

/// The crates below the wire and the engine's port: they and all that they need are without a runtime or HTTP stack.
pub(super) fn quiet() -> impl Iterator<Item = &'static str> {
    let quiet = |layer: &str| rank(layer) <= rank("L3");
    TABLE
        .iter()
        .filter(move |row| quiet(row.layer))
        .map(|row| row.name)
}

/// The names of the product's crates.
pub(super) fn crates() -> impl Iterator<Item = &'static str> {
    TABLE
        .iter()
        .filter(|row| row.layer != "outside")
        .map(|row| row.name)
}

fn rank(layer: &str) -> usize {
    ORDER
        .iter()
        .position(|other| *other == layer)
        .unwrap_or(ORDER.len())
}

/// What cargo says of one crate of ours: the crates of ours that it needs, and those that only its tests need.
#[derive(Default, Clone)]
struct Actual {
    sees: Vec<String>,
    tests_see: Vec<String>,
}

pub(super) fn check() -> Result<Vec<String>, String> {
    let mut found = sound(TABLE);
    found.extend(compare(TABLE, &actual()?));
    Ok(found)
}

fn actual() -> Result<BTreeMap<String, Actual>, String> {
    let output = project::cargo()
        .args(["metadata", "--format-version", "1", "--no-deps"])
        .output()
        .map_err(|error| format!("cargo metadata cannot be run: {error}"))?;
    if !output.status.success() {
        return Err(String::from_utf8_lossy(&output.stderr).into_owned());
    }
    let metadata: Value = serde_json::from_slice(&output.stdout)
        .map_err(|error| format!("cargo metadata: {error}"))?;
    let text = |value: &Value, key: &str| {
        value
            .get(key)
            .and_then(Value::as_str)
            .unwrap_or_default()
            .to_owned()
    };
    let list = |value: &Value, key: &str| {
        value
            .get(key)
            .and_then(Value::as_array)
            .cloned()
            .unwrap_or_default()
    };
    let packages = list(&metadata, "packages");
    let ours: Vec<String> = packages
        .iter()
        .map(|package| text(package, "name"))
        .collect();
    let mut crates = BTreeMap::new();
    let product = project::root().join("crates");
    for package in &packages {
        let own = Path::new(&text(package, "manifest_path")).starts_with(&product);
        if !own && !STRANGERS.contains(&text(package, "name").as_str()) {
            continue;
        }
        let mut actual = Actual::default();
        for dependency in list(package, "dependencies") {
            let name = text(&dependency, "name");
            if !ours.contains(&name) {
                continue;
            }
            // A build script's dependency is one of the crate's own.
            let kind = text(&dependency, "kind");
            if kind == "dev" {
                actual.tests_see.push(name);
            } else {
                actual.sees.push(name);
            }
        }
        actual.tests_see.retain(|name| !actual.sees.contains(name));
        crates.insert(text(package, "name"), actual);
    }
    Ok(crates)
}

/// What is wrong with the table itself.
fn sound(table: &[Row]) -> Vec<String> {
    let mut found = Vec::new();
    for row in table {
        if rank(row.layer) == ORDER.len() {
            found.push(format!("{}: there is no layer {}", row.name, row.layer));
        }
        for seen in row.sees {
            let Some(other) = table.iter().find(|other| other.name == *seen) else {
                found.push(format!("{} may see {seen}, which has no row", row.name));
                continue;
            };
            if rank(other.layer) >= rank(row.layer) {
                found.push(format!(
                    "{} ({}) must not see {seen} ({}): arrows point down",
                    row.name, row.layer, other.layer
                ));
            }
            if FORBIDDEN.contains(&(row.layer, other.layer)) {
                found.push(format!(
                    "{} ({}) must not name {seen} ({})",
                    row.name, row.layer, other.layer
                ));
            }
        }
    }
    found
}

fn compare(table: &[Row], actual: &BTreeMap<String, Actual>) -> Vec<String> {
    let mut found = Vec::new();
    for (name, crate_) in actual {
        let Some(row) = table.iter().find(|row| row.name == name) else {
            found.push(format!("{name} has no row in the layer table"));
            continue;
        };
        differ(name, "depends on", row.sees, &crate_.sees, &mut found);
        differ(
            name,
            "in its tests depends on",
            row.tests_see,
            &crate_.tests_see,
            &mut found,
        );
    }
    let gone = table.iter().filter(|row| !actual.contains_key(row.name));
    found.extend(gone.map(|row| {
        format!(
            "{} has a row in the layer table, but is no crate of the workspace",
            row.name
        )
    }));
    found
}

fn differ(name: &str, verb: &str, allowed: &[&str], actual: &[String], found: &mut Vec<String>) {
    let extra = actual
        .iter()
        .filter(|other| !allowed.contains(&other.as_str()));
    found.extend(
        extra.map(|other| format!("{name} {verb} {other}, which the layer table does not allow")),
    );
    let unused = allowed
        .iter()
        .filter(|other| !actual.iter().any(|name| name == *other));
    found.extend(unused.map(|other| {
        format!("the layer table says that {name} {verb} {other}, which it does not")
    }));
}

#[cfg(test)]
mod tests {
    use super::*;

    const SMALL: &[Row] = &[row("low", "L0", &[]), row("high", "L1", &["low"])];

    fn actual(crates: &[(&str, &[&str])]) -> BTreeMap<String, Actual> {
        let one = |sees: &[&str]| Actual {
            sees: sees.iter().map(|name| (*name).to_owned()).collect(),
            tests_see: vec![],
        };
        crates
            .iter()
            .map(|(name, sees)| ((*name).to_owned(), one(sees)))
            .collect()
    }

    #[test]
    fn both_ways() {
        assert!(compare(SMALL, &actual(&[("low", &[]), ("high", &["low"])])).is_empty());
        for (crates, finding) in [
            (
                actual(&[("low", &["high"]), ("high", &["low"])]),
                "low depends on high, which the layer table does not allow",
            ),
            (
                actual(&[("low", &[]), ("high", &[])]),
                "the layer table says that high depends on low, which it does not",
            ),
            (
                actual(&[("low", &[])]),
                "high has a row in the layer table, but is no crate of the workspace",
            ),
            (
                actual(&[("low", &[]), ("high", &["low"]), ("new", &[])]),
                "new has no row in the layer table",
            ),
        ] {
            assert_eq!(compare(SMALL, &crates), [finding]);
        }
    }

    #[test]
    fn arrows_point_down() {
        let found = |layer, seen| {
            sound(&[
                row("a", "L4", &[]),
                row("b", "L2", &[]),
                row("c", layer, seen),
            ])
        };
        assert!(found("L5", &["a", "b"]).is_empty());
        assert_eq!(
            found("L4", &["a"]),
            ["c (L4) must not see a (L4): arrows point down"]
        );
        assert_eq!(
            found("L1", &["b"]),
            ["c (L1) must not see b (L2): arrows point down"]
        );
        assert_eq!(found("L4b", &["a"]), ["c (L4b) must not name a (L4)"]);
        assert_eq!(found("L5", &["z"]), ["c may see z, which has no row"]);
    }

    #[test]
    fn the_oracle_sees_nothing_of_ours() {
        let oracle = TABLE.iter().find(|row| row.name == ORACLE).unwrap();
        assert!(oracle.sees.is_empty() && oracle.tests_see.is_empty());
    }
}
