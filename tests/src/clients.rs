//! MCP clients and suites that nobody here wrote: installing them, and what each of them says of a server.
//!
//! Versions are pinned in `mcp/package.json` and `mcp/requirements.txt`. Everything is installed below `target/`, once.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::sync::OnceLock;

use serde_json::{Value, json};

use crate::command::{Ended, finish};
use crate::{data, workspace};

/// Installed clients.
#[derive(Debug)]
pub struct Clients {
    dir: PathBuf,
}

/// A server as clients reach it.
#[derive(Clone, Debug)]
pub enum Target {
    /// Its URL.
    Http(String),
    /// The command line of a server over standard streams.
    Stdio(Vec<String>),
}

/// What a client did.
#[derive(Clone, Debug)]
pub struct Outcome {
    /// The client, its mode and the transport.
    pub client: String,
    /// Its last line of output.
    pub said: String,
}

/// What the conformance suite counted for one revision.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Counts {
    /// The revision.
    pub revision: String,
    /// Checks that passed and that failed.
    pub checks: (usize, usize),
    /// Scenarios without a failed check, and all of them.
    pub scenarios: (usize, usize),
}

/// Installs the clients, unless the pinned ones are there already.
///
/// # Panics
/// They cannot be installed.
pub fn install() -> &'static Clients {
    static INSTALLED: OnceLock<Clients> = OnceLock::new();
    INSTALLED.get_or_init(|| {
        let clients = Clients {
            dir: workspace().join("target/mcp-clients"),
        };
        clients.install();
        clients
    })
}

impl Clients {
    fn install(&self) {
        let source = data("mcp");
        let read = |name: &str| fs::read_to_string(source.join(name)).expect("a list of versions");
        let wanted = read("package.json") + &read("requirements.txt");
        let stamp = self.dir.join("installed");
        fs::create_dir_all(self.dir.join("clients")).expect("a folder");
        for entry in fs::read_dir(source.join("clients"))
            .expect("the clients")
            .flatten()
        {
            let to = self.dir.join("clients").join(entry.file_name());
            fs::copy(entry.path(), to).expect("a copy");
        }
        if fs::read_to_string(&stamp).is_ok_and(|there| there == wanted) {
            return;
        }
        fs::write(self.dir.join("package.json"), read("package.json")).expect("a copy");
        self.must(
            "npm",
            &["install", "--no-audit", "--no-fund", "--loglevel=error"],
        );
        self.must("python3", &["-m", "venv", "venv"]);
        let list = source.join("requirements.txt");
        let pip = self.dir.join("venv/bin/pip");
        self.must(&text(&pip), &["install", "--quiet", "-r", &text(&list)]);
        fs::write(stamp, wanted).expect("a stamp");
    }

    /// Runs a step of the installation, which may take its time.
    fn must(&self, program: &str, args: &[&str]) {
        let output = Command::new(program)
            .args(args)
            .current_dir(&self.dir)
            .output()
            .unwrap_or_else(|error| panic!("{program} does not start: {error}"));
        let said = String::from_utf8_lossy(&output.stderr);
        assert!(output.status.success(), "{program} {args:?} fails: {said}");
    }

    /// A program in the folder of the clients, with their own node first on its path.
    fn run(&self, program: &str, args: &[&str]) -> Ended {
        let own = self.dir.join("node_modules/.bin");
        let path = std::env::var("PATH").unwrap_or_default();
        let mut command = Command::new(program);
        command
            .args(args)
            .current_dir(&self.dir)
            .env("PATH", format!("{}:{path}", own.display()))
            .env("NO_COLOR", "1")
            .stdin(Stdio::null())
            .stdout(Stdio::piped())
            .stderr(Stdio::piped());
        finish(command)
    }

    fn node(&self, args: &[&str]) -> Ended {
        self.run(&text(&self.dir.join("node_modules/node/bin/node")), args)
    }

    fn python(&self, program: &str, args: &[&str]) -> Ended {
        self.run(&text(&self.dir.join("venv/bin").join(program)), args)
    }

