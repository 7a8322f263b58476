//! Prompts: arguments, and messages that stand in the document or in a file.

use naftiko_diagnostics::{Spanned, codes};
use naftiko_spec::yaml::Node;
use naftiko_spec::{Context, Fields, items};

use super::resources::unreadable;
use super::{Seen, required_name};
use crate::settings::{
    ArgumentSettings, McpSettings, MessageContent, MessageSettings, PromptSettings,
};

/// Reads `prompts`.
pub(super) fn read(node: &Node, settings: &mut McpSettings, cx: &mut Context<'_>) {
    let mut seen = Seen::new("prompt");
    for (key, node) in items(node, "prompts", cx) {
        if let Some((name, prompt)) = prompt(key, node, settings, cx)
            && seen.is_new(name.as_str(), node.span, cx)
        {
            settings.prompts.push(prompt);
        }
    }
}

fn prompt(
    key: Option<Spanned<String>>,
    node: &Node,
    settings: &McpSettings,
    cx: &mut Context<'_>,
) -> Option<(Spanned<String>, PromptSettings)> {
    let mut fields = Fields::open(node, "a prompt", cx)?;
    let name = required_name(key, &mut fields, "a prompt", cx);
    let title = fields.text_either("label", "display", cx);
    let description = fields.text("description", cx);
    let arguments = match fields.take("arguments") {
        Some(node) => items(node, "arguments", cx)
            .into_iter()
            .filter_map(|(key, node)| argument(key, node, cx))
            .collect(),
        None => Vec::new(),
    };
    let template = fields.take("template");
    let location = fields.text("location", cx);
    fields.ignore(&["tags"]);
    let messages = match (template, &location) {
        (Some(template), _) => {
            if let Some(location) = &location {
                cx.out.push(codes::useless_key::new(
                    location.span,
                    "location",
                    "the prompt has a `template`",
                ));
            }
            messages(template, cx)
        }
        (None, Some(location)) => from_file(location, settings, cx),
        (None, None) => {
            let missing = codes::missing_key::new(node.span, "a prompt", "template");
            cx.out.push(missing);
            None
        }
    };
    fields.finish(cx);
    let name = name?;
    Some((
        name.clone(),
        PromptSettings {
            name: name.value,
            title: title.map(|text| text.value),
            description: description.map(|text| text.value),
            arguments,
            messages: messages?,
        },
    ))
}

fn argument(
    key: Option<Spanned<String>>,
    node: &Node,
    cx: &mut Context<'_>,
) -> Option<ArgumentSettings> {
    let mut fields = Fields::open(node, "an argument", cx)?;
    let name = required_name(key, &mut fields, "an argument", cx);
    let title = fields.text_either("label", "display", cx);
    let description = fields.text("description", cx);
    let required = fields.boolean("required", cx).unwrap_or(true);
    let allowed = fields.take("enum").map_or_else(Vec::new, |node| {
        let texts = node.as_seq().unwrap_or_default().iter().map(text);
        texts.collect()
    });
    fields.ignore(&["type", "tags", "example", "examples"]);
    fields.finish(cx);
    Some(ArgumentSettings {
        name: name?.value,
        title: title.map(|text| text.value),
        description: description.map(|text| text.value),
        required,
        allowed,
    })
}

/// Arguments of prompts are texts.
fn text(node: &Node) -> String {
    let value = node.to_json();
    value
        .as_str()
        .map_or_else(|| value.to_string(), str::to_owned)
}

fn messages(node: &Node, cx: &mut Context<'_>) -> Option<Vec<MessageSettings>> {
    let Some(list) = node.as_seq() else {
        cx.wrong_type(node, "template", "a list of messages");
        return None;
    };
    Some(list.iter().filter_map(|node| message(node, cx)).collect())
}

fn message(node: &Node, cx: &mut Context<'_>) -> Option<MessageSettings> {
    let mut fields = Fields::open(node, "a message", cx)?;
    let role = fields.text("role", cx);
    let assistant = match role.as_ref().map(Spanned::as_str) {
        Some("user") => false,
        Some("assistant") => true,
        Some(other) => {
            let span = role.as_ref().map_or(node.span, |role| role.span);
            cx.out.push(codes::wrong_type::new(
                span,
                "role",
                "`user` or `assistant`",
                &format!("`{other}`"),
            ));
            false
        }
        None => {
            let missing = codes::missing_key::new(node.span, "a message", "role");
            cx.out.push(missing);
            false
        }
    };
    let content = match fields.take("content") {
        Some(node) if node.as_map().is_some() => resource_content(node, cx),
        Some(_) => fields
            .text("content", cx)
            .map(|text| MessageContent::Text(text.value)),
        None => {
            let missing = codes::missing_key::new(node.span, "a message", "content");
            cx.out.push(missing);
            None
        }
    };
    fields.finish(cx);
    Some(MessageSettings {
        assistant,
        content: content?,
    })
}

/// `content: {resource: URI}`: what a resource of this server holds. No schema has it.
fn resource_content(node: &Node, cx: &mut Context<'_>) -> Option<MessageContent> {
    let mut fields = Fields::open(node, "the content of a message", cx)?;
    let uri = fields.text("resource", cx);
    if uri.is_none() {
        let missing = codes::missing_key::new(node.span, "the content of a message", "resource");
        cx.out.push(missing);
    }
    fields.finish(cx);
    uri.map(|uri| MessageContent::Resource(uri.value))
}

/// A prompt in a file is one message of the user.
fn from_file(
    location: &Spanned<String>,
    settings: &McpSettings,
    cx: &mut Context<'_>,
) -> Option<Vec<MessageSettings>> {
    let home = settings.home.as_ref()?;
    match home.files.load(&home.dir, location.as_str()) {
        Ok(source) => Some(vec![MessageSettings {
            assistant: false,
            content: MessageContent::Text(source.text),
        }]),
        Err(error) => {
            unreadable(location, &error, cx);
            None
        }
    }
}
