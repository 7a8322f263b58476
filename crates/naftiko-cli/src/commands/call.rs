//! `naftiko call SPEC [EXPOSER.]OPERATION [name=value…]`.

use naftiko::diagnostics::did_you_mean;
use naftiko::engine::{
    Arguments, Engine, FlowError, FlowOutput, Origin, check_json, check_text, collect,
};
use naftiko::plan::{Flow, FlowId, UnitPlan};
use naftiko::{Failure, Kinds, Loaded};
use serde_json::Value;

use crate::args::CallArgs;
use crate::commands::start;
use crate::exit::Exit;
use crate::specs::Found;
use crate::{curl, logging, output, specs};

/// Runs one operation and prints what it answers.
pub(crate) fn run(kinds: &Kinds, args: &CallArgs) -> Exit {
    logging::start(&args.engine.log, true);
    match attempt(kinds, args) {
        Ok(exit) | Err(exit) => exit,
    }
}

fn attempt(kinds: &Kinds, args: &CallArgs) -> Result<Exit, Exit> {
    let options = &args.engine;
    let loader = start::loader(kinds, options);
    let found = [Found {
        path: args.spec.clone(),
        named: true,
    }];
    if args.spec.is_dir() {
        output::fail(&format!(
            "`{}` is a folder; name one file",
            args.spec.display()
        ));
        return Err(Exit::Usage);
    }
    let loaded = specs::load(&loader, &found)?;
    let Some((loaded, _)) = loaded.first() else {
        return Err(Exit::Usage);
    };
    start::check_targets(&[loaded], &options.start)?;
    let id = unit(loaded, &args.operation)?;
    let plan = loaded.plan.as_ref().ok_or(Exit::Findings)?;
    let flow = plan.flow(id).ok_or(Exit::Findings)?;
    let arguments = arguments(flow, &args.inputs)?;
    if let Err(problem) = arguments.check(flow) {
        output::fail(&problem.to_string());
        return Err(Exit::Usage);
    }
    let runtime = tokio::runtime::Builder::new_current_thread()
        .enable_all()
        .build()
        .map_err(|error| {
            output::fail(&error.to_string());
            Exit::NotStarted
        })?;
    runtime.block_on(call(kinds, args, loaded, id, &arguments))
}

async fn call(
    kinds: &Kinds,
    args: &CallArgs,
    loaded: &Loaded,
    id: FlowId,
    arguments: &Arguments,
) -> Result<Exit, Exit> {
    let options = &args.engine;
    let environment = start::environment(&options.start)?;
    let mut starter = start::starter(kinds, loaded, options, &environment, false);
    starter.only = Some(vec![id]);
    let told = |failure: Failure| failure.to_string();
    let (engine, running) = start::start(kinds, loaded, options, starter, told).await?;
    let exit = if args.dry_run {
        match engine.request(id, arguments) {
            Ok(request) => {
                output::out(&format!("{}\n", curl::command(&request, engine.masker())));
                Exit::Fine
            }
            Err(error) => failed(&error, &engine),
        }
    } else {
        match engine.run(id, arguments).await {
            Ok(given) => print(given, args.engine.limits.max_shaped_response).await,
            Err(error) => failed(&error, &engine),
        }
    };
    if let Some(sandbox) = running {
        sandbox.shutdown(std::time::Duration::from_secs(1)).await;
    }
    Ok(exit)
}

/// What went wrong, for the person at the terminal, who is the operator: with the detail, without secrets.
fn failed(error: &FlowError, engine: &Engine) -> Exit {
    let detail = match error {
        FlowError::Upstream(upstream) => format!(" ({})", upstream.detail),
        FlowError::Unshapable(why) => format!(" ({why})"),
        _ => String::new(),
    };
    output::fail(
        &engine
            .masker()
            .mask(&format!("{}{detail}", error.sentence())),
    );
    match error.origin() {
        Origin::Caller => Exit::Usage,
        Origin::Upstream => Exit::Upstream,
        Origin::Internal => Exit::NotStarted,
    }
}

