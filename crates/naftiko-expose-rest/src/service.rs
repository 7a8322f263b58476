//! The server: a request's way from the router to the answer, and the line that it leaves in the log.

use std::borrow::Cow;
use std::convert::Infallible;
use std::sync::Arc;
use std::time::Instant;

use http::{Method, Request, Response, request::Parts};
use naftiko_diagnostics::render::escape;
use naftiko_engine::{Body, Engine, FlowError};
use naftiko_expose::{ExposureContext, HttpService, IncomingBody};
use naftiko_plan::{Broken, ExposurePlan, FlowId};

use crate::decode::RestSettings;
use crate::extract::arguments;
use crate::readers::Readers;
use crate::rescue::{Problem, options};
use crate::respond::{answer, without_body};
use crate::router::{Found, Methods, Router};

/// How many characters of an upstream error's text a log line holds.
const DETAIL: usize = 500;

/// One REST server.
#[derive(Debug)]
pub(crate) struct Server {
    engine: Arc<Engine>,
    router: Router,
    units: Vec<ServedUnit>,
    request_body: usize,
    label: String,
}

#[derive(Debug)]
struct ServedUnit {
    /// The route as written: what logs show instead of paths, which hold callers' values.
    template: String,
    run: Result<(FlowId, Readers), Broken>,
}

impl Server {
    /// A server of what `plan` exposes.
    pub(crate) fn new(
        context: &ExposureContext,
        plan: &ExposurePlan,
        settings: &RestSettings,
    ) -> Self {
        let mut router = Router::new();
        let mut units = Vec::new();
        for (unit, route) in plan.units.iter().zip(&settings.routes) {
            // Nobody can ask for a unit without an address.
            let Some(route) = route else { continue };
            let run = match &unit.flow {
                Ok(id) => {
                    let Some(flow) = context.engine.plan().flow(*id) else {
                        continue;
                    };
                    let method = match &route.methods {
                        Methods::One(method) => Some(method),
                        Methods::All => None,
                    };
                    Ok((*id, Readers::new(flow, method, &route.pattern.names)))
                }
                Err(broken) => Err(broken.clone()),
            };
            let pattern = &route.pattern;
            let methods = route.methods.clone();
            router.add(methods, &pattern.segments, &pattern.query, units.len());
            units.push(ServedUnit {
                template: pattern.display(),
                run,
            });
        }
        Self {
            engine: Arc::clone(&context.engine),
            router,
            units,
            request_body: context.limits.request_body,
            label: escape(plan.label()).into_owned(),
        }
    }

    /// The server as a service.
    pub(crate) fn into_service(self: Arc<Self>) -> HttpService {
        HttpService::new(tower::service_fn(move |request| {
            let server = Arc::clone(&self);
            async move { Ok::<_, Infallible>(server.answer(request).await) }
        }))
    }

    /// Answers a request, whatever it is.
    async fn answer(&self, request: Request<IncomingBody>) -> Response<Body> {
        let started = Instant::now();
        let (parts, body) = request.into_parts();
        let (route, result) = self.route(&parts, body).await;
        let (word, response) = match result {
            Ok(response) => ("", response),
            Err(problem) => (problem.word(), problem.into_response()),
        };
        tracing::debug!(
            target: "naftiko::rest",
            exposure = %self.label,
            method = %parts.method,
            route,
            status = response.status().as_u16(),
            problem = word,
            ms = u64::try_from(started.elapsed().as_millis()).unwrap_or(u64::MAX),
            "answered",
        );
        if parts.method == Method::HEAD {
            without_body(response)
        } else {
            response
        }
    }

    /// The route as written, and what becomes of the request.
    async fn route(
        &self,
        parts: &Parts,
        body: IncomingBody,
    ) -> (&str, Result<Response<Body>, Problem>) {
        let query = parts.uri.query().unwrap_or_default();
        let found = self.router.find(&parts.method, parts.uri.path(), query);
        let (index, values) = match found {
            Ok(Found::Unit(index, values)) => (index, values),
            Ok(Found::Options(allow)) => return ("", Ok(options(allow))),
            Ok(Found::OtherMethod(allow)) => return ("", Err(Problem::method_not_allowed(allow))),
            Ok(Found::Nothing) => return ("", Err(Problem::not_found())),
            Err(_) => return ("", Err(Problem::bad_path())),
        };
        let Some(unit) = self.units.get(index) else {
            return ("", Err(Problem::not_found()));
        };
        let result = match &unit.run {
            Ok((flow, readers)) => self.run(*flow, readers, &values, parts, body).await,
            Err(broken) => Err(Problem::broken(broken)),
        };
        (&unit.template, result)
    }

    async fn run(
        &self,
        id: FlowId,
        readers: &Readers,
        values: &[Cow<'_, str>],
        parts: &Parts,
        body: IncomingBody,
    ) -> Result<Response<Body>, Problem> {
        let flow = self.engine.plan().flow(id).ok_or(FlowError::NoSuchFlow)?;
        let arguments = arguments(readers, flow, values, parts, body, self.request_body).await?;
        match self.engine.run(id, &arguments).await {
            Ok(output) => answer(output, &parts.headers),
            Err(error) => {
                self.warn(&flow.name, &error);
                Err(error.into())
            }
        }
    }

    /// Tells the operator what callers are not told.
    fn warn(&self, operation: &str, error: &FlowError) {
        let detail = match error {
            FlowError::Upstream(error) => error.detail.as_str(),
            FlowError::Unshapable(why) => why.as_str(),
            FlowError::NoSuchFlow => "",
            FlowError::Input(_) | FlowError::Request(_) => return,
        };
        // Masked before it is cut: half a secret would be none to the masker.
        let masked = self.engine.masker().mask(detail);
        let cut: String = masked.chars().take(DETAIL).collect();
        tracing::warn!(
            target: "naftiko::rest",
            exposure = %self.label,
            operation = %escape(operation),
            error = error.word(),
            detail = %escape(&cut),
            "no usable answer from the upstream",
        );
    }
}
