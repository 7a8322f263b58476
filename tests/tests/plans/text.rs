//! A plan as text that a person compares with the document.

use std::fmt::Write as _;

use naftiko::Loaded;
use naftiko::diagnostics::render::{Format, render};
use naftiko::plan::{
    BasePiece, BodyPiece, BodyPlan, CredentialPlan, Expr, Flow, InputSource, OutputPlan, PathPiece,
    Plan, QueryPart, QueryPiece, SecretText, TextPiece, VariableId,
};

/// The plan and the findings as text.
pub(crate) fn shown(loaded: &Loaded, path: &str) -> String {
    let mut out = String::new();
    let plan = loaded.plan.as_ref().expect("a plan");
    for upstream in &plan.upstreams {
        let base: Vec<String> = upstream
            .base
            .iter()
            .map(|piece| match piece {
                BasePiece::Text(text) => text.clone(),
                BasePiece::Variable(id) => variable(plan, *id),
                BasePiece::Setting(name) => format!("<<{name}>>"),
            })
            .collect();
        let _ = writeln!(
            out,
            "{} at {}{}",
            upstream.namespace,
            base.concat(),
            credential(plan, &upstream.credential)
        );
    }
    for exposure in &plan.exposures {
        for unit in &exposure.units {
            let _ = writeln!(out, "\n{} {}", exposure.kind, unit.name);
            match &unit.flow {
                Ok(id) => flow(&mut out, plan, plan.flow(*id).unwrap()),
                Err(broken) => {
                    let _ = writeln!(out, "  broken by {}", broken.code);
                }
            }
        }
    }
    let findings = render(
        &loaded.findings,
        &loaded.sources,
        Format::Concise,
        false,
        100,
    );
    if !findings.is_empty() {
        let dir = path.rsplit_once('/').map_or("", |(dir, _)| dir);
        let _ = write!(out, "\n{}", findings.replace(&format!("{dir}/"), ""));
    }
    out
}

fn flow(out: &mut String, plan: &Plan, flow: &Flow) {
    for input in &flow.inputs {
        let ty = input.ty.map_or_else(
            || String::from("any"),
            |ty| format!("{ty:?}").to_lowercase(),
        );
        let need = if input.required {
            "required"
        } else {
            "optional"
        };
        let from = match input.source {
            InputSource::Declared(Some(place)) => format!("declared in {place:?}").to_lowercase(),
            InputSource::Declared(None) => String::from("declared"),
            InputSource::Undeclared { header: true } => {
                String::from("found by name, in a header too")
            }
            InputSource::Undeclared { header: false } => String::from("found by name"),
        };
        let _ = write!(out, "  <{}> {ty}, {need}, {from}", input.name);
        if let Some(pattern) = &input.pattern {
            let _ = write!(out, ", like {pattern}");
        }
        if !input.allowed.is_empty() {
            let _ = write!(
                out,
                ", one of {}",
                serde_json::Value::Array(input.allowed.clone())
            );
        }
        if let Some(description) = &input.description {
            let _ = write!(out, " — {description}");
        }
        out.push('\n');
    }
    request(out, plan, flow);
    output(out, plan, flow);
}

fn request(out: &mut String, plan: &Plan, flow: &Flow) {
    let expr = |expr: &Expr| expr_text(expr, plan, flow);
    let request = &flow.call.request;
    let path: String = request
        .path
        .iter()
        .map(|piece| match piece {
            PathPiece::Text(text) => text.clone(),
            PathPiece::Value { expr: value, .. } => expr(value),
        })
        .collect();
    let query: Vec<String> = request
        .query
        .iter()
        .map(|part| match part {
            QueryPart::Pair { name, expr: value } => format!("{name}={}", expr(value)),
            QueryPart::Written(pieces) => pieces
                .iter()
                .map(|piece| match piece {
                    QueryPiece::Text(text) => text.clone(),
                    QueryPiece::Value(value) => expr(value),
                })
                .collect(),
        })
        .collect();
    let mark = if query.is_empty() { "" } else { "?" };
    let _ = writeln!(
        out,
        "  → {} {path}{mark}{}",
        request.method,
        query.join("&")
    );
    for header in &request.headers {
        let _ = writeln!(out, "    {}: {}", header.name, expr(&header.expr));
    }
    for (name, value) in &request.cookies {
        let _ = writeln!(out, "    cookie {name}={}", expr(value));
    }
    request_body(out, plan, flow);
}

