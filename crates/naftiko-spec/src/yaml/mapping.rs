//! What a mapping becomes when it is closed: templates without quotes, keys, merge keys, keys written twice.

use std::collections::hash_map::Entry as Slot;
use std::collections::{HashMap, HashSet};

use naftiko_diagnostics::codes::{complex_key, duplicate_key, invalid_merge, unquoted_template};
use naftiko_diagnostics::{Diagnostic, Span, Spanned};

use super::node::{Entry, Node, NodeKind, Style};
use super::source::Source;

/// The mapping at `span` with `items`, keys and values in turn.
pub(super) fn close(
    source: &Source<'_>,
    span: Span,
    style: Style,
    items: Vec<Node>,
    out: &mut Vec<Diagnostic>,
) -> Node {
    if is_template(source, span, &items) {
        let text = source.original(span);
        out.push(unquoted_template::new(span, text));
        return Node::new(span, NodeKind::String(text.to_owned()), Style::Plain);
    }
    let mut written: HashMap<String, Span> = HashMap::new();
    let mut entries: Vec<Entry> = Vec::with_capacity(items.len() / 2);
    let mut merge: Option<(Span, usize, Node)> = None;
    let mut items = items.into_iter();
    while let (Some(key), Some(value)) = (items.next(), items.next()) {
        if key.style == Style::Plain && key.as_str() == Some("<<") {
            match &merge {
                Some((first, ..)) => out.push(duplicate_key::merge(*first, key.span)),
                None => merge = Some((key.span, entries.len(), value)),
            }
            continue;
        }
        // A mapping as a key inside braces is judged with the mapping around it: it may be half a template.
        let key = key_text(source, span, key, out);
        match written.entry(key.value.clone()) {
            Slot::Occupied(first) => {
                out.push(duplicate_key::new(&key.value, *first.get(), key.span));
            }
            Slot::Vacant(slot) => {
                slot.insert(key.span);
                entries.push(Entry { key, value });
            }
        }
    }
    if let Some((_, at, value)) = merge {
        let merged = merged(value, &written, out);
        entries.splice(at..at, merged);
    }
    Node::new(span, NodeKind::Mapping(entries.into()), style)
}

/// Whether braces at the start of a value were meant as a template: `{{x}}` is a mapping whose key is a mapping.
fn is_template(source: &Source<'_>, span: Span, items: &[Node]) -> bool {
    let text = source.original(span);
    let [key, value] = items else { return false };
    text.starts_with("{{")
        && text.ends_with("}}")
        && matches!(key.kind, NodeKind::Mapping(_))
        && key.style == Style::Flow
        && value.is_null()
}

fn key_text(
    source: &Source<'_>,
    map: Span,
    key: Node,
    out: &mut Vec<Diagnostic>,
) -> Spanned<String> {
    let used = key.alias.unwrap_or(key.span);
    let text = match key.kind {
        NodeKind::String(text) => text,
        NodeKind::Sequence(_) | NodeKind::Mapping(_) => {
            out.push(complex_key::new(used, key.kind_name()));
            source.original(key.span).to_owned()
        }
        // `? ` or `: value` without a key.
        NodeKind::Null if key.span.start == key.span.end => {
            out.push(complex_key::missing(if used == key.span {
                used
            } else {
                map
            }));
            String::new()
        }
        _ => source.original(key.span).to_owned(),
    };
    Spanned::new(text, used)
}

/// The entries that a merge key brings: of several mappings the earlier wins, a key that is written out wins over all.
fn merged(value: Node, written: &HashMap<String, Span>, out: &mut Vec<Diagnostic>) -> Vec<Entry> {
    let sources = match value.kind {
        NodeKind::Sequence(items) => {
            let used = value.alias;
            items
                .iter()
                .cloned()
                .map(|mut item| {
                    item.alias = item.alias.or(used);
                    item
                })
                .collect()
        }
        _ => vec![value],
    };
    let mut taken: HashSet<String> = HashSet::new();
    let mut entries = Vec::new();
    for source in sources {
        let (used, alias, name) = (
            source.alias.unwrap_or(source.span),
            source.alias,
            source.kind_name(),
        );
        let NodeKind::Mapping(found) = source.kind else {
            out.push(invalid_merge::new(used, name));
            continue;
        };
        for mut entry in found.iter().cloned() {
            if written.contains_key(&entry.key.value) || !taken.insert(entry.key.value.clone()) {
                continue;
            }
            entry.value.alias = entry.value.alias.or(alias);
            entries.push(entry);
        }
    }
    entries
}
