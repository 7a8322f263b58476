//! Files, sockets, the environment and the process are reached in few places, each behind a trait or at the edge.
//!
//! Clippy's lists of disallowed methods know no crates, so they would need an exception in every file that may.

use std::path::Path;

use crate::project::{self, files, shown};

/// A part of the world.
struct Door {
    /// How code says it.
    says: &'static [&'static str],
    /// The crates that may.
    open_to: &'static [&'static str],
    /// Where everybody else asks.
    instead: &'static str,
}

const DOORS: &[Door] = &[
    Door {
        says: &["std::fs", "tokio::fs", "fs::read", "File::open"],
        open_to: &["naftiko-imports", "naftiko-cli"],
        instead: "files are read through the loaders of naftiko-imports",
    },
    Door {
        says: &["env::var", "env::vars", "env::current_dir", "env::args"],
        open_to: &["naftiko-bindings", "naftiko-imports", "naftiko-cli"],
        instead: "variables come from an `Environment` of naftiko-bindings",
    },
    Door {
        says: &["TcpListener", "UdpSocket", "UnixStream"],
        open_to: &["naftiko-host", "naftiko-sandbox"],
        instead: "naftiko-host owns the sockets that others reach",
    },
    Door {
        says: &["TcpStream"],
        open_to: &["naftiko-host", "naftiko-sandbox", "naftiko-consume-http"],
        instead: "naftiko-host owns the sockets that others reach, naftiko-consume-http those that reach others",
    },
    Door {
        says: &["process::Command", "process::exit", "process::abort"],
        open_to: &["naftiko-cli"],
        instead: "only the command ends or starts a process",
    },
];

pub(super) fn check() -> Result<Vec<String>, String> {
    let mut found = Vec::new();
    for path in files(&project::root().join("crates"), "rs") {
        let name = shown(&path);
        let parts: Vec<&str> = name.split('/').collect();
        let ["crates", owner, "src", rest @ ..] = parts.as_slice() else {
            continue;
        };
        if rest.iter().any(|part| part.starts_with("tests")) {
            continue;
        }
        let text = read(&path)?;
        found.extend(
            used(owner, &text)
                .into_iter()
                .map(|(line, says)| format!("{name}:{line} {says}")),
        );
    }
    Ok(found)
}

fn read(path: &Path) -> Result<String, String> {
    std::fs::read_to_string(path).map_err(|error| format!("{}: {error}", shown(path)))
}

/// The uses of closed doors, with their lines. What follows `#[cfg(test)]` at the end of a file is tests.
fn used(owner: &str, text: &str) -> Vec<(usize, String)> {
    let code = text.split("\n#[cfg(test)]\nmod ").next().unwrap_or(text);
    let mut found = Vec::new();
    for (index, line) in code
        .lines()
        .enumerate()
        .filter(|(_, line)| !line.trim_start().starts_with("//"))
    {
        for door in DOORS.iter().filter(|door| !door.open_to.contains(&owner)) {
            if let Some(says) = door.says.iter().find(|says| line.contains(*says)) {
                found.push((index + 1, format!("uses `{says}`, but {}", door.instead)));
            }
        }
    }
    found
}

#[cfg(test)]
mod tests {
    use super::used;

    #[test]
    fn doors_are_open_to_their_crates_only() {
        let text = "//! std::fs\nfn a() { std::fs::read(\"x\"); }\n#[cfg(test)]\nmod tests { use std::fs; }\n";
        assert!(used("naftiko-imports", text).is_empty());
        let found = used("naftiko-plan", text);
        assert_eq!(found.len(), 1);
        assert_eq!(found[0].0, 2);
        assert_eq!(
            used("naftiko-plan", "let x = std::env::var(\"A\");").len(),
            1
        );
        assert_eq!(
            used("naftiko-engine", "use tokio::net::TcpStream;").len(),
            1
        );
    }
}
