//! From a path to a capability: the document, its imports and the values of its variables
//! (decisions, sections 1 to 3).

use std::collections::{BTreeMap, BTreeSet};
use std::path::{Path, PathBuf};

use serde_json::Value;

use crate::clients::{client, written_values};
use crate::exposers::exposer;
use crate::model::{Auth, Capability, Client, Reason};
use crate::names::{Piece, Reference, Scope, cut};
use crate::tree::{items, read, text};

/// What a file turned out to be.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Verdict {
    /// Not YAML, or beyond the limits.
    Unreadable(Reason),
    /// YAML without a root key `naftiko` or `ikanos`.
    NotACapability,
    /// A capability that exposes nothing.
    ExposesNothing,
    /// A capability that exposes something.
    Exposes,
}

/// A file read: its verdict and, when it is a capability, its model.
pub(crate) struct Loaded {
    pub(crate) verdict: Verdict,
    pub(crate) capability: Capability,
    /// Environment variable to the value that the oracle chose for it.
    pub(crate) variables: BTreeMap<String, String>,
}

/// Reads a document and everything that it imports.
pub(crate) fn load(path: &Path) -> Loaded {
    let nothing = |verdict| Loaded {
        verdict,
        capability: Capability::default(),
        variables: BTreeMap::new(),
    };
    let tree = match read(path) {
        Ok(tree) => tree,
        Err(reason) => return nothing(Verdict::Unreadable(reason)),
    };
    if tree.get("naftiko").is_none() && tree.get("ikanos").is_none() {
        return nothing(Verdict::NotACapability);
    }
    let root = path.parent().map_or_else(PathBuf::new, Path::to_path_buf);
    let mut reader = Reader {
        root: root.canonicalize().unwrap_or(root),
        variables: BTreeMap::new(),
    };
    let capability = reader.capability(&tree, path);
    let exposes = !items(&section(&tree, "exposes"), "list").is_empty();
    let verdict = if exposes {
        Verdict::Exposes
    } else {
        Verdict::ExposesNothing
    };
    Loaded {
        verdict,
        capability,
        variables: reader.variables,
    }
}

/// A section at the root or under `capability`, wrapped as `{list: …}`.
fn section(tree: &Value, name: &str) -> Value {
    let own = tree
        .get("capability")
        .and_then(|capability| capability.get(name));
    let list = tree
        .get(name)
        .filter(|found| found.as_array().is_some_and(|list| !list.is_empty()))
        .or(own);
    serde_json::json!({ "list": list.cloned().unwrap_or(Value::Null) })
}

/// A namespace whose import failed: its units say why instead of "unknown namespace".
fn failed_client(entry: &Value, reason: Reason) -> Client {
    let namespace = text(entry, "as")
        .or_else(|| text(entry, "import"))
        .unwrap_or_default();
    Client {
        namespace,
        base: String::new(),
        auth: Auth::None,
        operations: Vec::new(),
        scope: Scope::default(),
        error: Some(reason),
    }
}

struct Reader {
    root: PathBuf,
    variables: BTreeMap<String, String>,
}

impl Reader {
    fn capability(&mut self, tree: &Value, path: &Path) -> Capability {
        let mut scope = self.scope(tree, path);
        let exposers: Vec<_> = items(&section(tree, "exposes"), "list")
            .iter()
            .map(exposer)
            .collect();
        scope.callers = exposers
            .iter()
            .map(|exposer| exposer.namespace.clone())
            .filter(|n| !n.is_empty())
            .collect();
        let mut capability = Capability {
            exposers,
            scope,
            ..Capability::default()
        };
        for entry in items(&section(tree, "consumes"), "list") {
            match self.consumed(entry, path, &capability.scope, &mut Vec::new()) {
                Ok(client) => self.add(client, &mut capability),
                Err(reason) => {
                    capability.problems.push(reason.clone());
                    capability.clients.push(failed_client(entry, reason));
                }
            }
        }
        let mut seen = BTreeSet::new();
        for exposer in &mut capability.exposers {
            if !seen.insert(exposer.namespace.clone()) && exposer.error.is_none() {
                let text = format!("two exposers have the namespace `{}`", exposer.namespace);
                exposer.error = Some(Reason::new("exposer-clash", text));
            }
        }
        capability
    }

