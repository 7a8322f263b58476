//! What names mean in one call: the order of resolution (decisions, section 3).

use naftiko_bindings::{CALLER_PREFIXES, Name, is_screaming, split_place};
use naftiko_diagnostics::{Diagnostic, Diagnostics, Span, Spanned, codes, did_you_mean};
use naftiko_expr::{Part, Syntax, Template};
use naftiko_spec::yaml::{Node, NodeKind};
use naftiko_spec::{ConsumedInput, Unit};
use serde_json::Value;

use crate::client::{ClientIndex, OperationIndex};
use crate::compile::Compiler;
use crate::expr::Expr;
use crate::inputs::{Demand, Inputs};
use crate::url::{Named, inside, malformed};

/// The names of one call and what they mean.
pub(crate) struct CallNames<'c, 'a> {
    pub(crate) compiler: &'c mut Compiler<'a>,
    pub(crate) out: &'c mut Diagnostics,
    pub(crate) own: Option<&'c str>,
    pub(crate) client: &'c ClientIndex<'a>,
    pub(crate) operation: &'c OperationIndex<'a>,
    pub(crate) with: Vec<With>,
    pub(crate) inputs: Inputs,
    /// Consumed inputs whose `value` is being lowered: a name in its own value means the caller's input.
    within: Vec<String>,
}

/// One key of `with`.
#[derive(Debug)]
pub(crate) struct With {
    pub(crate) name: Spanned<String>,
    pub(crate) expr: Expr,
    pub(crate) taken: bool,
}

/// The finding about a variable that nothing binds.
pub(crate) fn unbound(name: &str, span: Span) -> Diagnostic {
    codes::unbound_variable::new(span, name)
}

impl<'c, 'a> CallNames<'c, 'a> {
    pub(crate) fn new(
        unit: &Unit,
        own: Option<&'c str>,
        client: &'c ClientIndex<'a>,
        operation: &'c OperationIndex<'a>,
        compiler: &'c mut Compiler<'a>,
        out: &'c mut Diagnostics,
    ) -> Self {
        let inputs = Inputs::declared(unit, out);
        let mut names = Self {
            compiler,
            out,
            own,
            client,
            operation,
            with: Vec::new(),
            inputs,
            within: Vec::new(),
        };
        for (name, node) in &unit.with {
            let expr = names.with_value(node);
            names.inputs.feed(&expr, name.as_str());
            names.with.push(With {
                name: name.clone(),
                expr,
                taken: false,
            });
        }
        names
    }

    /// A value of `with`: it sees the caller's inputs and the document's own variables.
    fn with_value(&mut self, node: &Node) -> Expr {
        match &node.kind {
            NodeKind::String(text) => {
                let spanned = Spanned::new(text.clone(), node.span);
                match Name::of_value(text, self.own) {
                    Some(Name::Caller(name)) => self.inputs.reference(name, Demand::Optional),
                    Some(Name::Env(key)) => self.caller_name(&Named {
                        name: format!("env.{key}"),
                        span: node.span,
                        double: true,
                    }),
                    _ if self.compiler.is_bound(0, text) => self
                        .compiler
                        .variable(0, text, node.span, self.client.id)
                        .map_or(Expr::Absent, Expr::Variable),
                    _ => {
                        self.look_twice(&spanned);
                        self.template(&spanned, Side::Caller, Demand::Optional)
                    }
                }
            }
            NodeKind::Sequence(list) => {
                Expr::Array(list.iter().map(|node| self.with_value(node)).collect())
            }
            NodeKind::Mapping(entries) => {
                let members = entries
                    .iter()
                    .map(|entry| (entry.key.value.clone(), self.with_value(&entry.value)));
                Expr::Object(members.collect())
            }
            _ => Expr::Literal(node.to_json()),
        }
    }

