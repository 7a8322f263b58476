//! The upstream: answers that were made once, found by the first letters of the path.

use std::error::Error;
use std::sync::Arc;

use naftiko_bench::{data, own_address, wire};
use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use tokio::net::{TcpListener, TcpStream};

#[global_allocator]
static ALLOCATOR: mimalloc::MiMalloc = mimalloc::MiMalloc;

/// Paths begin with the first; the answers are whole messages.
type Answers = Arc<Vec<(&'static str, Vec<u8>)>>;

fn message(body: &str) -> Vec<u8> {
    let length = body.len();
    format!("HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nContent-Length: {length}\r\n\r\n{body}").into_bytes()
}

#[tokio::main(flavor = "current_thread")]
async fn main() -> Result<(), Box<dyn Error>> {
    let answers: Answers = Arc::new(vec![
        ("/lists/5k", message(&data::list(5_000))),
        ("/lists/500k", message(&data::list(500_000))),
        // Whatever else is asked for is one thing.
        ("/", message(&data::item())),
    ]);
    let listener = TcpListener::bind(own_address()?).await?;
    loop {
        let (stream, _) = listener.accept().await?;
        stream.set_nodelay(true)?;
        tokio::spawn(answer(stream, Arc::clone(&answers)));
    }
}

/// Answers until the other side goes away, or does what only a mistake here would make it do.
async fn answer(mut stream: TcpStream, answers: Answers) -> std::io::Result<()> {
    let mut buffer = vec![0; 16 * 1024];
    let mut filled = 0;
    loop {
        let space = buffer.get_mut(filled..).unwrap_or_default();
        let read = stream.read(space).await?;
        if read == 0 {
            return Ok(());
        }
        filled += read;
        let Some(head) = buffer.get(..filled) else {
            return Ok(());
        };
        if wire::head_end(head).is_none() {
            continue;
        }
        let target = head
            .splitn(3, |byte| *byte == b' ')
            .nth(1)
            .unwrap_or_default();
        let found = answers
            .iter()
            .find(|(path, _)| target.starts_with(path.as_bytes()));
        let Some((_, message)) = found else {
            return Ok(());
        };
        stream.write_all(message).await?;
        filled = 0;
    }
}
