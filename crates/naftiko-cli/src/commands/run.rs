//! `naftiko run SPEC…`.

use std::path::PathBuf;

use naftiko::{Kinds, Loaded};

use crate::args::{LogFormat, RunArgs};
use crate::commands::listen::{check_listen, check_stdio};
use crate::commands::serve::{not_started, serve};
use crate::commands::start;
use crate::exit::Exit;
use crate::{logging, output, specs};

/// Serves capabilities until a signal stops it.
pub(crate) fn run(kinds: &Kinds, args: &RunArgs) -> Exit {
    logging::start(&args.engine.log, false);
    match prepare(kinds, args) {
        Ok(exit) | Err(exit) => exit,
    }
}

fn prepare(kinds: &Kinds, args: &RunArgs) -> Result<Exit, Exit> {
    let options = &args.engine;
    let loader = start::loader(kinds, options);
    let found = specs::find(&args.specs)?;
    let all = specs::load(&loader, &found)?;
    let loaded = servable(&all, args)?;
    if loaded.is_empty() {
        output::fail("nothing to serve: no document exposes anything");
        return Err(Exit::Findings);
    }
    start::check_targets(&loaded, &options.start)?;
    check_listen(&loaded, &args.listen)?;
    check_stdio(&loaded, args.stdio.as_deref())?;
    let environment = start::environment(&options.start)?;
    let runtime = tokio::runtime::Builder::new_multi_thread()
        .enable_all()
        .build()
        .map_err(|error| not_started(&error.to_string()))?;
    let exit = runtime.block_on(serve(kinds, args, &loaded, &environment));
    // Whatever still runs (a look-up of a name, a file being read) must not hold the process.
    runtime.shutdown_background();
    exit
}

/// The documents that are served. What is wrong with a document is printed; one with errors is refused unless its sound
/// parts may be served alone.
fn servable<'l>(all: &'l [(Loaded, bool)], args: &RunArgs) -> Result<Vec<&'l Loaded>, Exit> {
    let imported: Vec<&PathBuf> = all
        .iter()
        .flat_map(|(loaded, _)| &loaded.imported)
        .collect();
    let mut refused = false;
    let mut serve = Vec::new();
    for (loaded, named) in all {
        let aside = !named && (!loaded.exposes || imported.contains(&&loaded.path));
        let shown = loaded.sources.names().next().unwrap_or(&loaded.name);
        if loaded.findings.has_errors() {
            let errors = loaded
                .findings
                .iter()
                .filter(|finding| finding.is_error())
                .cloned();
            output::findings(&errors.collect(), &loaded.sources);
        } else if args.engine.log.verbose > 0 && args.engine.log.log_format == LogFormat::Text {
            output::concise(&loaded.findings, &loaded.sources);
        }
        if aside {
            continue;
        }
        if !loaded.findings.has_errors() {
            if loaded.servers() == 0 {
                output::fail(&format!("{shown} exposes nothing that can be served"));
                refused = true;
            } else {
                serve.push(loaded);
            }
            continue;
        }
        let sound = loaded.sound();
        let all_units = loaded.units().count();
        let verb = if all_units == 1 {
            "unit is"
        } else {
            "units are"
        };
        if args.allow_partial && loaded.servers() > 0 {
            for (exposer, unit, broken) in loaded.broken() {
                output::err(&format!(
                    "not served: {}.{} [{}] {}\n",
                    exposer, unit.name, broken.code, broken.message
                ));
            }
            serve.push(loaded);
        } else {
            let help = if sound > 0 {
                "; serve them with --allow-partial"
            } else {
                ""
            };
            let how_many = match all_units {
                0 => String::new(),
                _ => format!("; {sound} of {all_units} {verb} sound{help}"),
            };
            output::fail(&format!("{shown} has errors{how_many}"));
            refused = true;
        }
    }
    if refused {
        Err(Exit::Findings)
    } else {
        Ok(serve)
    }
}
