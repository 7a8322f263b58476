//! Tail functions: `.length()`, `.sum()` and kin.

use serde_json::{Number, Value};

use crate::syntax::Function;

/// Applies functions one after the other; `None` where one has nothing to work on.
pub(crate) fn apply_all(calls: &[Function], node: &Value) -> Option<Value> {
    let (first, rest) = calls.split_first()?;
    rest.iter()
        .try_fold(apply(*first, node)?, |value, function| {
            apply(*function, &value)
        })
}

fn apply(function: Function, node: &Value) -> Option<Value> {
    let numbers = || -> Option<Vec<f64>> {
        let numbers: Vec<_> = node.as_array()?.iter().filter_map(Value::as_f64).collect();
        (!numbers.is_empty()).then_some(numbers)
    };
    let number = match function {
        Function::Length => {
            return Some(match node {
                Value::Array(items) => items.len().into(),
                Value::Object(members) => members.len().into(),
                _ => Value::Null,
            });
        }
        Function::Keys => {
            return Some(match node {
                Value::Object(members) => members.keys().map(String::as_str).collect(),
                _ => Value::Null,
            });
        }
        Function::Sum => numbers()?.iter().sum(),
        Function::Min => numbers()?.into_iter().fold(f64::INFINITY, f64::min),
        Function::Max => numbers()?.into_iter().fold(f64::NEG_INFINITY, f64::max),
        Function::Avg => mean(&numbers()?),
        Function::StdDev => {
            let numbers = numbers()?;
            let squares: Vec<_> = numbers.iter().map(|n| n * n).collect();
            (mean(&squares) - mean(&numbers).powi(2)).max(0.0).sqrt()
        }
    };
    // An overflow to infinity is no JSON number.
    Number::from_f64(number).map(Value::Number)
}

fn mean(numbers: &[f64]) -> f64 {
    #[expect(
        clippy::cast_precision_loss,
        reason = "a list has far fewer than 2^53 elements"
    )]
    let count = numbers.len() as f64;
    numbers.iter().sum::<f64>() / count
}
