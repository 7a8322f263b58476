//! The snippets of `docs/embedding.md` are parts of the examples, so all of them are compiled and run.
//!
//! Before each snippet stands `<!-- FILE#REGION -->`, or `<!-- FILE -->` for a whole file, seen from `examples/`; in the
//! file the region stands between `// [REGION]` and `// [/REGION]`.

#![allow(
    clippy::unwrap_used,
    clippy::panic,
    reason = "all of this file is a test"
)]

use std::path::{Path, PathBuf};

fn root() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../..")
}

/// The lines between the marks of a region, without its marks and those of regions inside, without common indentation.
fn region(text: &str, name: &str) -> Option<String> {
    let mark = |line: &str, mark: String| line.trim() == mark;
    let lines: Vec<&str> = text
        .lines()
        .skip_while(|line| !mark(line, format!("// [{name}]")))
        .skip(1)
        .take_while(|line| !mark(line, format!("// [/{name}]")))
        .filter(|line| !line.trim().starts_with("// ["))
        .collect();
    let indentation = lines
        .iter()
        .filter(|line| !line.trim().is_empty())
        .map(|line| line.len() - line.trim_start().len())
        .min()?;
    let cut = |line: &&str| line.get(indentation..).unwrap_or_default().to_owned();
    Some(lines.iter().map(cut).collect::<Vec<_>>().join("\n"))
}

/// Every fenced snippet in Rust or YAML with the comment before it.
fn snippets(page: &str) -> Vec<(Option<&str>, String)> {
    let mut found = Vec::new();
    let mut comment = None;
    let mut lines = page.lines();
    while let Some(line) = lines.next() {
        if let Some(inside) = line
            .strip_prefix("<!-- ")
            .and_then(|rest| rest.strip_suffix(" -->"))
        {
            comment = Some(inside);
            continue;
        }
        if let Some(language) = line.strip_prefix("```") {
            let body: Vec<&str> = lines.by_ref().take_while(|line| *line != "```").collect();
            if ["rust", "yaml"].contains(&language) {
                found.push((comment, body.join("\n")));
            }
        }
        if !line.is_empty() {
            comment = None;
        }
    }
    found
}

#[test]
fn the_page_shows_what_the_examples_do() {
    let page = std::fs::read_to_string(root().join("docs/embedding.md")).unwrap();
    let snippets = snippets(&page);
    assert!(
        snippets.len() >= 10,
        "{} snippets were found",
        snippets.len()
    );
    for (source, shown) in snippets {
        let source = source.unwrap_or_else(|| panic!("nothing says where this is from:\n{shown}"));
        let (file, name) = match source.split_once('#') {
            Some((file, name)) => (file, Some(name)),
            None => (source, None),
        };
        let text = std::fs::read_to_string(root().join("examples").join(file)).unwrap();
        let actual = match name {
            Some(name) => region(&text, name).unwrap_or_else(|| panic!("there is no {source}")),
            None => text.trim_end().to_owned(),
        };
        assert_eq!(shown, actual, "{source} is not what the page shows");
    }
}

#[test]
fn regions_lose_their_indentation_and_marks() {
    let text = "x\n  // [a]\n  one\n  // [b]\n    two\n  // [/b]\n\n  // [/a]\ny\n";
    assert_eq!(region(text, "a").unwrap(), "one\n  two\n");
    assert_eq!(region(text, "b").unwrap(), "two");
    assert_eq!(region(text, "c"), None);
}
