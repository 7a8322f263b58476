//! What the command prints and how it exits: the snapshots beside the documents of `cli/`.

use std::fs;
use std::path::Path;

use naftiko_tests::command::{self, Ended};
use naftiko_tests::data;
use naftiko_tests::message::Message;
use naftiko_tests::server::Naftiko;
use naftiko_tests::upstream::{MockUpstream, Reply};

use crate::snapshot::assert_same;

const TOKEN: (&str, &str) = ("SHOP_TOKEN", "t0ken");

/// Runs the command among the documents of `cli/` and compares what it says with the snapshot `name`.
#[track_caller]
fn check(name: &str, args: &[&str], env: &[(&str, &str)]) -> Ended {
    check_masked(name, args, env, &[])
}

/// Like [`check`], with words that change from run to run and what stands for them.
#[track_caller]
fn check_masked(name: &str, args: &[&str], env: &[(&str, &str)], words: &[(&str, &str)]) -> Ended {
    let ended = command::run(&data("cli"), args, env);
    let masked = |text: &str| {
        let mut text = text.to_owned();
        for (word, sign) in words {
            text = text.replace(word, sign);
        }
        // Log lines begin with the time.
        let lines = text.lines().map(|line| match line.split_once("Z ") {
            Some((time, rest)) if time.starts_with("20") && time.contains('T') => {
                format!("{{time}} {rest}")
            }
            _ => line.to_owned(),
        });
        lines.collect::<Vec<_>>().join("\n")
    };
    let about = format!("$ naftiko {}", masked(&args.join(" ")));
    assert_same(
        &data("cli").join(format!("{name}.snap")),
        &about,
        &masked(&ended.to_string()),
        name,
    );
    ended
}

#[track_caller]
fn exits(code: i32, name: &str, args: &[&str], env: &[(&str, &str)]) {
    assert_eq!(check(name, args, env).code, Some(code), "{args:?}");
}

#[test]
fn help_is_an_answer() {
    exits(0, "help", &["--help"], &[]);
    exits(0, "help-run", &["run", "--help"], &[]);
    let version = command::run(&data("cli"), &["--version"], &[]);
    assert!(version.stdout.starts_with("naftiko "), "{version}");
}

#[test]
fn misuse_exits_2() {
    exits(2, "nothing", &[], &[]);
    exits(2, "unknown-command", &["serve"], &[]);
    exits(
        2,
        "unknown-option",
        &["run", "orders.yaml", "--upstreams", "shop=http://x"],
        &[],
    );
    exits(2, "no-spec", &["run"], &[]);
    exits(2, "missing-file", &["run", "missing.yaml"], &[]);
    exits(
        2,
        "missing-file-validate",
        &["validate", "missing.yaml"],
        &[],
    );
    exits(2, "empty-folder", &["run", "empty"], &[]);
    exits(
        2,
        "bad-upstream",
        &["run", "orders.yaml", "--upstream", "shop=localhost:9000"],
        &[TOKEN],
    );
    exits(
        2,
        "bad-upstream-scheme",
        &[
            "run",
            "orders.yaml",
            "--upstream",
            "shop=file:///etc/passwd",
        ],
        &[TOKEN],
    );
    exits(
        2,
        "unknown-upstream",
        &["run", "orders.yaml", "--upstream", "store=http://localhost"],
        &[TOKEN],
    );
    exits(
        2,
        "unknown-set",
        &["run", "orders.yaml", "--set", "store.region=eu"],
        &[TOKEN],
    );
}

#[test]
fn options_that_name_nothing_exit_2() {
    exits(
        2,
        "unknown-listen",
        &["run", "orders.yaml", "--listen", "orders=127.0.0.1:0"],
        &[TOKEN],
    );
    exits(
        2,
        "bad-listen",
        &["run", "orders.yaml", "--listen", "127.0.0.1:http"],
        &[TOKEN],
    );
    exits(
        2,
        "one-port-for-two",
        &[
            "run",
            "two-servers.yaml",
            "--listen",
            "127.0.0.1:9000",
            "--set",
            "shop.region=eu",
        ],
        &[],
    );
    exits(
        2,
        "bad-allow-host",
        &["run", "orders.yaml", "--allow-host", "http://a/"],
        &[TOKEN],
    );
    exits(
        2,
        "bad-grace",
        &["run", "orders.yaml", "--grace", "soon"],
        &[TOKEN],
    );
    exits(
        2,
        "bad-env-file",
        &["run", "orders.yaml", "--env-file", "bad.env"],
        &[],
    );
    exits(
        2,
        "missing-env-file",
        &["run", "orders.yaml", "--env-file", "missing.env"],
        &[],
    );
    exits(
        2,
        "fixture-without-sandbox",
        &["run", "orders.yaml", "--fixture", "shop=x.yaml"],
        &[TOKEN],
    );
}

