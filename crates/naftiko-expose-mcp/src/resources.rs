//! Resources: what can be read, and reading it.

use std::sync::Arc;

use naftiko_engine::{Arguments, FlowOutput, Origin, check_text, collect};
use naftiko_expose::Home;
use naftiko_plan::{ExposurePlan, FlowId, Plan};

use crate::content::{self, Data, Resource};
use crate::result::{beginning, refused};
use crate::server::Server;
use crate::settings::{McpSettings, ResourceSource};
use crate::template::UriTemplate;

/// Files of one folder that are listed.
const MAX_FILES: usize = 10_000;

/// The resources of a server in document order.
pub(crate) struct ResourceTable {
    entries: Vec<Entry>,
    home: Option<Home>,
}

struct Entry {
    about: Listed,
    template: UriTemplate,
    source: Source,
}

enum Source {
    Flow {
        flow: FlowId,
        /// The slots of the template's placeholders.
        slots: Vec<Option<usize>>,
    },
    File(String),
    Folder(String),
}

/// A resource as it is listed. In a list of templates `uri` is the template.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Listed {
    pub(crate) uri: String,
    pub(crate) name: String,
    pub(crate) title: Option<String>,
    pub(crate) description: Option<String>,
    pub(crate) mime_type: Option<String>,
}

/// Why a resource is not read.
#[derive(Debug)]
pub(crate) enum Unread {
    /// There is none of that address.
    NotFound,
    /// A value in the address is not what its placeholder takes: a sentence for the client.
    Invalid(String),
    /// There is, and what it holds cannot be had: a sentence for the client.
    Failed(String),
}

impl ResourceTable {
    pub(crate) fn new(plan: &Plan, exposure: &ExposurePlan, settings: &McpSettings) -> Self {
        let entries = settings.resources.iter().filter_map(|resource| {
            let template = UriTemplate::parse(&resource.uri).ok()?;
            let source = match &resource.source {
                ResourceSource::File(location) => Source::File(location.clone()),
                ResourceSource::Folder(location) => Source::Folder(location.clone()),
                ResourceSource::Unit(at) => {
                    let flow = *exposure.units.get(*at)?.flow.as_ref().ok()?;
                    let inputs = &plan.flow(flow)?.inputs;
                    let slot = |name: &String| inputs.iter().position(|input| input.name == *name);
                    Source::Flow {
                        flow,
                        slots: template.names().iter().map(slot).collect(),
                    }
                }
            };
            Some(Entry {
                about: Listed {
                    uri: resource.uri.clone(),
                    name: resource.name.clone(),
                    title: resource.title.clone(),
                    description: resource.description.clone(),
                    mime_type: resource.mime_type.clone(),
                },
                template,
                source,
            })
        });
        Self {
            entries: entries.collect(),
            home: settings.home.clone(),
        }
    }

    /// Whether there is any.
    pub(crate) fn is_empty(&self) -> bool {
        self.entries.is_empty()
    }

    /// The templates.
    pub(crate) fn templates(&self) -> Vec<Listed> {
        let templates = self.entries.iter().filter(|entry| entry.is_template());
        templates.map(|entry| entry.about.clone()).collect()
    }

    /// The resources that have an address; folders as the files that are in them now.
    pub(crate) async fn list(&self) -> Vec<Listed> {
        let mut list = Vec::new();
        for entry in self.entries.iter().filter(|entry| !entry.is_template()) {
            let Source::Folder(location) = &entry.source else {
                list.push(entry.about.clone());
                continue;
            };
            let location = location.clone();
            let files = self
                .blocking(move |home| home.files.list(&home.dir, &location, MAX_FILES).ok())
                .await;
            list.extend(
                files
                    .unwrap_or_default()
                    .iter()
                    .map(|file| entry.file(file)),
            );
        }
        list
    }

