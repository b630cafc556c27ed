//! What an IMAP server says, read strictly: every line, literal and wait is bounded, whatever it claims.

use super::super::mail::MOST_READ;
use std::io::{self, BufRead};

/// Longest line that is read, bytes: an answer to SEARCH names up to fifty thousand mails.
const MOST_LINE: usize = 1024 * 1024;
/// Longest literal that is listened to; of a longer mail than `MOST_READ` the rest is thrown away.
const MOST_LITERAL: usize = 256 * 1024 * 1024;
/// Deepest brackets.
const MOST_DEPTH: usize = 16;

/// One answer of the server.
#[derive(PartialEq, Eq, Debug)]
pub(super) enum Answer {
    /// It waits for more of a command.
    More,
    /// How something went: of a command by its tag, or `*` of itself.
    Said(Said),
    /// Something of the mailbox.
    Data(Vec<Word>),
}

/// `a1 OK [UIDNEXT 7] words`
#[derive(PartialEq, Eq, Debug)]
pub(super) struct Said {
    pub tag: String,
    /// In capitals: OK, NO, BAD, BYE, PREAUTH.
    pub state: String,
    /// What stands in the square brackets: `UIDNEXT 7`.
    pub code: String,
    pub words: String,
}

impl Said {
    pub fn ok(&self) -> bool {
        self.state == "OK"
    }

    /// The number after this word in the square brackets.
    pub fn number(&self, name: &str) -> Option<u32> {
        let (word, number) = self.code.split_once(' ')?;
        word.eq_ignore_ascii_case(name).then(|| number.trim().parse().ok()).flatten()
    }
}

/// A piece of an answer.
#[derive(PartialEq, Eq, Debug)]
pub(super) enum Word {
    Atom(String),
    /// What stood in quotes, or came as a literal.
    Text(Vec<u8>),
    Open,
    Close,
}

impl Word {
    /// The same atom in any case.
    pub fn is(&self, name: &str) -> bool {
        matches!(self, Word::Atom(atom) if atom.eq_ignore_ascii_case(name))
    }

    pub fn number(&self) -> Option<u32> {
        match self {
            Word::Atom(atom) => atom.parse().ok(),
            _ => None,
        }
    }
}

/// Reads one answer. `going` is asked between two pieces: `false` breaks off.
pub(super) fn read(from: &mut impl BufRead, going: &dyn Fn() -> bool) -> io::Result<Answer> {
    let line = line(from, going)?;
    if line.first() == Some(&b'+') {
        return Ok(Answer::More);
    }
    let text = String::from_utf8_lossy(&line);
    let (tag, rest) = text.split_once(' ').ok_or_else(wrong)?;
    if let Some(said) = said(tag, rest) {
        return Ok(Answer::Said(said));
    }
    if tag != "*" {
        return Err(wrong());
    }
    let mut words = vec![];
    let mut rest = line[2..].to_vec();
    while let Some(length) = split(&rest, &mut words)? {
        words.push(Word::Text(literal(from, length, going)?));
        rest = self::line(from, going)?;
    }
    let depth = words.iter().try_fold(0_usize, |depth, word| match word {
        Word::Open => Some(depth + 1).filter(|depth| *depth <= MOST_DEPTH),
        Word::Close => depth.checked_sub(1),
        _ => Some(depth),
    });
    if depth == Some(0) { Ok(Answer::Data(words)) } else { Err(wrong()) }
}

fn said(tag: &str, rest: &str) -> Option<Said> {
    let (state, rest) = rest.split_once(' ').unwrap_or((rest, ""));
    let state = state.to_ascii_uppercase();
    if !["OK", "NO", "BAD", "BYE", "PREAUTH"].contains(&state.as_str()) {
        return None;
    }
    let bracketed = rest.strip_prefix('[').and_then(|inner| inner.split_once(']'));
    let (code, words) = bracketed.unwrap_or(("", rest));
    Some(Said { tag: tag.to_owned(), state, code: code.to_owned(), words: words.trim().to_owned() })
}

/// The pieces of a line; the length of the literal it ends with, if it does.
fn split(line: &[u8], words: &mut Vec<Word>) -> io::Result<Option<usize>> {
    let mut at = 0;
    while let Some(byte) = line.get(at) {
        match byte {
            b' ' => at += 1,
            b'(' | b')' => {
                words.push(if *byte == b'(' { Word::Open } else { Word::Close });
                at += 1;
            }
            b'"' => {
                let (text, length) = quoted(&line[at + 1..]).ok_or_else(wrong)?;
                words.push(Word::Text(text));
                at += length + 1;
            }
            b'{' => {
                let digits = line[at + 1..].strip_suffix(b"}").ok_or_else(wrong)?;
                let digits = std::str::from_utf8(digits).map_err(|_| wrong())?;
                let length = digits.parse().ok().filter(|length| *length <= MOST_LITERAL);
                return length.map(Some).ok_or_else(wrong);
            }
            _ => {
                let length = atom(&line[at..]);
                words.push(Word::Atom(String::from_utf8_lossy(&line[at..at + length]).into_owned()));
                at += length;
            }
        }
    }
    Ok(None)
}

/// What stands up to the closing quote, and how many bytes that took with it.
fn quoted(bytes: &[u8]) -> Option<(Vec<u8>, usize)> {
    let mut text = vec![];
    let mut at = 0;
    loop {
        match bytes.get(at)? {
            b'"' => return Some((text, at + 1)),
            b'\\' => {
                text.push(*bytes.get(at + 1)?);
                at += 2;
            }
            byte => {
                text.push(*byte);
                at += 1;
            }
        }
    }
}

