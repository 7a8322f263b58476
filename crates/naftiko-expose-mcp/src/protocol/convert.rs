//! Our values as the library's.

use std::borrow::Cow;

use rmcp::model::{
    CallToolResult, ContentBlock, MetaObject, Prompt as RmcpPrompt, PromptArgument, PromptMessage,
    Resource as RmcpResource, ResourceContents, ResourceTemplate, Role, Tool as RmcpTool,
    ToolAnnotations,
};
use serde_json::Value;

use crate::content::{Block, Data, Resource};
use crate::prompts::{Prompt, Said};
use crate::resources::Listed;
use crate::result::ToolResult;
use crate::server::Era;
use crate::settings::Hints;
use crate::tools::Tool;

/// A tool as clients of `era` see it.
pub(super) fn tool(tool: &Tool, era: Era) -> RmcpTool {
    let description = tool.description.clone().map(Cow::Owned);
    let mut listed = RmcpTool::new_with_raw(
        tool.name.clone(),
        description,
        std::sync::Arc::clone(&tool.input_schema),
    );
    listed.title.clone_from(&tool.title);
    listed.output_schema = tool.output.as_ref().and_then(|schema| schema.listed(era));
    listed.annotations = annotations(tool.hints);
    listed
}

/// The schema of a tool's arguments, as a tool of no name.
pub(super) fn schema(tool: &Tool) -> RmcpTool {
    RmcpTool::new_with_raw("", None, std::sync::Arc::clone(&tool.input_schema))
}

fn annotations(hints: Hints) -> Option<ToolAnnotations> {
    if hints == Hints::default() {
        return None;
    }
    let mut annotations = ToolAnnotations::new();
    annotations.read_only_hint = hints.read_only;
    annotations.destructive_hint = hints.destructive;
    annotations.idempotent_hint = hints.idempotent;
    annotations.open_world_hint = hints.open_world;
    Some(annotations)
}

/// A result of a tool.
pub(super) fn tool_result(result: ToolResult, meta: Option<MetaObject>) -> CallToolResult {
    let content = result.content.into_iter().map(block).collect();
    let mut converted = if result.is_error {
        CallToolResult::error(content)
    } else {
        CallToolResult::success(content)
    };
    converted.structured_content = result
        .structured
        .and_then(|json| serde_json::from_str(&json).ok());
    converted.meta = meta;
    converted
}

/// One block of content.
pub(super) fn block(block: Block) -> ContentBlock {
    match block {
        Block::Text(text) => ContentBlock::text(text),
        Block::Image { data, mime_type } => ContentBlock::image(data, mime_type),
        Block::Audio { data, mime_type } => ContentBlock::audio(data, mime_type),
        Block::Resource(resource) => ContentBlock::resource(contents(resource)),
    }
}

/// What a resource holds.
pub(super) fn contents(resource: Resource) -> ResourceContents {
    match resource.data {
        Data::Text(text) => ResourceContents::TextResourceContents {
            uri: resource.uri,
            mime_type: resource.mime_type,
            text,
            meta: None,
        },
        Data::Blob(blob) => ResourceContents::BlobResourceContents {
            uri: resource.uri,
            mime_type: resource.mime_type,
            blob,
            meta: None,
        },
    }
}

/// A resource in a list.
pub(super) fn resource(listed: Listed) -> RmcpResource {
    let mut resource = RmcpResource::new(listed.uri, listed.name);
    resource.title = listed.title;
    resource.description = listed.description;
    resource.mime_type = listed.mime_type;
    resource
}

/// A template in a list.
pub(super) fn template(listed: Listed) -> ResourceTemplate {
    let mut template = ResourceTemplate::new(listed.uri, listed.name);
    template.title = listed.title;
    template.description = listed.description;
    template.mime_type = listed.mime_type;
    template
}

/// A prompt in a list.
pub(super) fn prompt(prompt: &Prompt) -> RmcpPrompt {
    let arguments: Vec<PromptArgument> = prompt
        .arguments
        .iter()
        .map(|argument| {
            let mut listed = PromptArgument::new(argument.name.clone());
            listed.title.clone_from(&argument.title);
            listed.description.clone_from(&argument.description);
            listed.required = Some(argument.required);
            listed
        })
        .collect();
    let arguments = (!arguments.is_empty()).then_some(arguments);
    let mut listed = RmcpPrompt::new(prompt.name.clone(), prompt.description.clone(), arguments);
    listed.title.clone_from(&prompt.title);
    listed
}

/// A message of a prompt.
pub(super) fn message((assistant, said): Said) -> PromptMessage {
    let role = if assistant {
        Role::Assistant
    } else {
        Role::User
    };
    PromptMessage::new(role, block(said))
}

/// The metadata that names the server, as each result of the modern era carries it.
pub(super) fn server_info(about: Value) -> MetaObject {
    let mut meta = MetaObject::default();
    meta.0
        .insert(String::from("io.modelcontextprotocol/serverInfo"), about);
    meta
}