    /// Warns of a literal that is nearly a reference: `rst.order_id`.
    fn look_twice(&mut self, text: &Spanned<String>) {
        let Some((prefix, rest)) = text.value.split_once('.') else {
            return;
        };
        let name = |c: char| c.is_alphanumeric() || matches!(c, '_' | '-' | '.' | '[' | ']');
        if rest.is_empty() || !rest.chars().all(name) || !rest.starts_with(char::is_alphabetic) {
            return;
        }
        let prefixes = CALLER_PREFIXES.into_iter().chain(self.own);
        if let Some(meant) = did_you_mean(prefix, prefixes) {
            self.out.push(codes::literal_like_reference::new(
                text.span,
                &text.value,
                prefix,
                meant,
            ));
        }
    }

    /// A name in a template of `with`.
    fn caller_name(&mut self, named: &Named) -> Expr {
        match Name::of(&named.name, self.own) {
            Name::Caller(name) => self.inputs.reference(name, Demand::Optional),
            Name::Env(key) => {
                let found = self
                    .compiler
                    .variable(0, &named.name, named.span, self.client.id);
                self.variable_or_unbound(found, key, named.span)
            }
            Name::Plain(name) => {
                if let Some(found) = self.compiler.variable(0, name, named.span, self.client.id) {
                    return Expr::Variable(found);
                }
                if named.double && is_screaming(name) && self.inputs.find(name).is_none() {
                    self.out.push(unbound(name, named.span));
                    return Expr::Absent;
                }
                self.inputs.reference(name, Demand::Optional)
            }
        }
    }

    fn variable_or_unbound(
        &mut self,
        found: Option<crate::plan::VariableId>,
        key: &str,
        span: Span,
    ) -> Expr {
        match found {
            Some(variable) => Expr::Variable(variable),
            None => {
                self.out.push(unbound(key, span));
                Expr::Absent
            }
        }
    }

    /// A name on the consumed side.
    pub(crate) fn consumed_name(&mut self, named: &Named, demand: Demand) -> Expr {
        match Name::of(&named.name, self.own) {
            Name::Caller(name) => {
                let plain = split_place(name)
                    .filter(|_| self.inputs.find(name).is_none())
                    .map_or(name, |(_, rest)| rest);
                if let Some(expr) = self.fixed(plain).or_else(|| self.take_with(plain)) {
                    return expr;
                }
                self.inputs.reference(name, demand)
            }
            Name::Env(key) => {
                let scope = self.client.linked.scope;
                let found = self
                    .compiler
                    .variable(scope, &named.name, named.span, self.client.id);
                self.variable_or_unbound(found, key, named.span)
            }
            Name::Plain(name) => self.plain(name, named, demand),
        }
    }

    fn plain(&mut self, name: &str, named: &Named, demand: Demand) -> Expr {
        let scope = self.client.linked.scope;
        if let Some(found) = self
            .compiler
            .variable(scope, name, named.span, self.client.id)
        {
            self.take_with(name);
            return Expr::Variable(found);
        }
        if let Some(expr) = self.fixed(name) {
            return expr;
        }
        if let Some(expr) = self.take_with(name) {
            return expr;
        }
        if let Some((first, rest)) = name.split_once('.')
            && self.inputs.find(name).is_none()
            && self.with.iter().any(|with| with.name.value == first)
            && let Some(expr) = self.take_with(first)
        {
            return walk(expr, rest);
        }
        let consumed = self
            .operation
            .inputs
            .iter()
            .any(|input| input.name.value == name);
        if named.double && is_screaming(name) && self.inputs.find(name).is_none() && !consumed {
            self.out.push(unbound(name, named.span));
            return Expr::Absent;
        }
        self.inputs.reference(name, demand)
    }

    /// What `with` gives a consumed name: it hides the caller's input of that name even when it has no value.
    pub(crate) fn take_with(&mut self, name: &str) -> Option<Expr> {
        let with = self.with.iter_mut().find(|with| with.name.value == name)?;
        with.taken = true;
        Some(with.expr.clone())
    }

