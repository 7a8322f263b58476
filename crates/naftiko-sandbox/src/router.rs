//! Which target a method and a path mean: most literal template first, then the order given.

use crate::path::{Captures, Pattern};

/// A table of templates.
#[derive(Debug)]
pub(crate) struct Router<T> {
    routes: Vec<Route<T>>,
}

#[derive(Debug)]
struct Route<T> {
    method: String,
    pattern: Pattern,
    target: T,
}

/// What a lookup found.
#[derive(Debug)]
pub(crate) enum Lookup<'router, T> {
    /// The target, and the values of its placeholders.
    Found(&'router T, Captures),
    /// The path exists, with these methods only.
    OtherMethods(Vec<&'router str>),
    /// No template has this path.
    Unknown,
}

impl<T> Router<T> {
    /// Sorts the routes `(method, template, target)` once.
    pub(crate) fn new(routes: impl IntoIterator<Item = (String, Pattern, T)>) -> Self {
        let mut routes: Vec<_> = routes
            .into_iter()
            .map(|(method, pattern, target)| Route {
                method: method.to_ascii_uppercase(),
                pattern,
                target,
            })
            .collect();
        routes.sort_by(|a, b| a.pattern.by_literal_text(&b.pattern));
        Self { routes }
    }

    /// Finds the target of a request. HEAD is answered by GET, as any server does.
    pub(crate) fn find(
        &self,
        method: &str,
        path: &[String],
        query: &[(String, String)],
    ) -> Lookup<'_, T> {
        let mut others: Vec<&str> = Vec::new();
        for route in &self.routes {
            let Some(captures) = route.pattern.capture(path) else {
                continue;
            };
            if !route.pattern.accepts_query(query) {
                continue;
            }
            if route.method == method || (method == "HEAD" && route.method == "GET") {
                return Lookup::Found(&route.target, captures);
            }
            if !others.contains(&route.method.as_str()) {
                others.push(&route.method);
            }
        }
        if others.is_empty() {
            Lookup::Unknown
        } else {
            Lookup::OtherMethods(others)
        }
    }

    /// Every route as `METHOD /template`, most literal first.
    pub(crate) fn listing(&self) -> impl Iterator<Item = String> {
        self.routes
            .iter()
            .map(|route| format!("{} {}", route.method, route.pattern.text()))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn router(routes: &[(&str, &str)]) -> Router<String> {
        Router::new(routes.iter().map(|(method, path)| {
            (
                (*method).to_owned(),
                Pattern::new(path),
                format!("{method} {path}"),
            )
        }))
    }

    fn found(router: &Router<String>, method: &str, target: &str) -> String {
        let (path, query) = target.split_once('?').unwrap_or((target, ""));
        let path = crate::path::segments(path).unwrap();
        match router.find(method, &path, &crate::request::query_pairs(query)) {
            Lookup::Found(target, _) => target.clone(),
            Lookup::OtherMethods(methods) => format!("allow {}", methods.join(",")),
            Lookup::Unknown => "unknown".to_owned(),
        }
    }

    #[test]
    fn literal_text_wins_whatever_the_order_and_methods_are_told_apart() {
        let router = router(&[
            ("GET", "/a/{id}"),
            ("get", "/a/mine"),
            ("POST", "/a/{id}:undo"),
            ("PUT", "/a/{id}"),
            ("GET", "/find?by=name"),
            ("GET", "/find?by={x}"),
            ("GET", "/only?by=name"),
        ]);
        assert_eq!(found(&router, "GET", "/a/1"), "GET /a/{id}");
        assert_eq!(found(&router, "GET", "/a/mine"), "get /a/mine");
        assert_eq!(found(&router, "HEAD", "/a/mine"), "get /a/mine");
        assert_eq!(found(&router, "POST", "/a/1:undo"), "POST /a/{id}:undo");
        assert_eq!(found(&router, "DELETE", "/a/1"), "allow GET,PUT");
        assert_eq!(
            found(&router, "GET", "/find?x=1&by=name"),
            "GET /find?by=name"
        );
        assert_eq!(found(&router, "GET", "/find?by=mail"), "GET /find?by={x}");
        assert_eq!(found(&router, "GET", "/only?by=mail"), "unknown");
        assert_eq!(found(&router, "GET", "/b"), "unknown");
    }
}
