//! A closed loop: each connection sends its next request when it has the answer to the last one.

use std::net::SocketAddr;
use std::sync::Arc;
use std::time::{Duration, Instant};

use serde::{Deserialize, Serialize};
use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use tokio::net::TcpStream;

use crate::wire::{Response, head_end};

/// Where the number of a request stands in its bytes: ten digits, so that lengths stay.
pub const NUMBER: &str = "{number...}";
/// Where the name of the session stands; what a server calls it is known after the first answer.
pub const SESSION: &str = "{session}";

/// What is to be done.
#[derive(Clone, Debug, Deserialize, Serialize)]
pub struct Order {
    /// The server.
    pub address: SocketAddr,
    /// Connections at a time.
    pub connections: usize,
    /// Milliseconds before anything counts.
    pub warm_up_ms: u64,
    /// Milliseconds that count.
    pub measured_ms: u64,
    /// The process whose processor time is read.
    pub process: u32,
    /// Requests that each connection sends first, whose answers are not judged beyond 2xx.
    pub setup: Vec<String>,
    /// The request.
    pub request: String,
    /// What every connection's first answer must hold; all others must have its status.
    pub expected: String,
}

/// What came of it.
#[derive(Clone, Debug, Deserialize, Serialize)]
pub struct Measured {
    /// Answers in the measured time.
    pub requests: usize,
    /// The measured time.
    pub seconds: f64,
    /// The median time for an answer, in microseconds.
    pub p50_us: f64,
    /// The time within which 99 of 100 answers came, in microseconds.
    pub p99_us: f64,
    /// The processor time of the server's process for one answer, in microseconds.
    pub cpu_us: f64,
}

/// Does it.
///
/// # Errors
/// A sentence, with the first answer that was wrong.
pub async fn run(order: Order) -> Result<Measured, String> {
    let order = Arc::new(order);
    let mut open = Vec::new();
    for number in 0..order.connections {
        open.push(Connection::open(&order, number).await?);
    }
    let begin = Instant::now() + Duration::from_millis(order.warm_up_ms);
    let end = begin + Duration::from_millis(order.measured_ms);
    let tasks: Vec<_> = open
        .into_iter()
        .map(|connection| tokio::spawn(connection.call_until(begin, end)))
        .collect();
    tokio::time::sleep_until(begin.into()).await;
    let (before, from) = (processor_ns(order.process)?, Instant::now());
    tokio::time::sleep_until(end.into()).await;
    let (after, seconds) = (processor_ns(order.process)?, from.elapsed().as_secs_f64());
    let mut times = Vec::new();
    for task in tasks {
        times.extend(task.await.map_err(|error| error.to_string())??);
    }
    times.sort_unstable();
    #[allow(clippy::cast_precision_loss, reason = "nobody reads the last digits")]
    let cpu_us = (after.saturating_sub(before)) as f64 / 1000.0 / times.len().max(1) as f64;
    Ok(Measured {
        requests: times.len(),
        seconds,
        p50_us: percentile(&times, 50),
        p99_us: percentile(&times, 99),
        cpu_us,
    })
}

/// Of sorted nanoseconds, in microseconds.
fn percentile(sorted: &[u32], percent: usize) -> f64 {
    let at = (sorted.len() * percent / 100).min(sorted.len().saturating_sub(1));
    sorted.get(at).map_or(0.0, |ns| f64::from(*ns) / 1000.0)
}

/// The processor time that the threads of a process have had. None of the servers ends threads under load.
fn processor_ns(process: u32) -> Result<u64, String> {
    let lost = |error: std::io::Error| format!("process {process} cannot be watched: {error}");
    let mut total = 0;
    for thread in std::fs::read_dir(format!("/proc/{process}/task")).map_err(lost)? {
        let Ok(text) = thread.and_then(|t| std::fs::read_to_string(t.path().join("schedstat")))
        else {
            continue;
        };
        let first = text.split_whitespace().next();
        total += first.and_then(|ns| ns.parse::<u64>().ok()).unwrap_or(0);
    }
    Ok(total)
}

