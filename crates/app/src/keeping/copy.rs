//! A copy of everything as one file: lines of JSON, packed by gzip, sealed or not. A line each for what
//! it is, for every table and its rows, for every file, and at the end what all of it sums up to.

use super::seal::{Seal, Sealed, Unseal};
use anyhow::{Context, Result, bail, ensure};
use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use flate2::Compression;
use flate2::read::GzDecoder;
use flate2::write::GzEncoder;
use serde::{Deserialize, Serialize};
use serde_json::{Value, json};
use sha2::{Digest, Sha256};
use std::borrow::Cow;
use std::fs::File;
use std::io::{self, BufRead, BufReader, BufWriter, Read, Write};
use std::path::Path;
use store::{ColumnKind, Datum, Sum, Table};

/// What the file's first line says it is; the number is that of this form.
const FORM: u32 = 1;
/// Bytes of a file in one line.
const PIECE: usize = 48 * 1024;
/// The longest line, bytes.
const LONGEST: u64 = 256 << 20;

/// What a copy says of itself.
#[derive(Clone, PartialEq, Debug, Serialize, Deserialize)]
pub struct About {
    pub mezame_copy: u32,
    /// Unix seconds.
    pub made: i64,
    pub shop: String,
    /// The steps that made the database it was made from.
    pub steps: Vec<String>,
    /// Passwords and keys are in it.
    pub secrets: bool,
}

/// What a table of a copy holds.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
pub struct TableSum {
    pub name: String,
    pub rows: u64,
    /// The sum of its rows' hashes, whatever their order: the same on both databases.
    pub sum: String,
}

/// What is in a copy.
#[derive(Clone, PartialEq, Debug)]
pub struct Manifest {
    pub about: About,
    pub tables: Vec<TableSum>,
    pub files: u64,
    /// SHA-256 of all its lines but the last.
    pub sha256: String,
}

impl TableSum {
    pub(super) fn of(name: &str, sum: &Sum) -> TableSum {
        TableSum { name: name.to_owned(), rows: sum.rows, sum: format!("{:032x}", sum.hash) }
    }

    fn sum(&self) -> Option<Sum> {
        Some(Sum { rows: self.rows, hash: u128::from_str_radix(&self.sum, 16).ok()? })
    }
}

/// Counts what passes.
struct Hashed<W> {
    inner: W,
    hash: Sha256,
}

impl<W: Write> Write for Hashed<W> {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        let n = self.inner.write(bytes)?;
        self.hash.update(&bytes[..n]);
        Ok(n)
    }

    fn flush(&mut self) -> io::Result<()> {
        self.inner.flush()
    }
}

/// A copy being written.
pub(super) struct Writer {
    out: Hashed<GzEncoder<Sealed<BufWriter<File>>>>,
    about: About,
    tables: Vec<TableSum>,
    files: u64,
    line: Vec<u8>,
}

impl Writer {
    pub fn new(file: File, seal: &Seal, about: About) -> Result<Writer> {
        let sealed = seal.close(BufWriter::with_capacity(1 << 16, file))?;
        let packed = GzEncoder::new(sealed, Compression::fast());
        let out = Hashed { inner: packed, hash: Sha256::new() };
        let about = About { mezame_copy: FORM, ..about };
        let mut writer = Writer { out, about, tables: vec![], files: 0, line: vec![] };
        writer.say(&serde_json::to_value(&writer.about)?)?;
        Ok(writer)
    }

    fn say(&mut self, line: &Value) -> io::Result<()> {
        self.line.clear();
        serde_json::to_writer(&mut self.line, line)?;
        self.line.push(b'\n');
        self.out.write_all(&self.line)
    }

    pub fn table(&mut self, table: &Table) -> io::Result<()> {
        let columns: Vec<Value> =
            table.columns.iter().map(|(name, kind)| json!([name, word(*kind)])).collect();
        self.say(&json!({ "table": table.name, "columns": columns }))
    }