#[test]
fn findings_exit_1() {
    exits(1, "run-broken", &["run", "broken.yaml"], &[]);
    exits(1, "run-half", &["run", "half.yaml"], &[]);
    exits(1, "run-nothing-sound", &["run", "missing-import.yaml"], &[]);
    exits(1, "run-cyclic", &["run", "cyclic.yaml"], &[]);
    exits(1, "run-outside", &["run", "importing.yaml"], &[]);
    exits(
        1,
        "run-not-a-capability",
        &["run", "folder/compose.yaml"],
        &[],
    );
    exits(
        1,
        "run-exposes-nothing",
        &["run", "folder/shared/shop.yaml"],
        &[],
    );
    exits(
        1,
        "validate-broken",
        &["validate", "broken.yaml", "orders.yaml"],
        &[],
    );
    exits(
        1,
        "validate-strict",
        &["validate", "--strict", "orders.yaml"],
        &[],
    );
    exits(1, "call-broken", &["call", "half.yaml", "create"], &[]);
}

#[test]
fn formats_of_findings() {
    exits(
        1,
        "validate-json",
        &["validate", "--format", "json", "half.yaml", "broken.yaml"],
        &[],
    );
    exits(
        1,
        "validate-github",
        &["validate", "--format", "github", "half.yaml", "broken.yaml"],
        &[],
    );
    exits(
        1,
        "validate-concise",
        &[
            "validate",
            "--format",
            "concise",
            "half.yaml",
            "broken.yaml",
        ],
        &[],
    );
    exits(
        0,
        "validate-sound-json",
        &["validate", "--format", "json", "two-servers.yaml"],
        &[],
    );
    exits(0, "validate-folder", &["validate", "folder"], &[]);
}

#[test]
fn what_cannot_start_exits_3() {
    exits(3, "missing-token", &["run", "orders.yaml"], &[]);
    exits(3, "missing-tokens", &["run", "orders.yaml", "folder"], &[]);
    exits(3, "unset-base", &["run", "two-servers.yaml"], &[]);
    exits(
        3,
        "bad-base-value",
        &[
            "run",
            "two-servers.yaml",
            "--set",
            "shop.region=evil.example/",
        ],
        &[],
    );
    exits(
        3,
        "credential-with-line-break",
        &["run", "orders.yaml"],
        &[("SHOP_TOKEN", "a\nb")],
    );
    exits(
        3,
        "no-such-address",
        &["run", "orders.yaml", "--listen", "192.0.2.1:0"],
        &[TOKEN],
    );
}

#[test]
fn a_port_in_use_names_itself() {
    let taken = std::net::TcpListener::bind("127.0.0.1:0").unwrap();
    let port = taken.local_addr().unwrap().port().to_string();
    let at = format!("127.0.0.1:{port}");
    let ended = check_masked(
        "port-in-use",
        &["run", "orders.yaml", "--listen", &at],
        &[TOKEN],
        &[(&port, "{port}")],
    );
    assert_eq!(ended.code, Some(3));
}

#[test]
fn all_listeners_or_none() {
    let taken = std::net::TcpListener::bind("127.0.0.1:0").unwrap();
    let port = taken.local_addr().unwrap().port().to_string();
    let ready = tempfile::tempdir().unwrap();
    let file = ready.path().join("ready.json");
    let second = format!("second=127.0.0.1:{port}");
    let ended = command::run(
        &data("cli"),
        &[
            "run",
            "two-servers.yaml",
            "--set",
            "shop.region=eu",
            "--listen",
            "first=127.0.0.1:0",
            "--listen",
            &second,
            "--ready-file",
            &file.to_string_lossy(),
        ],
        &[],
    );
    assert_eq!(ended.code, Some(3), "{ended}");
    assert!(
        !file.exists(),
        "a server that did not start said that it is ready"
    );
}

