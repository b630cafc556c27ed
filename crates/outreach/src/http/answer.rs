//! One answer read to its end, or not at all.

use httparse::Status;
use std::io::{self, Read};

/// Longest head, longest body, and most pieces that are read of one answer.
const MOST_HEAD: usize = 32 * 1024;
const MOST_BODY: usize = 256 * 1024;
const MOST_READS: usize = 512;
/// Interim answers (1xx) that are passed over.
const MOST_INTERIM: usize = 8;

/// A whole answer.
#[derive(Debug)]
pub(crate) struct Answer {
    pub code: u16,
    headers: Vec<(String, String)>,
    pub body: Vec<u8>,
}

impl Answer {
    /// The first header of this name; empty for none.
    pub fn header(&self, name: &str) -> &str {
        self.headers.iter().find(|(n, _)| n.eq_ignore_ascii_case(name)).map_or("", |(_, value)| value)
    }

    /// The seconds of Retry-After; `None` where it says nothing or names a day.
    pub fn wait(&self) -> Option<u32> {
        self.header("retry-after").trim().parse().ok()
    }

    fn has(&self, name: &str, word: &str) -> bool {
        let mut values = self.headers.iter().filter(|(n, _)| n.eq_ignore_ascii_case(name));
        values.any(|(_, value)| value.split(',').any(|v| v.trim().eq_ignore_ascii_case(word)))
    }
}

/// Reads answers from a line.
pub(super) struct Reader<'a, R> {
    from: &'a mut R,
    /// Bytes read; those before `at` are done with.
    buffer: Vec<u8>,
    at: usize,
    reads: usize,
}

impl<'a, R: Read> Reader<'a, R> {
    pub fn new(from: &'a mut R) -> Reader<'a, R> {
        Reader { from, buffer: vec![], at: 0, reads: 0 }
    }

    /// The final answer, and whether the line can be used again.
    pub fn answer(mut self, method: &str) -> io::Result<(Answer, bool)> {
        for _ in 0..MOST_INTERIM {
            let (mut answer, version) = self.head()?;
            if (100..200).contains(&answer.code) {
                continue;
            }
            let to_the_end = self.body(method, &mut answer)?;
            let goes_on = version == 1 && !to_the_end && !answer.has("connection", "close");
            return Ok((answer, goes_on && self.at == self.buffer.len()));
        }
        Err(io::ErrorKind::InvalidData.into())
    }

    fn head(&mut self) -> io::Result<(Answer, u8)> {
        loop {
            let mut room = [httparse::EMPTY_HEADER; 64];
            let mut head = httparse::Response::new(&mut room);
            let bad = |_| io::Error::from(io::ErrorKind::InvalidData);
            if let Status::Complete(used) = head.parse(&self.buffer[self.at..]).map_err(bad)? {
                let header = |h: &httparse::Header<'_>| {
                    (h.name.to_owned(), String::from_utf8_lossy(h.value).into_owned())
                };
                let headers = head.headers.iter().map(header).collect();
                let (code, version) = (head.code.unwrap_or(0), head.version.unwrap_or(0));
                self.at += used;
                return Ok((Answer { code, headers, body: vec![] }, version));
            }
            if self.buffer.len() - self.at > MOST_HEAD {
                return Err(io::ErrorKind::InvalidData.into());
            }
            self.more()?;
        }
    }

    /// Reads the body (RFC 9112, 6.3). Whether it ended with the line.
    fn body(&mut self, method: &str, answer: &mut Answer) -> io::Result<bool> {
        if method == "HEAD" || matches!(answer.code, 204 | 304) {
            return Ok(false);
        }
        if answer.has("transfer-encoding", "chunked") {
            self.chunks(&mut answer.body)?;
            return Ok(false);
        }
        let bad = || io::Error::from(io::ErrorKind::InvalidData);
        match answer.header("content-length") {
            "" => {
                self.until_closed(&mut answer.body)?;
                Ok(true)
            }
            length => {
                let length = length.trim().parse().ok().filter(|n| *n <= MOST_BODY).ok_or_else(bad)?;
                self.take(length, &mut answer.body)?;
                Ok(false)
            }
        }
    }

    fn chunks(&mut self, body: &mut Vec<u8>) -> io::Result<()> {
        let bad = || io::Error::from(io::ErrorKind::InvalidData);
        loop {
            let size = loop {
                match httparse::parse_chunk_size(&self.buffer[self.at..]).map_err(|_| bad())? {
                    Status::Complete((used, size)) => {
                        self.at += used;
                        break size;
                    }
                    Status::Partial => self.more()?,
                }
            };
            if size == 0 {
                // What trails behind the last piece is of no interest.
                while self.line()? > 0 {}
                return Ok(());
            }
            let size = usize::try_from(size).ok().filter(|s| body.len() + s <= MOST_BODY).ok_or_else(bad)?;
            self.take(size, body)?;
            if self.line()? > 0 {
                return Err(bad());
            }
        }
    }

    /// Passes over a line; its length.
    fn line(&mut self) -> io::Result<usize> {
        loop {
            if let Some(end) = self.buffer[self.at..].iter().position(|b| *b == b'\n') {
                let line = &self.buffer[self.at..self.at + end];
                let length = line.strip_suffix(b"\r").unwrap_or(line).len();
                self.at += end + 1;
                return Ok(length);
            }
            if self.buffer.len() - self.at > MOST_HEAD {
                return Err(io::ErrorKind::InvalidData.into());
            }
            self.more()?;
        }
    }

