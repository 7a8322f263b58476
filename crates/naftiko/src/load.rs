//! From a document to a plan: parse, link, decode exposures, lower.

use std::path::{Path, PathBuf};
use std::sync::Arc;

use naftiko_diagnostics::render::{Format, render};
use naftiko_diagnostics::{Diagnostic, Diagnostics, Severity, SourceMap};
use naftiko_expose::{Home, Registry, is_of_the_specification};
use naftiko_imports::{FsLoader, LoadError, MemoryLoader, Source, SourceLoader, link};
use naftiko_plan::{Broken, Options, Plan, UnitPlan, compile};
use naftiko_spec::yaml::{self, Limits};
use naftiko_spec::{ConsumesEntry, Document, Exposure, Span, Spanned};

use crate::deviations;

/// Loads documents.
#[derive(Clone, Debug)]
pub struct Loader {
    /// The kinds of servers that documents may expose.
    pub registry: Registry,
    /// Directory trees that imports and other local files may lie in, besides the document's own.
    pub roots: Vec<PathBuf>,
    /// Whether local files may lie anywhere.
    pub allow_outside: bool,
    /// What a document may cost to read.
    pub limits: Limits,
    /// What lowering may assume.
    pub options: Options,
    /// Whether every deviation from the declared version's schema is an error.
    pub strict: bool,
}

/// A document that was read, and what became of it.
#[derive(Debug)]
pub struct Loaded {
    /// What the capability is called: the name of its file without extension.
    pub name: String,
    /// The directory of the document.
    pub dir: PathBuf,
    /// All sources that findings point into.
    pub sources: SourceMap,
    /// Everything that was found, in the order of the sources.
    pub findings: Diagnostics,
    /// The plan; absent when the document is no capability or cannot be read at all.
    pub plan: Option<Arc<Plan>>,
    /// Whether the document exposes anything.
    pub exposes: bool,
    /// The other files that were read.
    pub imported: Vec<PathBuf>,
    /// What reads the files that the document names.
    pub files: Arc<dyn SourceLoader>,
    /// The document's own path.
    pub path: PathBuf,
    /// Whether the document has one of the root keys of a capability.
    pub is_capability: bool,
    /// The kinds of servers that it was read with, which build what they have read.
    pub(crate) registry: Registry,
}

/// A document that cannot be read as a file.
#[derive(Debug)]
pub struct Unreadable {
    /// The path.
    pub path: PathBuf,
    /// Why.
    pub error: LoadError,
}

impl Loader {
    /// A loader of documents that expose kinds of `registry`, with the default bounds.
    pub fn new(registry: Registry) -> Self {
        Self {
            registry,
            roots: Vec::new(),
            allow_outside: false,
            limits: Limits::default(),
            options: Options::default(),
            strict: false,
        }
    }

    /// Loads the document in the file `path`.
    pub fn load(&self, path: &Path) -> Result<Loaded, Unreadable> {
        let tree = path.parent().filter(|dir| !dir.as_os_str().is_empty());
        let tree = tree.unwrap_or(Path::new(".")).to_owned();
        let roots = std::iter::once(tree).chain(self.roots.iter().cloned());
        let files =
            FsLoader::new(roots, self.limits.bytes as u64).allow_outside(self.allow_outside);
        let source = files.load_root(path).map_err(|error| Unreadable {
            path: path.to_owned(),
            error,
        })?;
        Ok(self.load_source(source, Arc::new(files)))
    }

    /// Loads a document that is text already and names no other file. `name` stands for the path: findings show it, and
    /// without extension it is the capability's name.
    pub fn load_text(&self, name: &str, text: &str) -> Loaded {
        let source = Source {
            path: PathBuf::from(name),
            name: name.to_owned(),
            text: text.to_owned(),
        };
        self.load_source(source, Arc::new(MemoryLoader::new()))
    }

    /// Loads the document `path` of `files`, which also has the files that it names: a
    /// [`MemoryLoader`], or a store of the program's own.
    ///
    /// # Errors
    /// There is no such document.
    pub fn load_from(
        &self,
        path: &str,
        files: Arc<dyn SourceLoader>,
    ) -> Result<Loaded, Unreadable> {
        let source = files
            .load(Path::new(""), path)
            .map_err(|error| Unreadable {
                path: PathBuf::from(path),
                error,
            })?;
        Ok(self.load_source(source, files))
    }

