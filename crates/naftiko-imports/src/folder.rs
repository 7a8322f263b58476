//! Folders that a document names: what is in them, and which paths stay inside.

use std::io;
use std::path::{Path, PathBuf};

/// How deep folders are walked.
const MAX_DEPTH: usize = 32;

/// Whether `relative` is a path of plain segments: letters, digits, `.`, `_` and `-`, none of them `.` or `..`. Such a
/// path stays inside the folder that it starts from, whatever the system makes of other characters.
pub(crate) fn is_plain(relative: &str) -> bool {
    let plain = |segment: &str| {
        !matches!(segment, "" | "." | "..")
            && segment
                .chars()
                .all(|c| c.is_ascii_alphanumeric() || "._-".contains(c))
    };
    relative.split('/').all(plain)
}

/// The regular files below `folder`, which is canonical. Names that [`is_plain`] refuses could not be read and are left
/// out, like files that a link takes out of the folder.
pub(crate) fn list(folder: &Path, limit: usize) -> io::Result<Vec<String>> {
    let mut found = Vec::new();
    walk(folder, folder, "", MAX_DEPTH, limit, &mut found)?;
    found.sort();
    Ok(found)
}

fn walk(
    root: &Path,
    folder: &Path,
    prefix: &str,
    depth: usize,
    limit: usize,
    found: &mut Vec<String>,
) -> io::Result<()> {
    let mut entries: Vec<(String, PathBuf)> = std::fs::read_dir(folder)?
        .filter_map(Result::ok)
        .filter_map(|entry| Some((entry.file_name().into_string().ok()?, entry.path())))
        .filter(|(name, _)| is_plain(name))
        .collect();
    entries.sort();
    for (name, path) in entries {
        if found.len() >= limit {
            return Ok(());
        }
        let Ok(real) = std::fs::canonicalize(&path) else {
            continue;
        };
        let Ok(meta) = std::fs::metadata(&real) else {
            continue;
        };
        if !real.starts_with(root) {
            continue;
        }
        let relative = format!("{prefix}{name}");
        if meta.is_file() {
            found.push(relative);
        } else if meta.is_dir() && depth > 0 && !path.is_symlink() {
            // Linked folders could make rings. A folder that cannot be read hides only itself.
            let _ = walk(
                root,
                &real,
                &format!("{relative}/"),
                depth - 1,
                limit,
                found,
            );
        }
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::loader::{FsLoader, LoadError, SourceLoader};

    #[test]
    fn only_plain_paths_are_read() {
        for good in ["a", "a/b.md", ".hidden", "a..b"] {
            assert!(is_plain(good), "{good}");
        }
        for bad in [
            "", ".", "..", "a//b", "/a", "a/../b", "a\\b", "a b", "a%2fb", "é",
        ] {
            assert!(!is_plain(bad), "{bad}");
        }
    }

    #[cfg(unix)]
    #[test]
    fn links_do_not_lead_out_of_a_folder() {
        let base = std::env::temp_dir().join(format!("naftiko-folder-{}", std::process::id()));
        let docs = base.join("docs");
        std::fs::create_dir_all(docs.join("deep")).unwrap();
        std::fs::write(base.join("secret.txt"), "no").unwrap();
        std::fs::write(docs.join("b.md"), "b").unwrap();
        std::fs::write(docs.join("deep/a.bin"), [0xff, 0]).unwrap();
        let _ = std::os::unix::fs::symlink(base.join("secret.txt"), docs.join("out.txt"));
        let _ = std::os::unix::fs::symlink(docs.join("b.md"), docs.join("in.md"));
        let _ = std::os::unix::fs::symlink(&docs, docs.join("deep/ring"));

        let loader = FsLoader::new([base.clone()], 1000);
        let all = loader.list(&base, "./docs", 100).unwrap();
        assert!(
            all.starts_with(&["b.md".into(), "deep/a.bin".into()]),
            "{all:?}"
        );
        assert!(all.contains(&"in.md".into()) && !all.contains(&"out.txt".into()));
        assert_eq!(loader.list(&base, "./docs", 1).unwrap().len(), 1);
        let read = |path: &str| loader.load_below(&base, "./docs", path);
        assert_eq!(read("deep/a.bin").unwrap(), [0xff, 0]);
        assert!(matches!(read("out.txt"), Err(LoadError::Outside(_))));
        assert!(matches!(read("../secret.txt"), Err(LoadError::Outside(_))));
        assert!(matches!(read("deep"), Err(LoadError::NotAFile(_))));
        assert!(matches!(read("none"), Err(LoadError::NotFound(_))));
        std::fs::remove_dir_all(&base).unwrap();
    }
}
