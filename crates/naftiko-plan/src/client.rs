//! Consumed APIs: their operations by name, their joined paths, and which of them are sound.

use naftiko_bindings::Name;
use naftiko_diagnostics::{Diagnostic, Diagnostics, Spanned, codes};
use naftiko_expr::{Part, Syntax, Template};
use naftiko_imports::LinkedClient;
use naftiko_spec::{ConsumedInput, ConsumedOperation, Place, Span};

use crate::compile::Compiler;
use crate::credential;
use crate::names::unbound;
use crate::plan::{BasePiece, CredentialPlan, UpstreamId};
use crate::url::{Named, PathText, inside, malformed};

/// A client as its callers see it.
#[derive(Debug)]
pub(crate) struct ClientIndex<'a> {
    pub(crate) id: UpstreamId,
    pub(crate) linked: &'a LinkedClient,
    pub(crate) base: Vec<BasePiece>,
    pub(crate) credential: CredentialPlan,
    pub(crate) operations: Vec<OperationIndex<'a>>,
    /// What makes every operation unusable.
    pub(crate) broken: Option<Diagnostic>,
}

/// An operation as its callers see it.
#[derive(Debug)]
pub(crate) struct OperationIndex<'a> {
    pub(crate) operation: &'a ConsumedOperation,
    pub(crate) method: http::Method,
    pub(crate) path: PathText,
    /// The inputs of the client, the resource and the operation that are a caller's to give or are always sent.
    pub(crate) inputs: Vec<&'a ConsumedInput>,
    /// The names of its inputs that are the client's credential again.
    pub(crate) credentials: Vec<&'a str>,
    /// What makes it unusable.
    pub(crate) broken: Option<Diagnostic>,
}

impl<'a> ClientIndex<'a> {
    pub(crate) fn build(
        id: UpstreamId,
        linked: &'a LinkedClient,
        compiler: &mut Compiler<'a>,
    ) -> Self {
        let client = &linked.client;
        let mut found = Diagnostics::new();
        match &client.kind {
            Some(kind) if !compiler.options.upstream_kinds.contains(&kind.value) => {
                let known = compiler.options.upstream_kinds.iter().map(String::as_str);
                found.push(codes::unsupported_kind::upstream(kind, known));
            }
            _ => {}
        }
        if let Some(span) = client.tunnel {
            found.push(codes::not_supported::new(span, "`tunnel`"));
        }
        let base = base(id, linked, compiler, &mut found);
        let credential = credential::lower(id, linked, compiler, &mut found);
        let in_base = names_in_base(linked);
        let operations = operations(linked, &credential, &in_base, compiler);
        // What was found when the document was read, outside of resources: the base, the credential, shared inputs.
        let outside = |finding: &&Diagnostic| {
            let place = finding.primary.as_ref().map(|label| label.span);
            place.is_some_and(|place| {
                !client
                    .resources
                    .iter()
                    .any(|resource| resource.span.contains(place))
            })
        };
        let earlier = compiler
            .found
            .errors_within(client.span)
            .find(outside)
            .cloned();
        let broken = earlier.or_else(|| found.iter().find(|d| d.is_error()).cloned());
        compiler.out.extend(found);
        Self {
            id,
            linked,
            base,
            credential,
            operations,
            broken,
        }
    }

    /// The namespace.
    pub(crate) fn namespace(&self) -> &'a str {
        self.linked.namespace.as_str()
    }

    /// The operation of that name; of two the first.
    pub(crate) fn operation(&self, name: &str) -> Option<&OperationIndex<'a>> {
        self.operations
            .iter()
            .find(|index| index.operation.name.value == name)
    }

    /// The names of its operations.
    pub(crate) fn names(&self) -> impl Iterator<Item = &'a str> {
        self.operations
            .iter()
            .map(|index| index.operation.name.value.as_str())
    }
}

