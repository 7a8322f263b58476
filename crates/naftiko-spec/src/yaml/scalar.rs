//! What a scalar means: the core schema of YAML 1.2 (section 10.3.2), with three decisions of our own.
//!
//! - `yes`, `no`, `on`, `off` are text, as in every YAML 1.2 document.
//! - A number with a leading zero (`017`, `-007`, `01.5`) is text: it is an octal number in YAML 1.1, a decimal number in
//!   YAML 1.2 and nearly always meant as a code such as a postal code.
//! - What JSON cannot hold stays the text that the author wrote: `.inf`, `.nan`, whole numbers beyond 64 bits (which
//!   would lose digits), fractions beyond the range of a double.

use serde_json::Number;

use super::node::NodeKind;

/// The value of a plain scalar without a tag.
pub(super) fn resolve(text: &str) -> NodeKind {
    if is_null(text) {
        return NodeKind::Null;
    }
    if let Some(value) = boolean(text) {
        return NodeKind::Bool(value);
    }
    match number(text) {
        Some(number) => NodeKind::Number(number),
        None => NodeKind::String(text.to_owned()),
    }
}

/// The value of a scalar with a tag of the core schema; `None` when the text does not fit the tag.
pub(super) fn resolve_tagged(text: &str, tag: &str) -> Option<NodeKind> {
    match tag {
        "str" => Some(NodeKind::String(text.to_owned())),
        "null" => is_null(text).then_some(NodeKind::Null),
        "bool" => boolean(text).map(NodeKind::Bool),
        "int" => number(text).filter(|n| !n.is_f64()).map(NodeKind::Number),
        "float" => number(text)?
            .as_f64()
            .and_then(Number::from_f64)
            .map(NodeKind::Number),
        _ => None,
    }
}

fn is_null(text: &str) -> bool {
    matches!(text, "" | "~" | "null" | "Null" | "NULL")
}

fn boolean(text: &str) -> Option<bool> {
    match text {
        "true" | "True" | "TRUE" => Some(true),
        "false" | "False" | "FALSE" => Some(false),
        _ => None,
    }
}

fn number(text: &str) -> Option<Number> {
    if let Some(octal) = text.strip_prefix("0o") {
        return radix(octal, 8);
    }
    if let Some(hexadecimal) = text.strip_prefix("0x") {
        return radix(hexadecimal, 16);
    }
    let (negative, digits) = match text.as_bytes().first()? {
        b'-' => (true, text.get(1..)?),
        b'+' => (false, text.get(1..)?),
        _ => (false, text),
    };
    if leading_zero(digits) {
        return None;
    }
    if !digits.is_empty() && digits.bytes().all(|b| b.is_ascii_digit()) {
        return if negative {
            format!("-{digits}").parse::<i64>().ok().map(Number::from)
        } else {
            digits.parse::<u64>().ok().map(Number::from)
        };
    }
    if !is_fraction(digits) {
        return None;
    }
    let value: f64 = digits.parse().ok()?;
    Number::from_f64(if negative { -value } else { value })
}

fn radix(digits: &str, radix: u32) -> Option<Number> {
    // `from_str_radix` takes a sign, the core schema does not.
    if digits.is_empty() || !digits.chars().all(|c| c.is_digit(radix)) {
        return None;
    }
    u64::from_str_radix(digits, radix).ok().map(Number::from)
}

fn leading_zero(digits: &str) -> bool {
    let mut bytes = digits.bytes();
    bytes.next() == Some(b'0') && bytes.next().is_some_and(|b| b.is_ascii_digit())
}

/// `( \. [0-9]+ | [0-9]+ ( \. [0-9]* )? ) ( [eE] [-+]? [0-9]+ )?`
fn is_fraction(text: &str) -> bool {
    let all_digits = |s: &str| s.bytes().all(|b| b.is_ascii_digit());
    let (mantissa, exponent) = match text.split_once(['e', 'E']) {
        Some((mantissa, exponent)) => (mantissa, Some(exponent)),
        None => (text, None),
    };
    let (whole, fraction) = mantissa.split_once('.').unwrap_or((mantissa, ""));
    let mantissa_fits =
        all_digits(whole) && all_digits(fraction) && !(whole.is_empty() && fraction.is_empty());
    let exponent_fits = exponent.is_none_or(|e| {
        let digits = e.strip_prefix(['-', '+']).unwrap_or(e);
        !digits.is_empty() && all_digits(digits)
    });
    mantissa_fits && exponent_fits
}
