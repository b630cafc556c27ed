//! From a path to uploads: unpack, decode, find the header row, recognise the format.

use crate::error::Error;
use crate::input::{self, Encoding, Input, Records, Text};
use crate::map::Map;
use crate::normal::text::key;
use crate::plan::{self, Wish};
use crate::upload::Upload;
use jiff::tz::TimeZone;
use model::{Day, Kind};
use std::path::Path;

/// What the caller knows better than the file.
#[derive(Clone)]
pub struct Options {
    /// `None` recognises it.
    pub source: Option<String>,
    pub kind: Option<Kind>,
    pub map: Option<Map>,
    /// The shop's zone.
    pub zone: TimeZone,
    pub today: Day,
}

/// Every table under a path: the members of a zip, the first worksheet with a table, or the file.
///
/// # Errors
/// When the path cannot be read, the bytes are no table, or the format is not known.
pub fn open(path: &Path, options: &Options) -> Result<Vec<Upload>, Error> {
    uploads(input::inputs(path)?, options)
}

/// The same from bytes in memory; `label` is what messages call it.
///
/// # Errors
/// As `open`.
pub fn open_bytes(label: &str, bytes: Vec<u8>, options: &Options) -> Result<Vec<Upload>, Error> {
    uploads(input::inputs_of_bytes(label, bytes)?, options)
}

fn uploads(inputs: Vec<Input>, options: &Options) -> Result<Vec<Upload>, Error> {
    inputs.into_iter().map(|input| upload(input, options)).collect()
}

fn upload(input: Input, options: &Options) -> Result<Upload, Error> {
    let table = look(&input)?;
    let wish = Wish { source: options.source.as_deref(), kind: options.kind, map: options.map.as_ref() };
    let (preamble, headers) = header_row(&input, &table, &wish)?;
    let mut plan = plan::plan(&input.label, &headers, &wish)?;
    plan.excel = input.excel;
    Ok(Upload {
        encoding: table.encoding,
        delimiter: table.delimiter,
        preamble,
        plan,
        zone: options.zone.clone(),
        today: options.today,
        input,
    })
}

/// The first rows of a file whose format is not known yet.
pub(crate) struct Table {
    pub encoding: Encoding,
    pub delimiter: u8,
    pub rows: Vec<Vec<String>>,
}

/// How many records are looked at for a header row, and for values to guess from.
const LOOK: usize = 300;
/// How many lines of titles may stand above the header row.
const MAX_PREAMBLE: usize = 10;

pub(crate) fn look(input: &Input) -> Result<Table, Error> {
    let encoding = input::detect(input)?;
    let mut start = Vec::new();
    let mut text = Text::open(input, encoding)?;
    text.fill(&mut start)?;
    let delimiter = if input.excel { b',' } else { delimiter(&start) };
    let mut records = Records::new(Text::open(input, encoding)?, delimiter);
    let mut rows = Vec::new();
    while rows.len() < LOOK
        && let Some(record) = records.next()?
    {
        rows.push(record.cells().map(str::to_owned).collect());
    }
    Ok(Table { encoding, delimiter, rows })
}

/// The one of comma, tab and semicolon that parts the most cells of the first lines, outside quotes.
fn delimiter(start: &[u8]) -> u8 {
    let lines: Vec<&[u8]> = start.split(|b| *b == b'\n').filter(|l| !l.is_empty()).take(3).collect();
    let count = |mark: u8| {
        let mut quoted = false;
        let outside = |b: &&u8| {
            quoted ^= **b == b'"';
            !quoted && **b == mark
        };
        lines.iter().flat_map(|l| l.iter()).filter(outside).count()
    };
    let marks = [b';', b'\t', b','];
    marks.into_iter().max_by_key(|mark| count(*mark)).unwrap_or(b',')
}

/// Which record holds the headers: the first that a format, map or our own words recognise, else
/// the first with two filled cells.
fn header_row(input: &Input, table: &Table, wish: &Wish<'_>) -> Result<(usize, Vec<String>), Error> {
    let candidates = || table.rows.iter().enumerate().take(MAX_PREAMBLE);
    let named = |row: &[String]| match wish.map {
        Some(map) => map.columns.iter().any(|(_, headers)| {
            headers.iter().any(|(header, _)| row.iter().any(|cell| key(cell) == key(header)))
        }),
        None => plan::recognises(row),
    };
    let known = candidates().find(|(_, row)| named(row));
    let filled = |row: &[String]| row.iter().filter(|c| !c.trim().is_empty()).count();
    let found =
        known.or_else(|| candidates().find(|(_, row)| filled(row) >= 2)).or_else(|| candidates().next());
    let Some((at, row)) = found else {
        return Err(Error::damaged(&input.label, None, "holds no rows", "Export it again."));
    };
    let headers: Vec<String> = row
        .iter()
        .map(|h| h.trim_matches(|c: char| c == '\u{feff}' || c.is_whitespace()).to_owned())
        .collect();
    if known.is_none() && looks_like_values(&headers) {
        let what = "has no header row: its first row holds values";
        let next = "Export it with column names, or write them into its first line.";
        return Err(Error::damaged(&input.label, Some(at as u64 + 1), what, next));
    }
    Ok((at, headers))
}

fn looks_like_values(row: &[String]) -> bool {
    let style = crate::normal::date::Style::default();
    row.iter().any(|c| c.contains('@') || matches!(crate::normal::date::stamp(c, style), Ok(Some(_))))
}
