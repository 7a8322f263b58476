//! Prompts: what can be asked for, and filling it in.

use std::collections::HashMap;

use naftiko_diagnostics::render::escape;
use serde_json::{Map, Value};

use crate::content::Block;
use crate::resources::{Unread, shown};
use crate::server::Server;
use crate::settings::{ArgumentSettings, McpSettings, MessageContent, MessageSettings};
use crate::tools::unknown;

/// The prompts of a server in document order.
pub(crate) struct PromptTable {
    pub(crate) list: Vec<Prompt>,
}

/// One prompt.
pub(crate) struct Prompt {
    pub(crate) name: String,
    pub(crate) title: Option<String>,
    pub(crate) description: Option<String>,
    pub(crate) arguments: Vec<Argument>,
    messages: Vec<Message>,
}

/// An argument of a prompt.
pub(crate) struct Argument {
    pub(crate) name: String,
    pub(crate) title: Option<String>,
    pub(crate) description: Option<String>,
    pub(crate) required: bool,
    /// The values that it may have; any when empty.
    pub(crate) allowed: Vec<String>,
}

struct Message {
    assistant: bool,
    content: Template,
    /// Whether `content` is the address of a resource instead of a text.
    is_resource: bool,
}

/// A filled-in message: whether the assistant says it, and what.
pub(crate) type Said = (bool, Block);

impl PromptTable {
    pub(crate) fn new(settings: &McpSettings) -> Self {
        let list = settings.prompts.iter().map(|prompt| Prompt {
            name: prompt.name.clone(),
            title: prompt.title.clone(),
            description: prompt.description.clone(),
            arguments: prompt.arguments.iter().map(Argument::new).collect(),
            messages: prompt.messages.iter().map(Message::new).collect(),
        });
        Self {
            list: list.collect(),
        }
    }

    /// The prompt of that name.
    pub(crate) fn find(&self, name: &str) -> Option<&Prompt> {
        self.list.iter().find(|prompt| prompt.name == name)
    }

    /// What is said of a name that no prompt has.
    pub(crate) fn unknown(&self, name: &str) -> String {
        unknown(
            "prompt",
            name,
            self.list.iter().map(|prompt| prompt.name.as_str()),
        )
    }
}

impl Argument {
    fn new(settings: &ArgumentSettings) -> Self {
        Self {
            name: settings.name.clone(),
            title: settings.title.clone(),
            description: settings.description.clone(),
            required: settings.required,
            allowed: settings.allowed.clone(),
        }
    }
}

impl Message {
    fn new(settings: &MessageSettings) -> Self {
        let (text, is_resource) = match &settings.content {
            MessageContent::Text(text) => (text, false),
            MessageContent::Resource(uri) => (uri, true),
        };
        Self {
            assistant: settings.assistant,
            content: Template::parse(text),
            is_resource,
        }
    }
}

impl Prompt {
    /// Fills the prompt in.
    ///
    /// # Errors
    /// What is wrong with the arguments, in a sentence.
    pub(crate) async fn get(
        &self,
        server: &Server,
        given: Map<String, Value>,
    ) -> Result<Vec<Said>, String> {
        let values = self.values(given)?;
        let mut said = Vec::new();
        for message in &self.messages {
            let text = message.content.fill(&values);
            let block = if message.is_resource {
                let read = server.resources.read(server, &text).await;
                shown(read.map_err(|why| match why {
                    Unread::NotFound => format!("there is no resource `{}`", escape(&text)),
                    Unread::Invalid(why) | Unread::Failed(why) => why,
                })?)
            } else {
                Block::Text(text)
            };
            said.push((message.assistant, block));
        }
        Ok(said)
    }

    fn values(&self, given: Map<String, Value>) -> Result<HashMap<String, String>, String> {
        let mut values = HashMap::new();
        for (name, value) in given {
            let known = || self.arguments.iter().map(|argument| argument.name.as_str());
            let Some(argument) = self.arguments.iter().find(|argument| argument.name == name)
            else {
                return Err(unknown("argument", &name, known()));
            };
            let text = match value {
                Value::Null => continue,
                Value::String(text) => text,
                Value::Number(_) | Value::Bool(_) => value.to_string(),
                Value::Array(_) | Value::Object(_) => {
                    return Err(format!("the argument `{name}` must be a string"));
                }
            };
            if !argument.allowed.is_empty() && !argument.allowed.contains(&text) {
                let allowed = argument.allowed.iter().map(String::as_str);
                let allowed = naftiko_diagnostics::list(allowed);
                return Err(format!("the argument `{name}` must be one of {allowed}"));
            }
            values.insert(name, text);
        }
        for argument in self.arguments.iter().filter(|argument| argument.required) {
            if !values.contains_key(&argument.name) {
                return Err(format!("the argument `{}` is required", argument.name));
            }
        }
        // An optional argument that nobody gave is empty, not a placeholder.
        for argument in &self.arguments {
            values.entry(argument.name.clone()).or_default();
        }
        Ok(values)
    }
}

/// Text with `{{name}}` in it. Values are never read as templates; names that no argument has stay as they are.
struct Template(Vec<Piece>);

enum Piece {
    Text(String),
    Value { name: String, written: String },
}

impl Template {
    fn parse(text: &str) -> Self {
        let mut pieces = Vec::new();
        let mut rest = text;
        while let Some((before, after)) = rest.split_once("{{") {
            let Some((name, after_name)) = after.split_once("}}") else {
                break;
            };
            let word = |c: char| c.is_alphanumeric() || "_.-".contains(c);
            let trimmed = name.trim();
            if trimmed.is_empty() || !trimmed.chars().all(word) {
                pieces.push(Piece::Text(format!("{before}{{{{")));
                rest = after;
                continue;
            }
            pieces.push(Piece::Text(before.to_owned()));
            pieces.push(Piece::Value {
                name: trimmed.to_owned(),
                written: format!("{{{{{name}}}}}"),
            });
            rest = after_name;
        }
        pieces.push(Piece::Text(rest.to_owned()));
        Self(pieces)
    }

    fn fill(&self, values: &HashMap<String, String>) -> String {
        let mut text = String::new();
        for piece in &self.0 {
            text.push_str(match piece {
                Piece::Text(text) => text,
                Piece::Value { name, written } => values.get(name).unwrap_or(written),
            });
        }
        text
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn values_are_not_templates() {
        let values = HashMap::from([("a".into(), "{{b}}".into()), ("b".into(), "2".into())]);
        let fill = |text: &str| Template::parse(text).fill(&values);
        assert_eq!(fill("{{a}} {{ b }} {{c}} {{ d"), "{{b}} 2 {{c}} {{ d");
        assert_eq!(fill("{{not a name}} {{b}}"), "{{not a name}} 2");
        assert_eq!(fill("{{{b}}}"), "{{{b}}}");
        assert_eq!(fill(""), "");
    }
}