    /// Loads a document that is there already; the files that it names come from `files`.
    pub fn load_source(&self, source: Source, files: Arc<dyn SourceLoader>) -> Loaded {
        let name = source.path.file_stem().map_or_else(String::new, |stem| {
            stem.to_string_lossy()
                .trim_end_matches(".naftiko")
                .trim_end_matches(".ikanos")
                .to_owned()
        });
        let mut loaded = Loaded {
            name,
            dir: source.dir().to_owned(),
            sources: SourceMap::new(),
            findings: Diagnostics::new(),
            plan: None,
            exposes: false,
            imported: Vec::new(),
            files,
            path: source.path.clone(),
            is_capability: false,
            registry: self.registry.clone(),
        };
        let text: Arc<str> = source.text.into();
        let file = loaded.sources.add(source.name, Arc::clone(&text));
        let mut found = Diagnostics::new();
        let document = yaml::parse(file, &text, &self.limits, &mut found)
            .and_then(|root| Document::decode(file, root, &mut found));
        let Some(document) = document else {
            loaded.findings = found;
            return loaded;
        };
        loaded.is_capability = true;
        loaded.exposes = !document.exposes.is_empty();
        let root = document.clone();
        let linked = link(
            document,
            &loaded.path,
            &*loaded.files,
            &self.limits,
            &mut loaded.sources,
            &mut found,
        );
        let home = Home {
            dir: loaded.dir.clone(),
            files: Arc::clone(&loaded.files),
        };
        let exposures = self
            .registry
            .decode_at(&linked.document, Some(&home), &mut found);
        let (plan, lowered) = compile(&linked, &loaded.name, exposures, &self.options, &found);
        found.extend(lowered);
        found = found
            .into_iter()
            .map(|finding| relax(finding, &plan))
            .collect();
        let foreign = self.foreign(&root);
        deviations::add(&root, &foreign, self.strict, &loaded.sources, &mut found);
        found.sort();
        loaded.imported.clone_from(&linked.imported);
        loaded.findings = found;
        loaded.plan = Some(Arc::new(plan));
        loaded
    }
}

impl Loader {
    /// Where the document uses registered kinds that the specification does not have: whole servers, whose kinds check
    /// them, and the `type` of consumed APIs, which are written alike whatever their kind.
    fn foreign(&self, document: &Document) -> Vec<Span> {
        let servers = document.exposes.iter().filter(|exposure| {
            let kind = exposure.kind.as_str();
            !is_of_the_specification(kind) && self.registry.get(kind).is_some()
        });
        let clients = document.consumes.iter().filter_map(|entry| match entry {
            ConsumesEntry::Client(client) => client.kind.as_ref(),
            ConsumesEntry::Import(_) => None,
        });
        let registered = |kind: &&Spanned<String>| {
            kind.as_str() != "http" && self.options.upstream_kinds.contains(&kind.value)
        };
        let clients = clients.filter(registered).map(|kind| kind.span);
        servers.map(Exposure::span).chain(clients).collect()
    }
}

/// What is wrong in a part that no unit calls stops nothing.
fn relax(finding: Diagnostic, plan: &Plan) -> Diagnostic {
    let place = finding.primary.as_ref().map(|label| label.span);
    let idle = place.is_some_and(|place| plan.idle.iter().any(|span| span.contains(place)));
    if idle && finding.is_error() {
        finding.with_severity(Severity::Warning)
    } else {
        finding
    }
}

impl std::fmt::Display for Unreadable {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        self.error.fmt(f)
    }
}

impl std::error::Error for Unreadable {
    fn source(&self) -> Option<&(dyn std::error::Error + 'static)> {
        Some(&self.error)
    }
}

impl Loaded {
    /// The findings as text, each with its place: `Format::Full` shows the source (100 columns, no color).
    pub fn report(&self, format: Format) -> String {
        render(&self.findings, &self.sources, format, false, 100)
    }

    /// All units, with the label of their exposure.
    pub fn units(&self) -> impl Iterator<Item = (&str, &UnitPlan)> {
        let exposures = self.plan.iter().flat_map(|plan| &plan.exposures);
        exposures.flat_map(|exposure| exposure.units.iter().map(|unit| (exposure.label(), unit)))
    }

    /// How many servers can be opened, whatever they offer.
    pub fn servers(&self) -> usize {
        let exposures = self.plan.iter().flat_map(|plan| &plan.exposures);
        exposures
            .filter(|exposure| exposure.broken.is_none())
            .count()
    }

    /// How many units can be served.
    pub fn sound(&self) -> usize {
        self.units().filter(|(_, unit)| unit.flow.is_ok()).count()
    }

    /// The units that cannot be served, and why.
    pub fn broken(&self) -> impl Iterator<Item = (&str, &UnitPlan, &Broken)> {
        self.units().filter_map(|(label, unit)| {
            unit.flow.as_ref().err().map(|broken| (label, unit, broken))
        })
    }
}

#[cfg(test)]
mod tests;
