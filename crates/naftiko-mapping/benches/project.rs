//! The projection against building a tree, taking the same members out of it, and writing them.
//!
//! `cargo bench -p naftiko-mapping`. Four members of each element, at 5 KB and 500 KB; beside it
//! what only the parsing of the tree takes, and a path that needs a tree.

use std::borrow::Cow;
use std::fmt::Write as _;
use std::hint::black_box;

use criterion::{Criterion, Throughput, criterion_group, criterion_main};
use naftiko_mapping::{Kind, Output, Path, Projection, Shape};
use serde_json::{Map, Value};

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

fn path(text: &str) -> Option<Path> {
    Path::parse(text).ok()
}

fn projection(mapping: &str) -> Projection {
    let member = |&(name, text, kind): &(&str, &str, Kind)| {
        (
            name.to_owned(),
            Shape {
                mapping: path(text),
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
        mapping: path(mapping),
        items: Some(Box::new(items)),
        ..Shape::new(Kind::Array)
    }]))
}

/// The same by a tree: parse, find, collect, write.
fn by_tree(body: &[u8], items: &Path, members: &[(&str, Path)]) -> Vec<u8> {
    let document: Value = serde_json::from_slice(body).unwrap_or_default();
    let items = items.find(&document).unwrap_or_default();
    let shaped: Value = items
        .as_array()
        .into_iter()
        .flatten()
        .map(|item| {
            let find = |(name, path): &(&str, Path)| {
                (
                    (*name).to_owned(),
                    path.find(item).map_or(Value::Null, Cow::into_owned),
                )
            };
            Value::Object(members.iter().map(find).collect::<Map<_, _>>())
        })
        .collect();
    serde_json::to_vec(&shaped).unwrap_or_default()
}

fn project(criterion: &mut Criterion) {
    let fast = projection("$.data.items");
    let filtered = projection("$.data.items[?(@.stars > 70)]");
    let items = path("$.data.items");
    let members: Vec<_> = MEMBERS
        .iter()
        .filter_map(|(name, text, _)| Some((*name, path(text)?)))
        .collect();
    for (name, size) in [("5 KB", 5_000), ("500 KB", 500_000)] {
        let body = document(size);
        let mut group = criterion.benchmark_group(name);
        group
            .throughput(Throughput::Bytes(body.len() as u64))
            .sample_size(30);
        group.bench_function("projection", |b| {
            b.iter(|| fast.apply(black_box(body.as_bytes())));
        });
        group.bench_function("filter (needs a tree)", |b| {
            b.iter(|| filtered.apply(black_box(body.as_bytes())));
        });
        if let Some(items) = &items {
            group.bench_function("tree", |b| {
                b.iter(|| by_tree(black_box(body.as_bytes()), items, &members));
            });
        }
        group.bench_function("tree, parsing alone", |b| {
            b.iter(|| serde_json::from_slice::<Value>(black_box(body.as_bytes())));
        });
        group.finish();
    }
}

criterion_group!(benches, project);
criterion_main!(benches);
