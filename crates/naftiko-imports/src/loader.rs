//! Where documents are read from, and which files a document may reach.

use std::collections::BTreeMap;
use std::fmt;
use std::path::{Path, PathBuf};

use crate::folder;
use crate::locate::{Location, normalize};

/// The text of one source and how it is known.
#[derive(Clone, Debug)]
pub struct Source {
    /// The identity of the source: two spellings of one file have the same path.
    pub path: PathBuf,
    /// The name shown to people.
    pub name: String,
    /// The text.
    pub text: String,
}

impl Source {
    /// The directory that relative locations in it start from.
    pub fn dir(&self) -> &Path {
        self.path.parent().unwrap_or_else(|| Path::new(""))
    }
}

/// Reads the sources that documents name.
pub trait SourceLoader: fmt::Debug + Send + Sync {
    /// Reads `location`, as a document in the directory `dir` names it.
    fn load(&self, dir: &Path, location: &str) -> Result<Source, LoadError>;

    /// The bytes of a file that need not be text.
    fn load_bytes(&self, dir: &Path, location: &str) -> Result<Vec<u8>, LoadError> {
        self.load(dir, location)
            .map(|source| source.text.into_bytes())
    }

    /// The regular files below the folder `location`, as paths from there with `/` between segments, in order of name.
    /// At most `limit`; a file that a symbolic link takes out of the folder is none of them.
    fn list(&self, dir: &Path, location: &str, limit: usize) -> Result<Vec<String>, LoadError> {
        let _ = limit;
        Err(LoadError::NotFound(dir.join(location)))
    }

    /// The bytes of the file `relative` below the folder `location`. Neither `relative` nor a symbolic link leads out of
    /// the folder.
    fn load_below(&self, dir: &Path, location: &str, relative: &str) -> Result<Vec<u8>, LoadError> {
        let _ = relative;
        Err(LoadError::NotFound(dir.join(location)))
    }
}

/// Why a source cannot be read.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum LoadError {
    /// There is no such file.
    NotFound(PathBuf),
    /// It lies outside the directories that the operator allows.
    Outside(PathBuf),
    /// It is a directory, a device or another thing that is no regular file.
    NotAFile(PathBuf),
    /// It is larger than the limit, in bytes.
    TooLarge(PathBuf, u64),
    /// It is not UTF-8 text.
    NotText(PathBuf),
    /// Sources of that URI scheme are not read.
    Scheme(String),
    /// The system says why.
    Io(PathBuf, String),
}

impl fmt::Display for LoadError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            LoadError::NotFound(path) => write!(f, "there is no file `{}`", shown(path)),
            LoadError::Outside(path) => {
                write!(
                    f,
                    "`{}` lies outside the document's directory tree",
                    shown(path)
                )
            }
            LoadError::NotAFile(path) => write!(f, "`{}` is not a regular file", shown(path)),
            LoadError::TooLarge(path, limit) => {
                write!(f, "`{}` is larger than {limit} bytes", shown(path))
            }
            LoadError::NotText(path) => write!(f, "`{}` is not UTF-8 text", shown(path)),
            LoadError::Scheme(scheme) => {
                write!(
                    f,
                    "sources of the scheme `{scheme}` are not read, only local files"
                )
            }
            LoadError::Io(path, why) => write!(f, "`{}` cannot be read: {why}", shown(path)),
        }
    }
}

impl std::error::Error for LoadError {}

/// Reads files, and none but regular ones in the directory trees that it was given (decisions, section 2,
/// "Confinement").
#[derive(Clone, Debug)]
pub struct FsLoader {
    roots: Vec<PathBuf>,
    allow_outside: bool,
    limit: u64,
}

impl FsLoader {
    /// A loader of files below `roots`, each at most `limit` bytes long.
    pub fn new(roots: impl IntoIterator<Item = PathBuf>, limit: u64) -> Self {
        let roots = roots
            .into_iter()
            .map(|root| canonical(&root).unwrap_or(root))
            .collect();
        Self {
            roots,
            allow_outside: false,
            limit,
        }
    }

    /// Lifts the tree rule; size and regularity are still checked.
    #[must_use]
    pub fn allow_outside(mut self, allow: bool) -> Self {
        self.allow_outside = allow;
        self
    }

    /// Reads a file that the operator named: it need not lie in a tree.
    pub fn load_root(&self, path: &Path) -> Result<Source, LoadError> {
        let found = canonical(path).map_err(|error| io(path, &error))?;
        self.read(found, path.display().to_string())
    }

    /// The file or folder that `location` means, when it lies in a tree.
    fn resolve(&self, dir: &Path, location: &str) -> Result<PathBuf, LoadError> {
        let relative = match Location::parse(location) {
            Location::File(path) => path,
            Location::Other(scheme) => return Err(LoadError::Scheme(scheme)),
        };
        let wanted = normalize(&dir.join(relative));
        let found = canonical(&wanted).map_err(|error| {
            // A file outside is refused as such, whether it is there or not.
            if self.allow_outside || self.roots.iter().any(|root| wanted.starts_with(root)) {
                io(&wanted, &error)
            } else {
                LoadError::Outside(wanted.clone())
            }
        })?;
        if !self.allow_outside && !self.roots.iter().any(|root| found.starts_with(root)) {
            return Err(LoadError::Outside(found));
        }
        Ok(found)
    }