    /// Reads the resource at `uri`: the first in document order that has it.
    pub(crate) async fn read(&self, server: &Server, uri: &str) -> Result<Resource, Unread> {
        for entry in &self.entries {
            match &entry.source {
                Source::Flow { flow, slots } => {
                    if let Some(values) = entry.template.matches(uri) {
                        let mime_type = entry.about.mime_type.as_deref();
                        return call(server, *flow, slots, &values, uri, mime_type).await;
                    }
                }
                Source::File(location) if entry.about.uri == uri => {
                    let location = location.clone();
                    let name = location.clone();
                    let read = self
                        .blocking(move |home| home.files.load_bytes(&home.dir, &location).ok())
                        .await;
                    let bytes = read.ok_or_else(|| {
                        Unread::Failed(String::from("the file of the resource cannot be read"))
                    })?;
                    let mime_type = mime_type(entry.about.mime_type.as_deref(), &name, &bytes);
                    return Ok(content::resource(uri.to_owned(), &mime_type, &bytes));
                }
                Source::File(_) => {}
                Source::Folder(location) => {
                    let below = uri.strip_prefix(entry.about.uri.trim_end_matches('/'));
                    let Some(relative) = below.and_then(|below| below.strip_prefix('/')) else {
                        continue;
                    };
                    let (location, relative) = (location.clone(), relative.to_owned());
                    let file = relative.clone();
                    let read = self
                        .blocking(move |home| {
                            home.files.load_below(&home.dir, &location, &file).ok()
                        })
                        .await;
                    let bytes = read.ok_or(Unread::NotFound)?;
                    let mime_type = mime_type(entry.about.mime_type.as_deref(), &relative, &bytes);
                    return Ok(content::resource(uri.to_owned(), &mime_type, &bytes));
                }
            }
        }
        Err(Unread::NotFound)
    }

    /// The values that placeholder `name` of the template `uri` may have, where its input lists them.
    pub(crate) fn allowed(&self, plan: &Plan, uri: &str, name: &str) -> Option<Vec<String>> {
        let entry = self.entries.iter().find(|entry| entry.about.uri == uri)?;
        let Source::Flow { flow, slots } = &entry.source else {
            return Some(Vec::new());
        };
        let at = entry
            .template
            .names()
            .iter()
            .position(|known| known == name)?;
        let input = slots
            .get(at)
            .copied()
            .flatten()
            .and_then(|slot| plan.flow(*flow)?.inputs.get(slot));
        let text = |value: &serde_json::Value| {
            value
                .as_str()
                .map_or_else(|| value.to_string(), str::to_owned)
        };
        Some(input.map_or_else(Vec::new, |input| input.allowed.iter().map(text).collect()))
    }

    /// Runs what waits for a disk where that blocks nobody else.
    async fn blocking<T: Send + 'static>(
        &self,
        work: impl FnOnce(&Home) -> Option<T> + Send + 'static,
    ) -> Option<T> {
        let home = self.home.clone()?;
        tokio::task::spawn_blocking(move || work(&home))
            .await
            .ok()?
    }
}

impl Entry {
    fn is_template(&self) -> bool {
        !self.template.names().is_empty()
    }

    /// A file of the folder that this is.
    fn file(&self, relative: &str) -> Listed {
        let base = self.about.uri.trim_end_matches('/');
        Listed {
            uri: format!("{base}/{relative}"),
            name: format!("{}/{relative}", self.about.name),
            title: None,
            description: self.about.description.clone(),
            mime_type: self
                .about
                .mime_type
                .clone()
                .or_else(|| by_extension(relative).map(str::to_owned)),
        }
    }
}

