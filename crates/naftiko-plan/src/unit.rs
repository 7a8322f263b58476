//! One unit: the operation that it calls, the request, the inputs and the output.

use naftiko_diagnostics::{Diagnostics, Spanned, codes};
use naftiko_formats::Format;
use naftiko_spec::Unit;

use crate::client::{ClientIndex, OperationIndex};
use crate::compile::{Compiler, broken_by};
use crate::flow::{CallPlan, Flow, OutputPlan, RequestPlan};
use crate::names::CallNames;
use crate::output;
use crate::plan::Broken;
use crate::request;
use crate::url::inside;

/// Lowers one unit; findings go to `out`. A unit that calls a broken part is broken by it, without a finding of its
/// own: the part has one.
pub(crate) fn lower_unit<'a>(
    unit: &Unit,
    own: Option<&str>,
    clients: &[ClientIndex<'a>],
    compiler: &mut Compiler<'a>,
    out: &mut Diagnostics,
) -> Result<Flow, Broken> {
    let nothing = || Broken {
        code: "",
        message: String::new(),
    };
    if let Some(reference) = &unit.reference {
        out.push(codes::not_supported::instead_of_call(
            reference.span,
            "`ref` to an aggregate",
        ));
        return Err(nothing());
    }
    if let Some(steps) = unit.steps {
        out.push(codes::not_supported::instead_of_call(steps, "`steps`"));
        return Err(nothing());
    }
    let Some(call) = &unit.call else {
        let span = unit.name.as_ref().map_or(unit.span, |name| name.span);
        let fixed = unit.outputs.iter().any(|output| output.fixed.is_some());
        if fixed {
            out.push(codes::not_supported::instead_of_call(
                span,
                "a unit with static values and no `call`",
            ));
        } else if !refused(unit, compiler) {
            out.push(codes::missing_call::new(span, unit.label()));
        }
        return Err(nothing());
    };
    if let Some(why) = not_imported(call, clients, compiler) {
        return Err(why);
    }
    let Some((client, operation)) = find(call, clients, out) else {
        return Err(nothing());
    };
    compiler.calls(client, operation, unit);
    if let Some(broken) = operation.broken.as_ref().or(client.broken.as_ref()) {
        return Err(broken_by(broken));
    }
    let mut names = CallNames::new(unit, own, client, operation, compiler, out);
    let request = request::lower(&mut names);
    for name in &operation.credentials {
        names.inputs.never_ask(name);
    }
    idle_placeholders(unit, &request, &mut names);
    let inputs = names.inputs.finish(&operation.inputs);
    let output = match format(operation) {
        // Bytes have no tree: they are passed on as they are.
        Ok(None) => OutputPlan::Identity,
        Ok(Some(format)) => output::lower(&unit.outputs, format, out),
        Err(word) => {
            let output = output::lower(&unit.outputs, Format::Json, out);
            if matches!(output, OutputPlan::Shaped { .. }) {
                out.push(codes::unsupported_format::output(word, unit.span));
            }
            output
        }
    };
    Ok(Flow {
        name: unit.label().to_owned(),
        inputs,
        call: CallPlan {
            upstream: client.id,
            operation: operation.operation.name.value.clone(),
            request,
        },
        output,
    })
}

/// Whether what the unit does is refused or unreadable already, so that it is not missing.
fn refused(unit: &Unit, compiler: &Compiler<'_>) -> bool {
    compiler.found.errors_within(unit.span).any(|finding| {
        *finding.code == codes::not_supported::CODE || *finding.code == codes::wrong_type::CODE
    })
}

/// Warns of placeholders of the unit's own path that the request does not use.
fn idle_placeholders(unit: &Unit, request: &RequestPlan, names: &mut CallNames<'_, '_>) {
    let mut used = Vec::new();
    for expr in request.exprs() {
        expr.each_input(&mut |input| used.push(input.slot));
    }
    let own = |slot: usize| {
        unit.placeholders
            .iter()
            .any(|name| names.inputs.find(name.as_str()) == Some(slot))
    };
    let mut wanted: Vec<usize> = used.iter().copied().filter(|slot| !own(*slot)).collect();
    wanted.sort_unstable();
    wanted.dedup();
    let wanted: Vec<String> = wanted
        .into_iter()
        .filter_map(|slot| names.inputs.required_name(slot))
        .collect();
    let wanted: Vec<&str> = wanted.iter().map(String::as_str).collect();
    for placeholder in &unit.placeholders {
        let slot = names.inputs.find(placeholder.as_str());
        if slot.is_some_and(|slot| !used.contains(&slot)) {
            names
                .out
                .push(codes::unused_placeholder::new(placeholder, &wanted));
        }
    }
}

/// The format that an operation answers in; none for bytes; the word when it is one that cannot be shaped.
fn format<'o>(operation: &OperationIndex<'o>) -> Result<Option<Format>, &'o Spanned<String>> {
    match &operation.operation.output_format {
        None => Ok(Some(Format::Json)),
        Some(word) if word.value.eq_ignore_ascii_case("binary") => Ok(None),
        Some(word) => Format::parse(&word.value).map(Some).ok_or(word),
    }
}

/// Why the API that a `call` names is not there, when its import failed: that has a finding already.
fn not_imported(
    call: &Spanned<String>,
    clients: &[ClientIndex<'_>],
    compiler: &Compiler<'_>,
) -> Option<Broken> {
    let (namespace, _) = call.value.split_once('.')?;
    if clients.iter().any(|client| client.namespace() == namespace) {
        return None;
    }
    let (_, why) = compiler
        .missing
        .iter()
        .find(|(name, _)| name == namespace)?;
    Some(broken_by(why))
}

/// The operation that a `call` names: `namespace.operation`.
fn find<'c, 'a>(
    call: &Spanned<String>,
    clients: &'c [ClientIndex<'a>],
    out: &mut Diagnostics,
) -> Option<(&'c ClientIndex<'a>, &'c OperationIndex<'a>)> {
    let text = call.value.as_str();
    // Names may have dots of their own: every way to split is tried.
    for (dot, _) in text.match_indices('.') {
        let (namespace, name) = (text.get(..dot)?, text.get(dot + 1..)?);
        let client = clients
            .iter()
            .find(|client| client.namespace() == namespace);
        if let Some(client) = client
            && let Some(operation) = client.operation(name)
        {
            return Some((client, operation));
        }
    }
    let Some((namespace, name)) = text.split_once('.') else {
        let all: Vec<String> = clients
            .iter()
            .flat_map(|client| {
                client
                    .names()
                    .map(move |n| format!("{}.{n}", client.namespace()))
            })
            .collect();
        out.push(codes::unknown_operation::without_namespace(call, &all));
        return None;
    };
    match clients
        .iter()
        .find(|client| client.namespace() == namespace)
    {
        Some(client) => {
            let names: Vec<&str> = client.names().collect();
            let word = inside(call, namespace.len() + 1, name.len());
            out.push(codes::unknown_operation::new(
                word,
                namespace,
                name,
                &names,
                client.linked.namespace.span,
            ));
        }
        None => {
            let known: Vec<&str> = clients.iter().map(ClientIndex::namespace).collect();
            let word = inside(call, 0, namespace.len());
            out.push(codes::unknown_namespace::new(word, namespace, &known));
        }
    }
    None
}
