//! Small changes of a document, most of which break it.

use serde_json::{Map, Value, json};

use crate::random::Random;
use crate::sample::STRINGS;

/// Changes the document at one place. `keys` are names that may mean something somewhere.
pub(crate) fn mutate(document: &mut Value, keys: &[String], random: &mut Random) {
    let mut places = Vec::new();
    pointers(document, "", &mut places);
    let place = random.pick(&places).clone();
    let source = random.pick(&places).clone();
    let graft = document.pointer(&source).cloned().unwrap();
    let Some(value) = document.pointer_mut(&place) else {
        return;
    };
    match random.below(12) {
        0 => *value = graft,
        1 => *value = json!(random.pick(&STRINGS)),
        2 => {
            *value = random
                .pick(&[
                    json!(null),
                    json!(true),
                    json!(1.5),
                    json!(8080),
                    json!([]),
                    json!({}),
                    json!(-1),
                ])
                .clone();
        }
        3 => *value = json!([value.take()]),
        4 => other_container(value, random),
        _ => match value {
            Value::Object(map) => change_map(map, keys, graft, random),
            Value::Array(items) => change_list(items, graft, random),
            Value::String(text) => match random.below(4) {
                0 => text.push(*random.pick(&['_', ' ', '*', '.', '-', '/', '{', '\n'])),
                1 => text.insert(0, *random.pick(&['_', ' ', '1', 'x'])),
                2 => *text = random.pick(keys).clone(),
                _ => text.clear(),
            },
            _ => *value = json!(random.below(70_000)),
        },
    }
}

/// Every document that differs from this one at one place in one of a few ways.
pub(crate) fn each(document: &Value) -> Vec<Value> {
    let mut places = Vec::new();
    pointers(document, "", &mut places);
    let others = [
        json!(null),
        json!(true),
        json!(1.5),
        json!(0),
        json!(1_000_000),
        json!("two words"),
        json!(""),
        json!([]),
        json!({}),
    ];
    let mut all = Vec::new();
    for place in &places {
        let mut change = |how: &dyn Fn(&mut Value)| {
            let mut changed = document.clone();
            how(changed.pointer_mut(place).unwrap());
            all.push(changed);
        };
        for other in &others {
            change(&|value| *value = other.clone());
        }
        match document.pointer(place) {
            Some(Value::Object(map)) => {
                change(&|value| value["zzz"] = json!("z"));
                for name in ["a b", "a_b", "a.b", "a-b", "AB"] {
                    let twin = map.values().next().cloned().unwrap_or_default();
                    change(&|value| value[name] = twin.clone());
                }
                for key in map.keys() {
                    change(&|value| drop(value.as_object_mut().unwrap().shift_remove(key)));
                }
            }
            Some(Value::Array(items)) => {
                for at in 0..items.len() {
                    change(&|value| drop(value.as_array_mut().unwrap().remove(at)));
                }
            }
            _ => {}
        }
    }
    all
}

fn change_map(map: &mut Map<String, Value>, keys: &[String], graft: Value, random: &mut Random) {
    let own: Vec<String> = map.keys().cloned().collect();
    match random.below(4) {
        _ if own.is_empty() => drop(map.insert(random.pick(keys).clone(), graft)),
        0 => drop(map.shift_remove(random.pick(&own))),
        1 => drop(map.insert(random.pick(keys).clone(), graft)),
        2 => drop(map.insert((*random.pick(&STRINGS)).to_owned(), graft)),
        _ => {
            let moved = map.shift_remove(random.pick(&own)).unwrap();
            map.insert(random.pick(keys).clone(), moved);
        }
    }
}

fn change_list(items: &mut Vec<Value>, graft: Value, random: &mut Random) {
    match random.below(4) {
        _ if items.is_empty() => items.push(graft),
        0 => drop(items.remove(random.below(items.len()))),
        1 => items.push(items[random.below(items.len())].clone()),
        2 => items.push(graft),
        _ => items.clear(),
    }
}

/// A list of named entries as a map by name, and back.
fn other_container(value: &mut Value, random: &mut Random) {
    *value = match value.take() {
        Value::Array(items) => {
            let mut map = Map::new();
            for (at, mut item) in items.into_iter().enumerate() {
                let name = item
                    .as_object_mut()
                    .and_then(|item| item.shift_remove("name"));
                map.insert(
                    name.and_then(|name| name.as_str().map(str::to_owned))
                        .unwrap_or(format!("n{at}")),
                    item,
                );
            }
            map.into()
        }
        Value::Object(map) => map
            .into_iter()
            .map(|(name, mut item)| {
                if let Some(item) = item.as_object_mut().filter(|_| !random.once_in(4)) {
                    item.insert("name".to_owned(), name.into());
                }
                item
            })
            .collect(),
        other => other,
    };
}

/// The pointers of all values in a document, itself included.
fn pointers(value: &Value, here: &str, into: &mut Vec<String>) {
    match value {
        Value::Array(items) => {
            for (at, item) in items.iter().enumerate() {
                pointers(item, &format!("{here}/{at}"), into);
            }
        }
        Value::Object(map) => {
            for (key, item) in map {
                pointers(
                    item,
                    &format!("{here}/{}", key.replace('~', "~0").replace('/', "~1")),
                    into,
                );
            }
        }
        _ => {}
    }
    into.push(here.to_owned());
}
