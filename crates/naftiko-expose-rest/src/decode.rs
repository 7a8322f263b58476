//! Reads the resources and operations of a document (specification, "Exposed REST adapter").
//!
//! A mistake breaks as little as it must: one in an operation breaks that operation, one in a resource its operations.
//! What the specification has and this version does not run becomes a unit of its own that is refused by name.

use std::collections::HashMap;
use std::collections::hash_map::Entry;
use std::sync::Arc;

use http::{HeaderName, Method};
use naftiko_diagnostics::{Severity, Span, Spanned, codes};
use naftiko_plan::{DecodedExposure, Transport};
use naftiko_spec::yaml::Node;
use naftiko_spec::{Context, DeclaredInput, Exposure, Fields, Place, Unit, items};

use crate::pattern::Pattern;
use crate::router::Methods;

/// Methods that an operation can have.
const METHODS: [&str; 7] = ["GET", "POST", "PUT", "PATCH", "DELETE", "HEAD", "OPTIONS"];

/// What the plan keeps for this kind: the route of each unit, by its index. A unit whose address cannot be read has none.
#[derive(Debug)]
pub(crate) struct RestSettings {
    pub(crate) routes: Vec<Option<Route>>,
}

/// How a unit is reached.
#[derive(Clone, Debug)]
pub(crate) struct Route {
    pub(crate) methods: Methods,
    pub(crate) pattern: Pattern,
    /// Where a clash is shown.
    span: Span,
}

/// Reads one exposure of the kind `rest`.
pub(crate) fn decode(exposure: &Exposure, cx: &mut Context<'_>) -> DecodedExposure {
    let mut reader = Reader {
        own: exposure.namespace.as_ref().map(Spanned::as_str),
        units: Vec::new(),
        routes: Vec::new(),
    };
    if let Some(mut fields) = Fields::open(&exposure.node, "a REST server", cx) {
        fields.ignore(&Exposure::COMMON);
        fields.ignore(&["maxBinarySize"]);
        if let Some(node) = fields.take("resources") {
            for (key, node) in items(node, "resources", cx) {
                reader.resource(key, node, cx);
            }
        }
        let known = cx.out.count(Severity::Warning);
        fields.finish(cx);
        let unread = cx.out.count(Severity::Warning) > known;
        if reader.units.is_empty() && !cx.out.errors_within(exposure.span()).any(|_| true) {
            let finding =
                codes::nothing_exposed::new(exposure.kind.span, "REST server", "resources");
            // Every published schema allows a server without the key, so neither that nor an empty list can be an error.
            cx.out.push(if unread {
                finding
            } else {
                finding.with_severity(Severity::Warning)
            });
        }
    }
    reader.clashes(cx);
    DecodedExposure {
        exposure: exposure.clone(),
        units: reader.units,
        transport: Transport::Http,
        settings: Arc::new(RestSettings {
            routes: reader.routes,
        }),
    }
}

struct Reader<'e> {
    own: Option<&'e str>,
    units: Vec<Unit>,
    routes: Vec<Option<Route>>,
}

/// What a resource gives each of its operations.
struct Resource<'n> {
    path: Option<Pattern>,
    path_text: &'n str,
    inputs: Vec<DeclaredInput>,
}

