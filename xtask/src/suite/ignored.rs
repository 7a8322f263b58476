//! The tests that are left out of a plain run, and what each needs: read from the sources, which alone say it.

use std::path::Path;

use crate::project::{files, shown};

/// What a test needs.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Need {
    /// The folder `../shared`.
    Shared,
    /// A Python with the packages of `tests/mcp/requirements.txt`.
    Python,
    /// A Node with the packages of `tests/mcp/package.json`.
    Node,
    /// Many minutes, and `../shared`.
    Time,
}

impl Need {
    /// The words of the marker.
    pub(super) fn words(self) -> &'static str {
        match self {
            Self::Shared => "needs ../shared",
            Self::Python => "needs Python",
            Self::Node => "needs Node",
            Self::Time => "needs many minutes",
        }
    }

    fn parse(reason: &str) -> Option<Self> {
        let needs = reason.strip_prefix("needs ")?;
        if needs.contains("many minutes") {
            Some(Self::Time)
        } else if needs.contains("Node") {
            Some(Self::Node)
        } else if needs.contains("Python") {
            Some(Self::Python)
        } else {
            (needs == "../shared").then_some(Self::Shared)
        }
    }
}

/// One such test.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct Test {
    pub(super) file: String,
    /// Its function's name.
    pub(super) name: String,
    pub(super) need: Need,
}

/// All of them. A marker with other words (a test that another one starts) is nobody's business here, unless it
/// begins with `needs`.
///
/// # Errors
/// A need that nobody knows how to meet.
pub(super) fn find(root: &Path) -> Result<Vec<Test>, String> {
    let mut found = Vec::new();
    for path in files(root, "rs") {
        let text =
            std::fs::read_to_string(&path).map_err(|error| format!("{}: {error}", shown(&path)))?;
        found.extend(of(&shown(&path), &text)?);
    }
    Ok(found)
}

fn of(file: &str, text: &str) -> Result<Vec<Test>, String> {
    let mut found = Vec::new();
    let mut lines = text.lines().map(str::trim);
    while let Some(line) = lines.next() {
        let Some(reason) = line
            .strip_prefix("#[ignore = \"")
            .and_then(|rest| rest.strip_suffix("\"]"))
        else {
            continue;
        };
        if !reason.starts_with("needs ") {
            continue;
        }
        let need = Need::parse(reason)
            .ok_or_else(|| format!("{file}: nobody knows how to meet `{reason}`"))?;
        let name = lines.find_map(|line| {
            let rest = line
                .strip_prefix("async ")
                .unwrap_or(line)
                .strip_prefix("fn ")?;
            rest.split('(').next()
        });
        let name = name.ok_or_else(|| format!("{file}: `{reason}` stands above no test"))?;
        found.push(Test {
            file: file.to_owned(),
            name: name.to_owned(),
            need,
        });
    }
    Ok(found)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn markers_are_read() {
        let text = "#[test]\n#[ignore = \"needs ../shared\"]\nfn a() {}\n#[ignore = \"needs Node\"]\n#[tokio::test]\nasync fn b() {}\n#[ignore = \"runs elsewhere\"]\nfn c() {}\n#[ignore = \"needs ../shared, and many minutes\"]\nfn d() {}";
        let found: Vec<(String, Need)> = of("f", text)
            .unwrap()
            .into_iter()
            .map(|test| (test.name, test.need))
            .collect();
        let wanted = [("a", Need::Shared), ("b", Need::Node), ("d", Need::Time)];
        assert_eq!(found, wanted.map(|(name, need)| (name.to_owned(), need)));
        assert!(of("f", "#[ignore = \"needs a moon\"]\nfn a() {}").is_err());
        assert!(of("f", "#[ignore = \"needs Node\"]").is_err());
    }
}
