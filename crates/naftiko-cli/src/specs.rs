//! From paths on the command line to loaded capabilities.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

use naftiko::diagnostics::render;
use naftiko::spec::yaml::Limits;
use naftiko::{Kinds, Loaded, Loader};

use crate::args::{DocumentLimitArgs, LoadArgs};
use crate::exit::Exit;
use crate::output;

/// A path of the command line and the files that it stands for.
#[derive(Debug)]
pub(crate) struct Found {
    /// The file.
    pub(crate) path: PathBuf,
    /// Whether the command line names the file itself, not a folder above it.
    pub(crate) named: bool,
}

/// A loader as the options want it.
pub(crate) fn loader(
    kinds: &Kinds,
    args: &LoadArgs,
    document: &DocumentLimitArgs,
    sandbox: bool,
) -> Loader {
    let mut loader = kinds.loader();
    loader.roots.clone_from(&args.root);
    loader.allow_outside = args.allow_outside;
    loader.options.implicit_env = !args.no_implicit_env;
    loader.options.sandbox = sandbox;
    loader.limits = Limits {
        bytes: document.max_document_bytes,
        depth: document.max_document_depth,
        nodes: document.max_document_nodes,
    };
    loader
}

/// The YAML files that `paths` stand for: files as they are, folders with everything below them, in order. Hidden
/// folders and folders of sandbox data are passed over.
///
/// # Errors
/// A path that is not there, or a folder that cannot be read; it has been told.
pub(crate) fn find(paths: &[PathBuf]) -> Result<Vec<Found>, Exit> {
    let mut found = Vec::new();
    for path in paths {
        if path.is_dir() {
            let mut files = Vec::new();
            if let Err((path, error)) = walk(path, 0, &mut files) {
                output::fail(&format!(
                    "`{}` cannot be read: {}",
                    path.display(),
                    output::reason(&error)
                ));
                return Err(Exit::Usage);
            }
            if files.is_empty() {
                output::fail(&format!("`{}` holds no YAML file", path.display()));
                return Err(Exit::Usage);
            }
            found.extend(files.into_iter().map(|path| Found { path, named: false }));
        } else {
            found.push(Found {
                path: path.clone(),
                named: true,
            });
        }
    }
    Ok(found)
}

/// How deep folders are followed: deeper is a mistake, or a ring of links.
const DEEPEST: usize = 32;

fn walk(
    dir: &Path,
    depth: usize,
    files: &mut Vec<PathBuf>,
) -> Result<(), (PathBuf, std::io::Error)> {
    let failed = |error| (dir.to_owned(), error);
    let mut entries: Vec<PathBuf> = Vec::new();
    for entry in std::fs::read_dir(dir).map_err(failed)? {
        entries.push(entry.map_err(failed)?.path());
    }
    entries.sort();
    for path in entries {
        let name = path
            .file_name()
            .map(|name| name.to_string_lossy().into_owned());
        let name = name.unwrap_or_default();
        if path.is_dir() {
            if !name.starts_with('.') && name != "sandbox" && depth < DEEPEST {
                walk(&path, depth + 1, files)?;
            }
        } else if path.extension().is_some_and(|e| e == "yaml" || e == "yml") {
            files.push(path);
        }
    }
    Ok(())
}

/// Loads every file that was found. Files of a folder that are no capability are passed over with a note.
///
/// # Errors
/// A file that cannot be read; it has been told.
pub(crate) fn load(loader: &Loader, found: &[Found]) -> Result<Vec<(Loaded, bool)>, Exit> {
    let mut all = Vec::new();
    for file in found {
        match loader.load(&file.path) {
            Ok(loaded) => {
                let no_root_key = loaded.findings.iter().any(|finding| {
                    finding.code.id == "not-a-capability" || finding.code.id == "empty-document"
                });
                if !file.named && no_root_key {
                    output::err(&format!(
                        "note: {} is not a capability, skipped\n",
                        file.path.display()
                    ));
                    continue;
                }
                // The same file named twice is one capability.
                if !all
                    .iter()
                    .any(|(known, _): &(Loaded, bool)| known.path == loaded.path)
                {
                    all.push((loaded, file.named));
                }
            }
            Err(unreadable) if !file.named => {
                let why = unreadable.error.to_string();
                output::err(&format!("note: {}, skipped\n", render::escape(&why)));
            }
            Err(unreadable) => {
                output::fail(&unreadable.error.to_string());
                return Err(Exit::Usage);
            }
        }
    }
    rename_twins(&mut all);
    Ok(all)
}

/// Two files of one name in different folders get the folder's name too.
fn rename_twins(all: &mut [(Loaded, bool)]) {
    let mut count: BTreeMap<String, usize> = BTreeMap::new();
    for (loaded, _) in all.iter() {
        *count.entry(loaded.name.clone()).or_default() += 1;
    }
    for (loaded, _) in all.iter_mut() {
        if count.get(&loaded.name).copied().unwrap_or(0) > 1
            && let Some(dir) = loaded.dir.file_name()
        {
            loaded.name = format!("{}-{}", dir.to_string_lossy(), loaded.name);
        }
    }
    // Folders may be called the same as well: then they are counted.
    let mut seen: BTreeMap<String, usize> = BTreeMap::new();
    for (loaded, _) in all.iter_mut() {
        let again = seen.entry(loaded.name.clone()).or_default();
        *again += 1;
        if *again > 1 {
            loaded.name = format!("{}-{again}", loaded.name);
        }
    }
}