/// The base URI in pieces (decisions, section 5, "`baseUri`").
fn base(
    id: UpstreamId,
    linked: &LinkedClient,
    compiler: &mut Compiler<'_>,
    found: &mut Diagnostics,
) -> Vec<BasePiece> {
    let Some(text) = &linked.client.base_uri else {
        return Vec::new();
    };
    let template = match Template::parse(text.value.trim(), Syntax::SingleOrDouble) {
        Ok(template) => template,
        Err(error) => {
            found.push(malformed(text, &error, 0));
            return Vec::new();
        }
    };
    if let Some(Part::Text(start)) = template.parts().first() {
        let lower = start.to_ascii_lowercase();
        if !lower.starts_with("http://") && !lower.starts_with("https://") {
            found.push(codes::invalid_base_uri::scheme(text));
        } else if lower.contains('#') {
            let at = text.value.find('#').unwrap_or_default();
            let span = inside(text, at, text.value.trim_end().len() - at);
            found.push(codes::invalid_base_uri::fragment(span));
        }
    }
    let mut pieces = Vec::new();
    for part in template.parts() {
        match part {
            Part::Text(text) => pieces.push(BasePiece::Text(text.clone())),
            Part::Placeholder(placeholder) => {
                let span = inside(text, placeholder.range.start, placeholder.range.len());
                let double = text
                    .value
                    .get(placeholder.range.clone())
                    .is_some_and(|t| t.starts_with("{{"));
                let name = placeholder.name.as_str();
                let fixed = linked
                    .client
                    .inputs
                    .iter()
                    .find(|input| input.name.value == name);
                let fixed = fixed.and_then(|input| input.value.as_ref()?.as_str());
                if let Some(variable) = compiler.variable(linked.scope, name, span, id) {
                    pieces.push(BasePiece::Variable(variable));
                } else if let Some(value) = fixed.filter(|value| !value.contains("{{")) {
                    pieces.push(BasePiece::Text(value.to_owned()));
                } else if let Some(key) = implicit(name, double) {
                    match compiler.implicit(key, span, id, found) {
                        Some(variable) => pieces.push(BasePiece::Variable(variable)),
                        None => found.push(unbound(key, span)),
                    }
                } else {
                    pieces.push(BasePiece::Setting(name.to_owned()));
                }
            }
        }
    }
    pieces
}

/// The names that stand in the base URI, whatever fills them: they are the operator's.
fn names_in_base(linked: &LinkedClient) -> Vec<String> {
    let text = linked.client.base_uri.as_ref();
    let template =
        text.and_then(|text| Template::parse(text.value.trim(), Syntax::SingleOrDouble).ok());
    let names = template.iter().flat_map(Template::placeholders);
    names.map(|placeholder| placeholder.name.clone()).collect()
}

/// The environment key that an unbound name stands for: `{{env.KEY}}`, or `{{KEY}}` in capitals.
pub(crate) fn implicit(name: &str, double: bool) -> Option<&str> {
    match Name::of(name, None) {
        Name::Env(key) => Some(key),
        Name::Plain(key) if double && naftiko_bindings::is_screaming(key) => Some(key),
        Name::Plain(_) | Name::Caller(_) => None,
    }
}

fn operations<'a>(
    linked: &'a LinkedClient,
    credential: &CredentialPlan,
    in_base: &[String],
    compiler: &mut Compiler<'a>,
) -> Vec<OperationIndex<'a>> {
    let client = &linked.client;
    let mut result: Vec<OperationIndex<'a>> = Vec::new();
    let mut seen: Vec<&Spanned<String>> = Vec::new();
    for resource in &client.resources {
        for operation in &resource.operations {
            let mut found = Diagnostics::new();
            match seen.iter().find(|name| name.value == operation.name.value) {
                Some(first) => {
                    compiler
                        .out
                        .push(codes::duplicate_operation::new(&operation.name, first.span));
                }
                None => seen.push(&operation.name),
            }
            let method = method(operation.method.as_ref(), &mut found);
            let path = PathText::join(resource.path.as_ref(), operation.path.as_ref(), &mut found);
            let all = client
                .inputs
                .iter()
                .chain(&resource.inputs)
                .chain(&operation.inputs);
            let mut inputs: Vec<&ConsumedInput> = Vec::new();
            let mut credentials = Vec::new();
            for input in all {
                let operator_s = input.place == Place::Path && in_base.contains(&input.name.value);
                if input.name.value.is_empty() {
                    // Nobody can give it, and no upstream can tell what it is.
                    compiler.out.push(codes::unnamed_input::new(input.span));
                    continue;
                }
                if credential.occupies(input.place, input.name.as_str()) {
                    credentials.push(input.name.as_str());
                    continue;
                }
                if operator_s {
                    continue;
                }
                // The nearest declaration of a name and place counts.
                inputs.retain(|other| other.name != input.name || other.place != input.place);
                inputs.push(input);
            }
            let earlier = compiler.found.errors_within(operation.span).next().cloned();
            let broken = earlier.or_else(|| found.iter().find(|d| d.is_error()).cloned());
            compiler.out.extend(found);
            result.push(OperationIndex {
                operation,
                method: method.unwrap_or(http::Method::GET),
                path: path.unwrap_or_default(),
                inputs,
                credentials,
                broken,
            });
        }
    }
    complete(linked.namespace.as_str(), &mut result, compiler);
    result
}

