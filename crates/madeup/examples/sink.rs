//! A mail server that takes everything: `sink [--port 2525] [--faults] [--log FILE]`.
//!
//! It runs until its standard input ends or it is told to (SIGTERM, which ends it at once), and
//! then says what it accepted. `--faults` lets it fail now and then in every phase; `--log` gets one line
//! per accepted mail: id, how often, tab between.

use madeup::{Keep, Sink, Temper};
use std::error::Error;
use std::io::{Read, Write, stdin, stdout};

#[allow(clippy::disallowed_methods, reason = "a program of its own, of a few words")]
fn main() -> Result<(), Box<dyn Error>> {
    let words: Vec<String> = std::env::args().collect();
    let after = |name: &str| words.iter().position(|w| w == name).and_then(|at| words.get(at + 1));
    let port = after("--port").map_or(Ok(2525), |port| port.parse::<u16>())?;
    let log = after("--log");
    let keep = if log.is_some() { Keep::Ids } else { Keep::Count };
    let temper = match words.iter().any(|w| w == "--faults") {
        true => Temper::nasty(1, 0.02),
        false => Temper::default(),
    };
    let sink = Sink::start_on(port, Temper { keep, ..temper })?;
    writeln!(stdout(), "listening on {}", sink.addr())?;
    stdin().read_to_end(&mut vec![])?;
    writeln!(stdout(), "mails {}, connections {}", sink.mails(), sink.connections())?;
    if let Some(path) = log {
        let lines = sink.accepted().into_iter().map(|mail| format!("{}\t{}\n", mail.message_id, mail.times));
        std::fs::write(path, lines.collect::<String>())?;
    }
    Ok(())
}
