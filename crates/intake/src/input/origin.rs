//! Where bytes come from: a file, a member of a zip, bytes in memory; and how they are unpacked.

use super::excel;
use crate::error::Error;
use flate2::read::{DeflateDecoder, MultiGzDecoder};
use std::cell::Cell;
use std::fs::File;
use std::io::{self, Cursor, Read, Seek, SeekFrom};
use std::path::{Path, PathBuf};
use std::rc::Rc;
use std::sync::Arc;

/// DEFLATE reaches 1,032 to 1; tables of shops stay under 60 to 1.
const MAX_RATIO: u64 = 250;
/// Below this much output no ratio is suspicious.
const FREE: u64 = 64 << 20;
const MAX_MEMBERS: usize = 1_000;

trait Source: Read + Seek {}
impl<T: Read + Seek> Source for T {}

#[derive(Clone)]
enum Origin {
    Path(PathBuf),
    Bytes(Arc<[u8]>),
}

impl Origin {
    fn open(&self) -> Result<Box<dyn Source>, Error> {
        match self {
            Origin::Bytes(bytes) => Ok(Box::new(Cursor::new(Arc::clone(bytes)))),
            Origin::Path(path) => match File::open(path) {
                Ok(file) if file.metadata().is_ok_and(|m| m.is_dir()) => {
                    Err(Error::Io { path: path.clone(), source: io::Error::other("it is a folder") })
                }
                Ok(file) => Ok(Box::new(file)),
                Err(source) => Err(Error::Io { path: path.clone(), source }),
            },
        }
    }
}

#[derive(Clone, Copy, PartialEq)]
enum Packing {
    Plain,
    Gzip,
    Deflate,
}

/// Unpacked bytes, and how many packed ones were read for them so far.
type Opened = (Box<dyn Read>, Rc<Cell<u64>>);

/// One table's bytes, openable as often as needed.
#[derive(Clone)]
pub(crate) struct Input {
    /// What messages call it: the path, and after `!` the member of a zip.
    pub label: String,
    /// The name without folders, for guessing nothing more than a title.
    origin: Origin,
    start: u64,
    /// Bytes as packed.
    pub len: u64,
    packing: Packing,
    /// Made from a worksheet: UTF-8 text in memory.
    pub excel: bool,
}

impl Input {
    /// The unpacked bytes from the start, and how many packed bytes were read so far.
    pub fn open(&self) -> Result<Opened, Error> {
        let mut source = self.origin.open()?;
        source.seek(SeekFrom::Start(self.start)).map_err(|e| self.unreadable(&e))?;
        let done = Rc::new(Cell::new(0));
        let packed = Counted { inner: source.take(self.len), done: Rc::clone(&done) };
        let reader: Box<dyn Read> = match self.packing {
            Packing::Plain => Box::new(packed),
            Packing::Gzip => guard(MultiGzDecoder::new(io::BufReader::new(packed)), &done),
            Packing::Deflate => guard(DeflateDecoder::new(packed), &done),
        };
        Ok((reader, done))
    }

    pub fn unreadable(&self, error: &io::Error) -> Error {
        let next = match error.kind() {
            io::ErrorKind::UnexpectedEof => "It seems to be cut off: download or copy it again.",
            _ => "Unpack it by hand and look at it, or export it again.",
        };
        Error::damaged(&self.label, None, format!("cannot be unpacked or read ({error})"), next)
    }

    fn read_at_most(&self, limit: u64) -> Result<Vec<u8>, Error> {
        let mut bytes = Vec::new();
        let (reader, _) = self.open()?;
        reader.take(limit).read_to_end(&mut bytes).map_err(|e| self.unreadable(&e))?;
        Ok(bytes)
    }
}

struct Counted<R> {
    inner: R,
    done: Rc<Cell<u64>>,
}

impl<R: Read> Read for Counted<R> {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        let n = self.inner.read(buffer)?;
        self.done.set(self.done.get() + n as u64);
        Ok(n)
    }
}

struct Guard<R> {
    inner: R,
    packed: Rc<Cell<u64>>,
    out: u64,
}

fn guard<R: Read + 'static>(inner: R, packed: &Rc<Cell<u64>>) -> Box<dyn Read> {
    Box::new(Guard { inner, packed: Rc::clone(packed), out: 0 })
}

impl<R: Read> Read for Guard<R> {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        let n = self.inner.read(buffer)?;
        self.out += n as u64;
        if self.out > FREE && self.out / MAX_RATIO > self.packed.get() {
            let text = format!("unpacks to over {MAX_RATIO} times its size: a zip bomb");
            return Err(io::Error::new(io::ErrorKind::InvalidData, text));
        }
        Ok(n)
    }
}

/// Every table under a path: the file itself, or the members of a zip, or a worksheet.
pub(crate) fn inputs(path: &Path) -> Result<Vec<Input>, Error> {
    let origin = Origin::Path(path.to_owned());
    let len = std::fs::metadata(path).map_err(|source| Error::Io { path: path.to_owned(), source })?.len();
    unpack(whole(path.display().to_string(), origin, len))
}

