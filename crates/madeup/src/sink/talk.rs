//! One connection: commands in, answers out, a mail until its final dot.

use super::Shared;
use super::phases::{Phase, What};
use std::io::{self, Read, Write};
use std::net::TcpStream;

const END: &[u8] = b"\r\n.\r\n";

/// The state of one connection. Its buffers are kept, so that a mail costs no allocation where
/// mails are only counted.
pub(super) struct Talk<'a> {
    stream: &'a TcpStream,
    shared: &'a Shared,
    connection: u64,
    /// Mails begun.
    mail: u64,
    /// Bytes read; those before `at` are done with.
    buffer: Vec<u8>,
    at: usize,
    /// Answers that wait until there is nothing left to read, as PIPELINING wants it.
    answers: Vec<u8>,
    /// `None` where MAIL was not accepted.
    mail_from: Option<String>,
    rcpt: String,
}

impl<'a> Talk<'a> {
    pub fn new(stream: &'a TcpStream, shared: &'a Shared, connection: u64) -> Talk<'a> {
        Talk {
            stream,
            shared,
            connection,
            mail: 0,
            buffer: Vec::with_capacity(64 * 1024),
            at: 0,
            answers: vec![],
            mail_from: None,
            rcpt: String::new(),
        }
    }

    /// Talks until the other side leaves, says QUIT, or a fault ends it with an error. `full`:
    /// there is no room for it.
    pub fn run(&mut self, full: bool) -> io::Result<()> {
        self.stream.set_nodelay(true)?;
        if full {
            self.answer("421 4.7.0 too many connections");
            return self.flush();
        }
        self.usual(Phase::Connect, "220 sink.example.jp ESMTP")?;
        loop {
            let line = self.line()?;
            let command = self.buffer[line.clone()].to_ascii_uppercase();
            match command.get(..4).unwrap_or(&command) {
                b"EHLO" | b"HELO" => self.hello()?,
                b"MAIL" => self.sender(address(&self.buffer[line]))?,
                b"RCPT" => self.destination(address(&self.buffer[line]))?,
                b"DATA" => self.data()?,
                b"RSET" | b"NOOP" => {
                    self.forget();
                    self.answer("250 2.0.0 ok");
                }
                b"QUIT" => {
                    self.answer("221 2.0.0 bye");
                    return self.flush();
                }
                _ => self.answer("502 5.5.1 unknown command"),
            }
        }
    }

    fn hello(&mut self) -> io::Result<()> {
        let able = if self.shared.temper.pipelining { "250-PIPELINING\r\n" } else { "" };
        let answer = format!("250-sink.example.jp\r\n{able}250 ENHANCEDSTATUSCODES");
        self.usual(Phase::Ehlo, &answer).map(|_| ())
    }

    fn sender(&mut self, mail_from: String) -> io::Result<()> {
        self.mail += 1;
        self.forget();
        if self.usual(Phase::Mail, "250 2.1.0 ok")? {
            self.mail_from = Some(mail_from);
        }
        Ok(())
    }

    fn destination(&mut self, rcpt: String) -> io::Result<()> {
        if self.mail_from.is_none() {
            self.answer("503 5.5.1 from whom");
        } else if self.shared.temper.unknown.contains(&rcpt) {
            // Some servers repeat the address, which nobody should.
            self.answer(&format!("550 5.1.1 <{rcpt}>: user unknown"));
        } else if self.usual(Phase::Rcpt, "250 2.1.5 ok")? {
            self.rcpt = rcpt;
        }
        Ok(())
    }

    fn data(&mut self) -> io::Result<()> {
        if self.rcpt.is_empty() {
            self.answer("503 5.5.1 nobody to send it to");
            return Ok(());
        }
        if !self.usual(Phase::Data, "354 go ahead")? {
            return Ok(());
        }
        self.flush()?;
        self.fault(Phase::Ready)?;
        let mail = self.body()?;
        let refused = match self.fault(Phase::Body)? {
            Some(reply) => Some(reply),
            None => self.dot(&mail)?,
        };
        match refused {
            Some(reply) => self.answer(&reply),
            None => {
                self.accept(&mail);
                self.answer("250 2.0.0 accepted");
            }
        }
        self.forget();
        self.flush()?;
        self.fault(Phase::Answered).map(|_| ())
    }

    /// The next mail begins anew.
    fn forget(&mut self) {
        self.mail_from = None;
        self.rcpt.clear();
    }

    fn accept(&self, mail: &std::ops::Range<usize>) {
        let mail_from = self.mail_from.as_deref().unwrap_or("");
        self.shared.accept(mail_from, &self.rcpt, &self.buffer[mail.clone()]);
    }

    /// What goes wrong after the final dot; a connection dropped here has accepted the mail.
    fn dot(&mut self, mail: &std::ops::Range<usize>) -> io::Result<Option<String>> {
        match self.shared.temper.fault(Phase::Dot, self.connection, self.mail) {
            Some(What::Drop) => {
                self.accept(mail);
                Err(io::ErrorKind::ConnectionAborted.into())
            }
            _ => self.fault(Phase::Dot),
        }
    }

    /// The usual answer, or what goes wrong in its place. Whether it was the usual one.
    fn usual(&mut self, at: Phase, answer: &str) -> io::Result<bool> {
        let fault = self.fault(at)?;
        self.answer(fault.as_deref().unwrap_or(answer));
        Ok(fault.is_none())
    }

    /// Stalls or drops; or the answer to give in place of the usual one.
    fn fault(&mut self, at: Phase) -> io::Result<Option<String>> {
        match self.shared.temper.fault(at, self.connection, self.mail) {
            None => Ok(None),
            Some(What::Drop) => Err(io::ErrorKind::ConnectionAborted.into()),
            Some(What::Reply(text)) => Ok(Some(text.clone())),
            Some(What::Stall(time)) => {
                self.flush()?;
                self.shared.stall(*time);
                Ok(None)
            }
        }
    }

    fn answer(&mut self, line: &str) {
        self.answers.extend_from_slice(line.as_bytes());
        self.answers.extend_from_slice(b"\r\n");
    }

    fn flush(&mut self) -> io::Result<()> {
        let mut stream = self.stream;
        stream.write_all(&self.answers)?;
        self.answers.clear();
        Ok(())
    }

    /// The next command's place in the buffer, without its end.
    fn line(&mut self) -> io::Result<std::ops::Range<usize>> {
        loop {
            if let Some(end) = self.buffer[self.at..].iter().position(|b| *b == b'\n') {
                let line = self.at..self.at + end;
                self.at += end + 1;
                return Ok(line);
            }
            self.more()?;
        }
    }

    /// The place of a mail in the buffer, its last line's end included, its final dot not.
    fn body(&mut self) -> io::Result<std::ops::Range<usize>> {
        // What comes before the first byte counts as a line's end: the mail may be empty.
        if self.buffer.len() == self.at {
            self.more()?;
        }
        let mut seen = self.at;
        loop {
            let rest = &self.buffer[self.at..];
            if rest.starts_with(b".\r\n") {
                let mail = self.at..self.at;
                self.at += 3;
                return Ok(mail);
            }
            if let Some(end) = find_end(&self.buffer, seen) {
                let mail = self.at..end + 2;
                self.at = end + END.len();
                return Ok(mail);
            }
            if self.fault_in_body() {
                return Err(io::ErrorKind::ConnectionAborted.into());
            }
            seen = self.buffer.len().saturating_sub(END.len() - 1).max(self.at);
            self.more()?;
        }
    }

    fn fault_in_body(&self) -> bool {
        self.shared.temper.fault(Phase::Body, self.connection, self.mail) == Some(&What::Drop)
    }

    /// Reads on; answers that wait go out first.
    fn more(&mut self) -> io::Result<()> {
        if !self.answers.is_empty() {
            self.flush()?;
        }
        if self.at == self.buffer.len() {
            self.buffer.clear();
            self.at = 0;
        }
        let filled = self.buffer.len();
        self.buffer.resize(filled + 32 * 1024, 0);
        let mut stream = self.stream;
        let read = stream.read(&mut self.buffer[filled..]);
        self.buffer.truncate(filled + *read.as_ref().unwrap_or(&0));
        match read? {
            0 => Err(io::ErrorKind::UnexpectedEof.into()),
            _ => Ok(()),
        }
    }
}

