//! Evaluates filters as the dialect compares: text that spells a number equals that number, but
//! only numbers are less than numbers; a member that is not there equals nothing, not even null.

use std::borrow::Cow;
use std::cell::OnceCell;
use std::cmp::Ordering;
use std::collections::HashSet;

use serde_json::{Number, Value};

use crate::eval::{Run, find_in};
use crate::syntax::{Expr, Operand, Operator};

/// Lists shorter than this are searched one by one.
const INDEX_FROM: usize = 16;

/// The value of an operand, if it has one.
#[derive(Debug)]
pub(crate) struct Resolved<'a> {
    value: Option<Cow<'a, Value>>,
    /// Every node is compared with the same value.
    shared: bool,
    /// For long lists that are searched often: what their elements equal, see [`keys`].
    index: OnceCell<HashSet<String>>,
}

impl<'a> Resolved<'a> {
    fn new(value: Option<Cow<'a, Value>>, shared: bool) -> Self {
        Self {
            value,
            shared,
            index: OnceCell::new(),
        }
    }
}

/// Whether `node` passes the filter.
pub(crate) fn holds<'a>(expr: &Expr, node: &'a Value, run: &Run<'a>) -> bool {
    match expr {
        Expr::Any(terms) => terms.iter().any(|term| holds(term, node, run)),
        Expr::All(terms) => terms.iter().all(|term| holds(term, node, run)),
        Expr::Not(inner) => !holds(inner, node, run),
        Expr::Exists(operand) => with(operand, node, run, |found| exists(operand, found)),
        Expr::Matches(operand, regex) => with(operand, node, run, |found| {
            let matches = |value: &Value| text(value).is_some_and(|text| regex.is_match(&text));
            match found.value.as_deref() {
                Some(Value::Array(items)) => items.iter().any(matches),
                Some(value) => matches(value),
                None => false,
            }
        }),
        Expr::Compare(left, operator, right) => with(left, node, run, |l| {
            with(right, node, run, |r| compare(*operator, (left, l), r))
        }),
    }
}

/// Calls `then` with the operand's value. What begins with `$` is evaluated once per document.
fn with<'a>(
    operand: &Operand,
    node: &'a Value,
    run: &Run<'a>,
    then: impl FnOnce(&Resolved<'_>) -> bool,
) -> bool {
    match operand {
        Operand::Literal(value) => then(&Resolved::new(Some(Cow::Borrowed(value)), false)),
        Operand::Current(path) => then(&Resolved::new(find_in(path, node, run), false)),
        Operand::Root(path, number) => {
            let find = || Resolved::new(find_in(path, run.document, run), true);
            run.roots
                .get(*number)
                .is_some_and(|cell| then(cell.get_or_init(find)))
        }
    }
}

/// Whether a path leads anywhere; one that selects a list, whether the list has elements.
fn exists(operand: &Operand, found: &Resolved<'_>) -> bool {
    let is_list = match operand {
        Operand::Current(path) | Operand::Root(path, _) => !path.is_definite(),
        Operand::Literal(_) => false,
    };
    match found.value.as_deref() {
        Some(Value::Array(items)) if is_list => !items.is_empty(),
        found => found.is_some(),
    }
}

fn compare(operator: Operator, left: (&Operand, &Resolved<'_>), right: &Resolved<'_>) -> bool {
    let (operand, found) = left;
    let (l, r) = (found.value.as_deref(), right.value.as_deref());
    let order =
        |wanted: fn(Ordering) -> bool| l.zip(r).and_then(|(l, r)| order(l, r)).is_some_and(wanted);
    match operator {
        Operator::Equal => equal(l, r),
        Operator::NotEqual => !equal(l, r),
        Operator::Same => same(l, r),
        Operator::NotSame => !same(l, r),
        Operator::Less => order(Ordering::is_lt),
        Operator::LessOrEqual => order(Ordering::is_le),
        Operator::Greater => order(Ordering::is_gt),
        Operator::GreaterOrEqual => order(Ordering::is_ge),
        Operator::In => l.is_some_and(|l| member(l, right, right.shared)),
        Operator::NotIn => !l.is_some_and(|l| member(l, right, right.shared)),
        Operator::Contains => match (l, r) {
            (Some(Value::String(l)), Some(Value::String(r))) => l.contains(r.as_str()),
            (_, Some(r)) => member(r, found, found.shared),
            _ => false,
        },
        Operator::All => lists(l, r, |_, r| r.iter().all(|item| member(item, found, true))),
        Operator::SubsetOf => lists(l, r, |l, _| l.iter().all(|item| member(item, right, true))),
        Operator::AnyOf => lists(l, r, |l, _| l.iter().any(|item| member(item, right, true))),
        Operator::NoneOf => lists(l, r, |l, _| !l.iter().any(|item| member(item, right, true))),
        Operator::Size => size(l).is_some_and(|size| r.and_then(Value::as_f64) == Some(size)),
        Operator::Empty => size(l).is_some_and(|size| r == Some(&Value::Bool(size == 0.0))),
        Operator::Exists => r == Some(&Value::Bool(exists(operand, found))),
    }
}

fn lists(
    l: Option<&Value>,
    r: Option<&Value>,
    test: impl FnOnce(&[Value], &[Value]) -> bool,
) -> bool {
    match (l, r) {
        (Some(Value::Array(l)), Some(Value::Array(r))) => test(l, r),
        _ => false,
    }
}

fn size(value: Option<&Value>) -> Option<f64> {
    #[expect(
        clippy::cast_precision_loss,
        reason = "nothing in memory has 2^53 elements"
    )]
    match value? {
        Value::String(text) => Some(text.chars().count() as f64),
        Value::Array(items) => Some(items.len() as f64),
        Value::Object(members) => Some(members.len() as f64),
        _ => None,
    }
}

