//! A server's answer, and what it means for one mail.

use crate::wire::Wire;
use model::Delivery;
use std::io::{self, BufRead, Read};

/// Longest answer that is read: lines, and bytes of one line.
const LINES: usize = 100;
const LINE_BYTES: u64 = 2_048;
/// Longest text that is kept of one.
const SAID_CHARS: usize = 300;

/// The code and every line of an answer.
#[derive(Debug)]
pub(super) struct Reply {
    pub code: u16,
    lines: Vec<String>,
}

impl Reply {
    /// Reads one answer of one or more lines (RFC 5321, 4.2.1).
    pub fn read(from: &mut impl BufRead) -> io::Result<Reply> {
        let mut reply = Reply { code: 0, lines: vec![] };
        let mut line = vec![];
        while reply.lines.len() < LINES {
            line.clear();
            from.by_ref().take(LINE_BYTES).read_until(b'\n', &mut line)?;
            if line.last() != Some(&b'\n') {
                let cut = if line.len() as u64 == LINE_BYTES {
                    io::ErrorKind::InvalidData
                } else {
                    io::ErrorKind::UnexpectedEof
                };
                return Err(cut.into());
            }
            let text = String::from_utf8_lossy(&line);
            let text = text.trim_end();
            let code = text.get(..3).and_then(|code| code.parse::<u16>().ok());
            reply.code = code.filter(|c| (200..600).contains(c)).ok_or(io::ErrorKind::InvalidData)?;
            reply.lines.push(text.get(4..).unwrap_or("").to_owned());
            if text.as_bytes().get(3) != Some(&b'-') {
                return Ok(reply);
            }
        }
        Err(io::ErrorKind::InvalidData.into())
    }

    pub fn positive(&self) -> bool {
        (200..300).contains(&self.code)
    }

    pub fn negative(&self) -> bool {
        (400..600).contains(&self.code)
    }

    /// Whether the server closes the line with it.
    pub fn closing(&self) -> bool {
        self.code == 421
    }

    /// Whether an answer to EHLO names this ability.
    pub fn has(&self, ability: &str) -> bool {
        self.lines
            .iter()
            .skip(1)
            .any(|l| l.split(' ').next().is_some_and(|w| w.eq_ignore_ascii_case(ability)))
    }

    /// Whether an answer to EHLO names this way to log in.
    pub fn has_auth(&self, way: &str) -> bool {
        let mut auth = self.lines.iter().filter(|l| l.to_ascii_uppercase().starts_with("AUTH"));
        auth.any(|l| l.split([' ', '=']).skip(1).any(|w| w.eq_ignore_ascii_case(way)))
    }

    /// What a refusal means. `of_customer`: it may be about the customer's address.
    pub fn delivery(&self, to: &str, of_customer: bool) -> Delivery {
        match self.code {
            500.. => Delivery::Refused { said: self.said(to), dead: of_customer && self.dead() },
            _ => Delivery::Later { said: self.said(to) },
        }
    }

    /// Whether the address itself is dead (RFC 3463, X.1.1 to X.1.3 and X.1.10), as some servers
    /// say in words only.
    fn dead(&self) -> bool {
        let text = self.lines.join(" ").to_lowercase();
        let enhanced = text.split_whitespace().next().unwrap_or("");
        if enhanced.starts_with("5.") && enhanced.split('.').all(|n| n.parse::<u16>().is_ok()) {
            return ["5.1.1", "5.1.2", "5.1.3", "5.1.10"].contains(&enhanced);
        }
        let words = [
            "user unknown",
            "unknown user",
            "no such user",
            "user not found",
            "no mailbox here",
            "mailbox not found",
        ];
        [550, 551, 553].contains(&self.code) && words.iter().any(|w| text.contains(w))
    }

