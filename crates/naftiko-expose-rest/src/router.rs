//! The router: from a method and a path to the operation, in time that the number of segments decides.
//!
//! A tree of segments, because more than one path may fit a request: `/{topic}:publish`, `/{id}` and `/orders` do not
//! shut each other out, and `GET /orders/{id}` may stand beside `POST /orders/search`. Of the paths that fit and have the
//! method, the one with more text is meant (decisions, section 7), the earlier text where that is equal. A router that
//! keeps one path per place, as `matchit` does, refuses such documents or answers 405 where an operation was there.
//!
//! A slash at the end makes no difference unless two paths differ in nothing else, or a placeholder stands there:
//! `/orders/` is `/orders`, but beside `/orders/{id}` it is an order without an id, and refused.

use std::borrow::Cow;
use std::collections::HashMap;

use http::Method;
use percent_encoding::percent_decode_str;

use crate::segment::{Piece, Segment, fits};

/// The methods in the order in which `Allow` lists them.
const LISTED: [Method; 7] = [
    Method::GET,
    Method::HEAD,
    Method::POST,
    Method::PUT,
    Method::PATCH,
    Method::DELETE,
    Method::OPTIONS,
];

/// All paths of a server.
#[derive(Debug)]
pub(crate) struct Router {
    nodes: Vec<Node>,
    endpoints: Vec<Endpoint>,
}

/// What may follow the segments so far. Other nodes and endpoints are named by their index.
#[derive(Debug, Default)]
struct Node {
    literal: HashMap<String, usize>,
    partial: Vec<(Vec<Piece>, usize)>,
    any: Option<usize>,
    endpoint: Option<usize>,
}

/// One path and its operations by method.
#[derive(Debug)]
struct Endpoint {
    segments: Vec<Segment>,
    weight: usize,
    targets: Vec<Target>,
}

/// One operation of a path.
#[derive(Debug)]
struct Target {
    methods: Methods,
    /// Parameters that a request must have.
    query: Vec<(String, String)>,
    unit: usize,
}

/// The methods of one route.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub(crate) enum Methods {
    /// One method.
    One(Method),
    /// Whatever comes: a part that cannot be served and would have taken all.
    All,
}

/// What a request asks for.
#[derive(Debug, PartialEq, Eq)]
pub(crate) enum Found<'p> {
    /// The unit of that index, and the values of its placeholders in order.
    Unit(usize, Vec<Cow<'p, str>>),
    /// `OPTIONS`: the methods of the path.
    Options(String),
    /// The path is there, the method is not; the methods that are.
    OtherMethod(String),
    /// No such path.
    Nothing,
}

/// A path that is no text: a `%` without two hexadecimal digits, or bytes that are not UTF-8.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct BadPath;

impl Router {
    /// A router of nothing.
    pub(crate) fn new() -> Self {
        Self {
            nodes: vec![Node::default()],
            endpoints: Vec::new(),
        }
    }

    /// Adds a route. The first of two equal ones counts.
    pub(crate) fn add(
        &mut self,
        methods: Methods,
        segments: &[Segment],
        query: &[(String, String)],
        unit: usize,
    ) {
        let mut at = 0;
        for segment in segments {
            at = self.child(at, segment);
        }
        let next = self.endpoints.len();
        let Some(node) = self.nodes.get_mut(at) else {
            return;
        };
        let index = *node.endpoint.get_or_insert(next);
        if index == next {
            self.endpoints.push(Endpoint {
                segments: segments.to_vec(),
                weight: segments.iter().map(Segment::weight).sum(),
                targets: Vec::new(),
            });
        }
        if let Some(endpoint) = self.endpoints.get_mut(index) {
            let same = |known: &Target| known.methods == methods && known.query == query;
            if !endpoint.targets.iter().any(same) {
                endpoint.targets.push(Target {
                    methods,
                    query: query.to_vec(),
                    unit,
                });
            }
        }
    }

