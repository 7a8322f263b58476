//! Linking: import entries are replaced by the clients and binds that they name.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

use naftiko_diagnostics::{Diagnostic, Diagnostics, SourceMap, Span, Spanned, codes};
use naftiko_spec::yaml::{self, Limits};
use naftiko_spec::{Bind, BindEntry, Client, ConsumesEntry, Document, Import};

use crate::loader::{LoadError, Source, SourceLoader};

/// A document with everything that it imports.
#[derive(Clone, Debug)]
pub struct Linked {
    /// The document itself.
    pub document: Document,
    /// The variables of each file that takes part; the first scope is the document's own.
    pub scopes: Vec<Scope>,
    /// The clients that can be called, in document order.
    pub clients: Vec<LinkedClient>,
    /// The namespaces of clients whose import failed, and why: calls of them need no finding of their own.
    pub missing: Vec<(String, Diagnostic)>,
    /// The other files that were read.
    pub imported: Vec<PathBuf>,
}

/// The variables that one file binds.
#[derive(Clone, Debug)]
pub struct Scope {
    /// The directory that the locations of its binds start from.
    pub dir: PathBuf,
    /// Its binds.
    pub binds: Vec<Bind>,
}

/// A client and the scope that its templates see.
#[derive(Clone, Debug)]
pub struct LinkedClient {
    /// The client as written.
    pub client: Client,
    /// The namespace that it goes by here.
    pub namespace: Spanned<String>,
    /// The index of its scope in [`Linked::scopes`].
    pub scope: usize,
    /// The import entry that brought it.
    pub import: Option<Span>,
}

/// Links `document`, which was read from `path`.
pub fn link(
    document: Document,
    path: &Path,
    loader: &dyn SourceLoader,
    limits: &Limits,
    sources: &mut SourceMap,
    out: &mut Diagnostics,
) -> Linked {
    let dir = path.parent().map_or_else(PathBuf::new, Path::to_owned);
    let mut linker = Linker {
        loader,
        limits,
        sources,
        out,
        files: BTreeMap::new(),
        scopes: vec![Scope {
            dir: dir.clone(),
            binds: Vec::new(),
        }],
        clients: Vec::new(),
        missing: Vec::new(),
    };
    // The document itself is a file that an import may lead back to.
    linker.files.insert(
        path.to_owned(),
        File {
            document: Some(document.clone()),
            findings: Diagnostics::new(),
            scope: Some(0),
        },
    );
    let own = linker.binds(&document, &dir, path);
    if let Some(scope) = linker.scopes.first_mut() {
        scope.binds = own;
    }
    for entry in &document.consumes {
        linker.entry(entry, &dir, path);
    }
    linker.clashes(&document);
    Linked {
        imported: linker
            .files
            .into_keys()
            .filter(|file| file != path)
            .collect(),
        document,
        scopes: linker.scopes,
        clients: linker.clients,
        missing: linker.missing,
    }
}

struct Linker<'a> {
    loader: &'a dyn SourceLoader,
    limits: &'a Limits,
    sources: &'a mut SourceMap,
    out: &'a mut Diagnostics,
    /// Every file read so far, and its scope once a client was taken from it.
    files: BTreeMap<PathBuf, File>,
    scopes: Vec<Scope>,
    clients: Vec<LinkedClient>,
    missing: Vec<(String, Diagnostic)>,
}

#[derive(Clone)]
struct File {
    document: Option<Document>,
    findings: Diagnostics,
    scope: Option<usize>,
}

