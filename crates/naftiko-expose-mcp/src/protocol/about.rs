//! What a server announces of itself.

use rmcp::model::{
    Implementation, PromptsCapability, ResourcesCapability, ServerCapabilities, ServerConfig,
    ToolsCapability,
};

use crate::server::Server;

/// Name, instructions and capabilities, as older clients are told. What 2026-07-28 has no more is taken out there.
pub(super) fn about(server: &Server) -> ServerConfig {
    let mut capabilities = ServerCapabilities::default();
    capabilities.tools = Some(ToolsCapability::default());
    capabilities.logging = Some(serde_json::Map::new());
    if !server.resources.is_empty() {
        let mut resources = ResourcesCapability::default();
        resources.subscribe = Some(true);
        capabilities.resources = Some(resources);
    }
    if !server.prompts.list.is_empty() {
        capabilities.prompts = Some(PromptsCapability::default());
    }
    if capabilities.resources.is_some() || capabilities.prompts.is_some() {
        capabilities.completions = Some(serde_json::Map::new());
    }
    let mut named = Implementation::new(server.about.name.clone(), server.about.version.clone());
    named.title.clone_from(&server.about.title);
    let mut about = ServerConfig::new(capabilities).with_server_info(named);
    about.instructions.clone_from(&server.about.instructions);
    about
}