/// The same from bytes in memory.
pub(crate) fn inputs_of_bytes(label: &str, bytes: Vec<u8>) -> Result<Vec<Input>, Error> {
    let len = bytes.len() as u64;
    unpack(whole(label.to_owned(), Origin::Bytes(bytes.into()), len))
}

fn whole(label: String, origin: Origin, len: u64) -> Input {
    Input { label, origin, start: 0, len, packing: Packing::Plain, excel: false }
}

/// Told by the first bytes, not by the name: people rename files.
fn unpack(input: Input) -> Result<Vec<Input>, Error> {
    let head = input.read_at_most(8)?;
    if head.starts_with(b"PK\x03\x04") || head.starts_with(b"PK\x05\x06") {
        return members(&input);
    }
    if head.starts_with(&[0x1f, 0x8b]) {
        let inner = Input { packing: Packing::Gzip, ..input };
        refuse_magic(&inner, &inner.read_at_most(8)?)?;
        return Ok(vec![inner]);
    }
    refuse_magic(&input, &head)?;
    Ok(vec![input])
}

fn refuse_magic(input: &Input, head: &[u8]) -> Result<(), Error> {
    const KNOWN: &[(&[u8], &str, &str)] = &[
        (&[0xd0, 0xcf, 0x11, 0xe0], "an old Excel file (.xls)", "Save it as .xlsx or as CSV."),
        (b"%PDF", "a PDF", "Export the table as CSV or .xlsx."),
        (&[0x89, b'P', b'N', b'G'], "a picture", "Export the table as CSV or .xlsx."),
        (&[0xff, 0xd8, 0xff], "a picture", "Export the table as CSV or .xlsx."),
        (b"SQLite f", "a SQLite database", "Export the table as CSV or .xlsx."),
        (b"PAR1", "a Parquet file", "Export the table as CSV or .xlsx."),
        (&[0x1f, 0x8b], "packed twice", "Unpack it once by hand."),
        (b"PK\x03\x04", "a zip inside another packing", "Unpack it once by hand."),
        (b"7z\xbc\xaf", "a 7z archive", "Unpack it, or pack it as .zip."),
        (b"Rar!", "a RAR archive", "Unpack it, or pack it as .zip."),
    ];
    match KNOWN.iter().find(|(magic, ..)| head.starts_with(magic)) {
        Some((_, what, next)) => Err(Error::damaged(&input.label, None, format!("is {what}"), next)),
        None => Ok(()),
    }
}

fn members(input: &Input) -> Result<Vec<Input>, Error> {
    let broken = |e: &dyn std::fmt::Display| {
        Error::damaged(&input.label, None, format!("is not a whole zip ({e})"), "Download it again.")
    };
    let source = io::BufReader::new(input.origin.open()?);
    let mut archive = zip::ZipArchive::new(source).map_err(|e| broken(&e))?;
    if archive.len() > MAX_MEMBERS {
        let what = format!("is a zip with more than {MAX_MEMBERS} members");
        return Err(Error::damaged(&input.label, None, what, "Import its files in parts."));
    }
    let mut found = Vec::new();
    for index in 0..archive.len() {
        let member = archive.by_index_raw(index).map_err(|e| broken(&e))?;
        let name = member_name(member.name_raw());
        if name == "xl/workbook.xml" {
            drop(member);
            return excel::tables(input, archive.into_inner());
        }
        let hidden =
            name.starts_with("__MACOSX") || name.rsplit('/').next().is_some_and(|n| n.starts_with('.'));
        if member.is_dir() || hidden || member.compressed_size() == 0 {
            continue;
        }
        let packing = match member.compression() {
            _ if member.encrypted() => return Err(broken(&"it needs a password")),
            zip::CompressionMethod::Stored => Packing::Plain,
            zip::CompressionMethod::Deflated => Packing::Deflate,
            other => return Err(broken(&format!("packed by {other}"))),
        };
        let start = member.data_start().ok_or_else(|| broken(&"a member without data"))?;
        let len = member.compressed_size();
        let label = format!("{}!{name}", input.label);
        let inner = Input { label, origin: input.origin.clone(), start, len, packing, excel: false };
        refuse_magic(&inner, &inner.read_at_most(8)?)?;
        found.push(inner);
    }
    if found.is_empty() {
        return Err(Error::damaged(&input.label, None, "is a zip without files", "Export it again."));
    }
    Ok(found)
}

/// Windows writes member names in CP932.
fn member_name(raw: &[u8]) -> String {
    match std::str::from_utf8(raw) {
        Ok(name) => name.to_owned(),
        Err(_) => encoding_rs::SHIFT_JIS.decode(raw).0.into_owned(),
    }
}

/// A worksheet, already turned into comma-separated UTF-8.
pub(super) fn worksheet(label: String, text: Vec<u8>) -> Input {
    let len = text.len() as u64;
    Input { excel: true, ..whole(label, Origin::Bytes(text.into()), len) }
}
