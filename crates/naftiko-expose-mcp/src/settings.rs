//! What the plan keeps for this kind: everything of an exposure that is no unit, and which unit is what.

use naftiko_expose::Home;

/// An MCP server as its document declares it. Units are named by their place in the plan.
#[derive(Debug, Default)]
pub(crate) struct McpSettings {
    /// The tools, one per unit from the first on.
    pub(crate) tools: Vec<ToolSettings>,
    /// The resources in document order.
    pub(crate) resources: Vec<ResourceSettings>,
    /// The prompts in document order.
    pub(crate) prompts: Vec<PromptSettings>,
    /// How long clients may keep lists, in milliseconds.
    pub(crate) ttl_ms: u64,
    /// Whether caches that several users share may keep lists.
    pub(crate) shared_cache: bool,
    /// Where the files of the resources are read.
    pub(crate) home: Option<Home>,
}

/// What a tool has beside its unit.
#[derive(Debug, Default)]
pub(crate) struct ToolSettings {
    pub(crate) hints: Hints,
    /// Inputs that clients repeat in a header (`x-mcp-header`), for whoever routes requests: names of inputs and headers.
    pub(crate) headers: Vec<(String, String)>,
}

/// What a tool says about its effects (specification, "`McpToolHints`").
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) struct Hints {
    pub(crate) read_only: Option<bool>,
    pub(crate) destructive: Option<bool>,
    pub(crate) idempotent: Option<bool>,
    pub(crate) open_world: Option<bool>,
}

/// One resource.
#[derive(Debug)]
pub(crate) struct ResourceSettings {
    pub(crate) name: String,
    pub(crate) title: Option<String>,
    pub(crate) description: Option<String>,
    pub(crate) uri: String,
    pub(crate) mime_type: Option<String>,
    pub(crate) source: ResourceSource,
}

/// Where a resource comes from.
#[derive(Debug, PartialEq, Eq)]
pub(crate) enum ResourceSource {
    /// A unit of the plan.
    Unit(usize),
    /// A file: its location.
    File(String),
    /// Every file below a folder, under the resource's URI: its location.
    Folder(String),
}

/// One prompt.
#[derive(Debug)]
pub(crate) struct PromptSettings {
    pub(crate) name: String,
    pub(crate) title: Option<String>,
    pub(crate) description: Option<String>,
    pub(crate) arguments: Vec<ArgumentSettings>,
    pub(crate) messages: Vec<MessageSettings>,
}

/// An argument of a prompt: always a text.
#[derive(Debug)]
pub(crate) struct ArgumentSettings {
    pub(crate) name: String,
    pub(crate) title: Option<String>,
    pub(crate) description: Option<String>,
    pub(crate) required: bool,
    /// The values that it may have; any when empty.
    pub(crate) allowed: Vec<String>,
}

/// A message of a prompt.
#[derive(Debug)]
pub(crate) struct MessageSettings {
    /// Whether the assistant says it, and not the user.
    pub(crate) assistant: bool,
    pub(crate) content: MessageContent,
}

/// What a message says. Placeholders are `{{name}}`.
#[derive(Debug, PartialEq, Eq)]
pub(crate) enum MessageContent {
    /// Text.
    Text(String),
    /// A resource of this server, by its URI.
    Resource(String),
}
