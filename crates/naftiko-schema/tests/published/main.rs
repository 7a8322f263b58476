//! The dialects as stated here against the schemas that were published: the same verdict and the same places, on every
//! document at hand, on documents made from either schema, and on small changes of all of these.
//!
//! `NAFTIKO_MUTATIONS` is how many random changes of each document are tried (2 unless told otherwise), and how many
//! documents of each schema are changed in every small way.

#![allow(
    clippy::unwrap_used,
    clippy::indexing_slicing,
    clippy::panic,
    clippy::expect_used,
    clippy::print_stdout,
    clippy::cast_possible_truncation
)]

mod definitions;
mod mutate;
mod random;
mod sample;

use std::collections::BTreeSet;
use std::fs;
use std::path::{Path, PathBuf};

use jsonschema::Validator;
use naftiko_schema::Dialect;
use random::Random;
use sample::Sampler;
use serde_json::Value;

struct Published {
    dialect: Dialect,
    schema: Value,
    validator: Validator,
    keys: Vec<String>,
}

#[derive(Default, Debug)]
struct Counts {
    compared: usize,
    accepted: usize,
    differences: Vec<String>,
}

impl Counts {
    fn compare(&mut self, published: &Published, document: &Value, from: &str) {
        let d = published.dialect;
        let accepted = published.validator.is_valid(document);
        let theirs: BTreeSet<String> = published
            .validator
            .iter_errors(document)
            .map(|error| error.instance_path().as_str().to_owned())
            .collect();
        let ours = naftiko_schema::places(d, document);
        let deviations = naftiko_schema::deviations(d, document);
        self.compared += 1;
        self.accepted += usize::from(accepted);
        let same = accepted == naftiko_schema::accepts(d, document)
            && theirs == ours
            && deviations.is_empty() == accepted
            && accepted == theirs.is_empty();
        if !same {
            self.differences.push(format!(
                "{d} {from}: published {theirs:?}, ours {ours:?}, {deviations:?}\n{document}"
            ));
        }
    }
}

fn shared() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../../../shared")
}

fn published() -> Vec<Published> {
    Dialect::ALL
        .into_iter()
        .map(|dialect| {
            let file = format!("schemas/{}-{}.json", dialect.root_key(), dialect.version());
            let schema: Value =
                serde_json::from_str(&fs::read_to_string(shared().join(file)).unwrap()).unwrap();
            let validator = jsonschema::validator_for(&schema).unwrap();
            let mut keys = BTreeSet::from(["zzz".to_owned(), "description".to_owned()]);
            property_names(&schema, &mut keys);
            property_names(&naftiko_schema::schema(dialect), &mut keys);
            Published {
                dialect,
                schema,
                validator,
                keys: keys.into_iter().collect(),
            }
        })
        .collect()
}

fn property_names(schema: &Value, into: &mut BTreeSet<String>) {
    if let Some(properties) = schema.get("properties").and_then(Value::as_object) {
        into.extend(properties.keys().cloned());
    }
    match schema {
        Value::Object(map) => map.values().for_each(|part| property_names(part, into)),
        Value::Array(parts) => parts.iter().for_each(|part| property_names(part, into)),
        _ => {}
    }
}

fn documents(folder: &Path, into: &mut Vec<(String, Value)>, unreadable: &mut usize) {
    let mut entries: Vec<PathBuf> = fs::read_dir(folder)
        .unwrap()
        .map(|entry| entry.unwrap().path())
        .collect();
    entries.sort();
    for path in entries {
        if path.is_dir() {
            documents(&path, into, unreadable);
        } else if path
            .extension()
            .is_some_and(|end| end == "yaml" || end == "yml")
        {
            match serde_yaml::from_str(&fs::read_to_string(&path).unwrap()) {
                Ok(document) => into.push((
                    path.file_name().unwrap().to_string_lossy().into_owned(),
                    document,
                )),
                Err(_) => *unreadable += 1,
            }
        }
    }
}

/// The document as one that declares the dialect.
fn declare(document: &Value, d: Dialect) -> Value {
    let mut document = document.clone();
    if let Some(map) = document.as_object_mut() {
        map.shift_remove("naftiko");
        map.shift_remove("ikanos");
        map.insert(d.root_key().to_owned(), d.version().into());
    }
    document
}

fn mutations() -> usize {
    std::env::var("NAFTIKO_MUTATIONS")
        .ok()
        .and_then(|n| n.parse().ok())
        .unwrap_or(2)
}

fn finish(what: &str, read: usize, counts: &Counts) {
    println!(
        "{what}: {read} documents, {} compared, {} of them accepted",
        counts.compared, counts.accepted
    );
    for difference in counts.differences.iter().take(5) {
        println!("{difference}\n");
    }
    assert!(read > 0, "nothing was read");
    assert_eq!(counts.differences.len(), 0);
}

