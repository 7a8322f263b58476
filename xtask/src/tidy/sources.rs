//! Rules about source files: how they open, how long they are, which words they know.

use std::path::Path;

use crate::project::{self, files, shown};

/// Lines that a file of a crate may have.
const MOST: usize = 500;
/// Lines from which a file is listed as long.
pub(super) const LONG: usize = 400;

/// Words that a part of the project must not know, whatever their case.
struct Words {
    /// The folder.
    below: &'static str,
    /// What it must not say.
    forbidden: &'static [&'static str],
    /// Whether only whole words count, and only outside comments and texts.
    identifiers: bool,
    /// Why.
    because: &'static str,
}

const WORDS: &[Words] = &[
    Words {
        below: "crates",
        forbidden: &["tiktok"],
        identifiers: false,
        because: "the crates run any capability and know none",
    },
    Words {
        below: "crates/naftiko-engine/src",
        forbidden: &["rest", "mcp", "tool", "tools"],
        identifiers: true,
        because: "the engine does not know who calls it",
    },
];

/// Every source file opens by saying what it is about.
pub(super) fn openings() -> Result<Vec<String>, String> {
    let mut found = Vec::new();
    for (path, text) in sources(&project::root())? {
        if !opens_well(&text) {
            found.push(format!("{path} does not open with a `//!` paragraph"));
        }
    }
    Ok(found)
}

fn opens_well(text: &str) -> bool {
    text.strip_prefix("//!")
        .and_then(|rest| rest.lines().next())
        .is_some_and(|line| !line.trim().is_empty())
}

/// No file of a crate is too long to be read.
pub(super) fn lengths() -> Result<Vec<String>, String> {
    Ok(longer_than(MOST)?
        .into_iter()
        .map(|line| format!("{line}, at most {MOST}"))
        .collect())
}

/// Files that may soon be.
pub(super) fn nearly_too_long() -> Vec<String> {
    longer_than(LONG).unwrap_or_default()
}

fn longer_than(most: usize) -> Result<Vec<String>, String> {
    let mut found = Vec::new();
    for (path, text) in sources(&project::root().join("crates"))? {
        let lines = text.lines().count();
        if lines > most && path.contains("/src/") {
            found.push(format!("{path} has {lines} lines"));
        }
    }
    Ok(found)
}

/// No part knows a word of the outside.
pub(super) fn words() -> Result<Vec<String>, String> {
    let mut found = Vec::new();
    for rule in WORDS {
        for (path, text) in sources(&project::root().join(rule.below))? {
            for (index, line) in text.lines().enumerate() {
                if let Some(word) = known(line, rule) {
                    found.push(format!(
                        "{path}:{} says `{word}`, but {}",
                        index + 1,
                        rule.because
                    ));
                }
            }
        }
    }
    Ok(found)
}

fn known(line: &str, rule: &Words) -> Option<&'static str> {
    let words = rule.forbidden.iter().copied();
    if !rule.identifiers {
        let line = line.to_lowercase();
        return words.into_iter().find(|word| line.contains(word));
    }
    let code = without_prose(line);
    let identifiers = code.split(|c: char| !c.is_alphanumeric() && c != '_');
    // A lone `rest` is what everybody calls the remainder of a text.
    let parts: Vec<String> = identifiers
        .filter(|name| *name != "rest")
        .flat_map(parts)
        .collect();
    words
        .into_iter()
        .find(|word| parts.iter().any(|part| part == word))
}

/// The words of an identifier: `list_tools` and `ListTools` are `list` and `tools`.
fn parts(identifier: &str) -> Vec<String> {
    let mut found: Vec<String> = Vec::new();
    let mut lower = false;
    for c in identifier.chars() {
        let begins = c.is_uppercase() && lower;
        lower = c.is_lowercase();
        match found.last_mut() {
            Some(part) if c != '_' && !begins => part.extend(c.to_lowercase()),
            _ if c == '_' => found.push(String::new()),
            _ => found.push(c.to_lowercase().collect()),
        }
    }
    found
}

/// A line of code without its comment and without the texts in it.
fn without_prose(line: &str) -> String {
    let mut code = String::new();
    let mut in_text = false;
    let mut rest = line.chars().peekable();
    while let Some(c) = rest.next() {
        match c {
            '\\' if in_text => {
                rest.next();
            }
            '"' => in_text = !in_text,
            '/' if !in_text && rest.peek() == Some(&'/') => break,
            other if !in_text => code.push(other),
            _ => {}
        }
    }
    code
}

fn sources(folder: &Path) -> Result<Vec<(String, String)>, String> {
    let found = files(folder, "rs");
    if found.is_empty() {
        return Err(format!("{} has no sources", shown(folder)));
    }
    found
        .into_iter()
        .map(|path| {
            let text = std::fs::read_to_string(&path)
                .map_err(|error| format!("{}: {error}", shown(&path)))?;
            Ok((shown(&path), text))
        })
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn openings_say_something() {
        assert!(opens_well("//! A thing.\n\nfn main() {}"));
        for text in [
            "",
            "fn main() {}",
            "//!\n//! Late.",
            "// A comment.",
            "\n//! A thing.",
        ] {
            assert!(!opens_well(text), "{text:?}");
        }
    }

    #[test]
    fn words_are_found_in_code_only() {
        let rule = &WORDS[1];
        for line in [
            "fn rest_call() {}",
            "let list_tools = 1;",
            "Kind::Rest => {}",
            "McpCall",
            "x.tool",
        ] {
            assert!(known(line, rule).is_some(), "{line}");
        }
        for line in [
            "/// REST and MCP callers",
            "let x = 1; // the rest",
            "\"a tool\"",
            "let restore = toolbox;",
            "let rest = text;",
        ] {
            assert!(known(line, rule).is_none(), "{line}");
        }
        let everywhere = &WORDS[0];
        assert!(known("// TikTok", everywhere).is_some());
    }
}
