//! Every renderer over the same findings.

use super::*;
use crate::code::Code;
use crate::codes::{duplicate_key, unknown_tag};
use crate::diagnostic::Diagnostic;
use crate::source::FileId;
use crate::span::Span;

static PLAIN: Code = Code {
    id: "plain",
    severity: Severity::Hint,
    docs: "",
};

fn sample() -> (Diagnostics, SourceMap) {
    let mut sources = SourceMap::new();
    let main = sources.add(
        "main.yaml",
        "one: 1\ntwo: 2\nthrée: 3\nfour: 4\nfive: 5\nsix: 6\ntwo: 7\n",
    );
    let other = sources.add("dir/other,a:b.yaml", "first: !x 1\n");
    let mut found = Diagnostics::new();
    found.push(duplicate_key::new(
        "two",
        Span::new(main, 7, 10),
        Span::new(main, 47, 50),
    ));
    found.push(
        unknown_tag::new(Span::new(other, 7, 9), "!x").also(Span::new(main, 14, 20), "used here"),
    );
    found.push(Diagnostic::new(&PLAIN, "No place at all").help("one line\nand 100% more"));
    (found, sources)
}

fn rendered(format: Format) -> String {
    let (found, sources) = sample();
    render(&found, &sources, format, false, 100)
}

#[test]
fn full_shows_source_labels_and_help() {
    let text = rendered(Format::Full);
    let expected = "\
error[duplicate-key]

  × The key `two` occurs twice in one mapping
   ╭─[main.yaml:2:1]
 1 │ one: 1
 2 │ two: 2
   · ─┬─
   ·  ╰── first here
 3 │ thrée: 3
   ╰────
   ╭─[main.yaml:7:1]
 6 │ six: 6
 7 │ two: 7
   · ─┬─
   ·  ╰── again here
   ╰────
  help: remove one of the two or rename it; the first one was read
";
    assert!(text.starts_with(expected), "{text}");
    let other = "\
   ╭─[dir/other,a:b.yaml:1:8]
 1 │ first: !x 1
   ·        ─┬
   ·         ╰── no meaning here
   ╰────
   ╭─[main.yaml:3:1]
";
    assert!(text.contains(other), "{text}");
    assert!(
        text.contains("  help: one line\n        and 100% more\n"),
        "{text}"
    );
    assert!(!text.contains('\u{1b}'), "{text}");
    let (found, sources) = sample();
    assert!(render(&found, &sources, Format::Full, true, 100).contains('\u{1b}'));
}

#[test]
fn concise_has_one_line_each() {
    assert_eq!(
        rendered(Format::Concise),
        "main.yaml:7:1: error[duplicate-key]: The key `two` occurs twice in one mapping (help: remove one of the two \
         or rename it; the first one was read)\n\
         dir/other,a:b.yaml:1:8: warning[unknown-tag]: The tag `!x` is unknown and was ignored (help: remove the tag, \
         or put the value in quotes if it begins with an exclamation mark)\n\
         hint[plain]: No place at all (help: one line and 100% more)\n"
    );
}

#[test]
fn json_is_an_array_of_objects() {
    let value: serde_json::Value = serde_json::from_str(&rendered(Format::Json)).unwrap();
    let first = &value[0];
    assert_eq!(first["code"], "duplicate-key");
    assert_eq!(first["severity"], "error");
    assert_eq!(first["file"], "main.yaml");
    let place = ["line", "column", "endLine", "endColumn"].map(|key| first[key].as_u64().unwrap());
    assert_eq!(place, [7, 1, 7, 4]);
    assert_eq!(first["labels"][0]["primary"], true);
    assert_eq!(first["labels"][1]["text"], "first here");
    assert_eq!(first["labels"][1]["line"], 2);
    assert!(value[2]["file"].is_null() && value[2]["line"].is_null());
    assert_eq!(value[2]["help"], "one line\nand 100% more");
    assert_eq!(
        render(
            &Diagnostics::new(),
            &SourceMap::new(),
            Format::Json,
            false,
            80
        ),
        "[]\n"
    );
}

