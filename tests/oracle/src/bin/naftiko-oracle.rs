//! Prints what the oracle makes of a folder of documents: `naftiko-oracle FOLDER [--deep] [--list]`,
//! or every case of one document: `naftiko-oracle FILE`.

use std::io::Write as _;
use std::path::Path;
use std::process::ExitCode;

fn main() -> ExitCode {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    let deep = arguments.iter().any(|argument| argument == "--deep");
    let Some(folder) = arguments
        .iter()
        .find(|argument| !argument.starts_with("--"))
    else {
        return ExitCode::from(2);
    };
    let mut out = std::io::stdout().lock();
    if Path::new(folder).is_file() {
        let text = naftiko_oracle::show(Path::new(folder), naftiko_oracle::Fill::All);
        return if out.write_all(text.as_bytes()).is_ok() {
            ExitCode::SUCCESS
        } else {
            ExitCode::from(2)
        };
    }
    if arguments.iter().any(|argument| argument == "--list") {
        let lines = naftiko_oracle::files(Path::new(folder), deep)
            .iter()
            .map(|path| naftiko_oracle::listing(path))
            .collect::<String>();
        return if out.write_all(lines.as_bytes()).is_ok() {
            ExitCode::SUCCESS
        } else {
            ExitCode::from(2)
        };
    }
    let found = naftiko_oracle::survey(Path::new(folder), deep);
    if out.write_all(found.table().as_bytes()).is_err() || found.files == 0 {
        return ExitCode::from(2);
    }
    ExitCode::SUCCESS
}
