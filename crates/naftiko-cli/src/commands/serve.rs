//! Starting capabilities, binding their servers, serving until a signal.

use std::net::SocketAddr;
use std::sync::Arc;
use std::time::Duration;

use naftiko::bindings::Environment;
use naftiko::engine::Engine;
use naftiko::expose::{Exposer, ExposureContext, ExposureLimits, StreamServer};
use naftiko::plan::{CredentialPlan, ExposurePlan};
use naftiko::{Kinds, Loaded};
use naftiko_host::{Binding, Host, HostLimits, HostPolicy, ListenAddress};
use naftiko_sandbox::Sandbox;

use crate::args::{LimitArgs, LogFormat, RunArgs};
use crate::commands::listen::address;
use crate::commands::start;
use crate::exit::Exit;
use crate::output;
use crate::served::{self, Served};

/// Says why it does not start.
pub(crate) fn not_started(why: &str) -> Exit {
    output::fail(why);
    Exit::NotStarted
}

/// The ways in: ports, and at most one server on the standard streams.
#[derive(Default)]
struct Doors {
    /// Whether several capabilities share the process.
    several: bool,
    bindings: Vec<Binding>,
    streams: Vec<(String, Arc<dyn StreamServer>)>,
}

impl Doors {
    fn stream(&mut self) -> Result<Option<Arc<dyn StreamServer>>, Exit> {
        if self.streams.len() > 1 {
            let names = self.streams.iter().map(|(name, _)| name.as_str());
            output::fail(&format!(
                "one server at a time talks over standard streams; choose one with --stdio: {}",
                naftiko::diagnostics::list(names)
            ));
            return Err(Exit::Usage);
        }
        Ok(self.streams.pop().map(|(_, server)| server))
    }
}

/// Serves one client over the standard streams to the end of its input; forever, when there is no such server.
async fn over_stdio(server: Option<Arc<dyn StreamServer>>) {
    let Some(server) = server else {
        return std::future::pending().await;
    };
    let reader = Box::pin(tokio::io::stdin());
    let writer = Box::pin(tokio::io::stdout());
    if let Err(error) = server.serve(reader, writer).await {
        tracing::debug!(target: "naftiko::run", error = %error.kind(), "the client went away");
    }
}

/// Starts every capability, binds every server, and serves until a signal.
pub(crate) async fn serve(
    kinds: &Kinds,
    args: &RunArgs,
    loaded: &[&Loaded],
    environment: &Arc<dyn Environment>,
) -> Result<Exit, Exit> {
    // A file of an earlier run says nothing of this one.
    if let Some(file) = &args.ready_file {
        let _ = std::fs::remove_file(file);
    }
    // Signals are caught from here on: a stop during start is a stop too.
    let mut signals = Signals::new().map_err(|error| not_started(&error.to_string()))?;
    let mut doors = Doors {
        several: loaded.len() > 1,
        ..Doors::default()
    };
    let mut served: Vec<Served> = Vec::new();
    let mut sandboxes: Vec<Sandbox> = Vec::new();
    let mut failed = None;
    for capability in loaded {
        // Everything that is missing is told at once, not one capability after the other.
        let (engine, sandbox) =
            match start_one(kinds, args, capability, environment, loaded.len() > 1).await {
                Ok(started) => started,
                Err(exit) => {
                    failed = Some(exit);
                    continue;
                }
            };
        served.extend(expose(
            kinds,
            args,
            capability,
            &engine,
            sandbox.as_ref().map(Sandbox::address),
            &mut doors,
        )?);
        sandboxes.extend(sandbox);
    }
    if let Some(exit) = failed {
        return Err(exit);
    }
    let stream = doors.stream()?;
    let host = Host::bind(doors.bindings, host_limits(&args.engine.limits))
        .await
        .map_err(|error| not_started(&error.to_string()))?;
    let listening = served.iter_mut().filter(|one| !one.over_stdio);
    for (one, bound) in listening.zip(host.exposures()) {
        one.address = Some(bound.address);
    }
    if args.engine.log.log_format == LogFormat::Text {
        served::table(&served, loaded, args.engine.log.verbose > 0);
    } else {
        served::log(&served);
    }
    if let Some(file) = &args.ready_file {
        served::ready_file(file, &served).map_err(|error| {
            not_started(&format!(
                "`{}` cannot be written: {}",
                file.display(),
                output::reason(&error)
            ))
        })?;
    }
    let grace = Duration::from_secs(args.grace);
    let ready = args.ready_file.clone();
    let stop = async move {
        // The end of standard input ends a server that is started for one client.
        tokio::select! {
            () = signals.next() => {}
            () = over_stdio(stream) => {}
        }
        // A second signal does not wait.
        tokio::spawn(async move {
            signals.next().await;
            if let Some(file) = ready {
                let _ = std::fs::remove_file(file);
            }
            std::process::exit(0);
        });
    };
    let report = host.serve(stop, grace).await;
    if report.cut > 0 {
        tracing::warn!(
            target: "naftiko::run",
            connections = report.cut,
            "the grace period ended before every request did"
        );
    }
    for sandbox in sandboxes {
        sandbox.shutdown(Duration::from_millis(100)).await;
    }
    if let Some(file) = &args.ready_file {
        // Nothing is ready any more. A file that is gone already is fine.
        let _ = std::fs::remove_file(file);
    }
    Ok(Exit::Fine)
}

