//! The cases: who is asked what, and what naftiko has to reach.

use std::fmt::Write as _;
use std::path::PathBuf;

use crate::project;

use super::call::{Call, Era};
use super::nginx;
use super::peers::{Peer, Ports};
use super::programs::Programs;
use super::report::Target;
use super::subject::{Subject, free_port};

/// One case. The first subject is ours.
#[derive(Debug)]
pub(crate) struct Case {
    pub(crate) title: String,
    pub(crate) about: &'static str,
    pub(crate) subjects: Vec<Subject>,
    pub(crate) targets: Vec<Target>,
}

const PROXY: &str = "hyper by hand";
const TOOLS: &str = "rmcp by hand";

/// The cases that are measured with one number of connections.
///
/// # Errors
/// When a file that a server needs cannot be written.
pub(crate) fn all(
    programs: &Programs,
    upstream: &str,
    peers: &[Peer],
) -> Result<Vec<Case>, String> {
    let mut cases = Vec::new();
    let mut through = pass(
        programs,
        upstream,
        "REST, 2 KB passed through",
        "/items/7",
        "A kettle",
    )?;
    through.targets = vec![
        Target::Throughput {
            of: PROXY,
            at_least: 0.80,
        },
        Target::Cpu {
            of: PROXY,
            at_most: 1.35,
        },
    ];
    through.subjects.extend(peers.iter().filter_map(by_rest));
    cases.push(through);
    let path = "/lists/500k";
    cases.push(pass(
        programs,
        upstream,
        "REST, 500 KB passed through",
        path,
        "\"item 9\"",
    )?);
    for (size, title, at_least) in [
        ("5k", "REST, 5 KB shaped", None),
        ("500k", "REST, 500 KB shaped", Some(3.0)),
    ] {
        let call = Call::Get {
            path: format!("/shaped/{size}"),
            expected: "{\"id\":\"i-9\",\"name\":\"item 9\",\"owner\":\"user9\",\"stars\":63}",
        };
        cases.push(Case {
            title: title.to_owned(),
            about: "Four members of each element of a list. The proxy by hand parses to a serde_json tree, takes them out \
                    and writes.",
            subjects: vec![
                programs.naftiko_rest(upstream, call.clone()),
                programs.proxy(upstream, call),
            ],
            targets: at_least
                .map(|at_least| Target::Throughput { of: PROXY, at_least })
                .into_iter()
                .collect(),
        });
    }
    for era in [Era::Legacy, Era::Modern] {
        cases.push(tools(programs, upstream, peers, era));
    }
    Ok(cases)
}

fn pass(
    programs: &Programs,
    upstream: &str,
    title: &str,
    path: &str,
    expected: &'static str,
) -> Result<Case, String> {
    let call = Call::Get {
        path: path.to_owned(),
        expected,
    };
    let mut subjects = vec![
        programs.naftiko_rest(upstream, call.clone()),
        programs.proxy(upstream, call.clone()),
    ];
    subjects.extend(nginx::subject(upstream, call)?);
    Ok(Case {
        title: title.to_owned(),
        about: "GET, the upstream's answer as it is.",
        subjects,
        targets: Vec::new(),
    })
}

fn tools(programs: &Programs, upstream: &str, peers: &[Peer], era: Era) -> Case {
    let mut subjects = vec![
        programs.naftiko_mcp(upstream, era),
        programs.tools(upstream, era, true),
        programs.tools(upstream, era, false),
    ];
    let speaking = peers.iter().filter(|peer| peer.eras.contains(&era));
    subjects.extend(speaking.filter_map(|peer| by_mcp(peer, era)));
    Case {
        title: format!("MCP {}, tools/call", era.version()),
        about: "The same operation as a tool: the object of 2 KB as text and as structured content. `rmcp by hand` answers \
                plain JSON without sessions, as naftiko does; with its defaults it has sessions and event streams.",
        subjects,
        targets: vec![Target::Throughput {
            of: TOOLS,
            at_least: 0.70,
        }],
    }
}

fn by_mcp(peer: &Peer, era: Era) -> Option<Subject> {
    let call = Call::Tool {
        era,
        path: peer.mcp_path?.to_owned(),
        tool: peer.tool.to_owned(),
        arguments: serde_json::json!({"id": "7"}),
        sessions: false,
        expected: "A kettle",
    };
    let peer = peer.clone();
    Some(Subject::new(peer.name, call, move |mcp| {
        peer.command(Ports {
            mcp,
            rest: free_port()?,
        })
    }))
}

fn by_rest(peer: &Peer) -> Option<Subject> {
    let call = Call::item(peer.rest_path?);
    let peer = peer.clone();
    Some(Subject::new(peer.name, call, move |rest| {
        peer.command(Ports {
            mcp: free_port()?,
            rest,
        })
    }))
}

/// A document of so many operations; the last is called.
///
/// # Errors
/// When it cannot be written.
pub(crate) fn routes(programs: &Programs, upstream: &str, count: usize) -> Result<Subject, String> {
    let folder = project::target().join("bench");
    let file: PathBuf = folder.join(format!("routes-{count}.yaml"));
    std::fs::create_dir_all(&folder)
        .and_then(|()| std::fs::write(&file, document(count)))
        .map_err(|error| format!("{} cannot be written: {error}", file.display()))?;
    let call = Call::item(&format!("/things-{}/7", count - 1));
    let name = match count {
        1 => "1 operation".to_owned(),
        _ => format!("{count} operations"),
    };
    Ok(programs.naftiko_with(&name, &file, upstream, call))
}

fn document(count: usize) -> String {
    let mut consumed = String::new();
    let mut exposed = String::new();
    for n in 0..count {
        // Writing to a string cannot fail.
        let _ = write!(
            consumed,
            "        - name: things-{n}\n          path: \"/things-{n}/{{{{id}}}}\"\n          operations:\n            \
             - {{name: get-thing-{n}, method: GET, inputParameters: [{{name: id, in: path}}]}}\n"
        );
        let _ = write!(
            exposed,
            "        - path: \"/things-{n}/{{{{id}}}}\"\n          name: thing-{n}\n          description: One thing\n          \
             operations:\n            - method: GET\n              name: get-thing-{n}\n              inputParameters:\n                \
             - {{name: id, in: path, type: string, description: Which}}\n              call: bench.get-thing-{n}\n              \
             with: {{id: rest.id}}\n"
        );
    }
    format!(
        "naftiko: \"1.0.0-alpha2\"\ninfo:\n  label: Routes\n  description: {count} operations\ncapability:\n  consumes:\n    \
         - type: http\n      namespace: bench\n      description: The upstream\n      baseUri: \"http://127.0.0.1:9\"\n      \
         resources:\n{consumed}  exposes:\n    - type: rest\n      port: 8080\n      namespace: rest\n      resources:\n{exposed}"
    )
}
