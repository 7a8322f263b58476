//! What the published schema of the declared version does not allow, as findings.

use std::collections::BTreeMap;

use naftiko_diagnostics::{Diagnostic, Diagnostics, Severity, SourceMap, Span, codes};
use naftiko_schema::{Deviation, DeviationKind, Dialect, Segment};
use naftiko_spec::Document;
use naftiko_spec::yaml::{Node, NodeKind};

/// How many further places of one deviation are listed; more are counted.
const SHOWN: usize = 10;

/// Adds what the schema of the document's version says. The same deviation at many places is one finding. What was
/// found at a place already is not told again, unless `strict` makes every deviation an error. No schema knows the kinds
/// that a program brings, so that nothing is said of the places in `foreign`.
pub(crate) fn add(
    document: &Document,
    foreign: &[Span],
    strict: bool,
    sources: &SourceMap,
    found: &mut Diagnostics,
) {
    if !document.version_known {
        if strict {
            let raised: Vec<_> = std::mem::take(found)
                .into_iter()
                .map(|finding| {
                    if *finding.code == codes::unknown_version::CODE {
                        finding.with_severity(Severity::Error)
                    } else {
                        finding
                    }
                })
                .collect();
            found.extend(raised);
        }
        return;
    }
    let version = document.dialect.version();
    let family = document.dialect.family().root_key();
    let Some(dialect) = Dialect::from_root(family, version) else {
        return;
    };
    let mut groups: BTreeMap<(String, Option<String>), Vec<Span>> = BTreeMap::new();
    for deviation in naftiko_schema::deviations(dialect, &document.root.to_json()) {
        let place = Place::of(&document.root, &deviation);
        let span = place.span;
        if foreign.iter().any(|foreign| foreign.contains(span)) {
            continue;
        }
        if strict || !told(&deviation, &place, found) {
            groups
                .entry((deviation.message, deviation.help))
                .or_default()
                .push(span);
        }
    }
    for ((message, help), mut spans) in groups {
        spans.sort_unstable();
        spans.dedup();
        let Some((first, rest)) = spans.split_first() else {
            continue;
        };
        let message = match rest.len() {
            0 => message,
            more => format!(
                "{message}, here and at {more} more place{}",
                if more == 1 { "" } else { "s" }
            ),
        };
        let lines: Vec<String> = rest
            .iter()
            .take(SHOWN)
            .filter_map(|span| line(sources, *span))
            .collect();
        let more = rest.len().saturating_sub(SHOWN);
        let elsewhere = (!lines.is_empty()).then(|| match more {
            0 => format!("also at line {}", lines.join(", ")),
            more => format!("also at line {} and {more} more", lines.join(", ")),
        });
        let help: Vec<String> = help.into_iter().chain(elsewhere).collect();
        let help = (!help.is_empty()).then(|| help.join("; "));
        let finding = codes::dialect_deviation::new(*first, version, &message, help);
        found.extend([if strict {
            finding.with_severity(Severity::Error)
        } else {
            finding
        }]);
    }
}

fn line(sources: &SourceMap, span: Span) -> Option<String> {
    Some(
        sources
            .get(span.file)?
            .position(span.start as usize)
            .line
            .to_string(),
    )
}

/// Whether what was found already says the same in better words.
fn told(deviation: &Deviation, place: &Place, found: &Diagnostics) -> bool {
    let at = |finding: &Diagnostic| finding.primary.as_ref().map(|label| label.span);
    // A key that is missing under its name here may stand there under that of another version.
    let name = deviation.message.split('`').nth(1);
    let named = |finding: &Diagnostic| {
        let quoted = finding.message.split('`').skip(1).step_by(2);
        let about = [
            &codes::missing_key::CODE,
            &codes::other_dialect::CODE,
            &codes::authentication_spelling::CODE,
            &codes::unknown_key::CODE,
        ];
        about.contains(&finding.code) && quoted.into_iter().any(|word| Some(word) == name)
    };
    found.iter().any(|finding| {
        let Some(span) = at(finding) else {
            return false;
        };
        match deviation.kind {
            DeviationKind::MissingKey => {
                span == place.span || (place.node.contains(span) && named(finding))
            }
            DeviationKind::WrongType if *finding.code == codes::other_dialect::CODE => {
                place.node.contains(span) && span.start == place.node.start
            }
            _ => span == place.span || span == place.node,
        }
    })
}

/// Where a deviation is: the place to show, and the whole node that it is about.
struct Place {
    span: Span,
    node: Span,
}

impl Place {
    /// The key when it is what deviates, or when what it holds may be long; else the value.
    fn of(root: &Node, deviation: &Deviation) -> Self {
        let about_key = matches!(
            deviation.kind,
            DeviationKind::UnknownKey | DeviationKind::BadName
        );
        let mut node = root;
        let mut span = first_line(root);
        for segment in &deviation.path {
            match (segment, &node.kind) {
                (Segment::Key(name), NodeKind::Mapping(_)) => {
                    let Some(entry) = node.entry(name) else {
                        break;
                    };
                    span = match entry.value.kind {
                        NodeKind::Mapping(_) | NodeKind::Sequence(_) => entry.key.span,
                        _ if about_key => entry.key.span,
                        _ => entry.value.span,
                    };
                    node = &entry.value;
                }
                (Segment::Index(index), NodeKind::Sequence(list)) => {
                    let Some(item) = list.get(*index) else {
                        break;
                    };
                    span = first_line(item);
                    node = item;
                }
                _ => break,
            }
        }
        Self {
            span,
            node: node.span,
        }
    }
}

/// The beginning of a node: its first key, or itself when it is a scalar.
fn first_line(node: &Node) -> Span {
    match &node.kind {
        NodeKind::Mapping(entries) => entries.first().map_or(node.span, |entry| entry.key.span),
        _ => node.span,
    }
}
