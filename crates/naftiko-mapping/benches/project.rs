//! The projection against building a tree, taking the same members out of it, and writing them.
//!
//! `cargo bench -p naftiko-mapping`. Four members of each element, of one element, of 5 KB and of
//! 500 KB; beside it what only the parsing of the tree takes, a path that needs a tree, one node
//! passed on as it is, and the identity, which copies (an engine does not even do that).

#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    reason = "a benchmark of something else than it says must fail"
)]

use std::borrow::Cow;
use std::fmt::Write as _;
use std::hint::black_box;

use criterion::{Criterion, Throughput, criterion_group, criterion_main};
use naftiko_mapping::{Kind, Output, Path, Projection, Shape};
use serde_json::{Map, Value, json};

/// What is wanted of each element.
const MEMBERS: [(&str, &str, Kind); 4] = [
    ("id", "$.id", Kind::String),
    ("name", "$.name", Kind::String),
    ("owner", "$.owner.login", Kind::String),
    ("stars", "$.stars", Kind::Integer),
];

fn document(bytes: usize) -> String {
    let mut json = String::from("{\"code\":0,\"data\":{\"items\":[");
    let mut n = 0;
    while json.len() < bytes {
        let comma = if n == 0 { "" } else { "," };
        let _ = write!(
            json,
            "{comma}{{\"id\":{n},\"name\":\"item {n}\",\"owner\":{{\"login\":\"user{n}\",\"admin\":\
             false}},\"stars\":{},\"lat\":59.9{n},\"tags\":[\"a\",\"bc\"],\"text\":\"some \\\"text\\\" \
             that nobody asked for\"}}",
            n * 7
        );
        n += 1;
    }
    json.push_str("]},\"message\":\"ok\"}");
    json
}

fn path(text: &str) -> Path {
    Path::parse(text).expect("a path")
}

fn projection(mapping: &str) -> Projection {
    let member = |&(name, text, kind): &(&str, &str, Kind)| {
        (
            name.to_owned(),
            Shape {
                mapping: Some(path(text)),
                ..Shape::new(kind)
            },
        )
    };
    let members = MEMBERS.iter().map(member).collect();
    let items = Shape {
        properties: Some(members),
        ..Shape::new(Kind::Object)
    };
    Projection::compile(&Output::unnamed(vec![Shape {
        mapping: Some(path(mapping)),
        items: Some(Box::new(items)),
        ..Shape::new(Kind::Array)
    }]))
}

/// One node, whatever it is.
fn node(mapping: &str) -> Projection {
    Projection::compile(&Output::unnamed(vec![Shape {
        mapping: Some(path(mapping)),
        ..Shape::new(Kind::Any)
    }]))
}

/// The same by a tree: parse, find, collect, write.
fn by_tree(body: &[u8], items: &Path, members: &[(&str, Path, Kind)]) -> Vec<u8> {
    let document: Value = serde_json::from_slice(body).unwrap();
    let items = items.find(&document).unwrap_or_default();
    let shaped: Value = items
        .as_array()
        .into_iter()
        .flatten()
        .map(|item| {
            let find = |(name, path, kind): &(&str, Path, Kind)| {
                let found = path.find(item);
                let value = match (found.as_deref(), kind) {
                    (Some(Value::Number(number)), Kind::String) => Value::from(number.to_string()),
                    _ => found.map_or(Value::Null, Cow::into_owned),
                };
                ((*name).to_owned(), value)
            };
            Value::Object(members.iter().map(find).collect::<Map<_, _>>())
        })
        .collect();
    serde_json::to_vec(&shaped).unwrap()
}

fn project(criterion: &mut Criterion) {
    let fast = projection("$.data.items");
    let filtered = projection("$.data.items[?(@.stars > 70)]");
    let node = node("$.data");
    let identity = Projection::compile(&Output::Identity);
    let items = path("$.data.items");
    let members = MEMBERS.map(|(name, text, kind)| (name, path(text), kind));
    for (name, size) in [("small", 100), ("5 KB", 5_000), ("500 KB", 500_000)] {
        let body = document(size);
        check(&body, &fast, &filtered, &node, &identity);
        let same = by_tree(body.as_bytes(), &items, &members);
        assert_eq!(fast.apply(body.as_bytes()).unwrap().bytes, same);
        let mut group = criterion.benchmark_group(name);
        group
            .throughput(Throughput::Bytes(body.len() as u64))
            .sample_size(30);
        for (label, projection) in [
            ("projection", &fast),
            ("filter (needs a tree)", &filtered),
            ("one node", &node),
            ("identity", &identity),
        ] {
            group.bench_function(label, |b| {
                b.iter(|| projection.apply(black_box(body.as_bytes())));
            });
        }
        group.bench_function("tree", |b| {
            b.iter(|| by_tree(black_box(body.as_bytes()), &items, &members));
        });
        group.bench_function("tree, parsing alone", |b| {
            b.iter(|| serde_json::from_slice::<Value>(black_box(body.as_bytes())));
        });
        group.finish();
    }
}

/// That each projection gives what it is meant to.
fn check(
    body: &str,
    fast: &Projection,
    filtered: &Projection,
    node: &Projection,
    identity: &Projection,
) {
    let read = |projection: &Projection| -> Value {
        serde_json::from_slice(&projection.apply(body.as_bytes()).unwrap().bytes).unwrap()
    };
    let whole: Value = serde_json::from_str(body).unwrap();
    let items = whole.pointer("/data/items").unwrap().as_array().unwrap();
    let shaped = read(fast);
    assert_eq!(shaped.as_array().map(Vec::len), Some(items.len()));
    assert_eq!(
        shaped.pointer("/0"),
        Some(&json!({"id": "0", "name": "item 0", "owner": "user0", "stars": 0}))
    );
    // An element has seven times its number of stars: the first eleven have too few.
    let starred = read(filtered);
    assert_eq!(
        starred.as_array().map(Vec::len),
        Some(items.len().saturating_sub(11))
    );
    assert_eq!(Some(&read(node)), whole.get("data"));
    let copied = identity.apply(body.as_bytes()).unwrap();
    assert!(identity.is_identity() && copied.bytes == body.as_bytes());
}

criterion_group!(benches, project);
criterion_main!(benches);
