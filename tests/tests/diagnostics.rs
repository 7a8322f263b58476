//! Every finding as a user sees it: `naftiko validate` on the cases of `diagnostics/<code>/`.
//!
//! A case is a file, or a folder whose `main.yaml` is validated. A file `<case>.args` holds further options.

use std::collections::BTreeSet;
use std::path::{Path, PathBuf};

use naftiko_diagnostics::codes;
use naftiko_tests::{command, data};

use crate::snapshot::{assert_same, each};

/// The cases of one code: what to validate, relative to the folder of all.
fn cases(dir: &Path) -> Vec<PathBuf> {
    let mut cases: Vec<PathBuf> = Vec::new();
    for entry in std::fs::read_dir(dir).unwrap() {
        let path = entry.unwrap().path();
        let is_yaml = path
            .extension()
            .is_some_and(|extension| extension == "yaml");
        if path.is_dir() || is_yaml {
            cases.push(path);
        }
    }
    cases.sort();
    cases
}

#[test]
fn every_code_is_shown() {
    let root = data("diagnostics");
    let known: BTreeSet<&str> = codes::all().iter().map(|code| code.id).collect();
    let mut all: Vec<(String, PathBuf)> = Vec::new();
    for code in &known {
        let dir = root.join(code);
        assert!(
            dir.is_dir(),
            "no case shows `{code}`: add one below tests/diagnostics/{code}/"
        );
        let found = cases(&dir);
        assert!(!found.is_empty(), "no case shows `{code}`");
        all.extend(found.into_iter().map(|path| ((*code).to_owned(), path)));
    }
    for entry in std::fs::read_dir(&root).unwrap() {
        let name = entry.unwrap().file_name().to_string_lossy().into_owned();
        assert!(known.contains(name.as_str()), "`{name}` is not a code");
    }
    each(&all, |(code, path)| {
        let case = path.file_stem().unwrap().to_string_lossy().into_owned();
        let spec = if path.is_dir() {
            path.join("main.yaml")
        } else {
            path.clone()
        };
        let spec = spec
            .strip_prefix(&root)
            .unwrap()
            .to_string_lossy()
            .into_owned();
        let options = std::fs::read_to_string(path.with_extension("args")).unwrap_or_default();
        let mut args = vec!["validate", &spec];
        args.extend(options.split_whitespace());
        let ended = command::run(&root, &args, &[]);
        assert!(
            ended.stdout.contains(&format!("[{code}]"))
                || ended.stderr.contains(&format!("[{code}]")),
            "{spec} does not show `{code}`:\n{ended}"
        );
        assert_same(
            &path.with_extension("snap"),
            &format!("$ naftiko {}", args.join(" ")),
            &ended.to_string(),
            &case,
        );
    });
}
