//! Arguments: what a caller gave, checked against what the flow takes (decisions, section 4).

use std::fmt;

use naftiko_plan::{Flow, InputPlan};
use naftiko_spec::JsonType;
use serde_json::{Number, Value};

/// How many characters of a bad value a message shows.
const PREVIEW: usize = 60;

/// The values of a flow's inputs, by slot. An absent value is `None`, never null.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Arguments {
    values: Vec<Option<Value>>,
}

impl Arguments {
    /// No values yet for the inputs of `flow`.
    pub fn of(flow: &Flow) -> Self {
        Self {
            values: vec![None; flow.inputs.len()],
        }
    }

    /// Sets the value of a slot; a slot that the flow does not have is ignored.
    pub fn set(&mut self, slot: usize, value: Option<Value>) {
        if let Some(place) = self.values.get_mut(slot) {
            *place = value.filter(|value| !value.is_null());
        }
    }

    /// The value of a slot.
    pub fn get(&self, slot: usize) -> Option<&Value> {
        self.values.get(slot).and_then(Option::as_ref)
    }

    /// Checks that everything required is there.
    ///
    /// # Errors
    /// The first required input without a value.
    pub fn check(&self, flow: &Flow) -> Result<(), InputProblem> {
        for (slot, input) in flow.inputs.iter().enumerate() {
            if input.required && self.get(slot).is_none() {
                return Err(InputProblem::Missing {
                    input: input.name.clone(),
                    expected: expected(input),
                });
            }
        }
        Ok(())
    }
}

/// What an input without a type expects.
const ANYTHING: &str = "a value";

/// What is wrong with an input.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum InputProblem {
    /// It is required and absent.
    Missing {
        /// The input.
        input: String,
        /// What it must be.
        expected: String,
    },
    /// Its value is not what it must be.
    Invalid {
        /// The input.
        input: String,
        /// The beginning of what came.
        got: String,
        /// What it must be.
        expected: String,
    },
    /// One value is expected and several came.
    Repeated {
        /// The input.
        input: String,
    },
}

impl InputProblem {
    /// The name of the input.
    pub fn input(&self) -> &str {
        match self {
            Self::Missing { input, .. }
            | Self::Invalid { input, .. }
            | Self::Repeated { input } => input,
        }
    }
}

impl fmt::Display for InputProblem {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Missing { input, expected } => {
                write!(f, "the input `{input}` is required")?;
                if expected == ANYTHING {
                    return Ok(());
                }
                write!(f, ": {expected}")
            }
            Self::Invalid {
                input,
                got,
                expected,
            } => {
                write!(f, "the input `{input}` must be {expected}, but {got} came")
            }
            Self::Repeated { input } => {
                write!(f, "the input `{input}` takes one value, but several came")
            }
        }
    }
}

/// Reads an input from text, as paths, queries, headers and forms have it. Several texts are a list.
///
/// # Errors
/// A value that is not of the input's type, does not match its pattern or is not one of those allowed.
pub fn check_text(input: &InputPlan, texts: &[&str]) -> Result<Option<Value>, InputProblem> {
    let one = match texts {
        [] => return Ok(None),
        [one] => *one,
        // Without a type any value is valid, a list too.
        _ if matches!(input.ty, None | Some(JsonType::Array)) => {
            let list = texts.iter().map(|text| Value::from(*text)).collect();
            return check(input, Value::Array(list)).map(Some);
        }
        _ => {
            return Err(InputProblem::Repeated {
                input: input.name.clone(),
            });
        }
    };
    let value = match input.ty {
        None | Some(JsonType::String) => Value::from(one),
        Some(JsonType::Array) => match serde_json::from_str(one) {
            Ok(Value::Array(list)) => Value::Array(list),
            _ => Value::Array(vec![Value::from(one)]),
        },
        Some(JsonType::Object) => serde_json::from_str(one).unwrap_or_else(|_| Value::from(one)),
        Some(_) => Value::from(one),
    };
    check(input, value).map(Some)
}

