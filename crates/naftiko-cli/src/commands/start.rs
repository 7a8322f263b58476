//! Starting capabilities: what `run` and `call` share.

use std::collections::BTreeMap;
use std::sync::Arc;

use naftiko::bindings::{Environment, MapEnvironment, Overlay, ProcessEnvironment, parse_env_file};
use naftiko::engine::{Engine, EngineLimits};
use naftiko::{Failure, Kinds, Loaded, Loader, Starter};
use naftiko_sandbox::Sandbox;

use crate::args::{EngineArgs, StartArgs};
use crate::exit::Exit;
use crate::{output, sandbox, specs};

/// The environment of the process over the `--env-file`s, a later one over an earlier.
///
/// # Errors
/// A file that cannot be read; it has been told.
pub(crate) fn environment(args: &StartArgs) -> Result<Arc<dyn Environment>, Exit> {
    let mut values = BTreeMap::new();
    for file in &args.env_file {
        let text = std::fs::read_to_string(file).map_err(|error| {
            output::fail(&format!(
                "`{}` cannot be read: {}",
                file.display(),
                output::reason(&error)
            ));
            Exit::Usage
        })?;
        let more = parse_env_file(&text).map_err(|line| {
            output::fail(&format!(
                "line {line} of `{}` is not KEY=value",
                file.display()
            ));
            Exit::Usage
        })?;
        values.extend(more);
    }
    Ok(Arc::new(Overlay(
        ProcessEnvironment,
        MapEnvironment(values),
    )))
}

/// A loader as the options want it.
pub(crate) fn loader(kinds: &Kinds, options: &EngineArgs) -> Loader {
    specs::loader(
        kinds,
        &options.load,
        &options.limits.document,
        options.start.sandbox,
    )
}

/// A starter for `loaded` as the options want it; `several` capabilities share the process.
pub(crate) fn starter(
    kinds: &Kinds,
    loaded: &Loaded,
    options: &EngineArgs,
    environment: &Arc<dyn Environment>,
    several: bool,
) -> Starter {
    let args = &options.start;
    let mut starter = kinds.starter();
    starter.environment = Arc::clone(environment);
    starter.own_keys = several;
    starter.made_up = args.sandbox;
    starter.limits = EngineLimits {
        shaped: options.limits.max_shaped_response,
    };
    let namespaces = loaded
        .plan
        .iter()
        .flat_map(|plan| &plan.upstreams)
        .map(|u| &u.namespace);
    for namespace in namespaces {
        for option in args
            .upstream
            .iter()
            .filter(|o| o.target.is(&loaded.name, namespace))
        {
            starter
                .upstreams
                .insert(namespace.clone(), option.url.clone());
        }
        for option in args
            .set
            .iter()
            .filter(|o| o.target.is(&loaded.name, namespace))
        {
            let key = (namespace.clone(), option.name.clone());
            starter.settings.insert(key, option.value.clone());
        }
    }
    starter
}

/// Starts `loaded`, with the sandbox that it calls if there is to be one. `told` says why it cannot.
///
/// # Errors
/// It does not start; it has been told.
pub(crate) async fn start(
    kinds: &Kinds,
    loaded: &Loaded,
    options: &EngineArgs,
    mut starter: Starter,
    told: impl FnOnce(Failure) -> String,
) -> Result<(Arc<Engine>, Option<Sandbox>), Exit> {
    let running = if options.start.sandbox {
        Some(sandbox::start(loaded, &options.start.fixture, &starter.upstreams).await?)
    } else {
        None
    };
    let started = match &running {
        None => starter.start(loaded, kinds.upstreams()),
        Some(sandbox) => {
            let bases = sandbox.base_urls();
            let bases = bases.map(|(namespace, url)| (namespace.to_owned(), url.to_owned()));
            starter.upstreams.extend(bases);
            let limits = options.limits.upstream();
            starter.start(loaded, &sandbox::Calls::new(sandbox, kinds, &limits))
        }
    };
    match started {
        Ok(started) => Ok((started.engine, running)),
        Err(failure) => {
            output::fail(&told(failure));
            Err(Exit::NotStarted)
        }
    }
}

/// Tells options that name a part that no capability has.
///
/// # Errors
/// There is one; it has been told.
pub(crate) fn check_targets(loaded: &[&Loaded], args: &StartArgs) -> Result<(), Exit> {
    let known: Vec<(&str, &str)> = loaded
        .iter()
        .flat_map(|loaded| {
            let upstreams = loaded.plan.iter().flat_map(|plan| &plan.upstreams);
            upstreams.map(|upstream| (loaded.name.as_str(), upstream.namespace.as_str()))
        })
        .collect();
    let targets = args
        .upstream
        .iter()
        .map(|option| ("--upstream", &option.target))
        .chain(args.set.iter().map(|option| ("--set", &option.target)))
        .chain(
            args.fixture
                .iter()
                .map(|option| ("--fixture", &option.target)),
        );
    for (option, target) in targets {
        if !known
            .iter()
            .any(|(capability, namespace)| target.is(capability, namespace))
        {
            let names = naftiko::diagnostics::list(known.iter().map(|(_, namespace)| *namespace));
            output::fail(&format!(
                "{option} names `{}`, but what is consumed here is {names}",
                target.namespace
            ));
            return Err(Exit::Usage);
        }
    }
    Ok(())
}
