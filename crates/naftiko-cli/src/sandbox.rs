//! The sandbox of a capability: what its consumed APIs answer without network and credentials.

use std::collections::BTreeMap;
use std::net::SocketAddr;
use std::path::Path;

use naftiko::engine::{
    UpstreamContext, UpstreamError, UpstreamKind, UpstreamKinds, UpstreamService,
};
use naftiko::imports::FsLoader;
use naftiko::plan::{CredentialPlan, UpstreamPlan};
use naftiko::spec::{ApiKeyPlacement, Place};
use naftiko::{Kinds, Loaded};
use naftiko_consume_http::HttpUpstream;
use naftiko_sandbox::{
    Credential, Fixture, Input, MAX_FIXTURE_BYTES, Namespace, Sandbox, SandboxOperation,
};

use crate::exit::Exit;
use crate::output;
use crate::rosters::{self, UpstreamLimits};
use crate::targets::FixtureOption;

/// Starts a sandbox for every consumed API of `loaded` that `replaced` does not send elsewhere.
///
/// # Errors
/// A fixture that cannot be used, or no socket; it has been told.
pub(crate) async fn start(
    loaded: &Loaded,
    fixtures: &[FixtureOption],
    replaced: &BTreeMap<String, String>,
) -> Result<Sandbox, Exit> {
    let mut namespaces: Vec<Namespace> = Vec::new();
    for upstream in loaded.plan.iter().flat_map(|plan| &plan.upstreams) {
        let known = namespaces
            .iter()
            .any(|known| known.name == upstream.namespace);
        if known || replaced.contains_key(&upstream.namespace) {
            continue;
        }
        namespaces.push(Namespace {
            name: upstream.namespace.clone(),
            operations: operations(upstream),
            fixture: fixture(loaded, &upstream.namespace, fixtures)?,
            credential: credential(&upstream.credential),
        });
    }
    Sandbox::start(namespaces).await.map_err(|error| {
        output::fail(&format!("the sandbox cannot be started: {error}"));
        Exit::NotStarted
    })
}

/// Calls in a process with a sandbox. What the sandbox stands for is called over HTTP, whatever the `type` that the
/// document writes; what `--upstream` sends elsewhere is called as it says.
#[derive(Debug)]
pub(crate) struct Calls<'k> {
    at: SocketAddr,
    http: HttpUpstream,
    others: &'k UpstreamKinds,
}

impl<'k> Calls<'k> {
    pub(crate) fn new(sandbox: &Sandbox, kinds: &'k Kinds, limits: &UpstreamLimits) -> Self {
        Self {
            at: sandbox.address(),
            http: rosters::http(limits),
            others: kinds.upstreams(),
        }
    }
}

impl UpstreamKind for Calls<'_> {
    fn kind(&self) -> &str {
        self.others.kind()
    }

    fn build(&self, context: UpstreamContext) -> Result<UpstreamService, UpstreamError> {
        let authority = context.base.authority();
        if authority.is_some_and(|authority| authority.as_str() == self.at.to_string()) {
            self.http.build(context)
        } else {
            self.others.build(context)
        }
    }
}

fn operations(upstream: &UpstreamPlan) -> Vec<SandboxOperation> {
    let inputs = |inputs: &[(String, Place)]| {
        let input = |(name, place): &(String, Place)| Input {
            name: name.clone(),
            place: match place {
                Place::Path => naftiko_sandbox::Place::Path,
                Place::Query => naftiko_sandbox::Place::Query,
                Place::Body => naftiko_sandbox::Place::Body,
                Place::Header => naftiko_sandbox::Place::Header,
                Place::Cookie | Place::Environment => naftiko_sandbox::Place::Other,
            },
        };
        inputs.iter().map(input).collect()
    };
    upstream
        .operations
        .iter()
        .map(|operation| SandboxOperation {
            name: operation.name.clone(),
            method: operation.method.to_string(),
            path: operation.path.clone(),
            inputs: inputs(&operation.inputs),
            answer: operation.sample.clone(),
        })
        .collect()
}

fn credential(plan: &CredentialPlan) -> Option<Credential> {
    match plan {
        CredentialPlan::None | CredentialPlan::Unsupported(_) => None,
        CredentialPlan::Basic { .. } | CredentialPlan::Bearer(_) => {
            Some(Credential::Header(String::from("authorization")))
        }
        CredentialPlan::Keys(keys) => keys.first().map(|key| match key.placement {
            ApiKeyPlacement::Header => Credential::Header(key.name.clone()),
            ApiKeyPlacement::Query => Credential::Query(key.name.clone()),
        }),
    }
}

/// The fixture that `--fixture` names, or the one beside the capability.
fn fixture(
    loaded: &Loaded,
    namespace: &str,
    fixtures: &[FixtureOption],
) -> Result<Option<Fixture>, Exit> {
    let named = fixtures
        .iter()
        .find(|option| option.target.is(&loaded.name, namespace));
    let plain = !namespace.contains(['/', '\\']) && namespace != "..";
    let path = match named {
        Some(option) => option.file.clone(),
        None if plain => loaded.dir.join("sandbox").join(format!("{namespace}.yaml")),
        None => return Ok(None),
    };
    if named.is_none() && !path.exists() {
        return Ok(None);
    }
    let tree = path.parent().unwrap_or(Path::new(".")).to_owned();
    let source = FsLoader::new([tree], MAX_FIXTURE_BYTES as u64)
        .load_root(&path)
        .map_err(|error| {
            output::fail(&format!(
                "the fixture of `{namespace}` cannot be read: {error}"
            ));
            Exit::Usage
        })?;
    match Fixture::parse(&source.name, &source.text) {
        Ok(fixture) => Ok(Some(fixture)),
        Err(error) => {
            output::fail(&format!(
                "the fixture of `{namespace}` cannot be used: {error}"
            ));
            Err(Exit::Usage)
        }
    }
}
