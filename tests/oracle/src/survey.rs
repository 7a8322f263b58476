//! A folder of documents, counted: what is a capability, what is sound, and why the rest is not.

use std::collections::BTreeMap;
use std::fmt::Write as _;
use std::path::{Path, PathBuf};

use crate::caller::Fill;
use crate::cases::{Document, Outcome, load};
use crate::load::Verdict;
use crate::response::Answer;

/// The figures of a folder.
#[derive(Debug, Default)]
pub struct Survey {
    /// Files read.
    pub files: usize,
    /// Of them, no YAML.
    pub unreadable: usize,
    /// Of them, YAML that is no capability.
    pub not_capabilities: usize,
    /// Of them, capabilities that expose nothing.
    pub silent: usize,
    /// Of them, capabilities that expose something.
    pub exposing: usize,
    /// Of those, without a broken unit.
    pub sound: usize,
    /// Of those, without any error, not even in what no unit calls.
    pub spotless: usize,
    /// REST operations and tools that are calls.
    pub calls: (usize, usize),
    /// Units that are broken.
    pub broken: usize,
    /// Units that are not judged.
    pub unjudged: usize,
    /// Calls whose answer is not judged.
    pub unknown_answers: usize,
    /// Calls with a doubt.
    pub doubtful: usize,
    /// Code, then how many units and in which documents.
    pub reasons: BTreeMap<&'static str, (usize, Vec<String>)>,
    /// Doubt without its names, then how often and where first.
    pub doubts: BTreeMap<String, (usize, String)>,
}

/// Reads every `.yaml` and `.yml` directly in `folder`, or below it when `deep`.
pub fn survey(folder: &Path, deep: bool) -> Survey {
    let mut found = Survey::default();
    for path in files(folder, deep) {
        found.add(&load(&path));
    }
    found
}

/// The YAML files of a folder, sorted.
pub fn files(folder: &Path, deep: bool) -> Vec<PathBuf> {
    let Ok(entries) = std::fs::read_dir(folder) else {
        return Vec::new();
    };
    let mut paths: Vec<PathBuf> = entries
        .filter_map(|entry| Some(entry.ok()?.path()))
        .collect();
    paths.sort();
    let mut found = Vec::new();
    for path in paths {
        if path.is_dir() {
            if deep {
                found.extend(files(&path, deep));
            }
        } else if path
            .extension()
            .is_some_and(|end| end == "yaml" || end == "yml")
        {
            found.push(path);
        }
    }
    found
}

/// One line for each thing in a document that is broken or in doubt: file, unit, reason.
pub fn listing(path: &Path) -> String {
    let document = load(path);
    let name = path.display();
    let mut out = String::new();
    match &document.verdict {
        Verdict::Exposes | Verdict::ExposesNothing => {}
        other => {
            let _ = writeln!(out, "{name}\t-\t{other:?}");
        }
    }
    for reason in &document.problems {
        let _ = writeln!(out, "{name}\tdocument\t{reason}");
    }
    for reason in document.unused_errors() {
        let _ = writeln!(out, "{name}\tunused\t{reason}");
    }
    for case in document.cases(Fill::All) {
        let unit = case
            .route
            .as_ref()
            .map_or_else(|| format!("tool {}", case.name), Clone::clone);
        if let Outcome::Broken(reason) = &case.outcome {
            let _ = writeln!(out, "{name}\t{unit}\t{reason}");
        }
        for doubt in case.doubts {
            let _ = writeln!(out, "{name}\t{unit}\tdoubt: {doubt}");
        }
    }
    out
}

