//! Serves the MCP servers of a capability: `serve SPEC [--port N] [--upstream NS=URL]… [--stdio]`.
//!
//! A small program around the exposer, to try it with clients. The `naftiko` command does the same and much more.

use std::collections::BTreeMap;
use std::error::Error;
use std::path::Path;
use std::sync::Arc;
use std::time::Duration;

use naftiko::bindings::ProcessEnvironment;
use naftiko::expose::{Exposer, ExposerKind, ExposureContext, ExposureLimits, Registry};
use naftiko::{Loader, Starter};
use naftiko_consume_http::{HttpLimits, HttpUpstream};
use naftiko_expose_mcp::McpExposer;
use naftiko_host::{Binding, Host, ListenAddress};

#[tokio::main]
async fn main() -> Result<(), Box<dyn Error>> {
    let mut spec = None;
    let mut port = None;
    let mut stdio = false;
    let mut upstreams = BTreeMap::new();
    let mut arguments = std::env::args().skip(1);
    while let Some(argument) = arguments.next() {
        match argument.as_str() {
            "--port" => port = arguments.next().and_then(|port| port.parse::<u16>().ok()),
            "--stdio" => stdio = true,
            "--upstream" => {
                let value = arguments.next().unwrap_or_default();
                let (namespace, url) = value.split_once('=').ok_or("--upstream takes NS=URL")?;
                upstreams.insert(namespace.to_owned(), url.to_owned());
            }
            _ => spec = Some(argument),
        }
    }
    let spec = spec.ok_or("serve SPEC [--port N] [--upstream NS=URL]… [--stdio]")?;

    let kind = Arc::new(McpExposer);
    let registry = Registry::new().with(Arc::clone(&kind) as Arc<dyn ExposerKind>);
    let loaded = Loader::new(registry)
        .load(Path::new(&spec))
        .map_err(|e| e.error)?;
    for finding in loaded.findings.iter().filter(|finding| finding.is_error()) {
        tracing::error!("{}", finding.message);
    }
    let mut starter = Starter::new(Arc::new(ProcessEnvironment));
    starter.upstreams = upstreams;
    starter.made_up = true;
    let running = starter.start(&loaded, &HttpUpstream::new(HttpLimits::default()))?;

    let mut bindings = Vec::new();
    for (exposure, plan) in running.engine.plan().exposures.iter().enumerate() {
        let context = ExposureContext {
            engine: Arc::clone(&running.engine),
            exposure,
            limits: ExposureLimits::default(),
        };
        if stdio {
            let server = kind.build_stdio(&context)?;
            let (input, output) = (tokio::io::stdin(), tokio::io::stdout());
            server.serve(Box::pin(input), Box::pin(output)).await?;
            // A thread still waits for the terminal: only leaving ends it.
            std::process::exit(0);
        }
        if let Exposer::Http(service) = kind.build(&context)? {
            let port = port.or(plan.port).unwrap_or_default();
            let address = ListenAddress::loopback(port);
            bindings.push(Binding::new(plan.label(), address, service));
        }
    }
    let host = Host::bind(bindings, naftiko_host::HostLimits::default()).await?;
    host.serve(std::future::pending(), Duration::from_secs(1))
        .await;
    Ok(())
}