    /// Adds a client; a second one of a namespace spoils both, as nobody knows which is meant.
    fn add(&mut self, mut client: Client, capability: &mut Capability) {
        self.note_implicit(&mut client);
        let Some(other) = capability
            .clients
            .iter_mut()
            .find(|other| other.namespace == client.namespace)
        else {
            capability.clients.push(client);
            return;
        };
        let reason = Reason::new(
            "client-clash",
            format!("two clients have the namespace `{}`", client.namespace),
        );
        other.error = Some(reason.clone());
        capability.problems.push(reason);
    }

    /// One `consumes` entry: inline, or taken from the file that it names.
    fn consumed(
        &mut self,
        entry: &Value,
        path: &Path,
        scope: &Scope,
        ring: &mut Vec<PathBuf>,
    ) -> Result<Client, Reason> {
        let Some(wanted) = text(entry, "import") else {
            return Ok(client(entry, scope.clone()));
        };
        let failed = |text: String| Reason::new("import-failed", text);
        let location = text(entry, "location").or_else(|| text(entry, "from"));
        let location =
            location.ok_or_else(|| failed(format!("import `{wanted}` without a location")))?;
        let target = path
            .parent()
            .unwrap_or(Path::new(""))
            .join(local(&location));
        let target = target
            .canonicalize()
            .map_err(|error| failed(format!("{location}: {error}")))?;
        if !target.starts_with(&self.root) {
            return Err(failed(format!(
                "{location} lies outside the document's folder"
            )));
        }
        if ring.contains(&target) {
            return Err(failed(format!("{location} imports itself")));
        }
        let source =
            read(&target).map_err(|reason| failed(format!("{location}: {}", reason.text)))?;
        ring.push(target.clone());
        let found = self.take(&source, &target, &wanted, scope, ring);
        ring.pop();
        let mut client = found
            .unwrap_or_else(|| Err(failed(format!("{location} has no namespace `{wanted}`"))))?;
        client.namespace = text(entry, "as").unwrap_or(wanted);
        Ok(client)
    }

    /// The entry of a source that has the wanted namespace, in the source's own scope.
    fn take(
        &mut self,
        source: &Value,
        path: &Path,
        wanted: &str,
        scope: &Scope,
        ring: &mut Vec<PathBuf>,
    ) -> Option<Result<Client, Reason>> {
        let entries = section(source, "consumes");
        let entry = items(&entries, "list").iter().find(|entry| {
            let name = text(entry, "as")
                .or_else(|| text(entry, "namespace"))
                .or_else(|| text(entry, "import"));
            name.as_deref() == Some(wanted)
        })?;
        let mut own = self.scope(source, path);
        own.callers.clone_from(&scope.callers);
        for (namespace, keys) in &scope.binds {
            let there = own.binds.entry(namespace.clone()).or_default();
            for (key, value) in keys {
                there.entry(key.clone()).or_insert_with(|| value.clone());
            }
        }
        Some(self.consumed(entry, path, &own, ring))
    }

    /// The bound variables of a document with their values.
    fn scope(&mut self, tree: &Value, path: &Path) -> Scope {
        let mut scope = Scope::default();
        let usage = base_usage(tree);
        for (index, bind) in items(&section(tree, "binds"), "list").iter().enumerate() {
            let namespace = text(bind, "namespace").unwrap_or_else(|| format!("bind {index}"));
            let file = text(bind, "location").map(|location| bind_file(path, &location));
            let Some(keys) = bind.get("keys").and_then(Value::as_object) else {
                continue;
            };
            for (key, source) in keys {
                let source = source.as_str().unwrap_or(key);
                let value = match &file {
                    Some(values) => values.get(source).cloned().unwrap_or_default(),
                    None => self.variable(source, usage.get(key).copied()),
                };
                scope
                    .binds
                    .entry(namespace.clone())
                    .or_default()
                    .insert(key.clone(), value);
            }
        }
        scope
    }

