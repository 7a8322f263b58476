//! HTTP/2 without TLS, by prior knowledge.

use http::Version;
use tokio::io::AsyncReadExt;
use tokio::time::timeout;

use crate::harness::{PATIENCE, Server, ms, short};

fn client() -> reqwest::Client {
    reqwest::Client::builder()
        .http2_prior_knowledge()
        .build()
        .unwrap()
}

#[tokio::test]
async fn requests_errors_and_panics() {
    let server = Server::start(short(), PATIENCE).await;
    let client = client();
    let answer = client.get(server.url("/")).send().await.unwrap();
    assert_eq!(answer.version(), Version::HTTP_2);
    assert_eq!(answer.text().await.unwrap(), "hello");
    let slow = client.get(server.url("/slow/300")).send();
    let broken = async {
        let answer = client.get(server.url("/break")).send().await.unwrap();
        assert_eq!(answer.status(), 200);
        let error = answer.bytes().await.unwrap_err();
        assert!(format!("{error:?}").contains("INTERNAL_ERROR"), "{error:?}");
        let answer = client.get(server.url("/panic")).send().await.unwrap();
        assert_eq!(answer.status(), 500);
        let answer = client.get(server.url("/panic-body")).send().await;
        if let Ok(answer) = answer {
            answer.bytes().await.unwrap_err();
        }
    };
    // The other requests of the connection do not suffer.
    let (slow, ()) = tokio::join!(slow, broken);
    assert_eq!(slow.unwrap().text().await.unwrap(), "slow");
    let answer = client.get(server.url("/big/3000000")).send().await.unwrap();
    assert_eq!(answer.bytes().await.unwrap().len(), 3_000_000);
}

#[tokio::test]
async fn the_guard_reads_the_authority() {
    let server = Server::start(short(), PATIENCE).await;
    let port = server.address.port();
    let client = reqwest::Client::builder()
        .http2_prior_knowledge()
        .resolve("evil.example", server.address)
        .build()
        .unwrap();
    let url = format!("http://evil.example:{port}/");
    assert_eq!(client.get(url).send().await.unwrap().status(), 403);
}

#[tokio::test]
async fn a_large_header_is_refused() {
    let server = Server::start(short(), PATIENCE).await;
    let client = client();
    let send = |size| {
        client
            .get(server.url("/"))
            .header("x", "x".repeat(size))
            .send()
    };
    assert_eq!(send(60_000).await.unwrap().status(), 200);
    match send(100_000).await {
        Ok(answer) => assert_eq!(answer.status(), 431),
        Err(error) => assert!(error.is_request(), "{error:?}"),
    }
}

#[tokio::test]
async fn an_unused_connection_says_goodbye() {
    let server = Server::start(short(), PATIENCE).await;
    let mut raw = server.client().await;
    // Preface, empty SETTINGS, and a GET / for localhost with indexed and literal fields.
    let mut bytes = b"PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n".to_vec();
    bytes.extend([0, 0, 0, 4, 0, 0, 0, 0, 0]);
    let mut block = vec![0x82, 0x86, 0x84, 0x01, 9];
    block.extend(b"localhost");
    bytes.extend([0, 0, u8::try_from(block.len()).unwrap(), 1, 5, 0, 0, 0, 1]);
    bytes.extend(block);
    tokio::io::AsyncWriteExt::write_all(&mut raw.0, &bytes)
        .await
        .unwrap();
    let start = std::time::Instant::now();
    let mut all = Vec::new();
    // This peer does not even answer the farewell.
    timeout(PATIENCE, raw.0.read_to_end(&mut all))
        .await
        .expect("not closed")
        .unwrap();
    let took = start.elapsed();
    assert!(took >= ms(550) && took < ms(2500), "{took:?}");
    assert!(all.windows(5).any(|w| w == b"hello"), "{all:?}");
    let goaway = all.windows(5).any(|w| *w == [8, 7, 0, 0, 0][..]);
    assert!(goaway, "{all:?}");
}

#[tokio::test]
async fn drain() {
    let server = Server::start(short(), PATIENCE).await;
    let client = client();
    client.get(server.url("/")).send().await.unwrap();
    let slow = tokio::spawn(client.get(server.url("/slow/500")).send());
    tokio::time::sleep(ms(100)).await;
    let stopped = server.stop();
    assert_eq!(slow.await.unwrap().unwrap().text().await.unwrap(), "slow");
    let report = timeout(PATIENCE, stopped).await.unwrap().unwrap();
    assert_eq!(report.cut, 0);
}