    /// Every client lists and calls the tools that `plan` says (`mcp/clients/plan.mjs` tells its form).
    ///
    /// # Panics
    /// A client finds something else, or does not come to an end.
    pub fn run_matrix(&self, target: &Target, plan: &Value) -> Vec<Outcome> {
        let place = tempfile::tempdir().expect("a folder");
        let file = place.path().join("plan.json");
        fs::write(&file, plan.to_string()).expect("a file");
        let (file, where_to) = (text(&file), target.argument());
        let mut outcomes = Vec::new();
        let mut note = |client: String, ended: &Ended| {
            assert_eq!(ended.code, Some(0), "{client} on {where_to}: {ended}");
            let said = ended.stdout.lines().last().unwrap_or_default().to_owned();
            outcomes.push(Outcome {
                client: format!("{client}, {}", target.transport()),
                said,
            });
        };
        let ended = self.node(&["clients/ts-v1.mjs", &where_to, &file]);
        note("TypeScript SDK v1".into(), &ended);
        for mode in ["default", "auto", "2026-07-28"] {
            let ended = self.node(&["clients/ts-v2.mjs", &where_to, &file, mode]);
            note(format!("TypeScript SDK v2, {mode}"), &ended);
        }
        for mode in ["legacy", "auto", "2026-07-28"] {
            let ended = self.python("python", &["clients/official.py", &where_to, &file, mode]);
            note(format!("Python SDK, {mode}"), &ended);
        }
        let ended = self.python("python", &["clients/fast.py", &where_to, &file]);
        note("FastMCP".into(), &ended);
        for era in ["legacy", "auto", "modern"] {
            for (call, ended) in self.inspect(target, plan, era) {
                note(format!("Inspector, {era}, {call}"), &ended);
            }
        }
        outcomes
    }

    /// The inspector lists the tools, strictly, and calls the first of the plan that takes scalars only.
    fn inspect(&self, target: &Target, plan: &Value, era: &str) -> Vec<(String, Ended)> {
        let place = tempfile::tempdir().expect("a folder");
        let config = place.path().join("servers.json");
        let server = match target {
            Target::Http(url) => json!({"type": "streamable-http", "url": url}),
            Target::Stdio(line) => json!({"type": "stdio", "command": line[0], "args": line[1..]}),
        };
        let servers = json!({"mcpServers": {"it": server}});
        fs::write(&config, servers.to_string()).expect("a file");
        let config = text(&config);
        let program = text(&self.dir.join("node_modules/.bin/mcp-inspector"));
        let common = [
            "--cli",
            "--config",
            &config,
            "--server",
            "it",
            "--protocol-era",
            era,
        ];
        let run = |more: &[&str]| {
            let args: Vec<&str> = common.iter().chain(more).copied().collect();
            self.run(&program, &args)
        };
        let mut done = vec![(
            String::from("tools/list --strict"),
            run(&[
                "--method",
                "tools/list",
                "--strict",
                "--format",
                "json",
                "-q",
            ]),
        )];
        let calls = plan["calls"].as_array().expect("calls");
        if let Some(call) = calls.iter().find(|call| call["error"] != true) {
            let name = call["name"].as_str().expect("a name");
            let arguments = call["arguments"].as_object().expect("arguments");
            let pairs: Vec<String> = arguments
                .iter()
                .map(|(name, value)| {
                    format!(
                        "{name}={}",
                        value.as_str().map_or(value.to_string(), Into::into)
                    )
                })
                .collect();
            let mut more = vec!["--method", "tools/call", "--tool-name", name];
            for pair in &pairs {
                more.extend(["--tool-arg", pair]);
            }
            more.extend(["--format", "json", "-q"]);
            done.push((format!("tools/call {name}"), run(&more)));
        }
        done
    }

    /// The conformance suite, both revisions, against the fixture capability at `url`, whose host is `localhost`.
    ///
    /// # Panics
    /// Something fails that `mcp/conformance/expected-failures.yaml` does not list, or passes that it lists.
    pub fn run_conformance(&self, url: &str) -> Vec<Counts> {
        let suite = "node_modules/@modelcontextprotocol/conformance/dist/index.js";
        let expected = text(&data("mcp/conformance/expected-failures.yaml"));
        ["2025-11-25", "2026-07-28"]
            .into_iter()
            .map(|revision| {
                let results = tempfile::tempdir().expect("a folder");
                let out = text(results.path());
                let ended = self.node(&[
                    suite,
                    "server",
                    "--url",
                    url,
                    "--requirements",
                    revision,
                    "--expected-failures",
                    &expected,
                    "-o",
                    &out,
                ]);
                assert_eq!(ended.code, Some(0), "conformance {revision}: {ended}");
                counts(revision, results.path())
            })
            .collect()
    }

