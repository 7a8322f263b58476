//! What is said about documents that are not as they should be: one file under `yaml/` for each kind of mistake, its
//! findings beside it.

use std::fmt::Write as _;
use std::path::{Path, PathBuf};

use naftiko_diagnostics::render::{Format, render, summary};
use naftiko_diagnostics::{Diagnostics, SourceMap};
use naftiko_spec::yaml::{Limits, parse};

#[test]
fn findings_are_as_recorded() {
    insta::glob!("yaml/*.yaml", |path| {
        let text = std::fs::read_to_string(path).unwrap();
        let name = path.file_name().unwrap().to_string_lossy().into_owned();
        let mut sources = SourceMap::new();
        let file = sources.add(name, text.as_str());
        let mut out = Diagnostics::new();
        let node = parse(file, &text, &Limits::default(), &mut out);
        assert!(!out.is_empty(), "{} has no mistake", path.display());
        let mut shown = render(&out, &sources, Format::Full, false, 110);
        let tree = node.map_or_else(|| String::from("no tree"), |n| n.to_json().to_string());
        write!(shown, "{}\n{tree}", summary(&out)).unwrap();
        insta::with_settings!({ omit_expression => true, prepend_module_to_snapshot => false }, {
            insta::assert_snapshot!(shown);
        });
    });
}

/// Reads every published document: YAML that others can read must be read.
#[test]
#[ignore = "needs ../shared"]
fn the_catalogue_is_read() {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../../shared");
    let mut files: Vec<PathBuf> = Vec::new();
    let mut folders = vec![root.join("catalog"), root.join("catalog-imports")];
    while let Some(folder) = folders.pop() {
        for entry in std::fs::read_dir(folder).unwrap() {
            let path = entry.unwrap().path();
            if path.is_dir() {
                folders.push(path);
            } else if path.extension().is_some_and(|e| e == "yaml" || e == "yml") {
                files.push(path);
            }
        }
    }
    files.sort();
    let (mut clean, mut mended, mut refused) = (0, 0, 0);
    for path in &files {
        let text = std::fs::read_to_string(path).unwrap();
        let mut sources = SourceMap::new();
        let file = sources.add(path.file_name().unwrap().to_string_lossy(), text.as_str());
        let mut out = Diagnostics::new();
        let node = parse(file, &text, &Limits::default(), &mut out);
        match node {
            Some(_) if out.is_empty() => clean += 1,
            Some(_) => mended += 1,
            None => refused += 1,
        }
        print!("{}", render(&out, &sources, Format::Concise, false, 100));
    }
    println!(
        "{} documents: {clean} clean, {mended} with findings, {refused} refused",
        files.len()
    );
    assert!(clean > 0, "nothing was read");
    assert!(refused * 20 < files.len(), "too many are refused");
}
