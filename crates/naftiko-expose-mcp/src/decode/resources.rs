//! Resources: an address, and the call, file or folder behind it.

use naftiko_diagnostics::{Spanned, codes};
use naftiko_imports::LoadError;
use naftiko_spec::yaml::Node;
use naftiko_spec::{Context, Fields, Unit, items};

use super::{Seen, required_name};
use crate::settings::{McpSettings, ResourceSettings, ResourceSource};
use crate::template::UriTemplate;

/// Reads `resources`. A resource that calls something is a unit.
pub(super) fn read(
    node: &Node,
    units: &mut Vec<Unit>,
    settings: &mut McpSettings,
    cx: &mut Context<'_>,
) {
    let mut names = Seen::new("resource");
    let mut uris = Seen::new("resource");
    for (key, node) in items(node, "resources", cx) {
        if let Some(resource) = resource(key, node, &mut names, &mut uris, units, settings, cx) {
            settings.resources.push(resource);
        }
    }
}

fn resource(
    key: Option<Spanned<String>>,
    node: &Node,
    names: &mut Seen,
    uris: &mut Seen,
    units: &mut Vec<Unit>,
    settings: &McpSettings,
    cx: &mut Context<'_>,
) -> Option<ResourceSettings> {
    let mut fields = Fields::open(node, "a resource", cx)?;
    let name = required_name(key, &mut fields, "a resource", cx);
    let mut unit = Unit::read(name.clone(), &mut fields, true, cx);
    if fields.key_span("uri").is_none() {
        let missing = codes::missing_key::new(node.span, "a resource", "uri");
        cx.out.push(missing);
    }
    let uri = fields.text("uri", cx);
    let mime_type = fields.text("mimeType", cx).map(|text| text.value);
    let location = fields.text("location", cx);
    fields.ignore(&["binary"]);
    fields.finish(cx);

    let (name, uri) = (name?, uri?);
    let template = match UriTemplate::parse(&uri.value) {
        Ok(template) => template,
        Err(why) => {
            cx.out.push(codes::invalid_resource_uri::new(&uri, why));
            return None;
        }
    };
    let fresh_name = names.is_new(name.as_str(), node.span, cx);
    if !uris.is_new(uri.as_str(), uri.span, cx) || !fresh_name {
        return None;
    }
    let source = match location {
        Some(location) if unit.call.is_none() && unit.steps.is_none() => {
            if !template.names().is_empty() {
                let why = "a file or folder has no placeholders in its URI";
                cx.out.push(codes::invalid_resource_uri::new(&uri, why));
                return None;
            }
            static_source(&location, settings, cx)?
        }
        location => {
            if let Some(location) = location {
                cx.out.push(codes::useless_key::new(
                    location.span,
                    "location",
                    "the resource calls an operation",
                ));
            }
            for name in template.names() {
                unit.placeholders
                    .push(Spanned::new(name.to_owned(), uri.span));
            }
            units.push(unit.clone());
            ResourceSource::Unit(units.len() - 1)
        }
    };
    Some(ResourceSettings {
        name: name.value,
        title: unit.title,
        description: unit.description,
        uri: uri.value,
        mime_type,
        source,
    })
}

/// What stands at a `location`: a folder or a file. It is looked at now, so that `validate` tells what is missing.
fn static_source(
    location: &Spanned<String>,
    settings: &McpSettings,
    cx: &mut Context<'_>,
) -> Option<ResourceSource> {
    let home = settings.home.as_ref()?;
    if home.files.list(&home.dir, location.as_str(), 1).is_ok() {
        return Some(ResourceSource::Folder(location.value.clone()));
    }
    match home.files.load_bytes(&home.dir, location.as_str()) {
        Ok(_) => Some(ResourceSource::File(location.value.clone())),
        Err(error) => {
            unreadable(location, &error, cx);
            None
        }
    }
}

/// Announces a file that cannot be read.
pub(super) fn unreadable(location: &Spanned<String>, error: &LoadError, cx: &mut Context<'_>) {
    let why = error.to_string();
    cx.out.push(match error {
        LoadError::Outside(_) => codes::file_unreadable::outside(location, &why),
        _ => codes::file_unreadable::new(location, &why),
    });
}
