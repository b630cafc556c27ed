//! Rows of a CSV file, spelled as the program that exports them does.

use std::fs::File;
use std::io::{self, BufWriter, Write};
use std::path::Path;

/// A row in the making, already encoded.
#[derive(Default, Clone)]
pub(crate) struct Row {
    pub bytes: Vec<u8>,
    started: bool,
}

impl Row {
    pub fn clear(&mut self) {
        self.bytes.clear();
        self.started = false;
    }

    /// The same fields again after these.
    pub fn append(&mut self, other: &Row) -> &mut Row {
        self.comma();
        self.bytes.extend_from_slice(&other.bytes);
        self
    }

    fn comma(&mut self) {
        if self.started {
            self.bytes.push(b',');
        }
        self.started = true;
    }
}

/// How a program writes a field.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(crate) enum Dialect {
    /// PHP's `fputcsv` after the change to CP932: quotes also around spaces and backslashes, and
    /// so around characters whose second byte is a backslash (ソ, 表).
    Php,
    /// UTF-8, quotes only where needed.
    Plain,
}

impl Dialect {
    /// Adds one field to the row.
    pub fn put(self, row: &mut Row, field: &str) -> io::Result<()> {
        row.comma();
        if self == Dialect::Plain || field.is_ascii() {
            self.quote(row, field.as_bytes());
            return Ok(());
        }
        let (encoded, _, lost) = encoding_rs::SHIFT_JIS.encode(field);
        if lost {
            return Err(io::Error::new(io::ErrorKind::InvalidData, format!("not in CP932: {field}")));
        }
        self.quote(row, &encoded);
        Ok(())
    }

    /// Adds several.
    pub fn all(self, row: &mut Row, fields: &[&str]) -> io::Result<()> {
        fields.iter().try_for_each(|f| self.put(row, f))
    }

    fn quote(self, row: &mut Row, field: &[u8]) {
        let special = |b: &u8| match b {
            b',' | b'"' | b'\n' | b'\r' => true,
            b' ' | b'\t' | b'\\' => self == Dialect::Php,
            _ => false,
        };
        if !field.iter().any(special) {
            row.bytes.extend_from_slice(field);
            return;
        }
        row.bytes.push(b'"');
        for b in field {
            row.bytes.extend_from_slice(if *b == b'"' { b"\"\"" } else { std::slice::from_ref(b) });
        }
        row.bytes.push(b'"');
    }
}

/// A file being written, row by row.
pub(crate) struct Sheet {
    pub name: String,
    pub rows: u64,
    out: BufWriter<File>,
}

impl Sheet {
    /// A new file with this header.
    pub fn create(dir: &Path, name: &str, dialect: Dialect, header: &[&str]) -> io::Result<Sheet> {
        let out = BufWriter::with_capacity(1 << 18, File::create(dir.join(name))?);
        let mut sheet = Sheet { name: name.to_owned(), rows: 0, out };
        let mut row = Row::default();
        dialect.all(&mut row, header)?;
        sheet.write(&row)?;
        sheet.rows = 0;
        Ok(sheet)
    }

    /// Ends the row with a line feed.
    pub fn write(&mut self, row: &Row) -> io::Result<()> {
        self.rows += 1;
        self.out.write_all(&row.bytes)?;
        self.out.write_all(b"\n")
    }

    /// Writes what is left; errors of the disk show here.
    pub fn finish(mut self) -> io::Result<(String, u64)> {
        self.out.flush()?;
        Ok((self.name, self.rows))
    }
}

#[cfg(test)]
mod tests {
    use super::{Dialect, Row};

    fn row(dialect: Dialect, fields: &[&str]) -> Vec<u8> {
        let mut row = Row::default();
        dialect.all(&mut row, fields).unwrap();
        row.bytes
    }

    #[test]
    fn as_their_programs_do() {
        assert_eq!(row(Dialect::Plain, &["a b", "x,y", "\""]), b"a b,\"x,y\",\"\"\"\"");
        assert_eq!(row(Dialect::Php, &["a b", "", "1"]), b"\"a b\",,1");
        assert_eq!(row(Dialect::Php, &["ソ", "髙"]), b"\"\x83\x5c\",\xfb\xfc");
        assert!(Dialect::Php.put(&mut Row::default(), "𠮷").is_err());
    }
}
