//! Outputs: declared parameters become a projection (decisions, section 6).

use std::sync::Arc;

use naftiko_diagnostics::{Diagnostics, codes};
use naftiko_formats::Format;
use naftiko_jsonpath::Path;
use naftiko_mapping::{Kind, Output, Projection, Shape};
use naftiko_spec::{OutputParameter, OutputType};
use serde_json::{Value, json};

use crate::flow::OutputPlan;

/// Lowers the outputs of a unit.
pub(crate) fn lower(
    outputs: &[OutputParameter],
    format: Format,
    out: &mut Diagnostics,
) -> OutputPlan {
    let named: Vec<&OutputParameter> = outputs
        .iter()
        .filter(|output| output.name.is_some())
        .collect();
    let output = if named.is_empty() {
        if let [_, second, ..] = outputs {
            out.push(codes::several_unnamed_outputs::new(second.span));
        }
        Output::unnamed(outputs.iter().map(|output| shape(output, out)).collect())
    } else {
        for unnamed in outputs.iter().filter(|output| output.name.is_none()) {
            out.push(codes::missing_key::new(
                unnamed.span,
                "an output beside named ones",
                "name",
            ));
        }
        let members = named
            .into_iter()
            .filter_map(|output| Some((output.name.as_ref()?.value.clone(), shape(output, out))));
        Output::named(members.collect())
    };
    if matches!(output, Output::Identity) {
        return OutputPlan::Identity;
    }
    let schema = output.json_schema().map(Arc::new);
    OutputPlan::Shaped {
        format,
        projection: Arc::new(Projection::compile(&output)),
        schema,
    }
}

fn shape(output: &OutputParameter, out: &mut Diagnostics) -> Shape {
    let mapping = output
        .mapping
        .as_ref()
        .and_then(|text| match Path::parse(&text.value) {
            Ok(path) => Some(path),
            Err(error) => {
                let span = crate::url::inside(text, error.position, 1);
                out.push(codes::invalid_mapping::new(
                    span,
                    &text.value,
                    &error.to_string(),
                ));
                None
            }
        });
    let constant = output.fixed.as_ref().map(|node| {
        if node.as_str().is_some_and(|text| text.contains("{{")) {
            out.push(codes::template_in_output::new(node.span));
        }
        node.to_json()
    });
    let properties = output.properties.as_ref().map(|properties| {
        properties
            .iter()
            .filter_map(|property| {
                Some((property.name.as_ref()?.value.clone(), shape(property, out)))
            })
            .collect()
    });
    let items = output
        .items
        .as_ref()
        .map(|items| Box::new(shape(items, out)));
    Shape {
        kind: kind(output.ty),
        mapping,
        constant,
        properties,
        items,
    }
}

fn kind(ty: OutputType) -> Kind {
    match ty {
        OutputType::Any => Kind::Any,
        OutputType::String => Kind::String,
        OutputType::Number => Kind::Number,
        OutputType::Integer => Kind::Integer,
        OutputType::Boolean => Kind::Boolean,
        OutputType::Object => Kind::Object,
        OutputType::Array => Kind::Array,
    }
}

/// A made-up answer of a consumed operation: one that its declared outputs find their values in; null when they shape
/// nothing. Only paths of plain names are followed; `sample` is what other outputs have put there already.
pub(crate) fn sample_of(mut sample: Value, outputs: &[OutputParameter]) -> Value {
    for output in outputs {
        place(output, &mut sample);
    }
    sample
}

/// Puts a value for `output` where its mapping looks for it, seen from `root`.
fn place(output: &OutputParameter, root: &mut Value) {
    let Some(mapping) = &output.mapping else {
        return;
    };
    let Ok(path) = Path::parse(&mapping.value) else {
        return;
    };
    let Some(steps) = path.singular_steps() else {
        return;
    };
    if steps.is_empty() && matches!(output.ty, OutputType::Object) && output.properties.is_none() {
        return;
    }
    let mut at = root;
    for step in steps {
        let naftiko_jsonpath::Step::Name(name) = step else {
            return;
        };
        if !at.is_object() {
            *at = json!({});
        }
        let Value::Object(members) = at else { return };
        at = members.entry(name.clone()).or_insert(Value::Null);
    }
    match (&output.properties, &output.items) {
        (Some(properties), _) => {
            if !at.is_object() {
                *at = json!({});
            }
            for property in properties {
                place(property, at);
            }
        }
        (None, Some(items)) => {
            let mut element = Value::Null;
            for property in items.properties.iter().flatten() {
                place(property, &mut element);
            }
            *at = Value::Array(vec![element]);
        }
        (None, None) if at.is_null() => *at = value_of(output),
        (None, None) => {}
    }
}

fn value_of(output: &OutputParameter) -> Value {
    match output.ty {
        OutputType::String | OutputType::Any => Value::from(
            output
                .name
                .as_ref()
                .map_or_else(|| String::from("sample"), |name| name.value.clone()),
        ),
        OutputType::Number => json!(1.5),
        OutputType::Integer => json!(1),
        OutputType::Boolean => json!(true),
        OutputType::Object => json!({}),
        OutputType::Array => json!([]),
    }
}
