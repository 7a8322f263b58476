//! `naftiko schema VERSION`.

use naftiko::Kinds;
use naftiko::expose::is_of_the_specification;
use naftiko_schema::Dialect;

use crate::args::SchemaArgs;
use crate::exit::Exit;
use crate::output;

/// Prints the JSON Schema of a version, which knows the types of this program's own kinds.
pub(crate) fn run(kinds: &Kinds, args: &SchemaArgs) -> Exit {
    let known = Dialect::ALL.iter().copied();
    match known
        .clone()
        .find(|dialect| dialect.version() == args.dialect)
    {
        Some(dialect) => {
            let servers = kinds.exposers().words();
            let servers: Vec<&str> = servers
                .filter(|kind| !is_of_the_specification(kind))
                .collect();
            let apis = kinds.upstreams().words();
            let apis: Vec<&str> = apis.filter(|kind| *kind != "http").collect();
            let schema = naftiko_schema::schema_with_kinds(dialect, &servers, &apis);
            let text = serde_json::to_string_pretty(&schema);
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