    fn child(&mut self, at: usize, segment: &Segment) -> usize {
        let next = self.nodes.len();
        let Some(node) = self.nodes.get_mut(at) else {
            return at;
        };
        let child = match segment {
            Segment::Literal(text) => *node.literal.entry(text.clone()).or_insert(next),
            Segment::Any => *node.any.get_or_insert(next),
            Segment::Partial(pieces) => {
                let known = node.partial.iter().find(|(known, _)| known == pieces);
                let known = known.map(|(_, child)| *child);
                known.unwrap_or_else(|| {
                    node.partial.push((pieces.clone(), next));
                    next
                })
            }
        };
        if child == next {
            self.nodes.push(Node::default());
        }
        child
    }

    /// Finds what `method`, the raw `path` and the raw `query` of a request ask for. Escapes are decoded after the path is split, so `%2F`
    /// stays in a value.
    ///
    /// # Errors
    /// The path cannot be decoded.
    pub(crate) fn find<'p>(
        &self,
        method: &Method,
        path: &'p str,
        query: &str,
    ) -> Result<Found<'p>, BadPath> {
        if path == "*" && method == Method::OPTIONS {
            let everything: Vec<usize> = (0..self.endpoints.len()).collect();
            return Ok(Found::Options(self.allow(&everything)));
        }
        let mut segments = split(path)?;
        let mut fitting = self.fitting(&segments, false);
        if fitting.is_empty() {
            // An empty value is refused with the name of the input. It is not the path without it: who asks for one order
            // and has no id must not get, or delete, all of them.
            fitting = self.fitting(&segments, true);
            if !self.answers(&fitting, method, query) {
                // The same path with the slash at its end taken away, or put there.
                let mut other = segments.clone();
                if other.pop_if(|last| last.is_empty()).is_none() {
                    other.push(Cow::Borrowed(""));
                }
                let found = self.fitting(&other, false);
                if !found.is_empty() {
                    (fitting, segments) = (found, other);
                }
            }
        }
        if fitting.is_empty() {
            return Ok(Found::Nothing);
        }
        let head = *method == Method::HEAD;
        let unit = self
            .best(&fitting, method, query)
            .or_else(|| self.best(&fitting, &Method::GET, query).filter(|_| head));
        if let Some((endpoint, unit)) = unit {
            return Ok(Found::Unit(unit, endpoint.values(segments)));
        }
        let allow = self.allow(&fitting);
        let is_allowed = allow.split(", ").any(|allowed| allowed == method.as_str());
        Ok(if *method == Method::OPTIONS {
            Found::Options(allow)
        } else if is_allowed {
            // The method is there for other parameters: what is asked for is not.
            Found::Nothing
        } else {
            Found::OtherMethod(allow)
        })
    }

    /// The endpoints whose path fits, earlier text first.
    fn fitting(&self, segments: &[Cow<'_, str>], empty: bool) -> Vec<usize> {
        let mut found = Vec::new();
        self.visit(0, segments, empty, &mut found);
        found
    }

    /// Every node is visited at most once, and recursion is as deep as the longest path of the document.
    fn visit(&self, at: usize, segments: &[Cow<'_, str>], empty: bool, found: &mut Vec<usize>) {
        let Some(node) = self.nodes.get(at) else {
            return;
        };
        let Some((first, rest)) = segments.split_first() else {
            found.extend(node.endpoint);
            return;
        };
        if let Some(child) = node.literal.get(first.as_ref()) {
            self.visit(*child, rest, empty, found);
        }
        for (pieces, child) in &node.partial {
            if fits(pieces, first, |_| {}) {
                self.visit(*child, rest, empty, found);
            }
        }
        if let Some(child) = node.any.filter(|_| empty || !first.is_empty()) {
            self.visit(child, rest, empty, found);
        }
    }

    /// Whether one of the endpoints has the method, as itself or as HEAD of GET.
    fn answers(&self, fitting: &[usize], method: &Method, query: &str) -> bool {
        self.best(fitting, method, query).is_some()
            || (*method == Method::HEAD && self.best(fitting, &Method::GET, query).is_some())
    }

    /// Of the endpoints that have the method, the one with most text; the first of equals.
    fn best(&self, fitting: &[usize], method: &Method, query: &str) -> Option<(&Endpoint, usize)> {
        let mut best: Option<(&Endpoint, usize)> = None;
        for endpoint in fitting
            .iter()
            .filter_map(|index| self.endpoints.get(*index))
        {
            let Some(unit) = endpoint.unit(method, query) else {
                continue;
            };
            if best.is_none_or(|(best, _)| endpoint.weight > best.weight) {
                best = Some((endpoint, unit));
            }
        }
        best
    }

    /// The value of `Allow`.
    fn allow(&self, endpoints: &[usize]) -> String {
        let endpoints = || {
            endpoints
                .iter()
                .filter_map(|index| self.endpoints.get(*index))
        };
        let has = |method: &Method| endpoints().any(|endpoint| endpoint.has(method));
        let allowed = LISTED.iter().filter(|method| {
            *method == Method::OPTIONS
                || has(method)
                || (*method == Method::HEAD && has(&Method::GET))
        });
        allowed.map(Method::as_str).collect::<Vec<_>>().join(", ")
    }
}

impl Endpoint {
    /// Whether it has an operation of the method.
    fn has(&self, method: &Method) -> bool {
        self.targets
            .iter()
            .any(|target| target.methods.have(method))
    }

    /// The operation of the method whose parameters the query has; the one with most of them.
    fn unit(&self, method: &Method, query: &str) -> Option<usize> {
        let mut best: Option<&Target> = None;
        for target in self
            .targets
            .iter()
            .filter(|target| target.methods.have(method))
        {
            let more = best.is_none_or(|best| target.query.len() > best.query.len());
            if more && target.query.iter().all(|pair| has_pair(query, pair)) {
                best = Some(target);
            }
        }
        best.map(|target| target.unit)
    }

    fn values<'p>(&self, segments: Vec<Cow<'p, str>>) -> Vec<Cow<'p, str>> {
        let mut values = Vec::new();
        for (pattern, text) in self.segments.iter().zip(segments) {
            match (pattern, text) {
                (Segment::Literal(_), _) => {}
                (Segment::Any, text) => values.push(text),
                (Segment::Partial(pieces), Cow::Borrowed(text)) => {
                    fits(pieces, text, |value| values.push(Cow::Borrowed(value)));
                }
                (Segment::Partial(pieces), Cow::Owned(text)) => {
                    fits(pieces, &text, |value| {
                        values.push(Cow::Owned(value.to_owned()));
                    });
                }
            }
        }
        values
    }
}