impl Linker<'_> {
    fn entry(&mut self, entry: &ConsumesEntry, dir: &Path, path: &Path) {
        match entry {
            ConsumesEntry::Client(client) => {
                if let Some(namespace) = client.namespace.clone() {
                    self.clients.push(LinkedClient {
                        client: client.clone(),
                        namespace,
                        scope: 0,
                        import: None,
                    });
                }
            }
            ConsumesEntry::Import(import) => {
                let mut ring = vec![(path.to_owned(), import.namespace.value.clone(), import.span)];
                let alias = import.alias.as_ref().unwrap_or(&import.namespace);
                if let Some((client, scope)) = self.client(import, dir, &mut ring) {
                    self.clients.push(LinkedClient {
                        client,
                        namespace: alias.clone(),
                        scope,
                        import: Some(import.span),
                    });
                } else if let Some(why) = self.out.iter().filter(|f| f.is_error()).last() {
                    self.missing.push((alias.value.clone(), why.clone()));
                }
            }
        }
    }

    /// The client that `import` names, following further imports; `ring` is the way here.
    fn client(
        &mut self,
        import: &Import,
        dir: &Path,
        ring: &mut Vec<(PathBuf, String, Span)>,
    ) -> Option<(Client, usize)> {
        let path = self.open(import, dir)?;
        let document = self.files.get(&path)?.document.clone()?;
        let wanted = import.namespace.as_str();
        let found = document
            .consumes
            .iter()
            .find(|entry| name_of(entry) == Some(wanted));
        match found {
            Some(ConsumesEntry::Client(client)) => {
                self.report(&path, client.span);
                Some((client.clone(), self.scope_of(&path, &document)))
            }
            Some(ConsumesEntry::Import(next)) => {
                let again = ring
                    .iter()
                    .position(|(file, name, _)| *file == path && *name == next.namespace.value);
                if let Some(at) = again {
                    let ring = ring.get(at..).unwrap_or_default();
                    let names = ring.iter().map(|(file, name, span)| {
                        let file = file
                            .file_name()
                            .map_or_else(String::new, |name| name.to_string_lossy().into_owned());
                        (file, name.clone(), *span)
                    });
                    self.out
                        .push(codes::import_cycle::new(next.span, names.collect()));
                    return None;
                }
                ring.push((path.clone(), next.namespace.value.clone(), next.span));
                let dir = path.parent().map_or_else(PathBuf::new, Path::to_owned);
                self.client(next, &dir, ring)
            }
            None => {
                let names: Vec<&str> = document.consumes.iter().filter_map(name_of).collect();
                self.out.push(codes::unknown_import_namespace::new(
                    &import.namespace,
                    import.source.as_str(),
                    &names,
                ));
                self.report(&path, import.span);
                None
            }
        }
    }

    /// Reads the file that `import` names, once, and says what is wrong with reaching it.
    fn open(&mut self, import: &Import, dir: &Path) -> Option<PathBuf> {
        let source = match self.loader.load(dir, import.source.as_str()) {
            Ok(source) => source,
            Err(error) => {
                self.out.push(failed(&import.source, &error));
                return None;
            }
        };
        let path = source.path.clone();
        if !self.files.contains_key(&path) {
            let file = self.read(source);
            self.files.insert(path.clone(), file);
        }
        let usable = self
            .files
            .get(&path)
            .is_some_and(|file| file.document.is_some());
        if !usable {
            if let Some(file) = self.files.get(&path) {
                self.out.extend(file.findings.clone());
            }
            self.out.push(codes::import_unusable::new(&import.source));
        }
        usable.then_some(path)
    }

    fn read(&mut self, source: Source) -> File {
        let mut findings = Diagnostics::new();
        let text: std::sync::Arc<str> = source.text.into();
        let file = self.sources.add(source.name, std::sync::Arc::clone(&text));
        let document = yaml::parse(file, &text, self.limits, &mut findings)
            .and_then(|root| Document::decode(file, root, &mut findings));
        File {
            document,
            findings,
            scope: None,
        }
    }

    /// Reports what was found in an imported file, but for the parts that nobody takes: its other clients and the
    /// servers that it exposes.
    fn report(&mut self, path: &Path, taken: Span) {
        let Some(file) = self.files.get(path) else {
            return;
        };
        let Some(document) = &file.document else {
            return;
        };
        let idle: Vec<Span> = document
            .consumes
            .iter()
            .filter_map(|entry| match entry {
                ConsumesEntry::Client(client) => Some(client.span),
                ConsumesEntry::Import(_) => None,
            })
            .filter(|span| *span != taken)
            .chain(document.exposes.iter().map(naftiko_spec::Exposure::span))
            .collect();
        let concerns = |finding: &Diagnostic| {
            let place = finding.primary.as_ref().map(|label| label.span);
            !place.is_some_and(|place| idle.iter().any(|span| span.contains(place)))
        };
        self.out
            .extend(file.findings.clone().into_iter().filter(concerns));
    }

    fn scope_of(&mut self, path: &Path, document: &Document) -> usize {
        if let Some(scope) = self.files.get(path).and_then(|file| file.scope) {
            return scope;
        }
        let dir = path.parent().map_or_else(PathBuf::new, Path::to_owned);
        let binds = self.binds(document, &dir, path);
        self.scopes.push(Scope { dir, binds });
        let scope = self.scopes.len() - 1;
        if let Some(file) = self.files.get_mut(path) {
            file.scope = Some(scope);
        }
        scope
    }

    /// The binds of a document, imported ones included.
    fn binds(&mut self, document: &Document, dir: &Path, path: &Path) -> Vec<Bind> {
        let mut binds = Vec::new();
        for entry in &document.binds {
            match entry {
                BindEntry::Bind(bind) => binds.push(bind.clone()),
                BindEntry::Import(import) => {
                    let mut ring = vec![path.to_owned()];
                    binds.extend(self.imported_bind(import, dir, &mut ring));
                }
            }
        }
        let mut seen: Vec<&Spanned<String>> = Vec::new();
        for namespace in binds.iter().filter_map(|bind| bind.namespace.as_ref()) {
            match seen.iter().find(|other| other.value == namespace.value) {
                Some(first) => {
                    self.out.push(codes::duplicate_namespace::new(
                        "binds", namespace, first.span,
                    ));
                }
                None => seen.push(namespace),
            }
        }
        binds
    }

    fn imported_bind(
        &mut self,
        import: &Import,
        dir: &Path,
        ring: &mut Vec<PathBuf>,
    ) -> Option<Bind> {
        let path = self.open(import, dir)?;
        if ring.contains(&path) {
            let names = ring.iter().map(|file| {
                let file = file
                    .file_name()
                    .unwrap_or_default()
                    .to_string_lossy()
                    .into_owned();
                (file, import.namespace.value.clone(), import.span)
            });
            self.out
                .push(codes::import_cycle::new(import.span, names.collect()));
            return None;
        }
        ring.push(path.clone());
        let document = self.files.get(&path)?.document.clone()?;
        let name = |entry: &BindEntry| match entry {
            BindEntry::Bind(bind) => bind.namespace.clone(),
            BindEntry::Import(next) => Some(next.alias.clone().unwrap_or(next.namespace.clone())),
        };
        let found = document
            .binds
            .iter()
            .find(|entry| name(entry).is_some_and(|n| n == import.namespace));
        match found {
            Some(BindEntry::Bind(bind)) => {
                let mut bind = bind.clone();
                bind.namespace = Some(import.alias.clone().unwrap_or(import.namespace.clone()));
                // The location of the bind is relative to its own file.
                if let Some(location) = &mut bind.location
                    && let crate::Location::File(file) = crate::Location::parse(&location.value)
                    && let Some(base) = path.parent()
                {
                    location.value = format!("file:{}", base.join(file).display());
                }
                Some(bind)
            }
            Some(BindEntry::Import(next)) => {
                let dir = path.parent().map_or_else(PathBuf::new, Path::to_owned);
                self.imported_bind(&next.clone(), &dir, ring)
            }
            None => {
                let names: Vec<String> = document
                    .binds
                    .iter()
                    .filter_map(name)
                    .map(|name| name.value)
                    .collect();
                let names: Vec<&str> = names.iter().map(String::as_str).collect();
                self.out.push(codes::unknown_import_namespace::new(
                    &import.namespace,
                    import.source.as_str(),
                    &names,
                ));
                None
            }
        }
    }

    /// Two clients, or two exposers, of one namespace.
    fn clashes(&mut self, document: &Document) {
        let mut seen: Vec<&Spanned<String>> = Vec::new();
        for client in &self.clients {
            match seen
                .iter()
                .find(|other| other.value == client.namespace.value)
            {
                Some(first) => self.out.push(codes::duplicate_namespace::new(
                    "consumes",
                    &client.namespace,
                    first.span,
                )),
                None => seen.push(&client.namespace),
            }
        }
        let mut seen: Vec<&Spanned<String>> = Vec::new();
        for namespace in document
            .exposes
            .iter()
            .filter_map(|entry| entry.namespace.as_ref())
        {
            match seen.iter().find(|other| other.value == namespace.value) {
                Some(first) => {
                    self.out.push(codes::duplicate_namespace::new(
                        "exposes", namespace, first.span,
                    ));
                }
                None => seen.push(namespace),
            }
        }
    }
}

/// The namespace that an entry of `consumes` goes by.
fn name_of(entry: &ConsumesEntry) -> Option<&str> {
    match entry {
        ConsumesEntry::Client(client) => client.namespace.as_ref().map(Spanned::as_str),
        ConsumesEntry::Import(import) => {
            Some(import.alias.as_ref().unwrap_or(&import.namespace).as_str())
        }
    }
}

fn failed(location: &Spanned<String>, error: &LoadError) -> Diagnostic {
    match error {
        LoadError::NotFound(_) => codes::import_unreadable::not_found(location, &error.to_string()),
        LoadError::Outside(_) => codes::import_unreadable::outside(location, &error.to_string()),
        _ => codes::import_unreadable::new(location, &error.to_string()),
    }
}
