//! HTTP/1.1 (RFC 9112) as far as handing over a message needs it: one request written once, its answer read.
//!
//! A client of our own, as the mail's is: the attempt must be written down when the line stands (connected,
//! closed to others) and before the request's first byte. A general client connects and writes in one
//! go. Nothing is ever asked again by itself, no redirect is followed, and what is read has an end.

mod answer;
mod url;

pub(crate) use answer::Answer;
pub(crate) use url::{Url, encoded, form};

use crate::wire::{self, Place, Tls, Wire, broken};
use answer::Reader;
use std::sync::{Mutex, PoisonError};
use std::time::Duration;

/// Lines kept open while nobody asks.
const MOST_KEPT: usize = 8;

/// One request; headers beside Host and Content-Length.
pub(crate) struct Request<'a> {
    pub method: &'a str,
    pub url: &'a Url,
    pub headers: &'a [(String, String)],
    pub body: &'a [u8],
}

/// Why there is no answer. No text holds an address, a number or a secret.
#[derive(Debug)]
pub(crate) enum Failed {
    /// Not a byte of the request has left: there is no line.
    Before(String),
    /// The caller said no at the last moment.
    Stopped,
    /// It may have arrived, and nobody knows what came of it.
    After(String),
}

/// Lines to the hosts that were asked, for any number of threads.
pub(crate) struct Http {
    timeout: Duration,
    authorities: String,
    kept: Mutex<Vec<(Url, Wire)>>,
}

impl Http {
    /// `timeout`: the longest wait for a line, and for each piece of an answer. `authorities`: own
    /// certificate authorities as PEM; empty: the public ones.
    pub fn new(timeout: Duration, authorities: &str) -> Http {
        Http { timeout, authorities: authorities.to_owned(), kept: Mutex::default() }
    }

    /// Asks once. `before` is called when the line stands and the request has not begun; where it says
    /// `false` nothing is sent.
    pub fn ask(&self, request: &Request<'_>, before: &mut dyn FnMut() -> bool) -> Result<Answer, Failed> {
        let bytes = written(request).ok_or_else(|| Failed::Before("the request cannot be written".into()))?;
        let mut wire = match self.take(request.url) {
            Some(wire) => wire,
            None => self.open(request.url).map_err(Failed::Before)?,
        };
        if !before() {
            self.keep(request.url, wire);
            return Err(Failed::Stopped);
        }
        // A side that breaks off may have said why before.
        let sent = wire.write(&bytes);
        match Reader::new(wire.incoming()).answer(request.method) {
            Ok((answer, goes_on)) => {
                if goes_on && sent.is_ok() {
                    self.keep(request.url, wire);
                }
                Ok(answer)
            }
            Err(error) => Err(Failed::After(broken(&sent.err().unwrap_or(error)))),
        }
    }

    fn open(&self, url: &Url) -> Result<Wire, String> {
        let tls = if url.tls { Tls::Implicit } else { Tls::None };
        let authorities = self.authorities.as_str();
        let place = Place { host: &url.host, port: url.port, tls, timeout: self.timeout, authorities };
        match Wire::connect(&place) {
            // Whatever a name server says of this machine's name.
            Ok(wire) if !wire.private() => Err("not this machine".to_owned()),
            Ok(wire) => Ok(wire),
            Err(wire::Failed::Unreachable(why) | wire::Failed::Refused(why)) => Err(why),
        }
    }

    /// A kept line that the other side has not closed meanwhile. One that it closes in this very moment
    /// leaves a request in doubt, as it must.
    fn take(&self, url: &Url) -> Option<Wire> {
        loop {
            let mut kept = self.kept.lock().unwrap_or_else(PoisonError::into_inner);
            let at = kept.iter().position(|(to, _)| to.same_host(url))?;
            let (_, wire) = kept.swap_remove(at);
            drop(kept);
            if wire.alive() {
                return Some(wire);
            }
        }
    }

    fn keep(&self, url: &Url, wire: Wire) {
        let mut kept = self.kept.lock().unwrap_or_else(PoisonError::into_inner);
        if kept.len() < MOST_KEPT {
            kept.push((url.clone(), wire));
        }
    }
}

/// The whole request as bytes; `None` where something in it would end a line or add one.
fn written(request: &Request<'_>) -> Option<Vec<u8>> {
    let token = |text: &str| {
        !text.is_empty() && text.bytes().all(|b| b.is_ascii_alphanumeric() || b"-_.".contains(&b))
    };
    let value = |text: &str| text.bytes().all(|b| b == b' ' || b.is_ascii_graphic());
    let plain = request.headers.iter().all(|(name, text)| token(name) && value(text));
    if !(plain && token(request.method)) {
        return None;
    }
    let mut head = format!(
        "{} {} HTTP/1.1\r\nHost: {}\r\nUser-Agent: Mezame\r\nContent-Length: {}\r\n",
        request.method,
        request.url.target(),
        request.url.authority(),
        request.body.len()
    );
    for (name, text) in request.headers {
        head.push_str(&format!("{name}: {text}\r\n"));
    }
    head.push_str("\r\n");
    Some([head.as_bytes(), request.body].concat())
}