/// Where the final dot's line begins, with the end of the line before it.
fn find_end(buffer: &[u8], mut from: usize) -> Option<usize> {
    while let Some(dot) = buffer.get(from + 2..)?.iter().position(|b| *b == b'.') {
        let at = from + dot;
        if buffer[at..].starts_with(END) {
            return Some(at);
        }
        from = at + 1;
    }
    None
}

/// What stands between the angle brackets of MAIL or RCPT.
fn address(line: &[u8]) -> String {
    let text = String::from_utf8_lossy(line);
    let inner = text.split_once('<').and_then(|(_, rest)| rest.split_once('>'));
    inner.map_or("", |(inner, _)| inner).to_owned()
}

/// The mail's Message-ID without angle brackets, or nothing.
pub(super) fn message_id(mail: &[u8]) -> String {
    let name = b"message-id:";
    let header = mail
        .split(|b| *b == b'\n')
        .take_while(|line| !line.trim_ascii().is_empty())
        .find(|line| line.get(..name.len()).is_some_and(|n| n.eq_ignore_ascii_case(name)));
    let value = header.map_or(&b""[..], |line| line[name.len()..].trim_ascii());
    String::from_utf8_lossy(value).trim_matches(['<', '>']).to_owned()
}

/// The mail with doubled dots undone.
pub(super) fn unstuffed(mail: &[u8]) -> Vec<u8> {
    let lines = mail.split_inclusive(|b| *b == b'\n');
    lines.flat_map(|line| line.strip_prefix(b".").unwrap_or(line)).copied().collect()
}
