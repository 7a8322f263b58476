//! `.env` files: `KEY=value` lines.

use std::collections::BTreeMap;

/// Reads `KEY=value` lines. Blank lines and `#` comments are skipped, `export ` before a key is ignored, a value may
/// stand in single or double quotes; inside double quotes `\n`, `\"` and `\\` are escapes.
///
/// # Errors
/// The number of the first line that is none of these, counted from 1.
pub fn parse(text: &str) -> Result<BTreeMap<String, String>, usize> {
    let mut values = BTreeMap::new();
    for (index, line) in text.lines().enumerate() {
        let line = line.trim();
        if line.is_empty() || line.starts_with('#') {
            continue;
        }
        let line = line.strip_prefix("export ").unwrap_or(line);
        let (key, value) = line.split_once('=').ok_or(index + 1)?;
        let key = key.trim();
        if key.is_empty() || key.contains(char::is_whitespace) {
            return Err(index + 1);
        }
        values.insert(key.to_owned(), unquote(value.trim()).ok_or(index + 1)?);
    }
    Ok(values)
}

fn unquote(value: &str) -> Option<String> {
    if let Some(rest) = value.strip_prefix('\'') {
        return rest.split_once('\'').map(|(inside, _)| inside.to_owned());
    }
    let Some(rest) = value.strip_prefix('"') else {
        let end = value.find(" #").unwrap_or(value.len());
        return value.get(..end).map(|text| text.trim_end().to_owned());
    };
    let mut result = String::new();
    let mut chars = rest.chars();
    loop {
        match chars.next()? {
            '"' => return Some(result),
            '\\' => match chars.next()? {
                'n' => result.push('\n'),
                't' => result.push('\t'),
                other => result.push(other),
            },
            other => result.push(other),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn lines_are_read_as_shells_write_them() {
        let text =
            "# keys\nexport A=1\nB = two words # note\n\nC='q # q'\nD=\"x\\n\\\"y\\\"\"\nE=\n";
        let values = parse(text).unwrap();
        let get = |key: &str| values[key].as_str();
        assert_eq!((get("A"), get("B"), get("C")), ("1", "two words", "q # q"));
        assert_eq!((get("D"), get("E")), ("x\n\"y\"", ""));
    }

    #[test]
    fn a_bad_line_is_named() {
        assert_eq!(parse("A=1\nnonsense\n"), Err(2));
        assert_eq!(parse("A=\"open\n"), Err(1));
    }
}
