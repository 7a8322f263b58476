//! Tools: a unit and its hints.

use naftiko_diagnostics::{Diagnostics, Severity, Span, Spanned, codes};
use naftiko_spec::yaml::{Node, NodeKind};
use naftiko_spec::{Context, Fields, Unit, items};

use super::Seen;
use crate::settings::{Hints, McpSettings, ToolSettings};

/// Reads `tools`. The units of tools come first, one for each.
pub(super) fn read(
    node: &Node,
    units: &mut Vec<Unit>,
    settings: &mut McpSettings,
    cx: &mut Context<'_>,
) {
    let mut seen = Seen::new("tool");
    for (key, node) in items(node, "tools", cx) {
        let (unit, tool) = tool(key, node, cx);
        if let Some(name) = &unit.name {
            // The key of a keyed tool stands outside of it: the finding must lie inside to break it.
            let at = inside(unit.span, name.span);
            seen.is_new(name.as_str(), at, cx);
        }
        units.push(unit);
        settings.tools.push(tool);
    }
}

fn tool(key: Option<Spanned<String>>, node: &Node, cx: &mut Context<'_>) -> (Unit, ToolSettings) {
    let Some(mut fields) = Fields::open(node, "a tool", cx) else {
        return (refused(key, node.span), ToolSettings::default());
    };
    let unit = Unit::read(key, &mut fields, true, cx);
    if unit.name.is_none() {
        let missing = codes::missing_key::new(unit.span, "a tool", "name");
        cx.out.push(missing);
    }
    let hints = fields
        .take("hints")
        .map(|node| hints(node, cx))
        .unwrap_or_default();
    fields.finish(cx);
    let headers = headers(node.get("inputParameters"), cx);
    (unit, ToolSettings { hints, headers })
}

/// The `x-mcp-header` annotations of inputs. No schema has them; the protocol defines them for scalars.
fn headers(inputs: Option<&Node>, cx: &mut Context<'_>) -> Vec<(String, String)> {
    let named: Vec<(Option<&str>, &Node)> = match inputs.map(|node| &node.kind) {
        Some(NodeKind::Sequence(list)) => list.iter().map(|node| (None, node)).collect(),
        Some(NodeKind::Mapping(entries)) => entries
            .iter()
            .map(|entry| (Some(entry.key.as_str()), &entry.value))
            .collect(),
        _ => Vec::new(),
    };
    let mut found: Vec<(String, String)> = Vec::new();
    for (key, node) in named {
        let Some(annotation) = node.get("x-mcp-header") else {
            continue;
        };
        let Some(input) = key.or_else(|| node.get("name")?.as_str()) else {
            continue;
        };
        let scalar = !matches!(
            node.get("type").and_then(Node::as_str),
            Some("array" | "object")
        );
        let header = annotation.as_str().unwrap_or_default();
        let is_name = http::HeaderName::from_bytes(header.as_bytes()).is_ok();
        let twice = found
            .iter()
            .any(|(_, known)| known.eq_ignore_ascii_case(header));
        if scalar && is_name && !twice {
            found.push((input.to_owned(), header.to_owned()));
        } else {
            cx.wrong_type(
                annotation,
                "x-mcp-header",
                "a header name of its own, for a scalar input",
            );
        }
    }
    found
}

/// Hints advise and change nothing: what is wrong in them is a warning, and the tool is served.
fn hints(node: &Node, cx: &mut Context<'_>) -> Hints {
    let mut found = Diagnostics::new();
    let mut inner = Context {
        dialect: cx.dialect,
        out: &mut found,
    };
    let mut hints = Hints::default();
    if let Some(mut fields) = Fields::open(node, "hints", &mut inner) {
        hints = Hints {
            read_only: fields.boolean("readOnly", &mut inner),
            destructive: fields.boolean("destructive", &mut inner),
            idempotent: fields.boolean("idempotent", &mut inner),
            open_world: fields.boolean("openWorld", &mut inner),
        };
        fields.finish(&mut inner);
    }
    for finding in found {
        cx.out.push(if finding.is_error() {
            finding.with_severity(Severity::Warning)
        } else {
            finding
        });
    }
    hints
}

/// A unit for an entry that cannot be read, so that it is counted and announced.
fn refused(name: Option<Spanned<String>>, span: Span) -> Unit {
    Unit {
        name,
        title: None,
        description: None,
        inputs: Vec::new(),
        placeholders: Vec::new(),
        call: None,
        with: Vec::new(),
        reference: None,
        steps: None,
        outputs: Vec::new(),
        required_by_default: true,
        span,
    }
}

fn inside(whole: Span, part: Span) -> Span {
    if whole.contains(part) { part } else { whole }
}
