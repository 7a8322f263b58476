//! Opening listeners: all or none, and messages that a stranger understands.

use std::time::Duration;

use naftiko_engine::{Body, full};
use naftiko_expose::{HttpService, IncomingBody};
use naftiko_host::{BindProblem, Binding, Host, HostLimits, HostPolicy, ListenAddress};
use tokio::net::TcpListener;

fn hello() -> HttpService {
    HttpService::new(tower::service_fn(async |_: http::Request<IncomingBody>| {
        Ok(http::Response::<Body>::new(full("hello")))
    }))
}

async fn error(bindings: &[(&str, &str, u16)]) -> String {
    let bindings = bindings
        .iter()
        .map(|(label, host, port)| Binding::new(*label, ListenAddress::new(*host, *port), hello()));
    let result = Host::bind(bindings.collect(), HostLimits::default()).await;
    result.unwrap_err().to_string()
}

#[tokio::test]
async fn a_port_in_use() {
    let taken = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let port = taken.local_addr().unwrap().port();
    let free = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let free_port = free.local_addr().unwrap().port();
    drop(free);
    let message = error(&[
        ("shop/tools", "127.0.0.1", free_port),
        ("shop/rest", "localhost", port),
    ])
    .await;
    assert_eq!(
        message,
        format!(
            "`shop/rest` cannot listen on localhost:{port}: port {port} is in use by another program; stop that \
             program, or choose another port with `--listen shop/rest=ADDRESS:PORT`"
        )
    );
    // The listener that could be opened is closed again.
    TcpListener::bind(("127.0.0.1", free_port)).await.unwrap();
}

#[tokio::test]
async fn other_addresses_that_cannot_be() {
    let clash = error(&[("a", "localhost", 4711), ("b", "0.0.0.0", 4711)]).await;
    assert!(
        clash.starts_with(
            "`a` and `b` cannot both listen on 0.0.0.0:4711: give one of them another port"
        ),
        "{clash}"
    );
    let foreign = error(&[("a", "192.0.2.1", 0)]).await;
    assert!(
        foreign.contains("this machine does not have that address"),
        "{foreign}"
    );
    let unknown = error(&[("a\u{1b}[2J", "no-such-host.invalid", 80)]).await;
    assert!(
        unknown.contains("no address is known for that name"),
        "{unknown}"
    );
    assert!(!unknown.contains('\u{1b}'), "{unknown}");
    let binding = Binding::new("a", ListenAddress::new("[::]", 4711), hello());
    let twice = vec![binding.clone(), binding];
    let error = Host::bind(twice, HostLimits::default()).await.unwrap_err();
    assert!(matches!(&error.problem, BindProblem::Clash(other) if other == "a"));
    assert!(error.to_string().contains("[::]:4711"), "{error}");
}

#[tokio::test]
async fn several_listeners_each_with_its_own_policy() {
    let policy = HostPolicy::default().allow_host("shop.example").unwrap();
    let bindings = vec![
        Binding::new("a", ListenAddress::loopback(0), hello()).with_policy(policy),
        Binding::new("b", ListenAddress::new("0.0.0.0", 0), hello()),
    ];
    let host = Host::bind(bindings, HostLimits::default()).await.unwrap();
    let addresses = host.local_addrs();
    assert_eq!(host.exposures()[1].label, "b");
    let served = tokio::spawn(host.serve(std::future::pending(), Duration::ZERO));
    let mut got = Vec::new();
    for address in addresses {
        for name in ["shop.example", "10.9.8.7"] {
            let url = format!("http://127.0.0.1:{}/", address.port());
            let request = reqwest::Client::new().get(url).header("host", name);
            got.push(request.send().await.unwrap().status().as_u16());
        }
    }
    assert_eq!(got, [200, 403, 403, 200]);
    // Whoever drops the future closes everything.
    served.abort();
}
