//! Reads the tools, resources and prompts of a document (specification, "Exposed MCP adapter").
//!
//! A mistake breaks as little as it must: one in a tool breaks that tool. Lists and keyed maps are both read.

mod prompts;
mod resources;
mod tools;

use std::sync::Arc;

use naftiko_diagnostics::{Severity, Span, Spanned, codes};
use naftiko_expose::Home;
use naftiko_plan::{DecodedExposure, Transport};
use naftiko_spec::yaml::{Node, NodeKind};
use naftiko_spec::{Context, Exposure, Fields};

use crate::settings::McpSettings;

/// Reads one exposure of the kind `mcp`. Without a `home` no file can be named.
pub(crate) fn decode(
    exposure: &Exposure,
    home: Option<&Home>,
    cx: &mut Context<'_>,
) -> DecodedExposure {
    let mut settings = McpSettings {
        home: home.cloned(),
        ..McpSettings::default()
    };
    let mut units = Vec::new();
    let mut transport = Transport::Http;
    if let Some(mut fields) = Fields::open(&exposure.node, "an MCP server", cx) {
        fields.ignore(&Exposure::COMMON);
        fields.ignore(&["maxBinarySize"]);
        transport = read_transport(&mut fields, cx);
        if let Some(ttl) = fields.take("ttlMs").and_then(|node| milliseconds(node, cx)) {
            settings.ttl_ms = ttl;
        }
        settings.shared_cache = shared_cache(&mut fields, cx);
        let tools = fields.take("tools");
        let resources = fields.take("resources");
        let prompts = fields.take("prompts");
        if let Some(node) = tools {
            tools::read(node, &mut units, &mut settings, cx);
        }
        if let Some(node) = resources {
            resources::read(node, &mut units, &mut settings, cx);
        }
        if let Some(node) = prompts {
            prompts::read(node, &mut settings, cx);
        }
        if tools.is_none() && resources.is_none() && prompts.is_none() {
            let finding = codes::nothing_exposed::new(exposure.kind.span, "MCP server", "tools");
            cx.out.push(finding.with_severity(Severity::Warning));
        }
        fields.finish(cx);
    }
    if transport == Transport::Stdio
        && let Some(port) = &exposure.port
    {
        cx.out.push(codes::useless_key::new(
            port.span,
            "port",
            "a server over standard streams listens on none",
        ));
    }
    DecodedExposure {
        exposure: exposure.clone(),
        units,
        transport,
        settings: Arc::new(settings),
    }
}

fn read_transport(fields: &mut Fields<'_>, cx: &mut Context<'_>) -> Transport {
    let Some(word) = fields.text("transport", cx) else {
        return Transport::Http;
    };
    match word.value.as_str() {
        "http" => Transport::Http,
        "stdio" => Transport::Stdio,
        other => {
            cx.out.push(codes::wrong_type::new(
                word.span,
                "transport",
                "`http` or `stdio`",
                &format!("`{other}`"),
            ));
            Transport::Http
        }
    }
}

fn shared_cache(fields: &mut Fields<'_>, cx: &mut Context<'_>) -> bool {
    let Some(word) = fields.text("cacheScope", cx) else {
        return false;
    };
    match word.value.as_str() {
        "public" => true,
        "private" => false,
        other => {
            cx.out.push(codes::wrong_type::new(
                word.span,
                "cacheScope",
                "`public` or `private`",
                &format!("`{other}`"),
            ));
            false
        }
    }
}

fn milliseconds(node: &Node, cx: &mut Context<'_>) -> Option<u64> {
    let value = match &node.kind {
        NodeKind::Number(number) => number.as_u64(),
        NodeKind::String(text) => text.trim().parse().ok(),
        _ => None,
    };
    if value.is_none() {
        cx.wrong_type(node, "ttlMs", "a whole number of milliseconds, 0 or more");
    }
    value
}

/// The name of an entry, which must be there: its key in a map, its `name` in a list.
fn required_name(
    key: Option<Spanned<String>>,
    fields: &mut Fields<'_>,
    what: &'static str,
    cx: &mut Context<'_>,
) -> Option<Spanned<String>> {
    let written = fields.text("name", cx);
    let name = key.or(written).filter(|name| !name.value.is_empty());
    if name.is_none() {
        cx.out
            .push(codes::missing_key::new(fields.span, what, "name"));
    }
    name
}

/// Names that were seen; the second of a name is an error.
struct Seen {
    what: &'static str,
    names: Vec<(String, Span)>,
}

impl Seen {
    fn new(what: &'static str) -> Self {
        Self {
            what,
            names: Vec::new(),
        }
    }

    /// Whether `name` is new. `at` is inside the entry that has it.
    fn is_new(&mut self, name: &str, at: Span, cx: &mut Context<'_>) -> bool {
        if let Some((_, first)) = self.names.iter().find(|(known, _)| known == name) {
            cx.out
                .push(codes::duplicate_route::name(at, self.what, name, *first));
            return false;
        }
        self.names.push((name.to_owned(), at));
        true
    }
}
