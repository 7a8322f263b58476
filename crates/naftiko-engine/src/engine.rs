//! The engine: a plan with its variables, bases, credentials and upstream services.

use std::collections::BTreeMap;
use std::fmt;
use std::sync::Arc;

use bytes::Bytes;
use http::{Request, Response, StatusCode};
use naftiko_bindings::{Masker, Secret};
use naftiko_plan::{BasePiece, Flow, FlowId, OutputPlan, Plan, UpstreamId, VariableId};
use tower::ServiceExt;

use crate::arguments::Arguments;
use crate::base::{Base, BaseError, Filled, join, parse};
use crate::body::{Body, collect, mask};
use crate::credential::{Credential, render};
use crate::error::FlowError;
use crate::render::{Scope, request};
use crate::start::{StartError, UnsetVariable};
use crate::upstream::{UpstreamContext, UpstreamKind, UpstreamService};

/// What the operator gives a capability at start.
#[derive(Clone, Debug, Default)]
pub struct EngineSettings {
    /// The values of the variables that are needed, by their place in the plan; others may be `None`.
    pub variables: Vec<Option<Secret>>,
    /// Bases that replace those of the document, by namespace (`--upstream`).
    pub upstreams: BTreeMap<String, String>,
    /// Values of base placeholders, by namespace and name (`--set`).
    pub settings: BTreeMap<(String, String), String>,
    /// Bounds.
    pub limits: EngineLimits,
    /// The flows that will be run; upstreams of other flows need no base. All, when absent.
    pub only: Option<Vec<FlowId>>,
}

/// Bounds of the engine (decisions, section 8).
#[derive(Clone, Copy, Debug)]
pub struct EngineLimits {
    /// Bytes of an answer that is shaped.
    pub shaped: usize,
}

impl Default for EngineLimits {
    fn default() -> Self {
        Self {
            shaped: 32 * 1024 * 1024,
        }
    }
}

/// What an upstream is bound to, for people.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct UpstreamBinding {
    /// The namespace.
    pub namespace: String,
    /// Scheme and authority.
    pub origin: String,
}

/// One upstream, ready for requests.
pub(crate) struct PreparedUpstream {
    pub(crate) base: Base,
    pub(crate) credential: Credential,
    service: UpstreamService,
}

/// A capability, ready to run.
pub struct Engine {
    plan: Arc<Plan>,
    variables: Vec<Option<Secret>>,
    upstreams: Vec<Option<PreparedUpstream>>,
    masker: Arc<Masker>,
    limits: EngineLimits,
}

impl fmt::Debug for Engine {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Engine")
            .field("plan", &self.plan.name)
            .finish_non_exhaustive()
    }
}

/// What a flow gives.
#[derive(Debug)]
pub enum FlowOutput {
    /// The upstream's answer as it is. `success` is false for a status that is not 2xx: its body then holds no secret.
    Relay {
        /// Whether the status is 2xx.
        success: bool,
        /// The answer.
        response: Response<Body>,
    },
    /// A shaped answer: JSON.
    Value {
        /// The upstream's status.
        status: StatusCode,
        /// The JSON text.
        bytes: Bytes,
    },
    /// A success without a body where a shape was declared.
    Empty {
        /// The upstream's status.
        status: StatusCode,
    },
}

impl Engine {
    /// Makes everything that requests need: bases, credentials, services.
    ///
    /// # Errors
    /// What is missing or unusable.
    pub fn new(
        plan: Arc<Plan>,
        settings: EngineSettings,
        kind: &dyn UpstreamKind,
    ) -> Result<Self, StartError> {
        let needed = needed(&plan, settings.only.as_deref());
        let unset: Vec<UnsetVariable> = unset(&plan, &settings, &needed);
        if !unset.is_empty() {
            return Err(StartError::Unset(unset));
        }
        let mut upstreams = Vec::new();
        for (index, upstream) in plan.upstreams.iter().enumerate() {
            if !needed.contains(&UpstreamId(index)) {
                upstreams.push(None);
                continue;
            }
            let namespace = upstream.namespace.clone();
            let base = base(upstream, &plan, &settings).map_err(|error| StartError::Base {
                namespace: namespace.clone(),
                error,
            })?;
            let credential = render(&upstream.credential, &settings.variables).map_err(|_| {
                StartError::Credential {
                    namespace: namespace.clone(),
                }
            })?;
            let context = UpstreamContext {
                kind: upstream.kind.clone(),
                namespace: namespace.clone(),
                base: base.uri.clone(),
            };
            let service = kind.build(context).map_err(|error| StartError::Upstream {
                namespace: namespace.clone(),
                error,
            })?;
            upstreams.push(Some(PreparedUpstream {
                base,
                credential,
                service,
            }));
        }
        let secrets = settings.variables.iter().flatten().map(Secret::expose);
        let encoded = upstreams
            .iter()
            .flatten()
            .flat_map(|upstream| &upstream.credential.encoded);
        let masker = Masker::new(secrets.chain(encoded.map(String::as_str)));
        Ok(Self {
            plan,
            variables: settings.variables,
            upstreams,
            masker: Arc::new(masker),
            limits: settings.limits,
        })
    }

    /// The plan that it runs.
    pub fn plan(&self) -> &Arc<Plan> {
        &self.plan
    }

    /// What hides this capability's secrets in text.
    pub fn masker(&self) -> &Arc<Masker> {
        &self.masker
    }

    /// Where requests of each upstream go.
    pub fn bindings(&self) -> Vec<UpstreamBinding> {
        let named = self.plan.upstreams.iter().zip(&self.upstreams);
        named
            .filter_map(|(plan, ready)| {
                let origin = ready.as_ref()?.base.origin.clone();
                Some(UpstreamBinding {
                    namespace: plan.namespace.clone(),
                    origin,
                })
            })
            .collect()
    }