fn request_body(out: &mut String, plan: &Plan, flow: &Flow) {
    let expr = |expr: &Expr| expr_text(expr, plan, flow);
    match &flow.call.request.body {
        BodyPlan::None => {}
        BodyPlan::Json(value) => {
            let _ = writeln!(out, "    json {}", expr(value));
        }
        BodyPlan::Yaml(value) => {
            let _ = writeln!(out, "    yaml {}", expr(value));
        }
        BodyPlan::Form(pairs) => {
            let pairs: Vec<String> = pairs
                .iter()
                .map(|(name, value)| format!("{name}={}", expr(value)))
                .collect();
            let _ = writeln!(out, "    form {}", pairs.join("&"));
        }
        BodyPlan::Multipart(parts) => {
            let parts: Vec<String> = parts
                .iter()
                .map(|part| format!("{}={}", part.name, expr(&part.value)))
                .collect();
            let _ = writeln!(out, "    multipart {}", parts.join(" "));
        }
        BodyPlan::Text {
            pieces,
            escape,
            content_type,
        } => {
            let text: String = pieces
                .iter()
                .map(|piece| match piece {
                    BodyPiece::Text(text) => text.clone(),
                    BodyPiece::Value(value) => expr(value),
                })
                .collect();
            let _ = writeln!(
                out,
                "    {} ({escape:?}) {text}",
                content_type.to_str().unwrap()
            );
        }
    }
}

fn output(out: &mut String, plan: &Plan, flow: &Flow) {
    match &flow.output {
        OutputPlan::Identity => out.push_str("  ← as it is\n"),
        OutputPlan::Shaped {
            schema, projection, ..
        } => {
            let schema = schema
                .as_ref()
                .map_or_else(|| String::from("untyped"), std::string::ToString::to_string);
            let _ = writeln!(out, "  ← {schema}");
            let upstream = plan.upstream(flow.call.upstream).unwrap();
            let sample = upstream
                .operations
                .iter()
                .find(|known| known.name == flow.call.operation);
            let sample = sample
                .map(|known| known.sample.to_string())
                .unwrap_or_default();
            let made = projection.apply(sample.as_bytes());
            let made = made.map_or_else(
                |error| error.to_string(),
                |made| String::from_utf8(made.bytes).unwrap(),
            );
            let _ = writeln!(out, "    {sample}\n    becomes {made}");
        }
    }
}

fn expr_text(expr: &Expr, plan: &Plan, flow: &Flow) -> String {
    let inner = |expr: &Expr| expr_text(expr, plan, flow);
    match expr {
        Expr::Literal(value) => value.to_string(),
        Expr::Absent => String::from("nothing"),
        Expr::Input(slot) => {
            let mut name = vec![flow.inputs[slot.slot].name.as_str()];
            name.extend(slot.walk.iter().map(String::as_str));
            format!("<{}>", name.join("→"))
        }
        Expr::Variable(id) => variable(plan, *id),
        Expr::Text(parts) => {
            let parts: Vec<String> = parts.iter().map(inner).collect();
            format!("({})", parts.join(" + "))
        }
        Expr::Object(members) => {
            let members: Vec<String> = members
                .iter()
                .map(|(name, value)| format!("{name}: {}", inner(value)))
                .collect();
            format!("{{{}}}", members.join(", "))
        }
        Expr::Array(list) => {
            let list: Vec<String> = list.iter().map(inner).collect();
            format!("[{}]", list.join(", "))
        }
    }
}

fn variable(plan: &Plan, id: VariableId) -> String {
    let variable = &plan.variables[id.0];
    let how = if variable.implicit { "?" } else { "" };
    if variable.variable.name == variable.variable.key {
        format!("${}{how}", variable.variable.name)
    } else {
        format!(
            "${}({}){how}",
            variable.variable.name, variable.variable.key
        )
    }
}

fn credential(plan: &Plan, credential: &CredentialPlan) -> String {
    let text = |text: &SecretText| -> String {
        text.0
            .iter()
            .map(|piece| match piece {
                TextPiece::Text(text) => text.clone(),
                TextPiece::Variable(id) => variable(plan, *id),
            })
            .collect()
    };
    match credential {
        CredentialPlan::None => String::new(),
        CredentialPlan::Basic { username, password } => {
            format!(", basic {}:{}", text(username), text(password))
        }
        CredentialPlan::Bearer(token) => format!(", bearer {}", text(token)),
        CredentialPlan::Keys(keys) => {
            let keys: Vec<String> = keys
                .iter()
                .map(|key| format!("{:?} {}={}", key.placement, key.name, text(&key.value)))
                .collect();
            format!(", {}", keys.join(", "))
        }
        CredentialPlan::Unsupported(kind) => format!(", {kind}, which is not served"),
    }
}
