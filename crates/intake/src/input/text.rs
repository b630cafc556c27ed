//! Bytes to UTF-8, block by block, with an eye on what does not belong there.

use super::encoding::Encoding;
use super::origin::Input;
use crate::error::Error;
use std::cell::Cell;
use std::io::Read;
use std::rc::Rc;

const BLOCK: usize = 256 << 10;

/// A file's text as UTF-8 blocks. UTF-8 itself is not checked here but by `Records`, which
/// knows the line.
pub(crate) struct Text {
    reader: Box<dyn Read>,
    decoder: Option<encoding_rs::Decoder>,
    encoding: Encoding,
    raw: Vec<u8>,
    done: Rc<Cell<u64>>,
    lines: u64,
    start: bool,
    ended: bool,
    input: Input,
}

impl Text {
    pub fn open(input: &Input, encoding: Encoding) -> Result<Text, Error> {
        let (reader, done) = input.open()?;
        Ok(Text {
            reader,
            decoder: encoding.decoder(),
            encoding,
            raw: vec![0; BLOCK],
            done,
            lines: 1,
            start: true,
            ended: false,
            input: input.clone(),
        })
    }

    /// Packed bytes read so far.
    pub fn done(&self) -> u64 {
        self.done.get()
    }

    pub fn label(&self) -> &str {
        &self.input.label
    }

    /// Appends the next block to `out`; `false` at the end.
    pub fn fill(&mut self, out: &mut Vec<u8>) -> Result<bool, Error> {
        if self.ended {
            return Ok(false);
        }
        let n = self.read_block()?;
        let wide = matches!(self.encoding, Encoding::Utf16Le | Encoding::Utf16Be);
        if !wide {
            self.check(n)?;
        }
        let mut block = &self.raw[..n];
        if std::mem::take(&mut self.start) && self.encoding == Encoding::Utf8Bom {
            block = block.strip_prefix(&[0xef, 0xbb, 0xbf]).unwrap_or(block);
        }
        self.ended = n == 0;
        match &mut self.decoder {
            None => out.extend_from_slice(block),
            Some(decoder) => decode(decoder, block, self.ended, out),
        }
        if wide && out.contains(&0) {
            return Err(self.nul(None));
        }
        Ok(!self.ended || self.decoder.is_some())
    }

    fn read_block(&mut self) -> Result<usize, Error> {
        let mut n = 0;
        while n < BLOCK {
            match self.reader.read(&mut self.raw[n..]) {
                Ok(0) => break,
                Ok(more) => n += more,
                Err(e) if e.kind() == std::io::ErrorKind::Interrupted => {}
                Err(e) => return Err(self.input.unreadable(&e)),
            }
        }
        Ok(n)
    }

    fn check(&mut self, n: usize) -> Result<(), Error> {
        let block = &self.raw[..n];
        if let Some(at) = block.iter().position(|b| *b == 0) {
            let line = self.lines + newlines(&block[..at]);
            return Err(self.nul(Some(line)));
        }
        if self.decoder.is_none() {
            self.lines += newlines(block);
            return Ok(());
        }
        for line in block.split_inclusive(|b| *b == b'\n') {
            if is_utf8_japanese(line) {
                return Err(mixed(&self.input.label, self.lines, self.encoding.name(), "UTF-8"));
            }
            self.lines += u64::from(line.ends_with(b"\n"));
        }
        Ok(())
    }

    fn nul(&self, line: Option<u64>) -> Error {
        let what = "holds NUL bytes: it is a binary file or a damaged one";
        Error::damaged(&self.input.label, line, what, "Export it again.")
    }
}

pub(super) fn mixed(label: &str, line: u64, before: &str, here: &str) -> Error {
    let what = format!("two encodings in one file: {before} before, {here} here");
    let next = "It was put together from two files: import them one by one, or save all as UTF-8.";
    Error::damaged(label, Some(line), what, next)
}

fn newlines(block: &[u8]) -> u64 {
    block.iter().filter(|b| **b == b'\n').count() as u64
}

/// A line of kana and kanji that is valid UTF-8 is not CP932 or EUC-JP by chance.
fn is_utf8_japanese(line: &[u8]) -> bool {
    if line.is_ascii() {
        return false;
    }
    let Ok(text) = std::str::from_utf8(line) else { return false };
    let wide = text.chars().filter(|c| !c.is_ascii());
    wide.clone().count() >= 3 && wide.clone().all(|c| c >= '\u{2000}')
}

fn decode(decoder: &mut encoding_rs::Decoder, mut block: &[u8], last: bool, out: &mut Vec<u8>) {
    loop {
        let at = out.len();
        let room = decoder.max_utf8_buffer_length(block.len()).unwrap_or(4 * block.len() + 16);
        out.resize(at + room, 0);
        let (result, read, written, _) = decoder.decode_to_utf8(block, &mut out[at..], last);
        out.truncate(at + written);
        block = &block[read..];
        if result == encoding_rs::CoderResult::InputEmpty {
            return;
        }
    }
}