    fn take(&mut self, length: usize, into: &mut Vec<u8>) -> io::Result<()> {
        while self.buffer.len() - self.at < length {
            self.more()?;
        }
        into.extend_from_slice(&self.buffer[self.at..self.at + length]);
        self.at += length;
        Ok(())
    }

    fn until_closed(&mut self, into: &mut Vec<u8>) -> io::Result<()> {
        loop {
            match self.more() {
                Err(e) if e.kind() == io::ErrorKind::UnexpectedEof => break,
                read => read?,
            }
            if self.buffer.len() - self.at > MOST_BODY {
                return Err(io::ErrorKind::InvalidData.into());
            }
        }
        into.extend_from_slice(&self.buffer[self.at..]);
        self.at = self.buffer.len();
        Ok(())
    }

    fn more(&mut self) -> io::Result<()> {
        self.reads += 1;
        if self.reads > MOST_READS {
            return Err(io::ErrorKind::TimedOut.into());
        }
        let filled = self.buffer.len();
        self.buffer.resize(filled + 8 * 1024, 0);
        let read = self.from.read(&mut self.buffer[filled..]);
        self.buffer.truncate(filled + *read.as_ref().unwrap_or(&0));
        match read {
            Ok(0) => Err(io::ErrorKind::UnexpectedEof.into()),
            Ok(_) => Ok(()),
            Err(e) if e.kind() == io::ErrorKind::Interrupted => Ok(()),
            Err(e) => Err(e),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Gives a byte at a time.
    struct Drip<'a>(&'a [u8]);

    impl Read for Drip<'_> {
        fn read(&mut self, into: &mut [u8]) -> io::Result<usize> {
            let Some((first, rest)) = self.0.split_first() else { return Ok(0) };
            into[0] = *first;
            self.0 = rest;
            Ok(1)
        }
    }

    /// As it comes, in one piece or byte by byte: the same either way.
    fn read(text: &str) -> Option<(Answer, bool)> {
        let mut whole = text.as_bytes();
        let whole = Reader::new(&mut whole).answer("POST").ok();
        let drip = Reader::new(&mut Drip(text.as_bytes())).answer("POST").ok();
        let shown = |read: &Option<(Answer, bool)>| read.as_ref().map(|(a, _)| (a.code, a.body.clone()));
        if text.len() < MOST_READS {
            assert_eq!(shown(&whole), shown(&drip), "{text}");
        }
        whole
    }

    #[test]
    fn answers_that_end() {
        let chunks = "2;x=y\r\nok\r\nA\r\n0123456789\r\n0\r\nT: x\r\n\r\n";
        let chunked = format!("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n{chunks}");
        for (text, code, body, goes_on) in [
            ("HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok", 200, "ok", true),
            ("HTTP/1.1 200 OK\r\ncontent-length: 2\r\nConnection: Close\r\n\r\nok", 200, "ok", false),
            ("HTTP/1.0 200 OK\r\nContent-Length: 2\r\n\r\nok", 200, "ok", false),
            ("HTTP/1.1 200 OK\r\n\r\nto the end", 200, "to the end", false),
            ("HTTP/1.1 204 No Content\r\n\r\n", 204, "", true),
            ("HTTP/1.1 100 Continue\r\n\r\nHTTP/1.1 201 C\r\nContent-Length: 0\r\n\r\n", 201, "", true),
            (&chunked, 200, "ok0123456789", true),
            // More than was asked for: whose that is nobody knows.
            ("HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nokHTTP/1.1", 200, "ok", false),
            ("HTTP/1.1 429 Slow\r\nRetry-After: 7\r\nContent-Length: 0\r\n\r\n", 429, "", true),
        ] {
            let (answer, on) = read(text).expect(text);
            assert_eq!((answer.code, answer.body.as_slice(), on), (code, body.as_bytes(), goes_on), "{text}");
            assert_eq!(answer.wait(), (code == 429).then_some(7));
        }
    }

    #[test]
    fn answers_that_are_cut_or_none() {
        let long = format!("HTTP/1.1 200 OK\r\nContent-Length: {}\r\n\r\n", MOST_BODY + 1);
        let endless = format!("HTTP/1.1 200 OK\r\n\r\n{}", "x".repeat(MOST_BODY + 1));
        let head = format!("HTTP/1.1 200 OK\r\nX: {}\r\n\r\n", "x".repeat(2 * MOST_HEAD));
        let interim = "HTTP/1.1 100 Continue\r\n\r\n".repeat(MOST_INTERIM);
        for text in [
            "",
            "HTTP/1.1 200",
            "HTTP/1.1 200 OK\r\nContent-Length: 3\r\n\r\nok",
            "HTTP/1.1 200 OK\r\nContent-Length: -1\r\n\r\n",
            "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n2\r\nok",
            "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n2\r\nokay\r\n0\r\n\r\n",
            "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\nFFFFFFFFFFFFFFFF\r\n",
            "SSH-2.0-x\r\n",
            "220 mail.example.jp ESMTP\r\n",
            &long,
            &endless,
            &head,
            &interim,
        ] {
            assert!(read(text).is_none(), "{} bytes", text.len());
        }
        // A side that drips is not waited for without end.
        let drip = format!("HTTP/1.1 200 OK\r\nX: {}\r\n\r\n", "x".repeat(MOST_READS));
        assert!(Reader::new(&mut Drip(drip.as_bytes())).answer("POST").is_err());
    }
}