/// One connection, through its setup.
struct Connection {
    stream: TcpStream,
    buffer: Vec<u8>,
    request: Vec<u8>,
    /// Where the number stands in the request.
    number_at: Option<usize>,
    number: u64,
    expected: String,
}

/// How much is read at a time.
const READ: usize = 256 * 1024;

impl Connection {
    async fn open(order: &Order, index: usize) -> Result<Self, String> {
        let told = |error: std::io::Error| format!("no connection: {error}");
        let stream = TcpStream::connect(order.address).await.map_err(told)?;
        stream.set_nodelay(true).map_err(told)?;
        let mut connection = Self {
            stream,
            buffer: vec![0; READ],
            request: Vec::new(),
            number_at: None,
            number: 1_000_000_000 + index as u64 * 1_000_000,
            expected: order.expected.clone(),
        };
        let mut session = String::new();
        for text in &order.setup {
            connection.prepare(text, &session);
            let mut named = None;
            let (status, body) = connection.exchange(true, &mut named).await?;
            if !(200..300).contains(&status) {
                let body = String::from_utf8_lossy(&body).into_owned();
                return Err(format!("the setup was answered with {status}: {body}"));
            }
            session = named.unwrap_or(session);
        }
        connection.prepare(&order.request, &session);
        let (status, body) = connection.exchange(true, &mut None).await?;
        let body = String::from_utf8_lossy(&body);
        if status != 200 || !body.contains(&connection.expected) {
            return Err(format!(
                "the call was answered with {status}, and `{}` is not in {:.400}",
                connection.expected, body
            ));
        }
        Ok(connection)
    }

    /// Makes a text's bytes the request.
    fn prepare(&mut self, text: &str, session: &str) {
        let text = text.replace(SESSION, session);
        self.number_at = text.find(NUMBER);
        // Ten digits and a space, which JSON allows after a number, are as long as the name of their place.
        self.request = text.replace(NUMBER, "0000000000 ").into_bytes();
    }

    async fn call_until(mut self, begin: Instant, end: Instant) -> Result<Vec<u32>, String> {
        let mut times = Vec::with_capacity(64 * 1024);
        loop {
            let sent = Instant::now();
            if sent >= end {
                return Ok(times);
            }
            let (status, _) = self.exchange(false, &mut None).await?;
            let now = Instant::now();
            if status != 200 {
                return Err(format!("an answer under load had status {status}"));
            }
            if now >= begin && now < end {
                let took = now.duration_since(sent).as_nanos();
                times.push(u32::try_from(took).unwrap_or(u32::MAX));
            }
        }
    }

    /// Sends the request and reads the answer; keeps its body and the name of the session if `kept`.
    async fn exchange(
        &mut self,
        kept: bool,
        session: &mut Option<String>,
    ) -> Result<(u16, Vec<u8>), String> {
        let told = |error: std::io::Error| format!("the connection broke: {error}");
        self.number += 1;
        if let Some(place) = self
            .number_at
            .and_then(|at| self.request.get_mut(at..at + 10))
        {
            place.copy_from_slice(format!("{:010}", self.number).as_bytes());
        }
        self.stream.write_all(&self.request).await.map_err(told)?;
        let mut response: Option<Response> = None;
        let mut body = Vec::new();
        let mut filled = 0;
        loop {
            let space = self.buffer.get_mut(filled..).unwrap_or_default();
            let read = self.stream.read(space).await.map_err(told)?;
            if read == 0 {
                return Err("the server closed the connection".to_owned());
            }
            filled += read;
            let bytes = self.buffer.get(..filled).unwrap_or_default();
            let mut begin = 0;
            if response.is_none() {
                let Some(end) = head_end(bytes) else {
                    continue;
                };
                begin = end;
                let head = bytes.get(..end).unwrap_or_default();
                response = Some(Response::read(head, |name, value| {
                    if kept && name.eq_ignore_ascii_case("mcp-session-id") {
                        *session = Some(String::from_utf8_lossy(value).into_owned());
                    }
                })?);
            }
            let part = bytes.get(begin..).unwrap_or_default();
            filled = 0;
            if kept {
                body.extend_from_slice(part);
            }
            if let Some(response) = &mut response
                && response.take(part)?
            {
                return Ok((response.status, body));
            }
        }
    }
}