impl Reader<'_> {
    fn resource(&mut self, key: Option<Spanned<String>>, node: &Node, cx: &mut Context<'_>) {
        let first = self.units.len();
        self.resource_fields(key.as_ref(), node, cx);
        // An error of the resource itself concerns all its operations: each of them is taken to be as long as it.
        let own_error = cx.out.errors_within(node.span).any(|error| {
            let place = error.primary.as_ref().map(|label| label.span);
            place.is_some_and(|place| {
                !self
                    .units
                    .iter()
                    .skip(first)
                    .any(|u| u.span.contains(place))
            })
        });
        if own_error {
            for unit in self.units.iter_mut().skip(first) {
                unit.span = node.span;
            }
            if self.units.len() == first {
                self.refused(key, node.span, None);
            }
        }
    }

    fn resource_fields(
        &mut self,
        key: Option<&Spanned<String>>,
        node: &Node,
        cx: &mut Context<'_>,
    ) {
        let Some(mut fields) = Fields::open(node, "a resource", cx) else {
            return;
        };
        let name = key.cloned().or(fields.text("name", cx));
        fields.text_either("label", "display", cx);
        fields.ignore(&["name", "description", "tags"]);
        let path_node = fields.take("path");
        if path_node.is_none() {
            let at = name.as_ref().map_or(node.span, |name| name.span);
            // The key of a keyed resource stands outside of it.
            let at = if node.span.contains(at) {
                at
            } else {
                node.span
            };
            cx.out
                .push(codes::missing_key::new(at, "a resource", "path"));
        }
        let resource = Resource {
            path: path_node.and_then(|node| Pattern::parse(node, self.own, cx)),
            path_text: path_node.and_then(Node::as_str).unwrap_or_default(),
            inputs: DeclaredInput::read_all(fields.take("inputParameters"), cx),
        };
        inputs(&resource.inputs, cx);
        let operations = fields.take("operations");
        if let Some(node) = operations {
            for (key, node) in items(node, "operations", cx) {
                self.operation(key, node, &resource, cx);
            }
        }
        if let Some(forward) = fields.take("forward") {
            let at = fields.key_span("forward").unwrap_or(forward.span);
            cx.out
                .push(codes::not_supported::new(at, "`forward` of a resource"));
            let route = resource.path.clone().map(|pattern| Route {
                methods: Methods::All,
                pattern,
                span: at,
            });
            self.refused(name, at.join(forward.span), route);
        } else if operations.is_none() {
            let missing = codes::missing_key::new(node.span, "a resource", "operations");
            cx.out.push(missing.with_severity(Severity::Warning));
        }
        fields.finish(cx);
    }

    fn operation(
        &mut self,
        key: Option<Spanned<String>>,
        node: &Node,
        resource: &Resource<'_>,
        cx: &mut Context<'_>,
    ) {
        let Some(mut fields) = Fields::open(node, "a REST operation", cx) else {
            self.refused(key, node.span, None);
            return;
        };
        let mut unit = Unit::read(key, &mut fields, false, cx);
        let method = method(&mut fields, cx);
        let path_node = fields.take("path");
        let below = path_node.map(|node| Pattern::parse(node, self.own, cx));
        binary(&mut fields, cx);
        fields.finish(cx);
        inputs(&unit.inputs, cx);

        let pattern = match (&resource.path, below) {
            (Some(path), None) => Some(path.clone()),
            (Some(path), Some(below)) => below.map(|below| path.join(&below)),
            (None, _) => None,
        };
        if let Some(pattern) = &pattern {
            let text = path_node
                .and_then(Node::as_str)
                .unwrap_or(resource.path_text);
            let in_path = |input: &&DeclaredInput| input.place == Some(Place::Path);
            for input in unit.inputs.iter().chain(&resource.inputs).filter(in_path) {
                if !pattern.has(input.name.as_str()) {
                    cx.out
                        .push(codes::missing_placeholder::new(&input.name, text.trim()));
                }
            }
            for name in &pattern.names {
                if !unit.placeholders.contains(name) {
                    unit.placeholders.push(name.clone());
                }
            }
        }
        // The nearest declaration of a name counts.
        let mut declared: Vec<DeclaredInput> = resource.inputs.clone();
        declared.retain(|outer| unit.inputs.iter().all(|inner| inner.name != outer.name));
        declared.append(&mut unit.inputs);
        unit.inputs = declared;
        let route = match (method, pattern) {
            (Some(method), Some(pattern)) => Some(Route {
                methods: Methods::One(method.value),
                pattern,
                span: method.span,
            }),
            _ => None,
        };
        self.units.push(unit);
        self.routes.push(route);
    }

    /// A unit for something that an error at `span` refuses, so that it is counted, announced and answered for.
    fn refused(&mut self, name: Option<Spanned<String>>, span: Span, route: Option<Route>) {
        self.units.push(Unit {
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
            required_by_default: false,
            span,
        });
        self.routes.push(route);
    }

    /// Two operations that answer one request: the first is sound, the second the error.
    fn clashes(&self, cx: &mut Context<'_>) {
        let mut seen: HashMap<_, Span> = HashMap::new();
        for route in self.routes.iter().flatten() {
            let pattern = &route.pattern;
            let request = (&route.methods, &pattern.segments, &pattern.query);
            match (seen.entry(request), &route.methods) {
                (Entry::Vacant(vacant), _) => {
                    vacant.insert(route.span);
                }
                (Entry::Occupied(first), Methods::One(method)) => {
                    let shown = format!("{method} {}", route.pattern.display());
                    cx.out.push(codes::duplicate_route::new(
                        route.span,
                        &shown,
                        *first.get(),
                    ));
                }
                (Entry::Occupied(_), Methods::All) => {}
            }
        }
    }
}

fn method(fields: &mut Fields<'_>, cx: &mut Context<'_>) -> Option<Spanned<Method>> {
    if fields.key_span("method").is_none() {
        let missing = codes::missing_key::new(fields.span, "a REST operation", "method");
        cx.out.push(missing);
    }
    let word = fields.text("method", cx)?;
    let upper = word.value.trim().to_ascii_uppercase();
    if METHODS.contains(&upper.as_str())
        && let Ok(method) = Method::from_bytes(upper.as_bytes())
    {
        return Some(word.map(|_| method));
    }
    cx.out.push(codes::unknown_method::new(&word, &METHODS));
    None
}

/// `responses` documents answers, except where it declares one binary; that and `responseBinary` change what is sent.
fn binary(fields: &mut Fields<'_>, cx: &mut Context<'_>) {
    if let Some(node) = fields.take("responses")
        && declares_binary(node)
    {
        let at = fields.key_span("responses").unwrap_or(node.span);
        cx.out
            .push(codes::not_supported::new(at, "binary `responses`"));
    }
    if let Some(node) = fields.take("responseBinary") {
        let at = fields.key_span("responseBinary").unwrap_or(node.span);
        cx.out
            .push(codes::not_supported::new(at, "`responseBinary`"));
    }
}

fn declares_binary(responses: &Node) -> bool {
    let entries = |node: &Node| -> Vec<Node> {
        let entries = node.as_map().unwrap_or_default().iter();
        entries.map(|entry| entry.value.clone()).collect()
    };
    entries(responses)
        .iter()
        .filter_map(|response| response.get("content"))
        .flat_map(entries)
        .any(|media| media.get("binary").and_then(Node::as_bool) == Some(true))
}

/// Places that no request has.
fn inputs(inputs: &[DeclaredInput], cx: &mut Context<'_>) {
    for input in inputs {
        match input.place {
            Some(Place::Header) if HeaderName::from_bytes(input.name.value.as_bytes()).is_err() => {
                cx.out.push(codes::invalid_header_name::new(&input.name));
            }
            Some(Place::Environment) => {
                let what = "`in: environment` on an exposed server";
                cx.out.push(codes::not_supported::new(input.span, what));
            }
            _ => {}
        }
    }
}