    /// The answer in one line, without addresses: neither the customer's nor any other.
    pub fn said(&self, to: &str) -> String {
        let local = to.split('@').next().unwrap_or("").to_lowercase();
        let text = format!("{} {}", self.code, self.lines.join(" "));
        let edge = |c: char| c.is_whitespace() || c.is_control() || "<>()[]{},;:\"'=".contains(c);
        let mut out = String::new();
        for word in text.split_inclusive(edge) {
            let bare = word.trim_end_matches(edge);
            let address = bare.contains('@')
                || bare.contains("%40")
                || (!local.is_empty() && bare.to_lowercase() == local);
            out.push_str(if address { "(address)" } else { bare });
            out.extend(word[bare.len()..].chars().map(|c| if c.is_control() { ' ' } else { c }));
        }
        out.trim_end().chars().take(SAID_CHARS).collect()
    }
}

impl Wire {
    pub(super) fn read(&mut self) -> io::Result<Reply> {
        Reply::read(self.incoming())
    }

    pub(super) fn ask(&mut self, command: &str) -> io::Result<Reply> {
        self.write(command.as_bytes())?;
        self.read()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn reply(text: &str) -> io::Result<Reply> {
        Reply::read(&mut io::BufReader::new(text.as_bytes()))
    }

    #[test]
    fn what_refusals_mean() {
        for (text, dead) in [
            ("550 5.1.1 <hanako@example.jp>: Recipient address rejected\r\n", true),
            ("550-5.1.1 The email account\r\n550 5.1.1 does not exist\r\n", true),
            ("550 5.1.10 null MX\r\n", true),
            ("550 5.1.12 something else\r\n", false),
            ("550 5.7.1 user unknown in our policy\r\n", false),
            ("550 No such user here\r\n", true),
            ("554 no such user\r\n", false),
            ("552 5.2.2 mailbox full\r\n", false),
            ("550 rejected as spam\r\n", false),
        ] {
            let Delivery::Refused { dead: found, .. } =
                reply(text).expect(text).delivery("x@example.jp", true)
            else {
                panic!("{text}")
            };
            assert_eq!(found, dead, "{text}");
        }
        let later = reply("451 4.7.1 greylisted\r\n").expect("a reply").delivery("", true);
        assert!(matches!(later, Delivery::Later { .. }));
        let sender = reply("550 5.1.1 sender unknown\r\n").expect("a reply").delivery("", false);
        assert!(matches!(sender, Delivery::Refused { dead: false, .. }));
    }

    #[test]
    fn no_address_is_repeated() {
        for text in [
            "550 5.1.1 <Hanako@example.jp>: rejected",
            "550 user hanako unknown",
            "550 hanako@example.jp",
            "550 see https://example.jp/?a=hanako%40example.jp",
            "550 for=hanako@example.jp;other@example.com x\u{7}y",
        ] {
            let said = reply(&format!("{text}\r\n")).expect("a reply").said("hanako@example.jp");
            assert!(!said.to_lowercase().contains("hanako") && !said.contains('@'), "{said}");
            assert!(said.starts_with("550 ") && said.contains("(address)"), "{said}");
            assert!(!said.contains(char::is_control), "{said:?}");
        }
    }

    #[test]
    fn answers_that_are_none() {
        let endless = "250-x\r\n".repeat(LINES + 1);
        let long = format!("250 {}\r\n", "x".repeat(3_000));
        for text in ["", "250", "250 ok", "abc\r\n", "99 x\r\n", "650 x\r\n", "25\r\n", &endless, &long] {
            assert!(reply(text).is_err(), "{text}");
        }
        let able =
            reply("250-mx\r\n250-PIPELINING\r\n250-AUTH PLAIN LOGIN\r\n250 SIZE 1\r\n").expect("a reply");
        assert!(able.has("pipelining") && able.has("SIZE") && !able.has("mx") && !able.has("STARTTLS"));
        assert!(able.has_auth("LOGIN") && !able.has_auth("XOAUTH2"));
    }
}