#[test]
fn operations_are_called_from_the_shell() {
    let mock = MockUpstream::start(|request: &Message| match request.start.as_str() {
        start if start.contains("/v1/orders/404") => {
            Reply::json(404, r#"{"code":404,"token":"t0ken"}"#)
        }
        start if start.contains("/v1/orders/html") => Reply::new(
            200,
            &[("content-type", "text/html")],
            "<p>\u{1b}[31mred</p>",
        ),
        start if start.contains("/v1/orders/none") => Reply::new(204, &[], ""),
        start if start.contains("/v1/orders/half") => {
            Reply::Raw(b"HTTP/1.1 200 OK\r\ncontent-length: 9\r\n\r\n{".to_vec())
        }
        start if start.contains("/v1/orders/big") => {
            Reply::json(200, r#"{"id":12345678901234567890123,"t":1.10}"#)
        }
        _ => Reply::json(200, r#"{"orders":[1,2]}"#),
    });
    let upstream = format!("shop={}/v1", mock.url());
    let words = [(mock.authority(), "{mock}")];
    let words: Vec<(&str, &str)> = words
        .iter()
        .map(|(word, sign)| (word.as_str(), *sign))
        .collect();
    let call = |code: i32, name: &str, inputs: &[&str]| {
        let mut args = vec!["call", "orders.yaml"];
        args.extend(inputs);
        args.extend(["--upstream", &upstream]);
        let ended = check_masked(name, &args, &[TOKEN], &words);
        assert_eq!(ended.code, Some(code), "{ended}");
        assert!(
            !ended.to_string().contains("t0ken"),
            "a secret is shown: {ended}"
        );
    };
    call(0, "call", &["list-orders", "page=2", "status=OPEN"]);
    assert_eq!(
        mock.requests(),
        ["GET /v1/orders?page=2&status=OPEN HTTP/1.1"]
    );
    call(0, "call-qualified", &["orders-api.get-order", "id=a/b"]);
    assert_eq!(mock.requests(), ["GET /v1/orders/a%2Fb HTTP/1.1"]);
    call(
        0,
        "call-json",
        &["create-order", "title=7", "count:={\"n\":1}"],
    );
    let sent = mock.take();
    assert_eq!(sent[0].text(), r#"{"title":"7","count":{"n":1}}"#);
    assert_eq!(sent[0].header("authorization"), Some("Bearer t0ken"));
    call(0, "call-no-content", &["get-order", "id=none"]);
    call(0, "call-html", &["get-order", "id=html"]);
    call(0, "call-big-number", &["get-order", "id=big"]);
    call(4, "call-upstream-error", &["get-order", "id=404"]);
    call(4, "call-half-a-body", &["get-order", "id=half"]);
    mock.take();
    call(2, "call-unknown-operation", &["list-order"]);
    call(2, "call-unknown-input", &["list-orders", "pgae=1"]);
    call(2, "call-bad-input", &["list-orders", "page=two"]);
    call(2, "call-missing-input", &["get-order"]);
    call(2, "call-no-input", &["list-orders", "page"]);
    call(2, "call-bad-json", &["create-order", "title:={"]);
    call(2, "call-dots", &["get-order", "id=.."]);
    call(
        2,
        "call-missing-file",
        &["create-order", "title=@missing.txt"],
    );
    assert_eq!(
        mock.requests(),
        Vec::<String>::new(),
        "a refused call sends nothing"
    );
    mock.answer(|_| Reply::Silence);
    call(
        4,
        "call-timeout",
        &["list-orders", "--upstream-timeout", "0.2"],
    );
}

#[test]
fn calls_that_reach_nobody() {
    let free = std::net::TcpListener::bind("127.0.0.1:0")
        .unwrap()
        .local_addr()
        .unwrap();
    let upstream = format!("shop=http://{free}");
    let ended = check_masked(
        "call-unreachable",
        &[
            "call",
            "orders.yaml",
            "list-orders",
            "--upstream",
            &upstream,
        ],
        &[TOKEN],
        &[(&free.to_string(), "{free}")],
    );
    assert_eq!(ended.code, Some(4));
    exits(2, "call-folder", &["call", "folder", "list"], &[]);
    exits(
        3,
        "call-missing-token",
        &["call", "orders.yaml", "list-orders"],
        &[],
    );
    exits(
        2,
        "call-ambiguous",
        &[
            "call",
            "two-servers.yaml",
            "list",
            "--set",
            "shop.region=eu",
        ],
        &[],
    );
    exits(
        0,
        "call-sandbox",
        &["call", "orders.yaml", "get-order", "id=7", "--sandbox"],
        &[],
    );
}

#[test]
fn a_dry_run_is_a_command_without_secrets() {
    let dry = |name: &str, inputs: &[&str]| {
        let mut args = vec!["call", "orders.yaml", "--dry-run"];
        args.extend(inputs);
        let ended = check(name, &args, &[TOKEN]);
        assert_eq!(ended.code, Some(0), "{ended}");
        ended.stdout
    };
    dry(
        "dry-run",
        &["list-orders", "page=2", "x-note=it's $HOME `a` \\ \"b\""],
    );
    let posted = dry(
        "dry-run-body",
        &["create-order", "title=it's\nt0ken", "count:=[1]"],
    );
    assert!(!posted.contains("t0ken"), "{posted}");
    // A shell reads it as one command with these arguments.
    let script = format!("curl() {{ printf '%s\\n' \"$@\"; }}\n{posted}");
    let mut shell = std::process::Command::new("sh");
    shell
        .args(["-c", &script])
        .stdout(std::process::Stdio::piped())
        .stderr(std::process::Stdio::piped());
    let ended = command::finish(shell);
    assert_eq!(ended.code, Some(0), "{ended}");
    assert!(
        ended
            .stdout
            .contains(r#"{"title":"it's\n***","count":[1]}"#),
        "{ended}"
    );
}

#[test]
fn codes_and_schemas_are_printed() {
    exits(0, "explain", &["explain", "unknown-operation"], &[]);
    exits(2, "explain-unknown", &["explain", "unknown-operatoin"], &[]);
    let all = command::run(&data("cli"), &["explain"], &[]);
    for code in naftiko_diagnostics::codes::all() {
        assert!(all.stdout.contains(code.id), "{} is not listed", code.id);
    }
    let schema = command::run(&data("cli"), &["schema", "1.0.0-beta5"], &[]);
    let schema: serde_json::Value = serde_json::from_str(&schema.stdout).unwrap();
    assert!(schema["properties"]["ikanos"].is_object());
    exits(2, "schema-unknown", &["schema", "3.0"], &[]);
}

#[test]
fn variables_come_from_the_environment_before_files() {
    let mock = MockUpstream::agreeable();
    let upstream = format!("shop={}", mock.url());
    let args = [
        "call",
        "orders.yaml",
        "list-orders",
        "--upstream",
        &upstream,
        "--env-file",
        "tokens.env",
    ];
    let sent = |env: &[(&str, &str)]| {
        let ended = command::run(&data("cli"), &args, env);
        assert_eq!(ended.code, Some(0), "{ended}");
        mock.take()[0].header("authorization").unwrap().to_owned()
    };
    assert_eq!(sent(&[]), "Bearer from-a-file");
    assert_eq!(sent(&[TOKEN]), "Bearer t0ken");
    assert_eq!(
        sent(&[("SHOP_TOKEN", "")]),
        "Bearer",
        "an empty variable is a value"
    );
}

#[test]
fn roots_and_allow_outside_open_other_trees() {
    let dir = data("cli");
    for allow in [&["--root", "../outside"][..], &["--allow-outside"]] {
        let mut args = vec!["importing.yaml"];
        args.extend(allow);
        let server = Naftiko::start(&dir, &args, &[]);
        assert_eq!(server.ready()["exposes"][0]["namespace"], "api");
    }
    let refused = command::run(
        &dir,
        &["validate", "importing.yaml", "--root", "folder"],
        &[],
    );
    assert_eq!(refused.code, Some(1), "{refused}");
}

#[test]
#[cfg(unix)]
fn a_link_does_not_lead_out_of_the_tree() {
    let place = tempfile::tempdir().unwrap();
    let tree = place.path().join("tree");
    fs::create_dir(&tree).unwrap();
    let text = fs::read_to_string(data("cli").join("importing.yaml")).unwrap();
    fs::write(
        tree.join("main.yaml"),
        text.replace("../outside/shop.yaml", "./shop.yaml"),
    )
    .unwrap();
    fs::copy(
        data("outside").join("shop.yaml"),
        place.path().join("shop.yaml"),
    )
    .unwrap();
    std::os::unix::fs::symlink(place.path().join("shop.yaml"), tree.join("shop.yaml")).unwrap();
    let ended = command::run(&tree, &["validate", "main.yaml"], &[]);
    assert_eq!(ended.code, Some(1), "{ended}");
    assert!(ended.stdout.contains("lies outside"), "{ended}");
    let ended = command::run(&tree, &["validate", "main.yaml", "--root", ".."], &[]);
    assert_eq!(ended.code, Some(0), "{ended}");
}

#[test]
fn paths_may_be_written_from_anywhere() {
    let elsewhere = tempfile::tempdir().unwrap();
    let spec = data("cli").join("folder/first.yaml");
    let ended = command::run(
        elsewhere.path(),
        &["validate", &spec.to_string_lossy()],
        &[],
    );
    assert_eq!(ended.code, Some(0), "{ended}");
    let ended = command::run(Path::new("/"), &["validate", &spec.to_string_lossy()], &[]);
    assert_eq!(ended.code, Some(0), "{ended}");
}