    pub fn row(&mut self, row: &[Datum<'_>]) -> io::Result<()> {
        self.line.clear();
        self.line.push(b'[');
        for (i, datum) in row.iter().enumerate() {
            if i > 0 {
                self.line.push(b',');
            }
            match datum {
                Datum::Null => self.line.extend_from_slice(b"null"),
                Datum::Int(n) => write!(self.line, "{n}")?,
                // In full, so that it comes back bit for bit; as a text, since JSON knows no infinity.
                Datum::Real(x) => write!(self.line, "\"{x:?}\"")?,
                Datum::Text(text) => serde_json::to_writer(&mut self.line, text.as_ref())?,
            }
        }
        self.line.extend_from_slice(b"]\n");
        self.out.write_all(&self.line)
    }

    pub fn end(&mut self, table: &Table, sum: &Sum) -> io::Result<()> {
        let told = TableSum::of(&table.name, sum);
        self.say(&json!({ "end": told.name, "rows": told.rows, "sum": told.sum }))?;
        self.tables.push(told);
        Ok(())
    }

    /// Takes a file in under a name with `/` between its folders.
    pub fn file(&mut self, name: &str, mut from: impl Read) -> io::Result<()> {
        self.say(&json!({ "file": name }))?;
        let mut piece = vec![0; PIECE];
        loop {
            let n = read_full(&mut from, &mut piece)?;
            if n == 0 {
                break;
            }
            let text = STANDARD.encode(&piece[..n]);
            self.say(&Value::String(text))?;
        }
        self.files += 1;
        self.say(&json!({ "end": "file" }))
    }

    /// Writes the end and has all of it on the disk.
    pub fn finish(mut self) -> Result<Manifest> {
        let sha256 = hex(&self.out.hash.clone().finalize());
        let last = json!({ "copy": "whole", "tables": self.tables, "files": self.files, "sha256": sha256 });
        self.say(&last)?;
        let Writer { out, about, tables, files, .. } = self;
        let file = out.inner.finish()?.finish()?.into_inner().map_err(io::IntoInnerError::into_error)?;
        file.sync_all()?;
        Ok(Manifest { about, tables, files, sha256 })
    }
}

/// One thing a copy tells.
pub(super) enum Told {
    Table(Table),
    Row(Vec<Datum<'static>>),
    End(Sum),
    File(String),
    Piece(Vec<u8>),
    FileEnd,
    Whole(Manifest),
}

/// A copy being read; what it tells is checked against what it says at its end.
pub(super) struct Reader<'a> {
    lines: BufReader<GzDecoder<Box<dyn Read + 'a>>>,
    hash: Sha256,
    pub about: About,
    columns: Option<Vec<ColumnKind>>,
    tables: Vec<TableSum>,
    table: String,
    files: u64,
    in_file: bool,
    line: Vec<u8>,
}

impl Reader<'static> {
    /// Opens a copy and reads what it says of itself.
    pub fn open(path: &Path, unseal: &Unseal) -> Result<Reader<'static>> {
        let named = || format!("reading {}", path.display());
        let mut file = BufReader::with_capacity(1 << 16, File::open(path).with_context(named)?);
        let sealed = file.fill_buf().with_context(named)?.starts_with(b"age-encryption.org/");
        let plain: Box<dyn Read> = if sealed { unseal.open(file)? } else { Box::new(file) };
        let lines = BufReader::with_capacity(1 << 16, GzDecoder::new(plain));
        let about = About { mezame_copy: 0, made: 0, shop: String::new(), steps: vec![], secrets: false };
        let mut reader = Reader {
            lines,
            hash: Sha256::new(),
            about,
            columns: None,
            tables: vec![],
            table: String::new(),
            files: 0,
            in_file: false,
            line: vec![],
        };
        let first = reader.line().with_context(named)?;
        let about: Option<About> = first.and_then(|line| serde_json::from_value(line).ok());
        let Some(about) = about else { bail!("{} is no copy made by mezame backup", path.display()) };
        ensure!(
            about.mezame_copy == FORM,
            "{} is a copy of form {}, and this version reads form {FORM}",
            path.display(),
            about.mezame_copy
        );
        reader.about = about;
        Ok(reader)
    }

    /// The next line; `None` at the end of the file.
    fn line(&mut self) -> Result<Option<Value>> {
        self.line.clear();
        let read = (&mut self.lines).take(LONGEST).read_until(b'\n', &mut self.line);
        if read.context("the copy breaks off, or was changed")? == 0 {
            return Ok(None);
        }
        ensure!(self.line.ends_with(b"\n"), "the copy breaks off");
        // A parse error would quote what people told.
        serde_json::from_slice(&self.line)
            .map(Some)
            .map_err(|_| anyhow::anyhow!("the copy holds a line that is none"))
    }

    /// What comes next; `None` after the end.
    pub fn next(&mut self) -> Result<Option<Told>> {
        self.hash.update(&self.line);
        let Some(line) = self.line()? else { bail!("the copy breaks off: its end is missing") };
        let told = match (&line, &self.columns) {
            (Value::Array(cells), Some(columns)) => Told::Row(row(cells, columns)?),
            (Value::String(text), None) if self.in_file => {
                Told::Piece(STANDARD.decode(text).map_err(|_| anyhow::anyhow!("a file in the copy is torn"))?)
            }
            (Value::Object(said), _) => self.said(said)?,
            _ => bail!("the copy holds a line in the wrong place"),
        };
        if matches!(told, Told::Whole(_)) {
            ensure!(self.line()?.is_none(), "the copy goes on behind its end");
        }
        Ok(Some(told))
    }

    fn said(&mut self, said: &serde_json::Map<String, Value>) -> Result<Told> {
        let text = |key: &str| said.get(key).and_then(Value::as_str).map(str::to_owned);
        if let Some(name) = text("table") {
            let columns: Vec<(String, ColumnKind)> = said
                .get("columns")
                .and_then(Value::as_array)
                .into_iter()
                .flatten()
                .filter_map(|c| Some((c[0].as_str()?.to_owned(), kind(c[1].as_str()?)?)))
                .collect();
            self.columns = Some(columns.iter().map(|(_, kind)| *kind).collect());
            self.table.clone_from(&name);
            return Ok(Told::Table(Table { name, columns }));
        }
        if let Some(name) = text("file") {
            self.in_file = true;
            return Ok(Told::File(name));
        }
        match text("end") {
            Some(end) if end == "file" && self.in_file => {
                self.in_file = false;
                self.files += 1;
                return Ok(Told::FileEnd);
            }
            Some(end) if end == self.table && self.columns.take().is_some() => {
                let rows = said.get("rows").and_then(Value::as_u64).unwrap_or(u64::MAX);
                let told = TableSum { name: end, rows, sum: text("sum").unwrap_or_default() };
                let Some(sum) = told.sum() else { bail!("the copy holds a sum that is none") };
                self.tables.push(told);
                return Ok(Told::End(sum));
            }
            _ => {}
        }
        let tables: Option<Vec<TableSum>> =
            said.get("tables").cloned().and_then(|all| serde_json::from_value(all).ok());
        let sha256 = hex(&self.hash.clone().finalize());
        let whole = tables.as_ref() == Some(&self.tables)
            && said.get("files").and_then(Value::as_u64) == Some(self.files)
            && text("sha256").as_deref() == Some(&sha256);
        ensure!(whole, "the copy was changed or is torn: it does not sum up to what it says");
        let (about, tables, files) = (self.about.clone(), self.tables.clone(), self.files);
        Ok(Told::Whole(Manifest { about, tables, files, sha256 }))
    }
}

