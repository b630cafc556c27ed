//! Text to records: quoted fields, line numbers, and a limit on what one record may hold.

use super::text::{Text, mixed};
use super::{MAX_COLUMNS, MAX_RECORD};
use crate::error::Error;
use csv_core::ReadRecordResult;

/// One record of a table.
pub(crate) struct Record<'a> {
    text: &'a str,
    ends: &'a [usize],
    /// The line it begins on, counted from 1.
    pub line: u64,
}

impl<'a> Record<'a> {
    /// The cell of a column, "" past the end.
    pub fn get(&self, column: usize) -> &'a str {
        let Some(end) = self.ends.get(column) else { return "" };
        let start = if column == 0 { 0 } else { self.ends[column - 1] };
        self.text.get(start..*end).unwrap_or_default()
    }

    pub fn len(&self) -> usize {
        self.ends.len()
    }

    pub fn cells(&self) -> impl Iterator<Item = &'a str> + '_ {
        (0..self.len()).map(|i| self.get(i))
    }

    pub fn is_blank(&self) -> bool {
        self.text.trim().is_empty()
    }

    /// Whether bytes of it could not be decoded.
    pub fn is_damaged(&self) -> bool {
        !self.text.is_ascii() && self.text.contains('\u{fffd}')
    }
}

/// The records of a file, one at a time.
pub(crate) struct Records {
    text: Text,
    core: csv_core::Reader,
    buffer: Vec<u8>,
    at: usize,
    output: Vec<u8>,
    ends: Vec<usize>,
    line: u64,
}

impl Records {
    pub fn new(text: Text, delimiter: u8) -> Records {
        Records {
            text,
            core: csv_core::ReaderBuilder::new().delimiter(delimiter).build(),
            buffer: Vec::new(),
            at: 0,
            output: vec![0; 16 << 10],
            ends: vec![0; 256],
            line: 1,
        }
    }

    /// Packed bytes read so far.
    pub fn done(&self) -> u64 {
        self.text.done()
    }

    /// The next record, or `None` at the end.
    pub fn next(&mut self) -> Result<Option<Record<'_>>, Error> {
        if !self.skip_line_ends()? {
            return Ok(None);
        }
        let line = self.line;
        let before = self.core.line();
        let (mut out, mut ends) = (0, 0);
        loop {
            let input = &self.buffer[self.at..];
            let (result, read, wrote, ended) =
                self.core.read_record(input, &mut self.output[out..], &mut self.ends[ends..]);
            (self.at, out, ends) = (self.at + read, out + wrote, ends + ended);
            match result {
                ReadRecordResult::InputEmpty => {
                    self.refill()?;
                }
                ReadRecordResult::OutputFull if self.output.len() < MAX_RECORD => {
                    self.output.resize(self.output.len() * 2, 0);
                }
                ReadRecordResult::OutputEndsFull if self.ends.len() < MAX_COLUMNS => {
                    self.ends.resize(self.ends.len() * 2, 0);
                }
                ReadRecordResult::OutputFull => return Err(self.too_long(line)),
                ReadRecordResult::OutputEndsFull => return Err(self.too_wide(line)),
                ReadRecordResult::Record => break,
                ReadRecordResult::End => return Ok(None),
            }
        }
        self.line += self.core.line() - before;
        self.record(out, ends, line).map(Some)
    }

    fn record(&self, out: usize, ends: usize, line: u64) -> Result<Record<'_>, Error> {
        let other = || mixed(self.text.label(), line, "UTF-8", "something else (CP932?)");
        let text = std::str::from_utf8(&self.output[..out]).map_err(|_| other())?;
        let ends = &self.ends[..ends];
        if !text.is_ascii() && !ends.iter().all(|end| text.is_char_boundary(*end)) {
            return Err(other());
        }
        Ok(Record { text, ends, line })
    }

    /// csv-core counts a CR LF's LF with the next record; skipping it here keeps lines right.
    fn skip_line_ends(&mut self) -> Result<bool, Error> {
        loop {
            while let Some(byte) = self.buffer.get(self.at) {
                match byte {
                    b'\n' => self.line += 1,
                    b'\r' => {}
                    _ => return Ok(true),
                }
                self.at += 1;
            }
            if !self.refill()? {
                return Ok(false);
            }
        }
    }

    /// Only called when everything in the buffer was taken.
    fn refill(&mut self) -> Result<bool, Error> {
        self.buffer.clear();
        self.at = 0;
        while self.buffer.is_empty() {
            if !self.text.fill(&mut self.buffer)? {
                return Ok(!self.buffer.is_empty());
            }
        }
        Ok(true)
    }

    fn too_long(&self, line: u64) -> Error {
        let what = format!("a row of more than {} KiB", MAX_RECORD >> 10);
        let next = "A quotation mark is probably not closed on that line, or the file has no line ends.";
        Error::damaged(self.text.label(), Some(line), what, next)
    }

    fn too_wide(&self, line: u64) -> Error {
        let what = format!("a row of more than {MAX_COLUMNS} columns");
        Error::damaged(self.text.label(), Some(line), what, "Check that line in a text editor.")
    }
}
