//! `naftiko validate SPEC…`.

use naftiko::Kinds;
use naftiko::diagnostics::Severity;
use naftiko::diagnostics::render::{self, Format as Render};

use crate::args::{Format, ValidateArgs};
use crate::exit::Exit;
use crate::output;
use crate::specs;

/// Checks documents and prints everything that was found. No variable is read and no socket opened.
pub(crate) fn run(kinds: &Kinds, args: &ValidateArgs) -> Exit {
    let mut loader = specs::loader(kinds, &args.load, &args.document, false);
    loader.strict = args.strict;
    let found = match specs::find(&args.specs) {
        Ok(found) => found,
        Err(exit) => return exit,
    };
    let all = match specs::load(&loader, &found) {
        Ok(all) => all,
        Err(exit) => return exit,
    };
    let format = match args.format {
        Format::Full => Render::Full,
        Format::Concise => Render::Concise,
        Format::Json => Render::Json,
        Format::Github => Render::Github,
    };
    let mut errors = false;
    let mut json: Vec<serde_json::Value> = Vec::new();
    for (loaded, _) in &all {
        errors |= loaded.findings.has_errors();
        if format == Render::Json {
            let text = render::render(
                &loaded.findings,
                &loaded.sources,
                format,
                false,
                output::width(),
            );
            if let Ok(serde_json::Value::Array(list)) = serde_json::from_str(&text) {
                json.extend(list);
            }
            continue;
        }
        let colour = format == Render::Full && output::wants_colour(&std::io::stdout());
        output::out(&render::render(
            &loaded.findings,
            &loaded.sources,
            format,
            colour,
            output::width(),
        ));
        if matches!(format, Render::Full | Render::Concise) {
            output::out(&format!(
                "{}: {}\n",
                render::escape(&shown(loaded)),
                verdict(loaded)
            ));
        }
    }
    if format == Render::Json {
        let text = serde_json::to_string_pretty(&json).unwrap_or_default();
        output::out(&format!("{text}\n"));
    }
    if errors { Exit::Findings } else { Exit::Fine }
}

fn shown(loaded: &naftiko::Loaded) -> String {
    loaded
        .sources
        .names()
        .next()
        .unwrap_or(&loaded.name)
        .to_owned()
}

/// One line that says how a document stands.
fn verdict(loaded: &naftiko::Loaded) -> String {
    let counts = render::summary(&loaded.findings);
    let broken = loaded.broken().count();
    let units = loaded.sound() + broken;
    if loaded.findings.count(Severity::Error) == 0 {
        let units = if units == 1 {
            String::from("1 unit")
        } else {
            format!("{units} units")
        };
        return if loaded.findings.is_empty() {
            format!("sound, {units}")
        } else {
            format!("can be run, {units} ({counts})")
        };
    }
    if units == 0 {
        counts
    } else {
        let verb = if units == 1 { "unit is" } else { "units are" };
        format!("{counts}; {} of {units} {verb} sound", loaded.sound())
    }
}