    /// The `value` of the consumed input of that name.
    fn fixed(&mut self, name: &str) -> Option<Expr> {
        if self.within.iter().any(|inside| inside == name) {
            return None;
        }
        let input = self
            .operation
            .inputs
            .iter()
            .find(|input| input.name.value == name)?;
        let node = input.value.as_ref()?;
        self.within.push(name.to_owned());
        let expr = self.consumed_value(node, Demand::IfNoneDeclared);
        self.within.pop();
        Some(expr)
    }

    /// The value that a consumed input sends.
    pub(crate) fn consumed_input(&mut self, input: &ConsumedInput, demand: Demand) -> Expr {
        let named = Named {
            name: input.name.value.clone(),
            span: input.name.span,
            double: false,
        };
        // The name is the input's own, never a reference: `rest.x` would be a strange name, but a name.
        self.plain(input.name.as_str(), &named, demand)
    }

    /// A value on the consumed side: templates inside are lowered, whatever its form.
    pub(crate) fn consumed_value(&mut self, node: &Node, demand: Demand) -> Expr {
        match &node.kind {
            NodeKind::String(text) => {
                let spanned = Spanned::new(text.clone(), node.span);
                self.template(&spanned, Side::Consumed, demand)
            }
            NodeKind::Sequence(list) => Expr::Array(
                list.iter()
                    .map(|node| self.consumed_value(node, demand))
                    .collect(),
            ),
            NodeKind::Mapping(entries) => Expr::Object(
                entries
                    .iter()
                    .map(|entry| {
                        (
                            entry.key.value.clone(),
                            self.consumed_value(&entry.value, demand),
                        )
                    })
                    .collect(),
            ),
            _ => Expr::Literal(node.to_json()),
        }
    }

    /// A template: one placeholder keeps the JSON type, anything else is text.
    pub(crate) fn template(&mut self, text: &Spanned<String>, side: Side, demand: Demand) -> Expr {
        let template = match Template::parse(&text.value, Syntax::Double) {
            Ok(template) => template,
            Err(error) => {
                self.out.push(malformed(text, &error, 0));
                return Expr::Absent;
            }
        };
        if let Some(literal) = template.as_literal() {
            return Expr::Literal(Value::from(literal));
        }
        let mut parts = Vec::new();
        for part in template.parts() {
            parts.push(match part {
                Part::Text(text) => Expr::Literal(Value::from(text.as_str())),
                Part::Placeholder(placeholder) => {
                    let named = Named {
                        name: placeholder.name.clone(),
                        span: inside(text, placeholder.range.start, placeholder.range.len()),
                        double: true,
                    };
                    match side {
                        Side::Caller => self.caller_name(&named),
                        Side::Consumed => self.consumed_name(&named, demand),
                    }
                }
            });
        }
        match parts.pop() {
            Some(only) if parts.is_empty() => only,
            Some(last) => {
                parts.push(last);
                Expr::Text(parts)
            }
            None => Expr::Literal(Value::from("")),
        }
    }
}

/// Whose names a template holds.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Side {
    /// Those of `with`: the caller's inputs.
    Caller,
    /// Those of the consumed operation.
    Consumed,
}

/// A member of what an expression gives.
fn walk(expr: Expr, path: &str) -> Expr {
    match expr {
        Expr::Input(mut slot) => {
            slot.walk.extend(path.split('.').map(str::to_owned));
            Expr::Input(slot)
        }
        Expr::Literal(value) => {
            let pointer = format!("/{}", path.replace('.', "/"));
            value
                .pointer(&pointer)
                .cloned()
                .map_or(Expr::Absent, Expr::Literal)
        }
        Expr::Object(members) => {
            let (first, rest) = path
                .split_once('.')
                .map_or((path, None), |(first, rest)| (first, Some(rest)));
            let member = members
                .into_iter()
                .find(|(name, _)| name == first)
                .map(|(_, e)| e);
            match (member, rest) {
                (Some(member), Some(rest)) => walk(member, rest),
                (Some(member), None) => member,
                (None, _) => Expr::Absent,
            }
        }
        Expr::Absent | Expr::Variable(_) | Expr::Text(_) | Expr::Array(_) => Expr::Absent,
    }
}
