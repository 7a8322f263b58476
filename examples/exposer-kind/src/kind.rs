//! The kind `jsonrpc`: JSON-RPC 2.0 over HTTP, where each unit of a document is a method.
//!
//! Decoding says what documents may write, with the place of everything that is wrong, and opens nothing: that is all
//! that a `validate` needs. Building makes a service from the plan, in which names are resolved and types are known.

// [imports]
use std::sync::Arc;

use naftiko::diagnostics::codes;
use naftiko::expose::{BuildError, Exposer, ExposerKind, ExposureContext, HttpService};
use naftiko::plan::{DecodedExposure, Transport};
use naftiko::spec::{Context, Exposure, Fields, Unit, items};

use crate::server::Server;
// [/imports]

// [kind]
/// Serves units as JSON-RPC methods: `type: jsonrpc`.
#[derive(Clone, Copy, Debug)]
pub struct JsonRpc;

/// What the document says to this kind alone; the plan keeps it.
#[derive(Clone, Copy, Debug)]
struct Settings {
    batches: bool,
}

impl ExposerKind for JsonRpc {
    fn kind(&self) -> &'static str {
        "jsonrpc"
    }

    fn decode(&self, exposure: &Exposure, cx: &mut Context<'_>) -> DecodedExposure {
        let mut units = Vec::new();
        let mut settings = Settings { batches: true };
        if let Some(mut fields) = Fields::open(&exposure.node, "a JSON-RPC server", cx) {
            fields.ignore(&Exposure::COMMON);
            settings.batches = fields.boolean("batches", cx).unwrap_or(true);
            if let Some(methods) = fields.take("methods") {
                for (key, node) in items(methods, "methods", cx) {
                    if let Some(mut fields) = Fields::open(node, "a method", cx) {
                        units.push(Unit::read(key, &mut fields, false, cx));
                        fields.finish(cx);
                    }
                }
            } else {
                cx.out.push(codes::missing_key::new(
                    exposure.kind.span,
                    "a JSON-RPC server",
                    "methods",
                ));
            }
            // Whatever nobody took is an unknown key, with the nearest known one.
            fields.finish(cx);
        }
        DecodedExposure {
            exposure: exposure.clone(),
            units,
            transport: Transport::Http,
            settings: Arc::new(settings),
        }
    }

    fn build(&self, context: &ExposureContext) -> Result<Exposer, BuildError> {
        let plan = context.plan()?;
        let settings = plan.settings.downcast_ref::<Settings>();
        let settings = settings.ok_or_else(|| BuildError("decoded by another kind".to_owned()))?;
        let methods = plan
            .units
            .iter()
            .map(|unit| (unit.name.clone(), unit.flow.clone()));
        let server = Arc::new(Server {
            engine: Arc::clone(&context.engine),
            methods: methods.collect(),
            batches: settings.batches,
            limits: context.limits,
        });
        Ok(Exposer::Http(HttpService::new(tower::service_fn(
            move |request| {
                let server = Arc::clone(&server);
                async move { Ok(server.answer(request).await) }
            },
        ))))
    }
}
// [/kind]