/// Whether `list` holds `value`. A long list that is searched `often` is indexed the first time,
/// so that comparing n values with a list of m takes n + m steps.
fn member(value: &Value, list: &Resolved<'_>, often: bool) -> bool {
    let Some(Value::Array(items)) = list.value.as_deref() else {
        return false;
    };
    if items.len() < INDEX_FROM || !often {
        return items.iter().any(|item| equal(Some(value), Some(item)));
    }
    let index = list
        .index
        .get_or_init(|| items.iter().flat_map(keys).flatten().collect());
    // The dialect compares as the left side's type says.
    let [text, number] = keys(value);
    let key = if value.is_number() { number } else { text };
    key.is_some_and(|key| index.contains(&key))
}

/// Two keys of a value: what it equals as text (a container: its canonical text), and what as a
/// number.
fn keys(value: &Value) -> [Option<String>; 2] {
    match value {
        Value::String(text) => [
            Some(format!("s{text}")),
            number_in(text).map(|n| number_key(&n)),
        ],
        Value::Number(number) => [Some(format!("s{number}")), Some(number_key(number))],
        value => [Some(format!("c{}", canonical(value))), None],
    }
}

fn number_key(number: &Number) -> String {
    let float = number.as_f64().unwrap_or_default();
    // 7 and 7.0 are one number; beyond 2^53 only integers of full width tell numbers apart.
    match number.as_i128() {
        Some(integer) => format!("n{integer}"),
        None if float.fract() == 0.0 && float.abs() < 9e15 => format!("n{float:.0}"),
        None => format!("n{float}"),
    }
}

/// JSON with the members of objects in one order: their order does not count in a comparison.
fn canonical(value: &Value) -> String {
    let mut value = value.clone();
    value.sort_all_objects();
    value.to_string()
}

fn equal(l: Option<&Value>, r: Option<&Value>) -> bool {
    match (l, r) {
        (Some(Value::Number(l)), Some(Value::Number(r))) => numbers(l, r) == Some(Ordering::Equal),
        (Some(Value::Number(l)), Some(Value::String(r))) => {
            number_in(r).and_then(|r| numbers(l, &r)) == Some(Ordering::Equal)
        }
        (Some(Value::String(l)), Some(Value::Number(r))) => *l == r.to_string(),
        _ => l == r,
    }
}

fn same(l: Option<&Value>, r: Option<&Value>) -> bool {
    match (l, r) {
        (Some(Value::Number(_)), Some(Value::String(_)))
        | (Some(Value::String(_)), Some(Value::Number(_))) => false,
        _ => equal(l, r),
    }
}

fn order(l: &Value, r: &Value) -> Option<Ordering> {
    match (l, r) {
        (Value::Number(l), Value::Number(r)) => numbers(l, r),
        (Value::String(l), Value::String(r)) => Some(l.cmp(r)),
        _ => None,
    }
}

fn numbers(l: &Number, r: &Number) -> Option<Ordering> {
    match (l.as_i128(), r.as_i128()) {
        (Some(l), Some(r)) => Some(l.cmp(&r)),
        _ => l.as_f64()?.partial_cmp(&r.as_f64()?),
    }
}

/// The number that a text spells as JSON would.
fn number_in(text: &str) -> Option<Number> {
    text.parse().ok()
}

fn text(value: &Value) -> Option<Cow<'_, str>> {
    match value {
        Value::String(text) => Some(Cow::Borrowed(text)),
        Value::Number(_) | Value::Bool(_) => Some(Cow::Owned(value.to_string())),
        _ => None,
    }
}