#[test]
fn github_commands_are_escaped() {
    assert_eq!(
        rendered(Format::Github),
        "::error file=main.yaml,line=7,col=1,endColumn=4,title=duplicate-key::The key `two` occurs twice in one \
         mapping%0Ahelp: remove one of the two or rename it; the first one was read\n\
         ::warning file=dir/other%2Ca%3Ab.yaml,line=1,col=8,endColumn=10,title=unknown-tag::The tag `!x` is unknown \
         and was ignored%0Ahelp: remove the tag, or put the value in quotes if it begins with an exclamation mark\n\
         ::notice title=plain::No place at all%0Ahelp: one line%0Aand 100%25 more\n"
    );
}

#[test]
fn no_control_character_of_a_document_passes() {
    let mut sources = SourceMap::new();
    let text = "a: \u{1b}[2J\u{9b}x\u{202e}\r\nb\u{7}: \u{1b}]0;x\u{7}\n";
    let file = sources.add("ev\u{1b}il\n.yaml", text);
    let mut found = Diagnostics::new();
    found.push(
        Diagnostic::new(&PLAIN, "bad \u{1b}[31m `\r\n::error::x`")
            .at(Span::new(file, 3, 10), "here \u{1b}[0m\nnot there")
            .also(Span::new(file, text.len() - 4, text.len() - 1), "\u{9b}")
            .help("try \u{1b}[1m\u{2028}this\u{7}"),
    );
    for format in Format::ALL {
        let text = render(&found, &sources, format, false, 80);
        assert!(
            !text.chars().any(|c| escape::steers(c) && c != '\n'),
            "{format:?}: {text:?}"
        );
        assert!(text.contains("1b"), "{format:?}: {text}");
        if format == Format::Concise || format == Format::Github {
            assert_eq!(text.lines().count(), 1, "{text}");
        }
    }
}

/// Any span, even one past the end or in the middle of a character, is drawn and not a panic.
#[test]
fn every_span_can_be_drawn() {
    let long = format!("k: {}\r\n\r\n\tx: é\n{}", "ö".repeat(500), "\n\u{1b}end");
    for text in ["", "\n", "a", "é: 日本\n", "\r\n\r\n", long.as_str()] {
        let mut sources = SourceMap::new();
        let file = sources.add("t.yaml", text);
        let step = (text.len() / 40).max(1);
        for start in (0..=text.len() + 2).step_by(step) {
            for end in (start..=text.len() + 3).step_by(step) {
                let mut found = Diagnostics::new();
                let (a, b) = (Span::new(file, start, end), Span::new(file, end / 2, end));
                found.push(
                    Diagnostic::new(&PLAIN, "x")
                        .at(a, "here")
                        .also(b, "there")
                        .also(a, ""),
                );
                let drawn = render(&found, &sources, Format::Full, false, 80);
                assert!(
                    drawn.contains("here") && drawn.contains("there"),
                    "{a:?} {b:?} {drawn}"
                );
                assert!(drawn.lines().all(|l| l.chars().count() < 420), "{drawn}");
            }
        }
    }
}

#[test]
fn findings_of_unknown_files_are_still_said() {
    let mut other = SourceMap::new();
    let file: FileId = other.add("gone.yaml", "x");
    let mut found = Diagnostics::new();
    found.push(Diagnostic::new(&PLAIN, "lost").at(Span::new(file, 0, 1), "here"));
    for format in Format::ALL {
        assert!(render(&found, &SourceMap::new(), format, false, 80).contains("lost"));
    }
}

#[test]
fn the_summary_counts() {
    assert_eq!(summary(&Diagnostics::new()), "no findings");
    assert_eq!(summary(&sample().0), "1 error, 1 warning, 1 hint");
    let mut found = sample().0;
    found.push(Diagnostic::new(&PLAIN, "another").with_severity(Severity::Error));
    assert_eq!(summary(&found), "2 errors, 1 warning, 1 hint");
}

#[test]
fn formats_are_named() {
    for format in Format::ALL {
        assert_eq!(format.as_str().parse(), Ok(format));
    }
    assert!("xml".parse::<Format>().unwrap_err().contains("`concise`"));
}