    /// `mcpcheck`, all probes: its last line.
    ///
    /// # Panics
    /// A check fails.
    pub fn run_mcpcheck(&self, url: &str) -> String {
        let ended = self.python("mcpcheck", &[url, "--probe", "all"]);
        assert_eq!(ended.code, Some(0), "mcpcheck: {ended}");
        let last = ended.stdout.lines().rfind(|line| !line.trim().is_empty());
        let last = last.unwrap_or_default().to_owned();
        assert!(last.starts_with("All 8 checks passed"), "mcpcheck: {ended}");
        last
    }

    /// `amagi-mcp-probe`, which calls every tool with arguments of its own: its last line.
    ///
    /// # Panics
    /// It finds an error.
    pub fn run_probe(&self, target: &Target) -> String {
        let ended = match target {
            Target::Http(url) => self.python("amagi-mcp-probe", &["--url", url]),
            Target::Stdio(line) => {
                let line = line.iter().map(String::as_str);
                let args: Vec<&str> = std::iter::once("--").chain(line).collect();
                self.python("amagi-mcp-probe", &args)
            }
        };
        assert_eq!(ended.code, Some(0), "amagi-mcp-probe: {ended}");
        let last = ended.stdout.lines().rfind(|line| !line.trim().is_empty());
        last.unwrap_or_default().to_owned()
    }

    /// The upstream of the conformance fixture, on a port of the system's choice.
    ///
    /// # Panics
    /// It does not start.
    pub fn fixture_upstream(&self) -> FixtureUpstream {
        use std::io::{BufRead, BufReader};
        let node = self.dir.join("node_modules/node/bin/node");
        let mut child = Command::new(node)
            .arg(data("mcp/conformance/upstream.mjs"))
            .stdin(Stdio::null())
            .stdout(Stdio::piped())
            .spawn()
            .expect("node starts");
        let mut line = String::new();
        let out = child.stdout.take().expect("a pipe");
        BufReader::new(out).read_line(&mut line).expect("its port");
        let port = line.trim().parse().expect("a port");
        FixtureUpstream { child, port }
    }
}

/// A running upstream of the fixture; it ends with its test.
#[derive(Debug)]
pub struct FixtureUpstream {
    child: std::process::Child,
    port: u16,
}

impl FixtureUpstream {
    /// Its base URL.
    pub fn url(&self) -> String {
        format!("http://127.0.0.1:{}", self.port)
    }
}

impl Drop for FixtureUpstream {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

impl Target {
    /// How the clients of `mcp/clients` are told.
    fn argument(&self) -> String {
        match self {
            Target::Http(url) => url.clone(),
            Target::Stdio(line) => format!("stdio:{}", json!(line)),
        }
    }

    fn transport(&self) -> &'static str {
        match self {
            Target::Http(_) => "HTTP",
            Target::Stdio(_) => "stdio",
        }
    }
}

/// Reads what the suite wrote: one folder per scenario.
fn counts(revision: &str, results: &Path) -> Counts {
    let mut counts = Counts {
        revision: revision.to_owned(),
        checks: (0, 0),
        scenarios: (0, 0),
    };
    for scenario in fs::read_dir(results).expect("results").flatten() {
        let Ok(text) = fs::read_to_string(scenario.path().join("checks.json")) else {
            continue;
        };
        let checks: Vec<Value> = serde_json::from_str(&text).expect("a list of checks");
        let of = |status: &str| {
            checks
                .iter()
                .filter(|check| check["status"] == status)
                .count()
        };
        let (passed, failed) = (of("SUCCESS"), of("FAILURE"));
        counts.checks.0 += passed;
        counts.checks.1 += failed;
        counts.scenarios.0 += usize::from(failed == 0);
        counts.scenarios.1 += 1;
    }
    assert!(counts.checks.0 > 0, "the suite wrote no checks");
    counts
}

fn text(path: &Path) -> String {
    path.to_string_lossy().into_owned()
}