/// Reads an input from a JSON value; null is absent.
///
/// # Errors
/// A value that is not of the input's type, does not match its pattern or is not one of those allowed.
pub fn check_json(input: &InputPlan, value: Value) -> Result<Option<Value>, InputProblem> {
    if value.is_null() {
        return Ok(None);
    }
    check(input, value).map(Some)
}

/// Coerces without loss and checks.
fn check(input: &InputPlan, value: Value) -> Result<Value, InputProblem> {
    let value = match coerce(input.ty, value) {
        Ok(value) => value,
        Err(value) => return Err(invalid(input, &value)),
    };
    let matches = match (&input.pattern, &value) {
        (Some(pattern), Value::String(text)) => pattern.is_match(text),
        _ => true,
    };
    let text = |value: &Value| {
        value
            .as_str()
            .map_or_else(|| value.to_string(), str::to_owned)
    };
    let allowed = input.allowed.is_empty()
        || input
            .allowed
            .iter()
            .any(|one| *one == value || text(one) == text(&value));
    if matches && allowed {
        Ok(value)
    } else {
        Err(invalid(input, &value))
    }
}

fn coerce(ty: Option<JsonType>, value: Value) -> Result<Value, Value> {
    let Some(ty) = ty else { return Ok(value) };
    match (ty, &value) {
        (JsonType::String, Value::String(_))
        | (JsonType::Number, Value::Number(_))
        | (JsonType::Boolean, Value::Bool(_))
        | (JsonType::Array, Value::Array(_))
        | (JsonType::Object, Value::Object(_)) => Ok(value),
        (JsonType::String, Value::Number(number)) => Ok(Value::from(number.to_string())),
        (JsonType::String, Value::Bool(flag)) => Ok(Value::from(flag.to_string())),
        (JsonType::Number, Value::String(text)) => number(text).map(Value::Number).ok_or(value),
        (JsonType::Integer, Value::Number(number)) => whole(number).map(Value::Number).ok_or(value),
        (JsonType::Integer, Value::String(text)) => number(text)
            .and_then(|number| whole(&number))
            .map(Value::Number)
            .ok_or(value),
        (JsonType::Boolean, Value::String(text)) => match text.as_str() {
            "true" => Ok(Value::Bool(true)),
            "false" => Ok(Value::Bool(false)),
            _ => Err(value),
        },
        _ => Err(value),
    }
}

/// A number as JSON writes it; `NaN`, `0x10` and `+1` are none.
fn number(text: &str) -> Option<Number> {
    serde_json::from_str::<Number>(text).ok()
}

/// The number, if it is whole: `5.0` is 5.
fn whole(number: &Number) -> Option<Number> {
    if number.is_i64() || number.is_u64() {
        return Some(number.clone());
    }
    let value = number.as_f64()?;
    // Past 2^53 a float does not tell which whole number was meant.
    let exact = value.fract() == 0.0 && value.abs() <= 9_007_199_254_740_992.0;
    #[allow(
        clippy::cast_possible_truncation,
        reason = "checked to be whole and small enough"
    )]
    exact.then(|| Number::from(value as i64))
}

fn invalid(input: &InputPlan, value: &Value) -> InputProblem {
    InputProblem::Invalid {
        input: input.name.clone(),
        got: preview(value),
        expected: expected(input),
    }
}

/// What an input must be, in words.
fn expected(input: &InputPlan) -> String {
    if !input.allowed.is_empty() {
        let words: Vec<String> = input.allowed.iter().map(preview).collect();
        return format!("one of {}", words.join(", "));
    }
    let kind = match input.ty {
        None => ANYTHING,
        Some(JsonType::String) => "a string",
        Some(JsonType::Number) => "a number",
        Some(JsonType::Integer) => "an integer",
        Some(JsonType::Boolean) => "`true` or `false`",
        Some(JsonType::Array) => "an array",
        Some(JsonType::Object) => "an object",
    };
    match &input.pattern {
        Some(pattern) => format!("{kind} that matches `{}`", pattern.as_str()),
        None => kind.to_owned(),
    }
}

