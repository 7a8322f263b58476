//! `naftiko schema VERSION`.

use naftiko_schema::Dialect;

use crate::args::SchemaArgs;
use crate::exit::Exit;
use crate::output;

/// Prints the JSON Schema of a version.
pub(crate) fn run(args: &SchemaArgs) -> Exit {
    let known = Dialect::ALL.iter().copied();
    match known
        .clone()
        .find(|dialect| dialect.version() == args.dialect)
    {
        Some(dialect) => {
            let text = serde_json::to_string_pretty(&naftiko_schema::schema(dialect));
            output::out(&format!("{}\n", text.unwrap_or_default()));
            Exit::Fine
        }
        None => {
            let names: Vec<&str> = known.map(Dialect::version).collect();
            output::fail(&format!(
                "there is no version `{}`; there are {}",
                args.dialect,
                names.join(", ")
            ));
            Exit::Usage
        }
    }
}
