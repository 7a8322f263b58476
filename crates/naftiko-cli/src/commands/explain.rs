//! `naftiko explain CODE`.

use naftiko::diagnostics::{codes, did_you_mean};

use crate::args::ExplainArgs;
use crate::exit::Exit;
use crate::output;

/// Prints the documentation of a code, or the list of codes.
pub(crate) fn run(args: &ExplainArgs) -> Exit {
    let Some(id) = &args.code else {
        let mut text = String::new();
        for code in codes::all() {
            let first = code
                .docs
                .split(". ")
                .next()
                .unwrap_or_default()
                .replace('\n', " ");
            text.push_str(&format!(
                "{:<32} {:<8} {first}\n",
                code.id,
                code.severity.as_str()
            ));
        }
        output::out(&text);
        return Exit::Fine;
    };
    match codes::find(id) {
        Some(code) => {
            output::out(&format!("{} ({})\n\n{}", code.id, code.severity, code.docs));
            Exit::Fine
        }
        None => {
            let near = did_you_mean(id, codes::all().iter().map(|code| code.id));
            let hint = near.map_or_else(String::new, |near| format!("; did you mean `{near}`?"));
            output::fail(&format!("there is no code `{id}`{hint}"));
            Exit::Usage
        }
    }
}
