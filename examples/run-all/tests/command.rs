//! The command with a kind of its own (`exposer-kind`) knows the kind in all that it does, and the one without refuses it
//! by name.

#![allow(
    clippy::unwrap_used,
    clippy::indexing_slicing,
    clippy::panic,
    reason = "all of this file is a test"
)]

use std::io::{Read, Write};
use std::net::{TcpListener, TcpStream};
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Output, Stdio};
use std::time::{Duration, Instant};

use naftiko_examples_run_all::build;
use serde_json::{Value, json};

const DOCUMENT: &str = include_str!("../../exposer-kind/capability.yaml");
/// How long the program may take until it listens.
const LONGEST: Duration = Duration::from_secs(30);

/// A folder of its own, which goes when the test ends.
struct Folder(PathBuf);

impl Folder {
    fn new() -> Self {
        let path = std::env::temp_dir().join(format!("naftiko-command-{}", std::process::id()));
        std::fs::create_dir_all(&path).unwrap();
        Self(path)
    }

    fn document(&self, text: &str) -> PathBuf {
        let path = self.0.join("bookshop.yaml");
        std::fs::write(&path, text).unwrap();
        path
    }
}

impl Drop for Folder {
    fn drop(&mut self) {
        let _ = std::fs::remove_dir_all(&self.0);
    }
}

/// A program that is ended with the test.
struct Running(Child);

impl Drop for Running {
    fn drop(&mut self) {
        let _ = self.0.kill();
        let _ = self.0.wait();
    }
}

fn told(program: &Path, arguments: &[&str]) -> (i32, String) {
    let mut command = Command::new(program);
    let command = command.args(arguments).env("NO_COLOR", "1");
    let Output {
        status,
        stdout,
        stderr,
    } = command.stdin(Stdio::null()).output().unwrap();
    let text = [stdout, stderr].concat();
    (status.code().unwrap(), String::from_utf8(text).unwrap())
}

/// The body of the answer to one request with a JSON body.
fn post(address: &str, body: &Value) -> Value {
    let body = body.to_string();
    let mut stream = TcpStream::connect(address).unwrap();
    write!(
        stream,
        "POST / HTTP/1.1\r\nHost: {address}\r\nConnection: close\r\nContent-Length: {}\r\n\r\n{body}",
        body.len()
    )
    .unwrap();
    let mut text = String::new();
    stream.read_to_string(&mut text).unwrap();
    let (_, body) = text.split_once("\r\n\r\n").unwrap();
    serde_json::from_str(body).unwrap_or_else(|error| panic!("{error}: {text}"))
}

/// An API that answers everything with a book. Returns its base.
fn book() -> String {
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let base = format!("http://{}", listener.local_addr().unwrap());
    std::thread::spawn(move || {
        for mut stream in listener.incoming().flatten() {
            // Requests of this test have no body, and come in one piece.
            let _ = stream.read(&mut [0; 4096]);
            let body = r#"{"id":1,"title":"Emma"}"#;
            let length = body.len();
            let head = "HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nConnection: close";
            let _ = write!(stream, "{head}\r\nContent-Length: {length}\r\n\r\n{body}");
        }
    });
    base
}