#[test]
#[ignore = "needs ../shared"]
fn published_documents_have_the_same_verdict_and_places() {
    let published = published();
    let mut counts = Counts::default();
    let mut random = Random::new(1);
    let (mut all, mut unreadable) = (Vec::new(), 0);
    for folder in ["catalog", "catalog-imports", "reference-specs"] {
        documents(&shared().join(folder), &mut all, &mut unreadable);
    }
    println!("{unreadable} files are not YAML");
    for (name, document) in &all {
        for published in &published {
            let declared = declare(document, published.dialect);
            counts.compare(published, &declared, name);
            for _ in 0..mutations() {
                let mut changed = declared.clone();
                mutate::mutate(&mut changed, &published.keys, &mut random);
                counts.compare(published, &changed, name);
            }
        }
    }
    finish("published", all.len(), &counts);
}

#[test]
#[ignore = "needs ../shared"]
fn documents_made_from_a_schema_have_the_same_verdict_and_places() {
    let mut counts = Counts::default();
    let (mut made, mut valid) = (0, 0);
    for published in &published() {
        let ours = naftiko_schema::schema(published.dialect);
        for (whose, schema) in [("ours", &ours), ("theirs", &published.schema)] {
            let mut sampler = Sampler::new(schema);
            let mut random = Random::new(published.dialect as u64 + 7);
            for _ in 0..200 {
                let document = sampler.document(&mut random);
                made += 1;
                counts.compare(published, &document, whose);
                valid += usize::from(published.validator.is_valid(&document));
                for _ in 0..mutations() {
                    let mut changed = document.clone();
                    mutate::mutate(&mut changed, &published.keys, &mut random);
                    if random.once_in(4) {
                        mutate::mutate(&mut changed, &published.keys, &mut random);
                    }
                    counts.compare(published, &changed, whose);
                }
            }
        }
    }
    println!("{valid} of {made} made documents are valid before any change");
    finish("made", made, &counts);
    assert!(
        valid * 4 > made,
        "the changes start from too few valid documents"
    );
}

#[test]
#[ignore = "needs ../shared"]
fn every_small_change_of_made_documents_has_the_same_verdict_and_places() {
    let mut counts = Counts::default();
    let mut made = 0;
    for published in &published() {
        let ours = naftiko_schema::schema(published.dialect);
        for document in valid(published, &ours, mutations()) {
            made += 1;
            for changed in mutate::each(&document) {
                counts.compare(published, &changed, "changed");
            }
        }
    }
    finish("every small change", made, &counts);
}

/// Inside alternatives the schemas report no place, and whole documents seldom reach everything there: each definition
/// by itself, for the verdict.
#[test]
#[ignore = "needs ../shared"]
fn every_definition_has_the_same_verdict() {
    let (mut pairs, mut compared, mut accepted) = (0, 0, 0);
    let mut differences = Vec::new();
    for published in &published() {
        let ours = naftiko_schema::schema(published.dialect);
        for (name, theirs) in definitions::PAIRS {
            let both = (
                definitions::alone(&ours, &[name]),
                definitions::alone(&published.schema, theirs),
            );
            let (ours, theirs) = match both {
                (Some(ours), Some(theirs)) => (ours, theirs),
                (None, None) => continue,
                _ => panic!("only one side has {name} in {}", published.dialect),
            };
            pairs += 1;
            let validators =
                [&ours, &theirs].map(|schema| jsonschema::validator_for(schema).unwrap());
            let mut random = Random::new(5);
            for schema in [&ours, &theirs] {
                let mut sampler = Sampler::new(schema);
                for _ in 0..10 * mutations() {
                    let made = sampler.document(&mut random);
                    let mut all = mutate::each(&made);
                    all.push(made);
                    for value in all {
                        let [ours, theirs] = [0, 1].map(|side| validators[side].is_valid(&value));
                        compared += 1;
                        accepted += usize::from(theirs);
                        if ours != theirs {
                            differences.push(format!(
                                "{} {name}: ours {ours}, theirs {theirs}: {value}",
                                published.dialect
                            ));
                        }
                    }
                }
            }
        }
    }
    println!("{pairs} definitions, {compared} values compared, {accepted} of them accepted");
    differences
        .iter()
        .take(5)
        .for_each(|difference| println!("{difference}"));
    assert!(pairs > 300, "too few definitions were read");
    assert_eq!(differences.len(), 0);
}

/// Valid documents made from both schemas, `n` of each.
fn valid(published: &Published, ours: &Value, n: usize) -> Vec<Value> {
    let mut random = Random::new(3);
    let mut all = Vec::new();
    for schema in [ours, &published.schema] {
        let mut sampler = Sampler::new(schema);
        for _ in 0..n {
            let document = std::iter::repeat_with(|| sampler.document(&mut random))
                .take(1000)
                .find(|document| published.validator.is_valid(document));
            all.push(document.expect("no valid document was made"));
        }
    }
    all
}
