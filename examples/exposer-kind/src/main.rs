//! Serves documents with `type: jsonrpc`, a kind of this program, which it also validates.
#![allow(clippy::print_stdout, reason = "a program for a terminal")]

mod support;

use std::net::SocketAddr;
use std::process::ExitCode;
use std::time::Duration;

use crate::support::{Error, books, caller, checking, exit, port};

// [imports]
use naftiko::Kinds;
use naftiko::diagnostics::render::Format;
use naftiko_consume_http::HttpUpstream;
use naftiko_example_exposer_kind::JsonRpc;
// [/imports]

use naftiko_host::{Binding, Host, HostLimits, ListenAddress};
use serde_json::{Value, json};
use tokio::sync::oneshot;

const DOCUMENT: &str = include_str!("../capability.yaml");

#[tokio::main]
async fn main() -> ExitCode {
    exit(run().await)
}

async fn run() -> Result<(), Error> {
    let base = books().await?;
    // [register]
    let kinds = Kinds::new()
        .exposer(JsonRpc)
        .upstream(HttpUpstream::default());
    let loaded = kinds.load_text("bookshop.yaml", DOCUMENT);
    println!("{}", loaded.report(Format::Concise));
    // [/register]
    if loaded.findings.has_errors() {
        return Err("the document has errors".into());
    }
    let starter = kinds.starter().with_upstream("books", base);
    let service = starter
        .start(&loaded, kinds.upstreams())?
        .service("shop-rpc")?;
    let address = ListenAddress::new("127.0.0.1".to_owned(), port(8082));
    let binding = Binding::new("shop-rpc", address, service);
    let host = Host::bind(vec![binding], HostLimits::default()).await?;
    let [bound] = host.exposures() else {
        return Err("one server was bound".into());
    };
    let address = bound.address;
    if !checking() {
        println!("http://{address}/");
        host.serve(std::future::pending(), Duration::ZERO).await;
        return Ok(());
    }
    let (stop, stopped) = oneshot::channel::<()>();
    let serving = tokio::spawn(host.serve(async { drop(stopped.await) }, Duration::from_secs(5)));
    it_validates(&kinds);
    it_serves(address).await?;
    drop(stop);
    serving.await?;
    println!("fine");
    Ok(())
}

/// Findings in the new kind's own part of a document, with places and suggestions, as in any other part.
fn it_validates(kinds: &Kinds) {
    assert!(
        kinds
            .load_text("bookshop.yaml", DOCUMENT)
            .findings
            .is_empty()
    );
    // No published schema knows the kind, and none is asked.
    let mut loader = kinds.loader();
    loader.strict = true;
    assert!(
        loader
            .load_text("bookshop.yaml", DOCUMENT)
            .findings
            .is_empty()
    );
    for (right, wrong, told) in [
        (
            "      methods:",
            "      methosd:",
            ":30:7: warning[unknown-key]: ",
        ),
        ("      methods:", "      methosd:", "write `methods`"),
        (
            "      methods:",
            "      batches: 7\n      methods:",
            "error[wrong-type]",
        ),
        (
            "        - name: books.get\n          call:",
            "        - name: books.get\n          cal:",
            "write `call`",
        ),
        (
            "call: books.get-book",
            "call: books.get-bok",
            "no operation `get-bok`",
        ),
        ("type: jsonrpc", "type: jsonrcp", "error[unsupported-kind]"),
        ("      port: 8082\n", "", "error[missing-key]"),
    ] {
        assert!(DOCUMENT.contains(right), "{right}");
        let report = kinds
            .load_text("bookshop.yaml", &DOCUMENT.replace(right, wrong))
            .report(Format::Concise);
        assert!(report.contains(told), "{wrong} gives:\n{report}");
    }
}

async fn it_serves(address: SocketAddr) -> Result<(), Error> {
    let caller = caller()?;
    let post = async |body: String| {
        let answer = caller
            .post(format!("http://{address}/"))
            .body(body)
            .send()
            .await?;
        let status = answer.status().as_u16();
        Ok::<(u16, String), Error>((status, answer.text().await?))
    };
    let call = async |method: &str, params: Value| {
        let request = json!({"jsonrpc": "2.0", "id": 1, "method": method, "params": params});
        let (_, text) = post(request.to_string()).await?;
        Ok::<Value, Error>(serde_json::from_str(&text)?)
    };
    let list = call("books.list", json!({})).await?;
    let books = json!([{"title": "Emma", "cents": 900}, {"title": "Persuasion", "cents": 700}]);
    assert_eq!(list, json!({"jsonrpc": "2.0", "result": books, "id": 1}));
    let one = call("books.get", json!({"id": "1"})).await?;
    assert_eq!(one.pointer("/result/title"), Some(&json!("Emma")));
    for (method, params, code, told) in [
        ("books.get", json!({"id": 9}), -32000, "404"),
        (
            "books.get",
            json!({"id": "x"}),
            -32602,
            "must be an integer",
        ),
        ("books.get", json!({"ID": 1}), -32602, "did you mean `id`?"),
        ("books.get", json!([1]), -32602, "no JSON object"),
        ("books.got", json!({}), -32601, "no such method"),
    ] {
        let answer = call(method, params).await?;
        assert_eq!(
            answer.pointer("/error/code"),
            Some(&json!(code)),
            "{answer}"
        );
        let message = answer
            .pointer("/error/message")
            .and_then(Value::as_str)
            .unwrap_or_default();
        assert!(message.contains(told), "{answer}");
    }
    let notification = r#"{"jsonrpc":"2.0","method":"books.list"}"#;
    assert_eq!(post(notification.to_owned()).await?, (204, String::new()));
    let batch = format!(r#"[{notification},{{"jsonrpc":"2.0","method":"books.list","id":"b"}},7]"#);
    let replies: Vec<Value> = serde_json::from_str(&post(batch).await?.1)?;
    assert_eq!(replies.len(), 2);
    assert_eq!(
        replies.first().and_then(|reply| reply.get("id")),
        Some(&json!("b"))
    );
    for (body, code) in [
        ("{", "-32700"),
        ("[]", "-32600"),
        ("7", "-32600"),
        ("{\"id\":[]}", "-32600"),
    ] {
        let (status, text) = post(body.to_owned()).await?;
        assert!(
            status == 200 && text.contains(code),
            "{body} gives {status} {text}"
        );
    }
    let many = format!("[{}]", vec!["7"; 1000].join(","));
    assert!(post(many).await?.1.contains("-32600"));
    assert_eq!(post("[".repeat(11 * 1024 * 1024)).await?.0, 413);
    assert_eq!(
        caller
            .get(format!("http://{address}/"))
            .send()
            .await?
            .status(),
        405
    );
    Ok(())
}
