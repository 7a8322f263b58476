//! The end of a socket whose caller is still sending.
//!
//! A socket that is closed with unread bytes in it resets its connection, and the reset can overtake the answer: a caller
//! that sends too much would learn of a broken connection, not of status 413. So what it sends is read and thrown away
//! for a moment, until it has read the answer and stops.

use std::time::Duration;

use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use tokio::net::TcpStream;
use tokio::time::timeout;

/// How long a caller may go on sending.
const MOST: Duration = Duration::from_secs(2);

/// Reads and forgets until the caller ends, or for a moment.
pub(crate) async fn linger(mut stream: TcpStream) {
    let forget = async {
        if stream.shutdown().await.is_err() {
            return;
        }
        let mut scratch = vec![0; 16 * 1024];
        while matches!(stream.read(&mut scratch).await, Ok(read) if read > 0) {}
    };
    let _ = timeout(MOST, forget).await;
}
