//! SMTP (RFC 5321): one line to the shop's mail server, and one mail handed over once.
//!
//! A client of our own, of these two files and the wire: the attempt must be written down between the
//! server's 354 and the first byte of the mail. lettre's blocking client can be taken apart there,
//! but it writes body and final dot apart without `TCP_NODELAY` (a pause of 40 ms per mail where
//! the other side delays its acknowledgement), waits for each answer before the next command, and
//! says nothing of an answer that came before a broken write.

mod reply;

use crate::wire::{Failed, Place, Tls, Wire, broken};
use clearance::ClearedTouch;
use model::Delivery;
use reply::Reply;
use std::fmt;
use std::io;
use std::time::Duration;
use thiserror::Error;

/// Where mails are handed over.
#[derive(Clone)]
pub struct SmtpDoor {
    pub host: String,
    pub port: u16,
    pub tls: Tls,
    /// Empty: no login.
    pub user: String,
    pub password: String,
    /// The name we go by, a domain name.
    pub helo: String,
    /// Longest wait for one answer.
    pub timeout: Duration,
    /// Own certificate authorities as PEM; empty: the public ones.
    pub authorities: String,
}

impl SmtpDoor {
    fn place(&self) -> Place<'_> {
        let SmtpDoor { host, port, tls, timeout, authorities, .. } = self;
        Place { host, port: *port, tls: *tls, timeout: *timeout, authorities }
    }
}

impl fmt::Debug for SmtpDoor {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "SmtpDoor({}:{}, {:?})", self.host, self.port, self.tls)
    }
}

/// Why there is no line.
#[derive(Clone, PartialEq, Eq, Debug, Error)]
pub enum SmtpError {
    /// To be tried again later.
    #[error("メールサーバーに接続できません: {0} / the mail server cannot be reached: {0}")]
    Unreachable(String),
    /// Will not get better by itself: an operator must look.
    #[error(
        "メールサーバーに断られました。設定をご確認ください: {0} / the mail server refuses us, check the settings: {0}"
    )]
    Refused(String),
}

impl From<Failed> for SmtpError {
    fn from(failed: Failed) -> SmtpError {
        match failed {
            Failed::Unreachable(what) => SmtpError::Unreachable(what),
            Failed::Refused(what) => SmtpError::Refused(what),
        }
    }
}

/// What came of handing over one mail.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Handed {
    pub delivery: Delivery,
    /// Whether the line can take another mail; if not, it is to be dropped.
    pub usable: bool,
    /// Whether the attempt was committed: after this only `delivery` says what became of it.
    pub attempted: bool,
}

/// An open line to a mail server, for one mail after the other.
pub struct Line {
    wire: Wire,
    pipelining: bool,
    /// The mail as it goes over the line; kept for its room.
    out: Vec<u8>,
}

impl Line {
    /// Connects, closes the line to others as the door says, and logs in.
    pub fn open(door: &SmtpDoor) -> Result<Line, SmtpError> {
        if !door.helo.chars().all(|c| c.is_ascii_alphanumeric() || "-.[]:".contains(c))
            || door.helo.is_empty()
        {
            return Err(SmtpError::Refused("HELO".to_owned()));
        }
        let mut wire = Wire::connect(&door.place())?;
        greeted(wire.read().map_err(lost)?)?;
        let mut able = hello(&mut wire, &door.helo)?;
        if door.tls == Tls::StartTls {
            greeted(wire.ask("STARTTLS\r\n").map_err(lost)?)?;
            wire = wire.secure(&door.place())?;
            able = hello(&mut wire, &door.helo)?;
        }
        if !door.user.is_empty() {
            login(&mut wire, door, &able)?;
        }
        Ok(Line { wire, pipelining: able.has("PIPELINING"), out: vec![] })
    }

    /// Hands over one mail. When the server is ready for its bytes, and not before, `commit` is
    /// called: it writes the attempt down for good. Where it says `false` nothing is sent and the
    /// line is done for.
    pub fn deliver(
        &mut self,
        touch: &ClearedTouch,
        return_path: &str,
        mail: &[u8],
        commit: &mut dyn FnMut() -> bool,
    ) -> Handed {
        let to = touch.destination();
        if !is_address(to) || !(return_path.is_empty() || is_address(return_path)) {
            let said = "the address cannot be written in SMTP".to_owned();
            return handed(Delivery::Refused { said, dead: false }, true, false);
        }
        match self.envelope(return_path, to) {
            Ok(None) => {}
            Ok(Some(refused)) => return self.before(refused, to),
            Err(e) => return handed(Delivery::Later { said: broken(&e) }, false, false),
        }
        stuff(mail, &mut self.out);
        if !commit() {
            let said = "stopped before it was sent".to_owned();
            return handed(Delivery::Later { said }, false, false);
        }
        let written = self.wire.write(&self.out);
        // A server that breaks off may have said why before.
        match (self.wire.read(), written) {
            (Ok(reply), Ok(())) if reply.positive() => {
                handed(Delivery::Accepted { said: reply.said(to) }, !reply.closing(), true)
            }
            (Ok(reply), _) if reply.negative() => handed(reply.delivery(to, true), !reply.closing(), true),
            (Ok(reply), _) => handed(Delivery::Unknown { said: reply.said(to) }, false, true),
            (Err(_), Err(e)) | (Err(e), Ok(())) => {
                handed(Delivery::Unknown { said: broken(&e) }, false, true)
            }
        }
    }