/// How many bytes an atom takes; what stands in its square brackets belongs to it.
fn atom(bytes: &[u8]) -> usize {
    let mut inside = false;
    let end = bytes.iter().position(|byte| {
        match byte {
            b'[' => inside = true,
            b']' => inside = false,
            _ => return !inside && b" ()\"{".contains(byte),
        }
        false
    });
    // One byte at least: a piece that takes none would never end.
    end.unwrap_or(bytes.len()).max(1)
}

fn line(from: &mut impl BufRead, going: &dyn Fn() -> bool) -> io::Result<Vec<u8>> {
    let mut line = vec![];
    loop {
        let here = more(from, going)?;
        let end = here.iter().position(|byte| *byte == b'\n');
        let taken = end.map_or(here.len(), |end| end + 1);
        line.extend_from_slice(&here[..taken]);
        from.consume(taken);
        if line.len() > MOST_LINE {
            return Err(wrong());
        }
        if end.is_some() {
            line.truncate(line.trim_ascii_end().len());
            return Ok(line);
        }
    }
}

/// The first `MOST_READ` bytes of so many; the others are taken off the line and forgotten.
fn literal(from: &mut impl BufRead, length: usize, going: &dyn Fn() -> bool) -> io::Result<Vec<u8>> {
    let mut kept = vec![];
    let mut left = length;
    while left > 0 {
        let here = more(from, going)?;
        let taken = here.len().min(left);
        let room = MOST_READ - kept.len();
        kept.extend_from_slice(&here[..taken.min(room)]);
        from.consume(taken);
        left -= taken;
    }
    Ok(kept)
}

fn more<'a>(from: &'a mut impl BufRead, going: &dyn Fn() -> bool) -> io::Result<&'a [u8]> {
    if !going() {
        return Err(io::ErrorKind::ConnectionAborted.into());
    }
    // Twice, since what is borrowed from the first cannot leave a loop.
    while let Err(error) = from.fill_buf() {
        if error.kind() != io::ErrorKind::Interrupted {
            return Err(error);
        }
    }
    let here = from.fill_buf()?;
    if here.is_empty() { Err(io::ErrorKind::UnexpectedEof.into()) } else { Ok(here) }
}

fn wrong() -> io::Error {
    io::ErrorKind::InvalidData.into()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn answer(text: &[u8]) -> io::Result<Answer> {
        read(&mut io::BufReader::with_capacity(7, text), &|| true)
    }

    fn atom(text: &str) -> Word {
        Word::Atom(text.to_owned())
    }

    #[test]
    fn answers_as_servers_write_them() {
        let text = b"* 12 FETCH (UID 5 FLAGS (\\Seen) BODY[]<0> {6}\r\na)\r\n\"b X \"c \\\"d\\\\\")\r\n";
        let words = [
            atom("12"),
            atom("FETCH"),
            Word::Open,
            atom("UID"),
            atom("5"),
            atom("FLAGS"),
            Word::Open,
            atom("\\Seen"),
            Word::Close,
            atom("BODY[]<0>"),
            Word::Text(b"a)\r\n\"b".to_vec()),
            atom("X"),
            Word::Text(b"c \"d\\".to_vec()),
            Word::Close,
        ];
        assert_eq!(answer(text).expect("an answer"), Answer::Data(words.into()));
        assert_eq!(answer(b"+ \r\n").expect("an answer"), Answer::More);
        let Answer::Said(said) = answer(b"a3 ok [UIDNEXT 77] done {3}\r\n").expect("an answer") else {
            panic!()
        };
        assert!(said.ok() && said.tag == "a3" && said.words == "done {3}");
        assert_eq!((said.number("uidnext"), said.number("UIDVALIDITY")), (Some(77), None));
        assert_eq!(answer(b"* SEARCH\r\n").expect("an answer"), Answer::Data(vec![atom("SEARCH")]));
        assert_eq!(answer(b"* X NIL)(\r\n").map_err(|e| e.kind()), Err(io::ErrorKind::InvalidData));
    }

    #[test]
    fn a_long_mail_is_cut_and_the_line_goes_on_after_it() {
        let mut text = format!("* 1 FETCH (BODY[] {{{}}}\r\n", MOST_READ + 9).into_bytes();
        text.extend(vec![b'x'; MOST_READ + 9]);
        text.extend(b" UID 3)\r\n");
        let Answer::Data(words) = answer(&text).expect("an answer") else { panic!("no data") };
        assert!(matches!(&words[4], Word::Text(mail) if mail.len() == MOST_READ));
        assert_eq!(words[5..7], [atom("UID"), atom("3")]);
    }

    #[test]
    fn what_is_no_answer_is_refused() {
        let deep = [b"* X ".to_vec(), vec![b'('; 100], vec![b')'; 100], b"\r\n".to_vec()].concat();
        let long = [b"* X ".to_vec(), vec![b'x'; MOST_LINE + 1]].concat();
        for text in [
            &b""[..],
            b"* X",
            b"*\r\n",
            b"nonsense\r\n",
            b"a1 FETCH 3\r\n",
            b"* X \"open\r\n",
            b"* X {99999999999999999999}\r\n",
            b"* X {300000000}\r\n",
            b"* X {-1}\r\n",
            b"* X {5}\r\nabc",
            b"* X {3} y\r\n",
            b"* X (\r\n",
            b"* X )\r\n",
            &deep,
            &long,
        ] {
            assert!(answer(text).is_err(), "{}", String::from_utf8_lossy(&text[..text.len().min(60)]));
        }
        let stopped = read(&mut &b"* OK x\r\n"[..], &|| false);
        assert_eq!(stopped.map_err(|e| e.kind()), Err(io::ErrorKind::ConnectionAborted));
    }
}
