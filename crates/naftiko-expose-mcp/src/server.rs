//! A built MCP server: what it offers, free of any transport and of any library's types.

use std::sync::Arc;

use naftiko_engine::Engine;
use naftiko_expose::{BuildError, ExposureContext, ExposureLimits};

use crate::prompts::PromptTable;
use crate::resources::ResourceTable;
use crate::settings::McpSettings;
use crate::tools::ToolTable;

/// Everything that answering a client needs.
pub(crate) struct Server {
    pub(crate) about: About,
    pub(crate) tools: ToolTable,
    pub(crate) resources: ResourceTable,
    pub(crate) prompts: PromptTable,
    pub(crate) engine: Arc<Engine>,
    pub(crate) limits: ExposureLimits,
    /// How long clients may keep lists, in milliseconds.
    pub(crate) ttl_ms: u64,
    /// Whether caches that several users share may keep lists.
    pub(crate) shared_cache: bool,
}

/// What a server says about itself.
#[derive(Clone, Debug)]
pub(crate) struct About {
    pub(crate) name: String,
    pub(crate) title: Option<String>,
    pub(crate) version: String,
    pub(crate) instructions: Option<String>,
}

/// The two families of protocol revisions that results are shaped for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Era {
    /// 2024-11-05 to 2025-11-25: a handshake, and results whose root is an object.
    Legacy,
    /// 2026-07-28: every request for itself.
    Modern,
}

impl Server {
    /// Builds the server of `context`.
    ///
    /// # Errors
    /// The exposure was decoded by another kind.
    pub(crate) fn new(context: &ExposureContext) -> Result<Self, BuildError> {
        let exposure = context.plan()?;
        let settings = Arc::clone(&exposure.settings)
            .downcast::<McpSettings>()
            .map_err(|_| BuildError(String::from("the exposure was decoded by another kind")))?;
        let plan = context.engine.plan();
        let version = plan.version.as_deref();
        Ok(Self {
            about: About {
                name: exposure.label().to_owned(),
                title: plan.title.clone(),
                version: version.unwrap_or(env!("CARGO_PKG_VERSION")).to_owned(),
                instructions: exposure.description.clone(),
            },
            tools: ToolTable::new(plan, exposure, &settings),
            resources: ResourceTable::new(plan, exposure, &settings),
            prompts: PromptTable::new(&settings),
            engine: Arc::clone(&context.engine),
            limits: context.limits,
            ttl_ms: settings.ttl_ms,
            shared_cache: settings.shared_cache,
        })
    }
}
