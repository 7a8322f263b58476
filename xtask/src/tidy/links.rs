//! Links of the Markdown pages, and the crates that ARCHITECTURE.md must name.

use std::path::Path;

use super::layers;
use crate::project::{self, files, shown};

/// Every link from a page to a file of the project leads somewhere.
pub(super) fn check() -> Result<Vec<String>, String> {
    let mut found = Vec::new();
    for page in files(&project::root(), "md") {
        let text =
            std::fs::read_to_string(&page).map_err(|error| format!("{}: {error}", shown(&page)))?;
        let folder = page.parent().unwrap_or(Path::new("."));
        for (line, target) in targets(&text) {
            let file = target.split('#').next().unwrap_or_default();
            let outside = target.contains("://") || target.starts_with("mailto:");
            if !outside && !file.is_empty() && !folder.join(file).exists() {
                found.push(format!(
                    "{}:{line} links to {file}, which is not there",
                    shown(&page)
                ));
            }
        }
    }
    Ok(found)
}

/// The targets of `[text](target)` outside fenced blocks, with their lines.
fn targets(text: &str) -> Vec<(usize, String)> {
    let mut found = Vec::new();
    let mut fenced = false;
    for (index, line) in text.lines().enumerate() {
        if line.trim_start().starts_with("```") {
            fenced = !fenced;
        }
        if fenced {
            continue;
        }
        // Code between backticks may look like a link.
        let plain: String = line.split('`').step_by(2).collect::<Vec<_>>().join("`");
        let links = plain
            .split("](")
            .skip(1)
            .filter_map(|rest| rest.split(')').next());
        let target = |link: &str| link.split(' ').next().unwrap_or_default().to_owned();
        found.extend(links.map(|link| (index + 1, target(link))));
    }
    found
}

/// The page that shows the crates shows all of them.
#[allow(clippy::unnecessary_wraps, reason = "rules have one signature")]
pub(super) fn architecture() -> Result<Vec<String>, String> {
    let page = project::root().join("ARCHITECTURE.md");
    let Ok(text) = std::fs::read_to_string(&page) else {
        return Ok(vec!["ARCHITECTURE.md is missing".to_owned()]);
    };
    Ok(unnamed(&text)
        .map(|name| format!("ARCHITECTURE.md does not name {name}"))
        .collect())
}

fn unnamed(text: &str) -> impl Iterator<Item = &'static str> {
    let whole = |name: &str| {
        text.split(|c: char| !c.is_alphanumeric() && c != '-')
            .any(|word| word == name)
    };
    layers::crates().filter(move |name| !whole(name))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn links_outside_code() {
        let text = "See [a](docs/a.md#x) and [b](https://h/b \"t\").\n```\n[c](c.md)\n```\n`[d](d.md)` [e](e.md)";
        let found: Vec<String> = targets(text)
            .into_iter()
            .map(|(line, target)| format!("{line} {target}"))
            .collect();
        assert_eq!(found, ["1 docs/a.md#x", "1 https://h/b", "5 e.md"]);
    }

    #[test]
    fn part_of_a_name_does_not_count() {
        let all = layers::crates().collect::<Vec<_>>().join(" ");
        assert_eq!(unnamed(&all).count(), 0);
        let found: Vec<_> = unnamed(&all.replace("naftiko-expose ", "")).collect();
        assert_eq!(found, ["naftiko-expose"]);
    }
}