async fn print(given: FlowOutput, limit: usize) -> Exit {
    match given {
        FlowOutput::Value { bytes, .. } => {
            output::out(&format!("{}\n", pretty(&bytes)));
            Exit::Fine
        }
        FlowOutput::Empty { .. } => Exit::Fine,
        FlowOutput::Relay { success, response } => {
            let status = response.status();
            let bytes = match collect(response.into_body(), limit).await {
                Ok(bytes) => bytes,
                Err(error) => {
                    output::fail(error.kind.sentence());
                    return Exit::Upstream;
                }
            };
            if !bytes.is_empty() {
                output::out(&format!("{}\n", pretty(&bytes)));
            }
            if success {
                return Exit::Fine;
            }
            output::fail(&format!("the upstream API answered {status}"));
            Exit::Upstream
        }
    }
}

/// JSON with indentation; other text as it is, control characters escaped.
fn pretty(bytes: &[u8]) -> String {
    match serde_json::from_slice::<Box<serde_json::value::RawValue>>(bytes) {
        // By way of the tree, so that numbers beyond 64 bits would change: those are printed as they came.
        Ok(raw) => match serde_json::from_str::<Value>(raw.get()) {
            Ok(value) if !has_long_number(raw.get()) => {
                serde_json::to_string_pretty(&value).unwrap_or_default()
            }
            _ => raw.get().to_owned(),
        },
        Err(_) => {
            let text = String::from_utf8_lossy(bytes);
            text.lines()
                .map(naftiko::diagnostics::render::escape)
                .collect::<Vec<_>>()
                .join("\n")
        }
    }
}

/// Whether JSON text has a number with more digits than a float keeps.
fn has_long_number(text: &str) -> bool {
    let mut in_string = false;
    let mut escaped = false;
    let mut digits = 0;
    for c in text.chars() {
        if in_string {
            match c {
                _ if escaped => escaped = false,
                '\\' => escaped = true,
                '"' => in_string = false,
                _ => {}
            }
            continue;
        }
        match c {
            '"' => in_string = true,
            '0'..='9' => digits += 1,
            '.' => {}
            _ => digits = 0,
        }
        if digits > 15 {
            return true;
        }
    }
    false
}

/// The flow of the unit that `name` names.
fn unit(loaded: &Loaded, name: &str) -> Result<FlowId, Exit> {
    let matches: Vec<(&str, &UnitPlan)> = loaded
        .units()
        .filter(|(exposer, unit)| {
            unit.name == name
                || name
                    .strip_prefix(*exposer)
                    .and_then(|rest| rest.strip_prefix('.'))
                    == Some(unit.name.as_str())
        })
        .collect();
    let calls: Vec<FlowId> = matches
        .iter()
        .filter_map(|(_, unit)| unit.flow.as_ref().ok().copied())
        .collect();
    match (matches.as_slice(), calls.as_slice()) {
        ([], _) => Err(unknown(loaded, name)),
        (_, [only]) => Ok(*only),
        (_, [first, ..]) if same_call(loaded, &calls) => Ok(*first),
        ([(exposer, unit), ..], []) => {
            output::findings(&loaded.findings, &loaded.sources);
            let why = unit
                .flow
                .as_ref()
                .err()
                .map_or("", |broken| broken.message.as_str());
            output::fail(&format!("`{exposer}.{}` cannot be run: {why}", unit.name));
            Err(Exit::Findings)
        }
        (several, _) => {
            let names: Vec<String> = several
                .iter()
                .map(|(exposer, unit)| format!("{exposer}.{}", unit.name))
                .collect();
            output::fail(&format!(
                "`{name}` is exposed several times; name one of {}",
                naftiko::diagnostics::list(names.iter().map(String::as_str))
            ));
            Err(Exit::Usage)
        }
    }
}