fn row(cells: &[Value], columns: &[ColumnKind]) -> Result<Vec<Datum<'static>>> {
    ensure!(cells.len() == columns.len(), "the copy holds a row of another width");
    let one = |(cell, kind): (&Value, &ColumnKind)| match (cell, kind) {
        (Value::Null, _) => Some(Datum::Null),
        (Value::Number(n), ColumnKind::Int) => n.as_i64().map(Datum::Int),
        (Value::String(text), ColumnKind::Real) => text.parse().ok().map(Datum::Real),
        (Value::String(text), ColumnKind::Text) => Some(Datum::Text(Cow::Owned(text.clone()))),
        _ => None,
    };
    let row: Option<Vec<_>> = cells.iter().zip(columns).map(one).collect();
    row.context("the copy holds a value of another kind")
}

const KINDS: [(ColumnKind, &str); 3] =
    [(ColumnKind::Int, "int"), (ColumnKind::Real, "real"), (ColumnKind::Text, "text")];

fn word(kind: ColumnKind) -> &'static str {
    KINDS.iter().find(|(k, _)| *k == kind).map_or("text", |(_, word)| word)
}

fn kind(word: &str) -> Option<ColumnKind> {
    KINDS.iter().find(|(_, w)| *w == word).map(|(kind, _)| *kind)
}

fn read_full(from: &mut impl Read, to: &mut [u8]) -> io::Result<usize> {
    let mut n = 0;
    while n < to.len() {
        match from.read(&mut to[n..])? {
            0 => break,
            more => n += more,
        }
    }
    Ok(n)
}

fn hex(bytes: &[u8]) -> String {
    bytes.iter().map(|b| format!("{b:02x}")).collect()
}
