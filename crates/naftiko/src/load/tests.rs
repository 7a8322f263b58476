//! Documents that come from memory, with the files that they name.

use naftiko_diagnostics::render::Format;

use super::*;
use crate::Kinds;
use crate::call::tests::{TEXT, Units};

/// The consumed API of [`TEXT`] in a file of its own.
fn files() -> MemoryLoader {
    let (head, exposes) = TEXT.split_once("  exposes:").unwrap();
    let (_, client) = head.split_once("    - namespace: books\n").unwrap();
    let shared = format!(
        "naftiko: \"1.0.0-alpha2\"\nconsumes:\n    - namespace: books\n{}",
        client.replace("type: memory", "type: http")
    );
    let importing = format!(
        "naftiko: \"1.0.0-alpha2\"\ncapability:\n  consumes:\n    - {{import: books, location: \
         ./shared/books.yaml}}\n  exposes:{exposes}"
    );
    MemoryLoader::new()
        .with("docs/shop.naftiko.yaml", importing)
        .with("docs/shared/books.yaml", shared)
}

#[test]
fn imports_come_from_memory_too() {
    let mut made = Kinds::new().exposer(Units).loader();
    made.options.upstream_kinds = vec!["http".to_owned()];
    let loaded = made
        .load_from("docs/shop.naftiko.yaml", Arc::new(files()))
        .unwrap();
    assert_eq!(loaded.name, "shop");
    assert_eq!(loaded.imported, [PathBuf::from("docs/shared/books.yaml")]);
    assert_eq!(loaded.sound(), 4, "{}", loaded.report(Format::Concise));
}

#[test]
fn a_document_that_is_not_there_is_told() {
    let loader = Kinds::new().loader();
    let error = loader
        .load_from("docs/shop.yaml", Arc::new(files()))
        .unwrap_err();
    assert_eq!(error.to_string(), "there is no file `docs/shop.yaml`");
    let error = loader.load(Path::new("no/such/file.yaml")).unwrap_err();
    assert!(
        error.to_string().starts_with("there is no file `"),
        "{error}"
    );
}

#[test]
fn text_names_no_file() {
    let importing = "naftiko: \"1.0.0-alpha2\"\ncapability:\n  consumes:\n    - {import: books, location: ./b.yaml}\n";
    let report = Kinds::new()
        .load_text("a.yaml", importing)
        .report(Format::Concise);
    assert!(
        report.contains("a.yaml:4:") && report.contains("import-unreadable"),
        "{report}"
    );
}