    /// The bytes of a regular file within the limit.
    fn bytes(&self, path: &Path) -> Result<Vec<u8>, LoadError> {
        let meta = std::fs::metadata(path).map_err(|error| io(path, &error))?;
        if !meta.is_file() {
            return Err(LoadError::NotAFile(path.to_owned()));
        }
        if meta.len() > self.limit {
            return Err(LoadError::TooLarge(path.to_owned(), self.limit));
        }
        std::fs::read(path).map_err(|error| io(path, &error))
    }

    fn read(&self, path: PathBuf, name: String) -> Result<Source, LoadError> {
        let bytes = self.bytes(&path)?;
        let Ok(text) = String::from_utf8(bytes) else {
            return Err(LoadError::NotText(path));
        };
        Ok(Source { path, name, text })
    }
}

impl SourceLoader for FsLoader {
    fn load(&self, dir: &Path, location: &str) -> Result<Source, LoadError> {
        let found = self.resolve(dir, location)?;
        let name = shown(&found);
        self.read(found, name)
    }

    fn load_bytes(&self, dir: &Path, location: &str) -> Result<Vec<u8>, LoadError> {
        self.bytes(&self.resolve(dir, location)?)
    }

    fn list(&self, dir: &Path, location: &str, limit: usize) -> Result<Vec<String>, LoadError> {
        let folder = self.resolve(dir, location)?;
        folder::list(&folder, limit).map_err(|error| io(&folder, &error))
    }

    fn load_below(&self, dir: &Path, location: &str, relative: &str) -> Result<Vec<u8>, LoadError> {
        let folder = self.resolve(dir, location)?;
        let wanted = folder.join(relative);
        if !folder::is_plain(relative) {
            return Err(LoadError::Outside(wanted));
        }
        let found = canonical(&wanted).map_err(|error| io(&wanted, &error))?;
        if !found.starts_with(&folder) {
            return Err(LoadError::Outside(wanted));
        }
        self.bytes(&found)
    }
}

fn canonical(path: &Path) -> std::io::Result<PathBuf> {
    std::fs::canonicalize(path)
}

/// How many directories are looked at for a short name of a path: the working directory and those above it.
const NEAR: usize = 3;

/// The path relative to the working directory, when it lies below or beside it.
fn shown(path: &Path) -> String {
    let here = std::env::current_dir()
        .and_then(|dir| canonical(&dir))
        .unwrap_or_default();
    let mut up = PathBuf::new();
    // A near relative is easier to read, and to recognize, than where it lies on the machine.
    for dir in here.ancestors().take(NEAR) {
        if let Ok(rest) = path.strip_prefix(dir) {
            let near = up.join(rest);
            return if near.as_os_str().is_empty() {
                String::from(".")
            } else {
                near.display().to_string()
            };
        }
        up.push("..");
    }
    path.display().to_string()
}

fn io(path: &Path, error: &std::io::Error) -> LoadError {
    match error.kind() {
        std::io::ErrorKind::NotFound => LoadError::NotFound(path.to_owned()),
        _ => LoadError::Io(path.to_owned(), error.kind().to_string()),
    }
}

/// Serves sources from memory, for embedders and tests.
#[derive(Clone, Debug, Default)]
pub struct MemoryLoader {
    sources: BTreeMap<PathBuf, String>,
}

impl MemoryLoader {
    /// A loader of nothing.
    pub fn new() -> Self {
        Self::default()
    }

    /// Adds a source.
    #[must_use]
    pub fn with(mut self, path: impl Into<PathBuf>, text: impl Into<String>) -> Self {
        self.sources.insert(normalize(&path.into()), text.into());
        self
    }
}

impl SourceLoader for MemoryLoader {
    fn load(&self, dir: &Path, location: &str) -> Result<Source, LoadError> {
        let path = resolved(dir, location)?;
        match self.sources.get(&path) {
            Some(text) => {
                let name = path.display().to_string();
                Ok(Source {
                    path,
                    name,
                    text: text.clone(),
                })
            }
            None => Err(LoadError::NotFound(path)),
        }
    }

    fn list(&self, dir: &Path, location: &str, limit: usize) -> Result<Vec<String>, LoadError> {
        let folder = resolved(dir, location)?;
        let below: Vec<String> = self
            .sources
            .keys()
            .filter_map(|path| path.strip_prefix(&folder).ok())
            .map(|path| path.to_string_lossy().into_owned())
            .filter(|path| folder::is_plain(path))
            .take(limit)
            .collect();
        if below.is_empty() {
            return Err(LoadError::NotFound(folder));
        }
        Ok(below)
    }

    fn load_below(&self, dir: &Path, location: &str, relative: &str) -> Result<Vec<u8>, LoadError> {
        let path = resolved(dir, location)?.join(relative);
        if !folder::is_plain(relative) {
            return Err(LoadError::Outside(path));
        }
        match self.sources.get(&path) {
            Some(text) => Ok(text.clone().into_bytes()),
            None => Err(LoadError::NotFound(path)),
        }
    }
}

/// The path that a location means for a document in `dir`.
fn resolved(dir: &Path, location: &str) -> Result<PathBuf, LoadError> {
    match Location::parse(location) {
        Location::File(path) => Ok(normalize(&dir.join(path))),
        Location::Other(scheme) => Err(LoadError::Scheme(scheme)),
    }
}