    /// The value that the oracle gives an environment variable.
    fn variable(&mut self, name: &str, usage: Option<Usage>) -> String {
        let value = chosen(name, usage);
        let kept = self.variables.entry(name.to_owned()).or_insert(value);
        kept.clone()
    }

    /// Variables that a credential or a base address reads without a bind.
    fn note_implicit(&mut self, client: &mut Client) {
        let usage = usage_of(&client.base);
        let mut texts = written_values(&client.auth);
        texts.push(&client.base);
        let holes: Vec<String> = texts
            .into_iter()
            .flat_map(|text| crate::names::holes(text, false))
            .collect();
        for hole in holes {
            if let Reference::Unbound(key) = client.scope.classify(&hole) {
                let value = self.variable(&key, usage.get(&key).copied());
                client.scope.implicit.insert(key, value);
            }
        }
    }
}

/// How a variable stands in a base address.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Usage {
    /// It is the start of the address, scheme and all.
    Whole,
    /// It is a part of the host or of the path.
    Part,
}

/// The value of an environment variable: `env-NAME`, unless it must make part of an address.
pub(crate) fn chosen(name: &str, usage: Option<Usage>) -> String {
    let label = format!("env-{}", name.to_ascii_lowercase().replace('_', "-"));
    match usage {
        None => format!("env-{name}"),
        Some(Usage::Part) => label,
        Some(Usage::Whole) => format!("https://{label}.example"),
    }
}

fn usage_of(base: &str) -> BTreeMap<String, Usage> {
    let name = |hole: &str| hole.rsplit('.').next().unwrap_or(hole).to_owned();
    cut(base, true)
        .iter()
        .enumerate()
        .filter_map(|(index, piece)| match piece {
            Piece::Hole(hole) => Some((
                name(hole),
                if index == 0 {
                    Usage::Whole
                } else {
                    Usage::Part
                },
            )),
            Piece::Text(_) => None,
        })
        .collect()
}

fn base_usage(tree: &Value) -> BTreeMap<String, Usage> {
    let clients = section(tree, "consumes");
    items(&clients, "list")
        .iter()
        .filter_map(|entry| text(entry, "baseUri"))
        .flat_map(|base| usage_of(&base))
        .collect()
}

/// A written location as a path to join to the importing file's directory.
pub(crate) fn local(location: &str) -> &str {
    match location.strip_prefix("file://") {
        Some(rest) => rest
            .strip_prefix("/./")
            .map_or(rest, |_| rest.get(1..).unwrap_or(rest)),
        None => location,
    }
}

/// The flat text values of a bind's file: YAML, JSON or `.env`.
fn bind_file(document: &Path, location: &str) -> BTreeMap<String, String> {
    let path = document
        .parent()
        .unwrap_or(Path::new(""))
        .join(local(location));
    let is_env = path
        .file_name()
        .is_some_and(|name| name.to_string_lossy().ends_with(".env"));
    if is_env {
        let content = std::fs::read_to_string(&path).unwrap_or_default();
        let pairs = content.lines().filter_map(|line| line.split_once('='));
        return pairs
            .map(|(key, value)| {
                (
                    key.trim().to_owned(),
                    value.trim().trim_matches('"').to_owned(),
                )
            })
            .collect();
    }
    let tree = read(&path).unwrap_or(Value::Null);
    let members = tree.as_object().cloned().unwrap_or_default();
    members
        .iter()
        .map(|(key, value)| (key.clone(), crate::names::text_of(value)))
        .collect()
}

#[cfg(test)]
#[path = "load_tests.rs"]
mod tests;
