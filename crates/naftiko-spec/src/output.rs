//! Output parameters: the shape of an answer (specification, "Output parameter families").

use naftiko_diagnostics::{Span, Spanned, codes};

use crate::fields::{Context, Fields};
use crate::yaml::{Node, NodeKind};

/// The type of an output.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum OutputType {
    /// Whatever is there: no `type` was written.
    Any,
    /// Text.
    String,
    /// A number.
    Number,
    /// A whole number; no schema has it on outputs.
    Integer,
    /// `true` or `false`.
    Boolean,
    /// A map.
    Object,
    /// A list.
    Array,
}

impl OutputType {
    const ALL: [(&'static str, OutputType); 6] = [
        ("string", OutputType::String),
        ("number", OutputType::Number),
        ("integer", OutputType::Integer),
        ("boolean", OutputType::Boolean),
        ("object", OutputType::Object),
        ("array", OutputType::Array),
    ];
}

/// One output, and what is inside it.
#[derive(Clone, Debug)]
pub struct OutputParameter {
    /// The member that it becomes; an exposed call's outputs are often unnamed.
    pub name: Option<Spanned<String>>,
    /// Its type.
    pub ty: OutputType,
    /// Where its value is found: a JSONPath.
    pub mapping: Option<Spanned<String>>,
    /// A value that does not come from the upstream: `const` to 1.0.0-alpha1, `value` after.
    pub fixed: Option<Node>,
    /// The members of an object.
    pub properties: Option<Vec<OutputParameter>>,
    /// The elements of an array.
    pub items: Option<Box<OutputParameter>>,
    /// The whole entry.
    pub span: Span,
}

impl OutputParameter {
    /// Reads `outputParameters`: a list, or a map from name to output.
    pub fn read_all(node: Option<&Node>, cx: &mut Context<'_>) -> Vec<Self> {
        let Some(node) = node else { return Vec::new() };
        match &node.kind {
            NodeKind::Sequence(list) => list
                .iter()
                .filter_map(|node| Self::read(None, node, cx))
                .collect(),
            NodeKind::Mapping(entries) => entries
                .iter()
                .filter_map(|entry| Self::read(Some(entry.key.clone()), &entry.value, cx))
                .collect(),
            _ => {
                cx.wrong_type(node, "outputParameters", "a list");
                Vec::new()
            }
        }
    }

    fn read(key: Option<Spanned<String>>, node: &Node, cx: &mut Context<'_>) -> Option<Self> {
        let mut fields = Fields::open(node, "an output", cx)?;
        let written = fields.text("name", cx);
        let ty = output_type(&mut fields, cx);
        let mut mapping = fields.text("mapping", cx);
        let fixed_const = fields.take_even_null("const");
        let mut fixed = fields.take_even_null("value");
        // `value: "$.x"` is another way to write `mapping` (specification, dialect deltas: "Output `value`").
        if mapping.is_none()
            && let Some(Node {
                kind: NodeKind::String(text),
                span,
                ..
            }) = fixed
            && text.starts_with('$')
        {
            mapping = Some(Spanned::new(text.clone(), *span));
            fixed = None;
        }
        let output = Self {
            name: key.or(written),
            ty,
            mapping,
            fixed: fixed.or(fixed_const).cloned(),
            properties: properties(fields.take("properties"), cx),
            items: items(fields.take("items"), cx).map(Box::new),
            span: node.span,
        };
        fields.ignore(&[
            "description",
            "label",
            "display",
            "tags",
            "required",
            "example",
        ]);
        fields.finish(cx);
        Some(output)
    }
}

fn output_type(fields: &mut Fields<'_>, cx: &mut Context<'_>) -> OutputType {
    let Some(word) = fields.text("type", cx) else {
        return OutputType::Any;
    };
    match OutputType::ALL
        .iter()
        .find(|(known, _)| *known == word.value)
    {
        Some((_, ty)) => *ty,
        None => {
            cx.out.push(codes::unknown_type::output(
                &word,
                OutputType::ALL.iter().map(|(w, _)| *w),
            ));
            OutputType::Any
        }
    }
}

fn properties(node: Option<&Node>, cx: &mut Context<'_>) -> Option<Vec<OutputParameter>> {
    let node = node?;
    let list = match &node.kind {
        NodeKind::Mapping(_) | NodeKind::Sequence(_) => OutputParameter::read_all(Some(node), cx),
        _ => {
            cx.wrong_type(node, "properties", "a mapping from name to output");
            return None;
        }
    };
    for property in list.iter().filter(|property| property.name.is_none()) {
        cx.out
            .push(codes::missing_key::new(property.span, "a property", "name"));
    }
    // `properties: {}` shapes nothing (decisions, section 6).
    (!list.is_empty()).then_some(list)
}

/// `items`: one output; in 0.4 and 0.5 a list of one; in keyed dialects possibly a map of named outputs.
fn items(node: Option<&Node>, cx: &mut Context<'_>) -> Option<OutputParameter> {
    let node = node?;
    match &node.kind {
        NodeKind::Sequence(list) => match &**list {
            [] => None,
            [one] => OutputParameter::read(None, one, cx),
            _ => {
                let properties = OutputParameter::read_all(Some(node), cx);
                Some(OutputParameter::object_of(properties, node.span))
            }
        },
        NodeKind::Mapping(entries) => {
            let keyed = !entries.is_empty()
                && entries.iter().all(|entry| entry.value.as_map().is_some())
                && node.get("type").is_none()
                && node.get("mapping").is_none();
            if keyed && node.get("properties").is_none() {
                let properties = OutputParameter::read_all(Some(node), cx);
                Some(OutputParameter::object_of(properties, node.span))
            } else {
                OutputParameter::read(None, node, cx)
            }
        }
        _ => {
            cx.wrong_type(node, "items", "an output");
            None
        }
    }
}

impl OutputParameter {
    fn object_of(properties: Vec<OutputParameter>, span: Span) -> Self {
        Self {
            name: None,
            ty: OutputType::Object,
            mapping: None,
            fixed: None,
            properties: Some(properties),
            items: None,
            span,
        }
    }
}