async fn call(
    server: &Server,
    id: FlowId,
    slots: &[Option<usize>],
    values: &[String],
    uri: &str,
    mime_type: Option<&str>,
) -> Result<Resource, Unread> {
    let plan = Arc::clone(server.engine.plan());
    let flow = plan.flow(id).ok_or(Unread::NotFound)?;
    let mut arguments = Arguments::of(flow);
    for (slot, value) in slots.iter().zip(values) {
        let Some((slot, input)) = slot.and_then(|slot| Some((slot, flow.inputs.get(slot)?))) else {
            continue;
        };
        let value = check_text(input, &[value]).map_err(|why| Unread::Invalid(why.to_string()))?;
        arguments.set(slot, value);
    }
    let output = server.engine.run(id, &arguments).await.map_err(|error| {
        if error.origin() == Origin::Caller {
            return Unread::Invalid(error.sentence());
        }
        let said = server.engine.masker().mask(&error.to_string());
        let said = naftiko_diagnostics::render::escape(&said).into_owned();
        tracing::warn!(target: "naftiko::mcp", error = %said, "a resource cannot be read");
        Unread::Failed(error.sentence())
    })?;
    let (body, sent) = match output {
        FlowOutput::Relay {
            success: true,
            response,
        } => {
            let (parts, body) = response.into_parts();
            let sent = parts.headers.get(http::header::CONTENT_TYPE);
            let sent = sent
                .and_then(|value| value.to_str().ok())
                .map(str::to_owned);
            let body = collect(body, server.limits.relayed)
                .await
                .map_err(|error| Unread::Failed(error.kind.sentence().to_owned()))?;
            (body, sent)
        }
        FlowOutput::Relay {
            success: false,
            response,
        } => {
            if matches!(response.status().as_u16(), 404 | 410) {
                return Err(Unread::NotFound);
            }
            let (status, body, whole) = beginning(response, server.limits.relayed_error).await;
            let said = refused(status, &body, whole);
            return Err(Unread::Failed(format!("the upstream API refused: {said}")));
        }
        FlowOutput::Value { bytes, .. } => (bytes, Some(String::from("application/json"))),
        FlowOutput::Empty { .. } => (bytes::Bytes::new(), None),
    };
    let mime_type = mime_type.map_or_else(|| sent.unwrap_or_default(), str::to_owned);
    Ok(content::resource(uri.to_owned(), &mime_type, &body))
}

/// The media type of a file: as declared, else by its extension, else by what is in it.
fn mime_type(declared: Option<&str>, name: &str, bytes: &[u8]) -> String {
    let guess = || match std::str::from_utf8(bytes) {
        Ok(_) => "text/plain",
        Err(_) => "application/octet-stream",
    };
    declared
        .or_else(|| by_extension(name))
        .unwrap_or_else(guess)
        .to_owned()
}

fn by_extension(name: &str) -> Option<&'static str> {
    let (_, extension) = name.rsplit_once('.')?;
    Some(match extension.to_ascii_lowercase().as_str() {
        "md" | "markdown" => "text/markdown",
        "txt" | "log" => "text/plain",
        "html" | "htm" => "text/html",
        "css" => "text/css",
        "csv" => "text/csv",
        "json" => "application/json",
        "yaml" | "yml" => "application/yaml",
        "xml" => "application/xml",
        "js" | "mjs" => "text/javascript",
        "svg" => "image/svg+xml",
        "png" => "image/png",
        "jpg" | "jpeg" => "image/jpeg",
        "gif" => "image/gif",
        "webp" => "image/webp",
        "wav" => "audio/wav",
        "mp3" => "audio/mpeg",
        "pdf" => "application/pdf",
        _ => return None,
    })
}

/// What a prompt makes of a resource: images and audio are shown, anything else is embedded.
pub(crate) fn shown(resource: Resource) -> content::Block {
    let mime_type = content::essence(resource.mime_type.as_deref().unwrap_or_default());
    match (content::media(&mime_type), resource.data) {
        (content::Media::Image, Data::Blob(data)) => content::Block::Image { data, mime_type },
        (content::Media::Audio, Data::Blob(data)) => content::Block::Audio { data, mime_type },
        (_, data) => content::Block::Resource(Resource {
            uri: resource.uri,
            mime_type: resource.mime_type,
            data,
        }),
    }
}