fn method(text: Option<&Spanned<String>>, found: &mut Diagnostics) -> Option<http::Method> {
    let text = text?;
    let upper = text.value.to_ascii_uppercase();
    let known = ["GET", "POST", "PUT", "PATCH", "DELETE", "HEAD", "OPTIONS"];
    if known.contains(&upper.as_str()) {
        return http::Method::from_bytes(upper.as_bytes()).ok();
    }
    found.push(codes::unknown_method::new(text, &known));
    None
}

/// Appends `in: path` inputs that no placeholder takes, where the request that results is no other called operation's
/// (decisions, section 5, "`in: path` without a placeholder"). An operation that no unit calls makes no request.
fn complete(namespace: &str, operations: &mut [OperationIndex<'_>], compiler: &mut Compiler<'_>) {
    let mut completed = Vec::new();
    for (index, entry) in operations.iter_mut().enumerate() {
        let taken: Vec<String> = entry
            .path
            .placeholders()
            .map(|named| short(&named.name).to_owned())
            .collect();
        let left: Vec<(String, Span)> = entry
            .inputs
            .iter()
            .filter(|input| input.place == Place::Path && !taken.contains(&input.name.value))
            .map(|input| (input.name.value.clone(), input.name.span))
            .collect();
        if left.is_empty() {
            continue;
        }
        for (name, span) in &left {
            let named = Named {
                name: name.clone(),
                span: *span,
                double: false,
            };
            entry.path.append(named);
        }
        completed.push((index, left));
    }
    let shapes: Vec<(http::Method, String)> = operations
        .iter()
        .map(|entry| (entry.method.clone(), entry.path.shape()))
        .collect();
    for (index, left) in completed {
        let Some(shape) = shapes.get(index) else {
            continue;
        };
        let mut same = shapes
            .iter()
            .zip(operations.iter())
            .enumerate()
            .filter(|(n, (other, _))| *n != index && *other == shape)
            .map(|(_, (_, entry))| &entry.operation.name);
        let other = same.find(|name| compiler.named.contains(&format!("{namespace}.{name}")));
        let names = left
            .iter()
            .map(|(name, _)| name.as_str())
            .collect::<Vec<_>>();
        let Some((_, span)) = left.first() else {
            continue;
        };
        let finding = match other {
            Some(other) => codes::path_input_without_placeholder::ambiguous(*span, &names, other),
            None => codes::path_input_without_placeholder::new(*span, &names, &shape.1),
        };
        if let Some(entry) = operations.get_mut(index)
            && finding.is_error()
            && entry.broken.is_none()
        {
            entry.broken = Some(finding.clone());
        }
        compiler.out.push(finding);
    }
}

/// The input that a placeholder of a consumed path means: `tools.id` and `id` alike.
pub(crate) fn short(name: &str) -> &str {
    match Name::of(name, None) {
        Name::Caller(rest) => naftiko_bindings::split_place(rest).map_or(rest, |(_, name)| name),
        Name::Env(_) | Name::Plain(_) => name,
    }
}