impl Methods {
    fn have(&self, method: &Method) -> bool {
        match self {
            Methods::One(one) => one == method,
            Methods::All => true,
        }
    }
}

fn has_pair(query: &str, (name, value): &(String, String)) -> bool {
    form_urlencoded::parse(query.as_bytes()).any(|(n, v)| n == *name && v == *value)
}

/// The decoded segments of a raw path; `/` has none.
fn split(path: &str) -> Result<Vec<Cow<'_, str>>, BadPath> {
    let below = path.strip_prefix('/').unwrap_or(path);
    if below.is_empty() {
        return Ok(Vec::new());
    }
    below.split('/').map(decode).collect()
}

fn decode(segment: &str) -> Result<Cow<'_, str>, BadPath> {
    if !segment.contains('%') {
        return Ok(Cow::Borrowed(segment));
    }
    let mut escapes = segment.split('%');
    escapes.next();
    let is_escape = |rest: &str| {
        let mut digits = rest.bytes();
        let hex = |byte: Option<u8>| byte.is_some_and(|byte| byte.is_ascii_hexdigit());
        hex(digits.next()) && hex(digits.next())
    };
    if !escapes.all(is_escape) {
        return Err(BadPath);
    }
    percent_decode_str(segment)
        .decode_utf8()
        .map_err(|_| BadPath)
}

#[cfg(test)]
mod tests;
