//! Units: what an exposer offers to callers, one by one. A REST operation and an MCP tool are units alike; what makes
//! them different stands in the settings of their exposer.

use naftiko_diagnostics::{Span, Spanned, codes};

use crate::fields::{Context, Fields};
use crate::input::DeclaredInput;
use crate::output::OutputParameter;
use crate::yaml::{Node, NodeKind};

/// What one unit says about itself and about what it does (specification, "ExposedOperation", "McpTool").
#[derive(Clone, Debug)]
pub struct Unit {
    /// Its name; some kinds allow none.
    pub name: Option<Spanned<String>>,
    /// A title for people: `label` or `display`.
    pub title: Option<String>,
    /// What it does.
    pub description: Option<String>,
    /// The inputs that it declares.
    pub inputs: Vec<DeclaredInput>,
    /// Placeholders of its own address, which callers fill: names and places.
    pub placeholders: Vec<Spanned<String>>,
    /// The consumed operation that it calls: `namespace.operation`.
    pub call: Option<Spanned<String>>,
    /// Values for the called operation's inputs.
    pub with: Vec<(Spanned<String>, Node)>,
    /// The aggregate function that it stands for.
    pub reference: Option<Spanned<String>>,
    /// Orchestration steps.
    pub steps: Option<Span>,
    /// What it answers.
    pub outputs: Vec<OutputParameter>,
    /// Whether an input that it declares must be given when neither it nor the consumed input says.
    pub required_by_default: bool,
    /// The whole entry.
    pub span: Span,
}

impl Unit {
    /// Reads the fields that units of all kinds have. The caller takes the fields of its own kind and finishes.
    pub fn read(
        key: Option<Spanned<String>>,
        fields: &mut Fields<'_>,
        required_by_default: bool,
        cx: &mut Context<'_>,
    ) -> Self {
        let name = fields.text("name", cx);
        let outputs = OutputParameter::read_all(fields.take("outputParameters"), cx);
        let unit = Self {
            name: key.or(name),
            title: fields
                .text_either("label", "display", cx)
                .map(|text| text.value),
            description: fields.text("description", cx).map(|text| text.value),
            inputs: DeclaredInput::read_all(fields.take("inputParameters"), cx),
            placeholders: Vec::new(),
            call: fields.text("call", cx),
            with: with(fields.take("with"), cx),
            reference: fields.text("ref", cx),
            steps: fields.take("steps").map(|node| node.span),
            outputs,
            required_by_default,
            span: fields.span,
        };
        fields.ignore(&["tags", "mappings"]);
        unit
    }

    /// A name for people: its own, or the operation that it calls.
    pub fn label(&self) -> &str {
        self.name
            .as_ref()
            .or(self.call.as_ref())
            .map_or("unnamed", |name| name.as_str())
    }
}

fn with(node: Option<&Node>, cx: &mut Context<'_>) -> Vec<(Spanned<String>, Node)> {
    let Some(node) = node else { return Vec::new() };
    let NodeKind::Mapping(entries) = &node.kind else {
        cx.out.push(codes::wrong_type::new(
            node.span,
            "with",
            "a mapping from input to value",
            node.kind_name(),
        ));
        return Vec::new();
    };
    entries
        .iter()
        .map(|entry| (entry.key.clone(), entry.value.clone()))
        .collect()
}