/// The beginning of a value, control characters escaped.
fn preview(value: &Value) -> String {
    let text = match value {
        Value::String(text) => format!("\"{}\"", text.escape_default()),
        other => other
            .to_string()
            .escape_default()
            .to_string()
            .replace("\\\"", "\""),
    };
    if text.chars().count() > PREVIEW {
        let cut: String = text.chars().take(PREVIEW).collect();
        format!("`{cut}…`")
    } else {
        format!("`{text}`")
    }
}

#[cfg(test)]
mod tests {
    use naftiko_plan::InputSource;
    use serde_json::json;

    use super::*;

    fn input(ty: Option<JsonType>) -> InputPlan {
        InputPlan {
            name: "x".into(),
            ty,
            required: false,
            description: None,
            pattern: None,
            allowed: Vec::new(),
            source: InputSource::Declared(None),
        }
    }

    #[test]
    fn text_becomes_the_type() {
        let read = |ty, texts: &[&str]| check_text(&input(Some(ty)), texts).map(Option::unwrap);
        assert_eq!(read(JsonType::Integer, &["7"]).unwrap(), json!(7));
        assert_eq!(read(JsonType::Integer, &["5.0"]).unwrap(), json!(5));
        assert_eq!(read(JsonType::Number, &["1.5"]).unwrap(), json!(1.5));
        assert_eq!(read(JsonType::Boolean, &["true"]).unwrap(), json!(true));
        assert_eq!(
            read(JsonType::Array, &["a", "b"]).unwrap(),
            json!(["a", "b"])
        );
        assert_eq!(read(JsonType::Array, &["[1,2]"]).unwrap(), json!([1, 2]));
        assert_eq!(
            read(JsonType::Object, &["{\"a\":1}"]).unwrap(),
            json!({"a": 1})
        );
        assert_eq!(read(JsonType::String, &["7"]).unwrap(), json!("7"));
        assert!(read(JsonType::Integer, &["7.5"]).is_err());
        assert!(read(JsonType::Integer, &["0x7"]).is_err());
        assert!(read(JsonType::Boolean, &["yes"]).is_err());
        assert!(read(JsonType::Object, &["x"]).is_err());
        assert!(matches!(
            read(JsonType::String, &["a", "b"]),
            Err(InputProblem::Repeated { .. })
        ));
        assert_eq!(check_text(&input(None), &[]), Ok(None));
        assert_eq!(
            check_text(&input(None), &["a", "b"]),
            Ok(Some(json!(["a", "b"])))
        );
    }

    #[test]
    fn messages_say_what_came_and_what_was_expected() {
        let problem = check_text(&input(Some(JsonType::Integer)), &["se\u{1b}ven"]).unwrap_err();
        let text = problem.to_string();
        assert_eq!(
            text,
            "the input `x` must be an integer, but `\"se\\u{1b}ven\"` came"
        );
        let long = check_json(&input(Some(JsonType::Integer)), json!("y".repeat(5000)));
        assert!(long.unwrap_err().to_string().len() < 200);
    }

    #[test]
    fn null_is_absent_and_enums_bind() {
        assert_eq!(
            check_json(&input(Some(JsonType::Integer)), Value::Null),
            Ok(None)
        );
        let mut one = input(Some(JsonType::String));
        one.allowed = vec![json!("A"), json!("B")];
        assert!(check_json(&one, json!("A")).is_ok());
        let problem = check_json(&one, json!("C")).unwrap_err().to_string();
        assert!(problem.contains("one of `\"A\"`, `\"B\"`"), "{problem}");
    }
}