async fn start_one(
    kinds: &Kinds,
    args: &RunArgs,
    capability: &Loaded,
    environment: &Arc<dyn Environment>,
    several: bool,
) -> Result<(Arc<Engine>, Option<Sandbox>), Exit> {
    let starter = start::starter(kinds, capability, &args.engine, environment, several);
    let shown = capability.sources.names().next();
    let shown = shown.unwrap_or(&capability.name);
    let help = if args.engine.start.sandbox {
        String::new()
    } else {
        let program = output::program();
        format!("\nto try it without credentials and network: {program} run {shown} --sandbox")
    };
    start::start(kinds, capability, &args.engine, starter, |failure| {
        format!("{shown} cannot start: {failure}{help}")
    })
    .await
}

/// Builds the servers of a capability.
fn expose(
    kinds: &Kinds,
    args: &RunArgs,
    capability: &Loaded,
    engine: &Arc<Engine>,
    sandbox: Option<SocketAddr>,
    doors: &mut Doors,
) -> Result<Vec<Served>, Exit> {
    let limits = ExposureLimits {
        request_body: args.engine.limits.max_request_body,
        relayed_error: args.engine.limits.max_relayed_error,
        relayed: args.engine.limits.max_shaped_response,
    };
    let mut served = Vec::new();
    for (index, exposure) in engine.plan().exposures.iter().enumerate() {
        if exposure.broken.is_some() {
            continue;
        }
        let Some(kind) = kinds.exposers().get(&exposure.kind) else {
            continue;
        };
        let context = ExposureContext {
            engine: Arc::clone(engine),
            exposure: index,
            limits,
        };
        let failed = |error: naftiko::expose::BuildError| not_started(&error.to_string());
        let built = match &args.stdio {
            Some(wanted) if wanted != exposure.label() => continue,
            Some(_) => Exposer::Stdio(kind.build_stdio(&context).map_err(failed)?),
            None => kind.build(&context).map_err(failed)?,
        };
        let over_stdio = matches!(built, Exposer::Stdio(_));
        match built {
            Exposer::Stdio(server) => doors.streams.push((exposure.label().to_owned(), server)),
            Exposer::Http(service) => {
                let at = address(&capability.name, exposure, &args.listen);
                warn_if_open(&at, exposure, engine, sandbox.is_some());
                let policy = policy(&args.allow_host)?;
                // As `--listen` names it.
                let label = if doors.several {
                    format!("{}/{}", capability.name, exposure.label())
                } else {
                    exposure.label().to_owned()
                };
                doors
                    .bindings
                    .push(Binding::new(label, at, service).with_policy(policy));
            }
        }
        served.push(Served {
            capability: capability.name.clone(),
            title: capability.plan.as_ref().and_then(|plan| plan.title.clone()),
            namespace: exposure.label().to_owned(),
            kind: exposure.kind.clone(),
            path: kind.path(),
            units: exposure
                .units
                .iter()
                .filter(|unit| unit.flow.is_ok())
                .count(),
            address: None,
            over_stdio,
            upstreams: engine.bindings(),
            sandbox,
        });
    }
    Ok(served)
}

/// The hosts that a server answers to besides its own.
fn policy(names: &[String]) -> Result<HostPolicy, Exit> {
    let mut policy = HostPolicy::default();
    for name in names {
        policy = policy.allow_host(name).map_err(|error| {
            output::fail(&format!("--allow-host: {error}"));
            Exit::Usage
        })?;
    }
    Ok(policy)
}

/// A server that other machines reach lends them its credentials.
fn warn_if_open(at: &ListenAddress, exposure: &ExposurePlan, engine: &Engine, in_sandbox: bool) {
    let loopback = matches!(
        at.host.as_str(),
        "localhost" | "127.0.0.1" | "::1" | "[::1]"
    );
    let plan = engine.plan();
    let credential = plan
        .upstreams
        .iter()
        .any(|u| u.credential != CredentialPlan::None);
    if !loopback && credential && !in_sandbox {
        tracing::warn!(
            target: "naftiko::run",
            exposure = exposure.label(),
            address = %at,
            "reachable from other machines without authentication, and it calls an API with your credential"
        );
    }
}

fn host_limits(limits: &LimitArgs) -> HostLimits {
    HostLimits {
        header_read: Duration::from_secs_f64(limits.header_timeout),
        idle: Duration::from_secs_f64(limits.idle_timeout),
        header_bytes: limits.max_header_bytes,
        connections: limits.max_connections,
    }
}

/// The signals that stop the process.
struct Signals {
    interrupt: tokio::signal::unix::Signal,
    terminate: tokio::signal::unix::Signal,
}

impl Signals {
    fn new() -> std::io::Result<Self> {
        use tokio::signal::unix::{SignalKind, signal};
        Ok(Self {
            interrupt: signal(SignalKind::interrupt())?,
            terminate: signal(SignalKind::terminate())?,
        })
    }

    async fn next(&mut self) {
        tokio::select! {
            _ = self.interrupt.recv() => {}
            _ = self.terminate.recv() => {}
        }
    }
}
