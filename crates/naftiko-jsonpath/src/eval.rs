//! Walks a compiled path over a document.

use std::borrow::Cow;
use std::cell::OnceCell;
use std::collections::HashSet;

use serde_json::{Map, Value};

use crate::filter::Resolved;
use crate::path::{Path, StageKind, Tail};
use crate::syntax::{Expr, Step};
use crate::{filter, function};

/// What one evaluation keeps: the document, and the operands of filters that begin with `$`.
pub(crate) struct Run<'a> {
    pub(crate) document: &'a Value,
    pub(crate) roots: Vec<OnceCell<Resolved<'a>>>,
}

pub(crate) fn find<'a>(path: &Path, document: &'a Value) -> Option<Cow<'a, Value>> {
    let roots = (0..path.roots).map(|_| OnceCell::new()).collect();
    find_in(path, document, &Run { document, roots })
}

pub(crate) fn find_nodes<'a>(path: &Path, document: &'a Value) -> Option<Vec<&'a Value>> {
    if path.definite || !matches!(path.tail, Tail::None) {
        return None;
    }
    let roots = (0..path.roots).map(|_| OnceCell::new()).collect();
    nodes(path, document, &Run { document, roots })
}

/// The nodes before the tail; `None` if the simple steps lead nowhere.
fn nodes<'a>(path: &Path, node: &'a Value, run: &Run<'a>) -> Option<Vec<&'a Value>> {
    let mut nodes = vec![walk(&path.steps, node)?];
    for stage in &path.stages {
        let mut next = Vec::new();
        match &stage.kind {
            StageKind::PickFromList(index) => next.extend(at(&nodes, *index).copied()),
            kind => {
                let mut seen = HashSet::new();
                for node in nodes {
                    let from = next.len();
                    apply(kind, node, run, &mut next);
                    if stage.distinct {
                        let new = next.split_off(from);
                        next.extend(
                            new.into_iter()
                                .filter(|n| seen.insert(std::ptr::from_ref(*n))),
                        );
                    }
                }
            }
        }
        nodes = next;
    }
    Some(nodes)
}

/// Evaluates `path` on `node`, a node of the run's document.
pub(crate) fn find_in<'a>(path: &Path, node: &'a Value, run: &Run<'a>) -> Option<Cow<'a, Value>> {
    if let Some(steps) = path.singular_steps() {
        return walk(steps, node).map(Cow::Borrowed);
    }
    let nodes = nodes(path, node, run)?;
    let found = match &path.tail {
        Tail::None if path.definite => return nodes.first().copied().map(Cow::Borrowed),
        Tail::None => nodes.into_iter().cloned().collect(),
        Tail::Merge { names, all } => nodes
            .into_iter()
            .filter_map(|node| merge(names, *all, node))
            .collect(),
        Tail::Functions { calls, list: true } => {
            let list = Value::Array(nodes.into_iter().cloned().collect());
            vec![function::apply_all(calls, &list)?]
        }
        // One node that a function cannot work on fails the whole path, as in the dialect.
        Tail::Functions { calls, list: false } => nodes
            .into_iter()
            .map(|node| function::apply_all(calls, node))
            .collect::<Option<Vec<_>>>()?,
    };
    if path.definite {
        found.into_iter().next().map(Cow::Owned)
    } else {
        Some(Cow::Owned(Value::Array(found)))
    }
}

fn walk<'a>(steps: &[Step], mut node: &'a Value) -> Option<&'a Value> {
    for step in steps {
        node = match (step, node) {
            (Step::Name(name), Value::Object(members)) => members.get(name)?,
            (Step::Index(index), Value::Array(items)) => at(items, *index)?,
            _ => return None,
        };
    }
    Some(node)
}

/// The element at `index`, from the end if negative.
fn at<T>(items: &[T], index: i64) -> Option<&T> {
    let back = usize::try_from(index.unsigned_abs()).ok()?;
    items.get(if index < 0 {
        items.len().checked_sub(back)?
    } else {
        back
    })
}

fn apply<'a>(kind: &StageKind, node: &'a Value, run: &Run<'a>, out: &mut Vec<&'a Value>) {
    match kind {
        StageKind::Engine(path) => out.append(&mut path.query_values(node)),
        StageKind::Filter(expr) => match node {
            Value::Array(items) => {
                out.extend(items.iter().filter(|item| filter::holds(expr, item, run)));
            }
            Value::Object(_) if filter::holds(expr, node, run) => out.push(node),
            _ => {}
        },
        StageKind::FilterAll(expr) => filter_all(expr, node, run, out),
        StageKind::All => descend(node, &mut |node, _| out.push(node)),
        StageKind::Pick(index) | StageKind::PickFromList(index) => {
            out.extend(node.as_array().and_then(|items| at(items, *index)));
        }
    }
}

/// Every object, and every element of an array, that passes; each is tested once.
fn filter_all<'a>(expr: &Expr, node: &'a Value, run: &Run<'a>, out: &mut Vec<&'a Value>) {
    descend(node, &mut |node, is_element| {
        if (is_element || node.is_object()) && filter::holds(expr, node, run) {
            out.push(node);
        }
    });
}

/// Visits `root` and all its descendants in document order, and says which are elements of an
/// array. Keeps its own stack: a document may have been built deeper than the thread's allows.
fn descend<'a>(root: &'a Value, visit: &mut impl FnMut(&'a Value, bool)) {
    let mut stack = vec![(root, false)];
    while let Some((node, is_element)) = stack.pop() {
        visit(node, is_element);
        match node {
            Value::Array(items) => stack.extend(items.iter().rev().map(|item| (item, true))),
            Value::Object(members) => stack.extend(members.values().rev().map(|v| (v, false))),
            _ => {}
        }
    }
}

fn merge(names: &[String], all: bool, node: &Value) -> Option<Value> {
    let members = node.as_object()?;
    if all && !names.iter().all(|name| members.contains_key(name)) {
        return None;
    }
    let found = names
        .iter()
        .filter_map(|name| Some((name.clone(), members.get(name)?.clone())));
    Some(Value::Object(found.collect::<Map<_, _>>()))
}
