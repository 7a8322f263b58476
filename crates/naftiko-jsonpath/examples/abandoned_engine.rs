//! Runs selectors through the abandoned `jsonpath_lib` 0.3.0, for `tests/differential.rs`.
//!
//! It is a program of its own because that crate overflows the stack and panics on some of them.
//! Each line of standard input is `{"selector": …, "document": …}`; each line of output is the
//! array that was selected, or `"invalid"` or `"panic"`.

use std::io::{BufRead as _, Write as _};

use serde_json::{Value, json};

fn main() -> std::io::Result<()> {
    std::panic::set_hook(Box::new(|_| {}));
    let mut out = std::io::stdout().lock();
    for line in std::io::stdin().lock().lines() {
        let case: Value = serde_json::from_str(&line?)?;
        let answer = std::panic::catch_unwind(|| {
            let selector = case
                .get("selector")
                .and_then(Value::as_str)
                .unwrap_or_default();
            match jsonpath_lib::select(case.get("document").unwrap_or(&Value::Null), selector) {
                Ok(found) => json!(found),
                Err(_) => json!("invalid"),
            }
        });
        writeln!(out, "{}", answer.unwrap_or_else(|_| json!("panic")))?;
        out.flush()?;
    }
    Ok(())
}
