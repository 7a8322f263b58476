//! What a `location` says: the spellings of a local file.

use std::path::{Component, Path, PathBuf};

/// A parsed `location` (decisions, section 2, "Base").
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Location {
    /// A path, relative to the directory of the document that names it, or absolute.
    File(PathBuf),
    /// A URI of another scheme.
    Other(String),
}

impl Location {
    /// `x`, `./x`, `file://./x` and `file:///./x` are relative; other `file:///` and `/x` are absolute.
    pub fn parse(text: &str) -> Self {
        if let Some(rest) = text.strip_prefix("file:") {
            let path = rest.strip_prefix("//").unwrap_or(rest);
            let relative = path.strip_prefix('/').filter(|path| {
                path.starts_with("./") || path.starts_with("../") || *path == "." || *path == ".."
            });
            return Location::File(PathBuf::from(relative.unwrap_or(path)));
        }
        match text.split_once("://") {
            Some((scheme, _)) if is_scheme(scheme) => Location::Other(scheme.to_ascii_lowercase()),
            _ => Location::File(PathBuf::from(text)),
        }
    }
}

fn is_scheme(text: &str) -> bool {
    text.starts_with(|c: char| c.is_ascii_alphabetic())
        && text
            .chars()
            .all(|c| c.is_ascii_alphanumeric() || "+.-".contains(c))
}

/// The path without `.` and, as far as the text alone tells, without `..`.
pub(crate) fn normalize(path: &Path) -> PathBuf {
    let mut result = PathBuf::new();
    for component in path.components() {
        match component {
            Component::CurDir => {}
            Component::ParentDir => {
                let up = matches!(result.components().next_back(), Some(Component::Normal(_)));
                if up {
                    result.pop();
                } else {
                    result.push("..");
                }
            }
            other => result.push(other),
        }
    }
    result
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn spellings_of_local_files() {
        let file = |text: &str| match Location::parse(text) {
            Location::File(path) => path.display().to_string(),
            Location::Other(scheme) => format!("scheme {scheme}"),
        };
        assert_eq!(file("shared/a.yaml"), "shared/a.yaml");
        assert_eq!(file("./a.yaml"), "./a.yaml");
        assert_eq!(file("file://./a.yaml"), "./a.yaml");
        assert_eq!(file("file:///./a.yaml"), "./a.yaml");
        assert_eq!(file("file:///../a.yaml"), "../a.yaml");
        assert_eq!(file("file:///etc/a.yaml"), "/etc/a.yaml");
        assert_eq!(file("/etc/a.yaml"), "/etc/a.yaml");
        assert_eq!(file("https://example.org/a.yaml"), "scheme https");
    }

    #[test]
    fn normalizing_keeps_what_it_cannot_know() {
        assert_eq!(normalize(Path::new("a/./b/../c")), PathBuf::from("a/c"));
        assert_eq!(normalize(Path::new("../a")), PathBuf::from("../a"));
    }
}