    /// MAIL, RCPT and DATA; in one go where the server likes that. `None`: it waits for the mail.
    fn envelope(&mut self, return_path: &str, to: &str) -> io::Result<Option<Refusal>> {
        let commands =
            [format!("MAIL FROM:<{return_path}>\r\n"), format!("RCPT TO:<{to}>\r\n"), "DATA\r\n".to_owned()];
        if self.pipelining {
            self.wire.write(commands.concat().as_bytes())?;
        }
        let mut first: Option<Refusal> = None;
        for (about, command) in [About::Sender, About::Customer, About::Mail].into_iter().zip(&commands) {
            let reply = match if self.pipelining { self.wire.read() } else { self.wire.ask(command) } {
                Err(_) if first.is_some() => break,
                reply => reply?,
            };
            let ready = reply.code == 354;
            match &mut first {
                // It waits for a mail all the same (RFC 2920, 3.1). Whose that would be is not tried.
                Some(refusal) => refusal.over |= ready,
                None if about == About::Mail && ready => {}
                None if about != About::Mail && reply.positive() => {}
                None => {
                    let over = reply.closing();
                    first = Some(Refusal { reply, about, over });
                    if over || !self.pipelining {
                        break;
                    }
                }
            }
        }
        Ok(first)
    }

    /// What a refusal of the envelope means; the line is made ready for the next mail.
    fn before(&mut self, refusal: Refusal, to: &str) -> Handed {
        let Refusal { reply, about, over } = refusal;
        let delivery = match reply.negative() {
            true => reply.delivery(to, about == About::Customer),
            false => Delivery::Later { said: reply.said(to) },
        };
        let usable = !over && self.wire.ask("RSET\r\n").is_ok_and(|reply| reply.positive());
        handed(delivery, usable, false)
    }

    /// Says goodbye; what the server says to that is of no interest.
    pub fn close(mut self) {
        let _ = self.wire.ask("QUIT\r\n");
    }
}

/// Whom a command of the envelope is about.
#[derive(Clone, Copy, PartialEq, Eq)]
enum About {
    Sender,
    Customer,
    Mail,
}

/// The first answer of an envelope that was not the one wanted.
struct Refusal {
    reply: Reply,
    about: About,
    /// Nothing more can be said on this line.
    over: bool,
}

fn handed(delivery: Delivery, usable: bool, attempted: bool) -> Handed {
    Handed { delivery, usable, attempted }
}

fn hello(wire: &mut Wire, name: &str) -> Result<Reply, SmtpError> {
    greeted(wire.ask(&format!("EHLO {name}\r\n")).map_err(lost)?)
}

fn login(wire: &mut Wire, door: &SmtpDoor, able: &Reply) -> Result<(), SmtpError> {
    use base64::{Engine, engine::general_purpose::STANDARD};
    if !wire.private() {
        let why = "a password is not sent over an open line: use TLS";
        return Err(SmtpError::Refused(why.to_owned()));
    }
    let answer = if able.has_auth("PLAIN") {
        let secret = STANDARD.encode(format!("\0{}\0{}", door.user, door.password));
        wire.ask(&format!("AUTH PLAIN {secret}\r\n"))
    } else if able.has_auth("LOGIN") {
        wire.ask("AUTH LOGIN\r\n")
            .and_then(|_| wire.ask(&format!("{}\r\n", STANDARD.encode(&door.user))))
            .and_then(|_| wire.ask(&format!("{}\r\n", STANDARD.encode(&door.password))))
    } else {
        return Err(SmtpError::Refused("AUTH PLAIN, AUTH LOGIN".to_owned()));
    };
    greeted(answer.map_err(lost)?).map(|_| ())
}

/// A server that says yes, or why there is no line.
fn greeted(reply: Reply) -> Result<Reply, SmtpError> {
    match reply.code {
        200..300 => Ok(reply),
        500..600 => Err(SmtpError::Refused(reply.said(""))),
        _ => Err(SmtpError::Unreachable(reply.said(""))),
    }
}

fn lost(error: io::Error) -> SmtpError {
    crate::wire::lost(error).into()
}

/// An address that can stand between `<` and `>`: ASCII, one line, a domain.
fn is_address(text: &str) -> bool {
    let fine = |c: char| c.is_ascii_graphic() && !"<>()[],;:\\\"".contains(c);
    let parts = text.rsplit_once('@');
    text.len() <= 254 && text.chars().all(fine) && parts.is_some_and(|(l, d)| !l.is_empty() && !d.is_empty())
}

/// The mail as it goes over the line: dots at the beginning of lines doubled, and the final one.
fn stuff(mail: &[u8], out: &mut Vec<u8>) {
    out.clear();
    out.reserve(mail.len() + 64);
    for line in mail.split_inclusive(|b| *b == b'\n') {
        if line.first() == Some(&b'.') {
            out.push(b'.');
        }
        out.extend_from_slice(line);
    }
    if !out.ends_with(b"\r\n") {
        out.extend_from_slice(b"\r\n");
    }
    out.extend_from_slice(b".\r\n");
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn dots_are_doubled_and_the_end_is_the_end() {
        for (mail, expected) in [
            ("a\r\n", "a\r\n.\r\n"),
            ("a", "a\r\n.\r\n"),
            (".\r\n..b\r\nc.\r\n", "..\r\n...b\r\nc.\r\n.\r\n"),
            ("", "\r\n.\r\n"),
        ] {
            let mut out = vec![];
            stuff(mail.as_bytes(), &mut out);
            assert_eq!(String::from_utf8_lossy(&out), expected, "{mail:?}");
        }
    }

    #[test]
    fn addresses_that_may_stand_in_a_command() {
        for (text, fine) in [
            ("hanako@example.jp", true),
            ("a+b@example.jp", true),
            ("花子@example.jp", false),
            ("a@example.jp> SIZE=1", false),
            ("a@example.jp\r\nRCPT TO:<b@example.jp", false),
            ("nobody", false),
            ("@example.jp", false),
            ("", false),
        ] {
            assert_eq!(is_address(text), fine, "{text}");
        }
    }
}