    /// The request that a flow would send. It carries credentials.
    pub fn request(
        &self,
        flow: FlowId,
        arguments: &Arguments,
    ) -> Result<Request<Bytes>, FlowError> {
        let flow = self.plan.flow(flow).ok_or(FlowError::NoSuchFlow)?;
        self.prepare(flow, arguments).map(|(_, request)| request)
    }

    /// Where a flow's request goes, and the request.
    fn prepare(
        &self,
        flow: &Flow,
        arguments: &Arguments,
    ) -> Result<(&PreparedUpstream, Request<Bytes>), FlowError> {
        arguments.check(flow)?;
        let upstream = self.upstream(flow.call.upstream)?;
        let scope = Scope {
            inputs: &flow.inputs,
            arguments,
            variables: &self.variables,
        };
        Ok((upstream, request(&flow.call.request, upstream, &scope)?))
    }

    /// Runs a flow. Dropping the future gives the call up: its connection is closed.
    ///
    /// # Errors
    /// Bad inputs, an upstream that does not answer, an answer that cannot be shaped. An upstream's own error status is
    /// an output.
    pub async fn run(&self, id: FlowId, arguments: &Arguments) -> Result<FlowOutput, FlowError> {
        let flow = self.plan.flow(id).ok_or(FlowError::NoSuchFlow)?;
        let (upstream, request) = self.prepare(flow, arguments)?;
        let response = upstream.service.clone().oneshot(request).await?;
        let status = response.status();
        if !status.is_success() {
            return Ok(FlowOutput::Relay {
                success: false,
                response: self.without_secrets(response),
            });
        }
        let (format, projection) = match &flow.output {
            OutputPlan::Identity => {
                return Ok(FlowOutput::Relay {
                    success: true,
                    response,
                });
            }
            OutputPlan::Shaped {
                format, projection, ..
            } => (format, projection),
        };
        let body = collect(response.into_body(), self.limits.shaped).await?;
        if body.is_empty() {
            return Ok(FlowOutput::Empty { status });
        }
        let json = format
            .to_json(&body)
            .map_err(|error| FlowError::Unshapable(error.to_string()))?;
        let projected = projection
            .apply(&json)
            .map_err(|error| FlowError::Unshapable(error.to_string()))?;
        if projected.mismatches > 0 {
            // A value that is not of its declared type is passed on as it is, but somebody should know.
            tracing::warn!(
                target: "naftiko::engine",
                flow = flow.name,
                count = projected.mismatches,
                "values of the answer are not of their declared type"
            );
        }
        Ok(FlowOutput::Value {
            status,
            bytes: Bytes::from(projected.bytes),
        })
    }

    fn upstream(&self, id: UpstreamId) -> Result<&PreparedUpstream, FlowError> {
        self.upstreams
            .get(id.0)
            .and_then(Option::as_ref)
            .ok_or(FlowError::NoSuchFlow)
    }

    /// An error answer may repeat what was sent.
    fn without_secrets(&self, response: Response<Body>) -> Response<Body> {
        if self.masker.is_empty() {
            return response;
        }
        let (mut parts, body) = response.into_parts();
        parts.headers.remove(http::header::CONTENT_LENGTH);
        for value in parts.headers.values_mut() {
            let masked = self.masker.mask_bytes(value.as_bytes());
            if masked != value.as_bytes()
                && let Ok(masked) = http::HeaderValue::from_bytes(&masked)
            {
                *value = masked;
            }
        }
        Response::from_parts(parts, mask(body, &self.masker))
    }
}

/// The upstreams that the flows to run call.
fn needed(plan: &Plan, only: Option<&[FlowId]>) -> Vec<UpstreamId> {
    let flows: Vec<FlowId> = only.map_or_else(|| plan.flow_ids().collect(), <[FlowId]>::to_vec);
    flows
        .into_iter()
        .filter_map(|id| plan.flow(id))
        .map(|flow| flow.call.upstream)
        .collect()
}

fn unset(plan: &Plan, settings: &EngineSettings, needed: &[UpstreamId]) -> Vec<UnsetVariable> {
    let mut unset = Vec::new();
    for (index, upstream) in plan.upstreams.iter().enumerate() {
        if !needed.contains(&UpstreamId(index))
            || settings.upstreams.contains_key(&upstream.namespace)
        {
            continue;
        }
        for name in upstream.settings() {
            let key = (upstream.namespace.clone(), name.to_owned());
            if !settings.settings.contains_key(&key) {
                unset.push(UnsetVariable {
                    namespace: key.0,
                    name: key.1,
                    base: upstream.base_text.clone(),
                });
            }
        }
    }
    unset.dedup();
    unset
}

fn base(
    upstream: &naftiko_plan::UpstreamPlan,
    plan: &Plan,
    settings: &EngineSettings,
) -> Result<Base, BaseError> {
    if let Some(base) = settings.upstreams.get(&upstream.namespace) {
        return parse(base);
    }
    let pieces: Vec<Filled<'_>> = upstream
        .base
        .iter()
        .map(|piece| match piece {
            BasePiece::Text(text) => Filled::Text(text),
            BasePiece::Variable(VariableId(index)) => {
                let value = settings.variables.get(*index).and_then(Option::as_ref);
                let name = plan.variables.get(*index);
                let name = name.map_or("", |variable| variable.variable.name.as_str());
                Filled::Value(name, value.map_or("", Secret::expose))
            }
            BasePiece::Setting(name) => {
                let key = (upstream.namespace.clone(), name.clone());
                Filled::Value(name, settings.settings.get(&key).map_or("", String::as_str))
            }
        })
        .collect();
    join(&pieces)
}