/// Whether units of different exposers do the very same: then it does not matter which one is meant.
fn same_call(loaded: &Loaded, flows: &[FlowId]) -> bool {
    let Some(plan) = &loaded.plan else {
        return false;
    };
    let calls: Vec<String> = flows
        .iter()
        .filter_map(|id| plan.flow(*id))
        .map(|flow| {
            let names: Vec<&str> = flow
                .inputs
                .iter()
                .map(|input| input.name.as_str())
                .collect();
            format!(
                "{:?} {:?} {names:?}",
                flow.call,
                matches!(flow.output, naftiko::plan::OutputPlan::Identity)
            )
        })
        .collect();
    calls.windows(2).all(|pair| pair.first() == pair.last())
}

fn unknown(loaded: &Loaded, name: &str) -> Exit {
    if loaded.plan.is_none() || loaded.units().next().is_none() {
        output::findings(&loaded.findings, &loaded.sources);
    }
    let names: Vec<&str> = loaded.units().map(|(_, unit)| unit.name.as_str()).collect();
    let short = name.rsplit('.').next().unwrap_or(name);
    let near = did_you_mean(name, names.iter().copied())
        .or_else(|| did_you_mean(short, names.iter().copied()));
    let mut unique = names.clone();
    unique.sort_unstable();
    unique.dedup();
    let help = match near {
        Some(near) => format!("did you mean `{near}`?"),
        None => format!("there are {}", naftiko::diagnostics::list(unique)),
    };
    output::fail(&format!("`{name}` is not exposed; {help}"));
    Exit::Usage
}

/// Reads `name=value`, `name:=json` and `name=@file`.
fn arguments(flow: &Flow, texts: &[String]) -> Result<Arguments, Exit> {
    let usage = |text: &str| {
        output::fail(text);
        Exit::Usage
    };
    let mut arguments = Arguments::of(flow);
    let mut given: Vec<(usize, Vec<String>)> = Vec::new();
    for text in texts {
        let (name, value) = text
            .split_once('=')
            .ok_or_else(|| usage(&format!("`{text}` is not an input: write NAME=VALUE")))?;
        let (name, json) = match name.strip_suffix(':') {
            Some(name) => (name, true),
            None => (name, false),
        };
        let Some(slot) = flow.inputs.iter().position(|input| input.name == name) else {
            let names = || flow.inputs.iter().map(|input| input.name.as_str());
            let help = match did_you_mean(name, names()) {
                Some(near) => format!("did you mean `{near}`?"),
                None if flow.inputs.is_empty() => String::from("it takes none"),
                None => format!("it takes {}", naftiko::diagnostics::list(names())),
            };
            return Err(usage(&format!(
                "`{}` has no input `{name}`; {help}",
                flow.name
            )));
        };
        let value = match value.strip_prefix('@') {
            Some(file) if !json => std::fs::read_to_string(file).map_err(|error| {
                usage(&format!(
                    "`{file}` cannot be read: {}",
                    output::reason(&error)
                ))
            })?,
            _ => value.to_owned(),
        };
        if json {
            let Some(input) = flow.inputs.get(slot) else {
                continue;
            };
            let value: Value = serde_json::from_str(&value)
                .map_err(|error| usage(&format!("the value of `{name}` is not JSON: {error}")))?;
            let value = check_json(input, value).map_err(|problem| usage(&problem.to_string()))?;
            arguments.set(slot, value);
            continue;
        }
        match given.iter_mut().find(|(known, _)| *known == slot) {
            Some((_, values)) => values.push(value),
            None => given.push((slot, vec![value])),
        }
    }
    for (slot, values) in given {
        let Some(input) = flow.inputs.get(slot) else {
            continue;
        };
        // A body is JSON when it reads as JSON.
        if input.ty.is_none()
            && let [one] = values.as_slice()
            && let Ok(value @ (Value::Object(_) | Value::Array(_))) = serde_json::from_str(one)
        {
            arguments.set(slot, Some(value));
            continue;
        }
        let texts: Vec<&str> = values.iter().map(String::as_str).collect();
        let value = check_text(input, &texts).map_err(|problem| usage(&problem.to_string()))?;
        arguments.set(slot, value);
    }
    Ok(arguments)
}