/// Every case of a document in full, for a person who wonders about one.
pub fn show(path: &Path, fill: Fill) -> String {
    let document = load(path);
    let mut out = format!(
        "{:?}\nvariables {:?}\n",
        document.verdict, document.variables
    );
    for upstream in &document.upstreams {
        let _ = writeln!(out, "{upstream:?}");
    }
    for case in document.cases(fill) {
        let _ = writeln!(
            out,
            "\n{} / {} ({})",
            case.exposer,
            case.name,
            case.call.as_deref().unwrap_or("no call")
        );
        match &case.outcome {
            Outcome::Broken(reason) => {
                let _ = writeln!(out, "  broken    {reason}");
            }
            Outcome::Unjudged(what) => {
                let _ = writeln!(out, "  unjudged  {what}");
            }
            Outcome::Call(call) => {
                let _ = writeln!(
                    out,
                    "  caller    {:?}\n  expected  {:?}\n  answer    {:?}",
                    call.caller, call.expected, call.answer
                );
            }
        }
        for doubt in &case.doubts {
            let _ = writeln!(out, "  doubt     {doubt}");
        }
    }
    out
}

impl Survey {
    fn add(&mut self, document: &Document) {
        self.files += 1;
        let name = document
            .path
            .file_name()
            .map(|name| name.to_string_lossy().into_owned())
            .unwrap_or_default();
        match document.verdict {
            Verdict::Unreadable(_) => self.unreadable += 1,
            Verdict::NotACapability => self.not_capabilities += 1,
            Verdict::ExposesNothing => self.silent += 1,
            Verdict::Exposes => {
                self.exposing += 1;
                self.sound += usize::from(document.units_are_sound());
                self.spotless += usize::from(document.is_spotless());
                self.count(document, &name);
            }
        }
    }

    fn count(&mut self, document: &Document, name: &str) {
        let mut note = |code: &'static str| {
            let entry = self.reasons.entry(code).or_default();
            entry.0 += 1;
            if entry.1.last().is_none_or(|last| last != name) {
                entry.1.push(name.to_owned());
            }
        };
        for reason in document.problems.iter().chain(&document.unused_errors()) {
            note(reason.code);
        }
        for case in document.cases(Fill::All) {
            match &case.outcome {
                Outcome::Broken(reason) => {
                    self.broken += 1;
                    note(reason.code);
                }
                Outcome::Unjudged(_) => self.unjudged += 1,
                Outcome::Call(call) => {
                    let side = if case.route.is_some() {
                        &mut self.calls.0
                    } else {
                        &mut self.calls.1
                    };
                    *side += 1;
                    self.unknown_answers += usize::from(matches!(call.answer, Answer::Unknown(_)));
                    self.doubtful += usize::from(!case.doubts.is_empty());
                }
            }
            for doubt in case.doubts {
                let plain = doubt.split('`').step_by(2).collect::<String>();
                let entry = self
                    .doubts
                    .entry(plain)
                    .or_insert_with(|| (0, format!("{name} {}", case.name)));
                entry.0 += 1;
            }
        }
    }

    /// The figures as text.
    pub fn table(&self) -> String {
        let mut out = String::new();
        let Self {
            files,
            unreadable,
            not_capabilities,
            silent,
            exposing,
            sound,
            spotless,
            broken,
            unjudged,
            ..
        } = self;
        let _ = writeln!(
            out,
            "files {files}: no YAML {unreadable}, no capability {not_capabilities}, exposes nothing {silent}, exposes {exposing}"
        );
        let _ = writeln!(
            out,
            "of the exposing ones: without a broken unit {sound}, without any error {spotless}"
        );
        let _ = writeln!(
            out,
            "calls: REST {}, tools {}; broken units {broken}; not judged {unjudged}",
            self.calls.0, self.calls.1
        );
        let _ = writeln!(
            out,
            "calls with a doubt {}, with an unknown answer {}",
            self.doubtful, self.unknown_answers
        );
        let _ = writeln!(out, "\nbroken, by reason (units, documents, examples)");
        for (code, (units, documents)) in &self.reasons {
            let examples: Vec<&str> = documents.iter().take(3).map(String::as_str).collect();
            let _ = writeln!(
                out,
                "  {code:<32} {units:>5} {:>4}  {}",
                documents.len(),
                examples.join(" ")
            );
        }
        let _ = writeln!(out, "\ndoubts (units, first)");
        for (doubt, (units, first)) in &self.doubts {
            let _ = writeln!(out, "  {units:>5}  {doubt}  ({first})");
        }
        out
    }
}
