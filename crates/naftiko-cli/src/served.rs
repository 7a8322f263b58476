//! What is served and where: for people, for logs, for whoever waits for it.

use std::io;
use std::net::SocketAddr;
use std::path::Path;

use naftiko::Loaded;
use naftiko::diagnostics::render::escape;
use naftiko::engine::UpstreamBinding;
use serde_json::{Value, json};

use crate::output;

/// One server.
#[derive(Debug)]
pub(crate) struct Served {
    /// Its capability.
    pub(crate) capability: String,
    /// The capability's title.
    pub(crate) title: Option<String>,
    /// Its namespace, or its kind.
    pub(crate) namespace: String,
    /// Its kind.
    pub(crate) kind: String,
    /// The path that callers start from.
    pub(crate) path: &'static str,
    /// How many units it serves.
    pub(crate) units: usize,
    /// Where it listens, once it does.
    pub(crate) address: Option<SocketAddr>,
    /// Whether it talks over the standard streams instead.
    pub(crate) over_stdio: bool,
    /// Where its capability's requests go.
    pub(crate) upstreams: Vec<UpstreamBinding>,
    /// Where its sandbox answers, if it has one.
    pub(crate) sandbox: Option<SocketAddr>,
}

impl Served {
    fn url(&self) -> String {
        if self.over_stdio {
            return String::from("standard input and output");
        }
        self.address
            .map_or_else(String::new, |at| format!("http://{at}{}", self.path))
    }
}

/// Prints what is served, for a person.
pub(crate) fn table(served: &[Served], loaded: &[&Loaded], verbose: bool) {
    let colour = output::colour();
    let bold = |text: &str| paint(colour, "1", text);
    let dim = |text: &str| paint(colour, "2", text);
    let mut text = String::from("\n");
    let width = |of: &dyn Fn(&Served) -> usize| served.iter().map(of).max().unwrap_or(0);
    let names = width(&|one| one.namespace.chars().count());
    let kinds = width(&|one| one.kind.chars().count());
    let urls = width(&|one| one.url().chars().count());
    for capability in loaded {
        let mine: Vec<&Served> = served
            .iter()
            .filter(|one| one.capability == capability.name)
            .collect();
        let Some(first) = mine.first() else { continue };
        let title = first.title.as_deref().map(escape).unwrap_or_default();
        text.push_str(&format!(
            "  {}  {}\n",
            bold(&escape(&first.capability)),
            dim(&title)
        ));
        for one in &mine {
            let units = match one.units {
                1 => String::from("1 unit"),
                many => format!("{many} units"),
            };
            text.push_str(&format!(
                "    {:kinds$}  {:names$}  {}{}  {}\n",
                one.kind,
                escape(&one.namespace),
                paint(colour, "36", &one.url()),
                " ".repeat(urls.saturating_sub(one.url().chars().count())),
                dim(&units),
            ));
        }
        for finding in capability
            .findings
            .iter()
            .filter(|f| f.code.id == "not-served-yet")
        {
            text.push_str(&format!("    {}\n", dim(&escape(&finding.message))));
        }
        for upstream in &first.upstreams {
            let sandboxed = first
                .sandbox
                .is_some_and(|at| upstream.origin == format!("http://{at}"));
            let note = if sandboxed { "  (sandbox)" } else { "" };
            let line = format!("calls {} at {}{note}", upstream.namespace, upstream.origin);
            text.push_str(&format!("    {}\n", dim(&escape(&line))));
        }
        if verbose {
            variables(capability, first, &mut text);
        }
        text.push('\n');
    }
    text.push_str(&format!("  {}\n\n", dim("Ctrl-C stops it.")));
    output::err(&text);
}

/// Lists each variable and the host that it is sent to.
fn variables(capability: &Loaded, first: &Served, text: &mut String) {
    let Some(plan) = &capability.plan else { return };
    for variable in &plan.variables {
        let mut hosts: Vec<String> = Vec::new();
        for used in &variable.uses {
            let Some(upstream) = plan.upstream(used.upstream) else {
                continue;
            };
            let bound = first
                .upstreams
                .iter()
                .find(|b| b.namespace == upstream.namespace);
            let host = bound.map_or(upstream.base_text.as_str(), |b| b.origin.as_str());
            if !hosts.iter().any(|known| known == host) {
                hosts.push(host.to_owned());
            }
        }
        let note = if variable.implicit {
            " (not bound)"
        } else {
            ""
        };
        let line = format!(
            "{}{note} is sent to {}",
            variable.variable.name,
            hosts.join(", ")
        );
        text.push_str(&format!("    {}\n", escape(&line)));
    }
}

/// Says what is served in log lines.
pub(crate) fn log(served: &[Served]) {
    for one in served {
        tracing::info!(
            target: "naftiko::run",
            capability = one.capability,
            namespace = one.namespace,
            kind = one.kind,
            url = one.url(),
            units = one.units,
            sandbox = one.sandbox.is_some(),
            "serving"
        );
    }
}

/// Writes the ready file whole: whoever sees it can read it.
pub(crate) fn ready_file(path: &Path, served: &[Served]) -> io::Result<()> {
    let exposes: Vec<Value> = served
        .iter()
        .map(|one| {
            json!({
                "capability": one.capability,
                "namespace": one.namespace,
                "type": one.kind,
                "address": one.address.map(|at| at.ip().to_string()),
                "port": one.address.map(|at| at.port()),
                "url": one.address.map(|_| one.url()),
            })
        })
        .collect();
    let text = json!({"pid": std::process::id(), "exposes": exposes}).to_string();
    let name = path
        .file_name()
        .map(|name| name.to_string_lossy().into_owned());
    let draft = path.with_file_name(format!(
        ".{}.{}",
        name.unwrap_or_default(),
        std::process::id()
    ));
    std::fs::write(&draft, format!("{text}\n"))?;
    std::fs::rename(&draft, path)
}

fn paint(colour: bool, code: &str, text: &str) -> String {
    if colour {
        format!("\u{1b}[{code}m{text}\u{1b}[0m")
    } else {
        text.to_owned()
    }
}