#[test]
fn the_command_with_a_kind_of_its_own_knows_it() {
    let packages = ["naftiko-cli", "naftiko-example-exposer-kind"].map(str::to_owned);
    let programs = build(
        &packages,
        &["naftiko", "naftiko-jsonrpc"].map(str::to_owned),
    );
    let [stock, own] = programs.as_slice() else {
        panic!("{programs:?}");
    };
    let folder = Folder::new();
    let path = folder.document(DOCUMENT);
    let path = path.to_str().unwrap();
    it_validates(own, &folder, path);
    it_calls_and_serves(own, &folder, path);

    let (code, text) = told(own, &["schema"]);
    assert!(code == 0 && text.contains("\"jsonrpc\""), "{text}");
    assert!(!told(stock, &["schema"]).1.contains("jsonrpc"));

    // The stock command refuses the kind by name, and says where to go from there.
    let (code, text) = told(stock, &["validate", path]);
    assert_eq!(code, 1, "{text}");
    assert!(text.contains("error[unsupported-kind]"), "{text}");
    assert!(
        text.contains("exposed server of the type `jsonrpc`"),
        "{text}"
    );
    assert!(text.contains("known here: `rest`, `mcp`"), "{text}");
    assert_eq!(told(stock, &["run", path]).0, 1);
    let (code, text) = told(stock, &["explain", "unsupported-kind"]);
    assert!(
        code == 0 && text.contains("needs a command that registers"),
        "{text}"
    );
}

fn it_validates(own: &Path, folder: &Folder, path: &str) {
    for arguments in [vec!["validate", path], vec!["validate", "--strict", path]] {
        let (code, text) = told(own, &arguments);
        assert!(code == 0 && text.ends_with(": sound, 2 units\n"), "{text}");
    }
    // A misspelt key of the kind, at line and column, with what was meant.
    folder.document(&DOCUMENT.replace("      methods:", "      methosd:"));
    let (code, text) = told(own, &["validate", "--format", "concise", path]);
    assert!(
        text.contains("bookshop.yaml:30:7: warning[unknown-key]"),
        "{text}"
    );
    assert!(text.contains("write `methods`"), "{text}");
    // Without methods there is nothing that the server could serve.
    assert!(code == 1 && text.contains("error[missing-key]"), "{text}");
    // A word that no kind has is refused here too, and the own kind is one of those that are known.
    folder.document(&DOCUMENT.replace("type: jsonrpc", "type: jsonrcp"));
    let (code, text) = told(own, &["validate", path]);
    assert!(
        code == 1 && text.contains("did you mean `jsonrpc`?"),
        "{text}"
    );
    assert!(
        text.contains("known here: `rest`, `mcp`, `jsonrpc`"),
        "{text}"
    );
    folder.document(DOCUMENT);
}

fn it_calls_and_serves(own: &Path, folder: &Folder, path: &str) {
    let upstream = format!("books={}", book());
    let arguments = ["call", path, "books.get", "id=1", "--upstream", &upstream];
    let (code, text) = told(own, &arguments);
    assert!(code == 0 && text.contains("\"title\": \"Emma\""), "{text}");
    let (code, text) = told(own, &["call", path, "books.get", "id=1", "--sandbox"]);
    assert_eq!(code, 0, "{text}");

    let ready = folder.0.join("ready.json");
    let mut command = Command::new(own);
    command.args(["run", path, "--listen", "127.0.0.1:0"]);
    command
        .args(["--upstream", &upstream, "--ready-file"])
        .arg(&ready);
    command.stdin(Stdio::null()).stderr(Stdio::null());
    let mut running = Running(command.spawn().unwrap());
    let begun = Instant::now();
    while !ready.exists() {
        assert!(begun.elapsed() < LONGEST, "it does not get ready");
        assert_eq!(running.0.try_wait().unwrap(), None, "it ended");
        std::thread::sleep(Duration::from_millis(10));
    }
    let served: Value = serde_json::from_slice(&std::fs::read(&ready).unwrap()).unwrap();
    let served = &served["exposes"][0];
    assert_eq!(served["type"], "jsonrpc", "{served}");
    let address = format!("127.0.0.1:{}", served["port"]);
    let asked = json!({"jsonrpc": "2.0", "id": 7, "method": "books.get", "params": {"id": 1}});
    let answer = post(&address, &asked);
    assert_eq!(answer["result"]["title"], "Emma", "{answer}");
    let asked = json!({"jsonrpc": "2.0", "id": 8, "method": "books.got"});
    assert_eq!(post(&address, &asked)["error"]["code"], -32601);
}
