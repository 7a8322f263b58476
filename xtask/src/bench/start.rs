//! Starts, and what an idle process holds.

use std::io::{Read as _, Write as _};
use std::net::TcpStream;
use std::time::{Duration, Instant};

use super::pin::Pin;
use super::report::{Table, Verdict};
use super::rounds::median;
use super::subject::Subject;

/// Milliseconds that naftiko's start may take beyond that of hello-world.
const START_MS: f64 = 20.0;
/// Megabytes that an idle naftiko may hold.
const IDLE_MB: f64 = 20.0;
/// How long after its first answer a process counts as idle.
const SETTLED: Duration = Duration::from_millis(500);

/// What a server's start takes: the median over the rounds.
#[derive(Clone, Debug)]
pub(crate) struct Started {
    pub(crate) name: String,
    /// From the creation of the process to the first answer, in milliseconds.
    pub(crate) ms: f64,
    /// Resident when it has started and nobody calls.
    pub(crate) idle_mb: f64,
}

/// Starts every subject so often, in turn.
///
/// # Errors
/// A sentence, when one does not answer.
pub(crate) fn measure(
    pin: Pin,
    rounds: usize,
    subjects: &[Subject],
) -> Result<Vec<Started>, String> {
    let mut times = vec![(Vec::new(), Vec::new()); subjects.len()];
    for _ in 0..rounds {
        for (subject, (ms, mb)) in subjects.iter().zip(&mut times) {
            let begun = Instant::now();
            let running = subject.spawn(pin)?;
            let call = subject.call.bytes(running.address);
            let patience = Duration::from_secs(30);
            while !answers(running.address, &call.request) {
                if begun.elapsed() > patience {
                    return Err(format!("{} does not answer", subject.name));
                }
                std::thread::sleep(Duration::from_micros(200));
            }
            ms.push(begun.elapsed().as_secs_f64() * 1000.0);
            std::thread::sleep(SETTLED);
            mb.push(running.resident_mb());
        }
    }
    let named = subjects.iter().zip(times);
    let started = named.map(|(subject, (ms, mb))| Started {
        name: subject.name.clone(),
        ms: median(ms),
        idle_mb: median(mb),
    });
    Ok(started.collect())
}

/// Whether there is an answer of status 200.
fn answers(address: std::net::SocketAddr, request: &str) -> bool {
    let asked = || {
        let mut stream = TcpStream::connect(address)?;
        stream.write_all(request.as_bytes())?;
        let mut status = [0; 12];
        stream.read_exact(&mut status)?;
        Ok::<_, std::io::Error>(status)
    };
    asked().is_ok_and(|status| status.ends_with(b" 200"))
}

/// The table: naftiko first, hello-world second.
pub(crate) fn judge(all: &[Started]) -> (Table, Vec<Verdict>) {
    let mut verdicts = Vec::new();
    if let [naftiko, hello, ..] = all {
        let over = naftiko.ms - hello.ms;
        verdicts.push(Verdict {
            what: format!("Start: milliseconds over {}", hello.name),
            target: format!("at most {START_MS:.0}"),
            measured: format!("{over:.1}"),
            met: over <= START_MS,
            far_off: false,
        });
        verdicts.push(Verdict {
            what: "Idle memory in MB".to_owned(),
            target: format!("at most {IDLE_MB:.0}"),
            measured: format!("{:.1}", naftiko.idle_mb),
            met: naftiko.idle_mb <= IDLE_MB,
            far_off: naftiko.idle_mb > IDLE_MB * 2.0,
        });
    }
    let met = verdicts.iter().all(|verdict: &Verdict| verdict.met);
    let rows = all.iter().enumerate().map(|(index, one)| {
        let word = match index {
            0 if met => "met",
            0 => "MISSED",
            _ => "",
        };
        vec![
            one.name.clone(),
            format!("{:.1}", one.ms),
            format!("{:.1}", one.idle_mb),
            word.to_owned(),
        ]
    });
    let table = Table {
        title: "Start and idle memory".to_owned(),
        about: "From the creation of the process to its first answer, which for naftiko comes from the upstream; resident \
                memory half a second later."
            .to_owned(),
        head: vec!["Server", "start ms", "idle MB", "verdict"],
        rows: rows.collect(),
    };
    (table, verdicts)
}
