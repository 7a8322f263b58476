//! A host that runs out of file descriptors. In a process of its own, since the shortage is everybody's in it.
#![cfg(target_os = "linux")]
#![allow(missing_docs)]

use std::fs::File;
use std::io::{Read as _, Seek as _};
use std::process::Command;
use std::time::Duration;

use naftiko_engine::{Body, full};
use naftiko_expose::{HttpService, IncomingBody};
use naftiko_host::{Binding, Host, HostLimits, ListenAddress};
use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use tokio::net::TcpSocket;
use tokio::time::{sleep, timeout};

/// Set where descriptors are few.
const FEW: &str = "NAFTIKO_TEST_FEW_DESCRIPTORS";
/// What the starved process says in the end.
const SERVED: &str = "served after the shortage";

#[test]
fn a_shortage_does_not_burn_the_processor() {
    let output = Command::new("sh")
        .args([
            "-c",
            "ulimit -n 64 && exec \"$0\" --exact starved --nocapture",
        ])
        .arg(std::env::current_exe().unwrap())
        .env(FEW, "1")
        .output()
        .unwrap();
    let said = String::from_utf8_lossy(&output.stdout).into_owned();
    assert!(output.status.success() && said.contains(SERVED), "{said}");
}

/// Does nothing unless the other test runs it.
#[tokio::test]
async fn starved() {
    if std::env::var_os(FEW).is_none() {
        return;
    }
    let hello = HttpService::new(tower::service_fn(async |_: http::Request<IncomingBody>| {
        Ok(http::Response::<Body>::new(full("hello")))
    }));
    let binding = Binding::new("a", ListenAddress::loopback(0), hello);
    let host = Host::bind(vec![binding], HostLimits::default())
        .await
        .unwrap();
    let address = host.local_addrs()[0];
    tokio::spawn(host.serve(std::future::pending(), Duration::ZERO));
    let client = TcpSocket::new_v4().unwrap();
    let mut clock = File::open("/proc/thread-self/schedstat").unwrap();
    let mut processor_time = move || {
        let mut text = String::new();
        clock.rewind().unwrap();
        clock.read_to_string(&mut text).unwrap();
        Duration::from_nanos(text.split(' ').next().unwrap().parse().unwrap())
    };
    let mut hoard = Vec::new();
    while let Ok(file) = File::open("/dev/null") {
        hoard.push(file);
        assert!(hoard.len() < 64, "the limit does not hold");
    }
    let mut client = client.connect(address).await.unwrap();
    client
        .write_all(b"GET / HTTP/1.1\r\nHost: localhost\r\n\r\n")
        .await
        .unwrap();
    let before = processor_time();
    let mut byte = [0; 1];
    let served = timeout(Duration::from_millis(400), client.read(&mut byte)).await;
    assert!(served.is_err(), "served without a descriptor");
    let spent = processor_time().saturating_sub(before);
    assert!(spent < Duration::from_millis(40), "{spent:?} of 400 ms");
    drop(hoard);
    sleep(Duration::from_millis(50)).await;
    let served = timeout(Duration::from_secs(3), client.read(&mut byte)).await;
    assert_eq!(served.unwrap().unwrap(), 1);
    println!("{SERVED}");
}
