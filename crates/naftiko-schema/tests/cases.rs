//! Small documents of our own, in `cases/*.yaml`: what each dialect says of them.
//!
//! A file has skeletons, each a document for a range of versions with `HERE` in it, and cases: a value to put there, the
//! versions to try it `in`, and what they all say, as `path: message`, where `{version}` is the version itself. Paths start
//! at `HERE`, or with `/` at the root. A case that says nothing is accepted.

#![allow(clippy::unwrap_used, clippy::expect_used)]

use std::fs;
use std::path::Path;

use naftiko_schema::{Dialect, Segment, accepts, deviations, places};
use serde_json::Value;

#[test]
fn every_case_says_what_it_should() {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/cases");
    let mut wrong = Vec::new();
    let mut run = 0;
    for entry in fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        let file: Value = serde_yaml::from_str(&fs::read_to_string(&path).unwrap()).unwrap();
        for case in file["cases"].as_array().unwrap() {
            for d in range(case["in"].as_str().unwrap()) {
                let says = case["says"]
                    .as_array()
                    .unwrap()
                    .iter()
                    .map(|text| text.as_str().unwrap());
                let says: Vec<String> = says
                    .map(|text| text.replace("{version}", d.version()))
                    .collect();
                let (document, here) = fill(&file["skeletons"], &case["value"], d);
                let found: Vec<String> = deviations(d, &document)
                    .iter()
                    .map(|deviation| {
                        format!(
                            "{}: {}",
                            relative(&deviation.path, &here),
                            deviation.message
                        )
                    })
                    .collect();
                run += 1;
                let verdict = accepts(d, &document) == says.is_empty()
                    && places(d, &document).is_empty() == says.is_empty();
                if !verdict || found != says {
                    wrong.push(format!(
                        "{} {d} {}\n  {found:?}",
                        path.display(),
                        case["value"]
                    ));
                }
            }
        }
    }
    assert!(run > 300, "only {run} cases were run");
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

/// The dialects from one version to another, both included; `all` of them; or the only one.
fn range(text: &str) -> Vec<Dialect> {
    let of = |version: &str| {
        Dialect::ALL
            .into_iter()
            .find(|d| d.version() == version)
            .expect(version)
    };
    let (from, to) = match text.split_once("..") {
        Some((from, to)) => (of(from), of(to)),
        None if text == "all" => (Dialect::V0_4, Dialect::Beta5),
        None => (of(text), of(text)),
    };
    Dialect::ALL
        .into_iter()
        .filter(|d| (from..=to).contains(d))
        .collect()
}

/// The skeleton of the dialect with the value in its place, and the way to it.
fn fill(skeletons: &Value, value: &Value, d: Dialect) -> (Value, Vec<Segment>) {
    let skeletons = skeletons.as_array().unwrap();
    let mut skeletons = skeletons
        .iter()
        .filter(|skeleton| range(skeleton["in"].as_str().unwrap()).contains(&d));
    let mut document = skeletons.next().expect("no skeleton for the version")["document"].clone();
    let mut here = Vec::new();
    assert!(
        put(&mut document, value, &mut here),
        "a skeleton without HERE"
    );
    if let Some(root) = document.as_object_mut() {
        root.insert(d.root_key().to_owned(), d.version().into());
    }
    (document, here)
}

fn put(into: &mut Value, value: &Value, here: &mut Vec<Segment>) -> bool {
    let try_at = |segment: Segment, part: &mut Value, here: &mut Vec<Segment>| {
        here.push(segment);
        let found = put(part, value, here);
        if !found {
            here.pop();
        }
        found
    };
    match into {
        Value::String(text) if text == "HERE" => {
            *into = value.clone();
            true
        }
        Value::Array(items) => items
            .iter_mut()
            .enumerate()
            .any(|(at, item)| try_at(Segment::Index(at), item, here)),
        Value::Object(map) => map
            .iter_mut()
            .any(|(key, item)| try_at(Segment::Key(key.clone()), item, here)),
        _ => false,
    }
}

fn relative(path: &[Segment], here: &[Segment]) -> String {
    let shown = |segments: &[Segment]| {
        let words: Vec<String> = segments
            .iter()
            .map(|segment| match segment {
                Segment::Key(key) => key.clone(),
                Segment::Index(at) => at.to_string(),
            })
            .collect();
        words.join("/")
    };
    path.strip_prefix(here)
        .map_or_else(|| format!("/{}", shown(path)), shown)
}
