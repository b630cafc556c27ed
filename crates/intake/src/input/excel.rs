//! The first worksheet with a table, as comma-separated UTF-8: one way of reading for all.

use super::origin::{Input, worksheet};
use super::{MAX_COLUMNS, MAX_RECORD};
use crate::error::Error;
use calamine::{DataRef, Reader, Xlsx};
use std::fmt::Write as _;
use std::io::{self, Read, Seek};

/// All parts of a workbook unpacked: it has to fit in memory.
const MAX_UNPACKED: u64 = 512 << 20;

/// One input: the first sheet that has two cells in one row.
pub(super) fn tables<R: Read + Seek>(input: &Input, mut source: R) -> Result<Vec<Input>, Error> {
    check_size(input, &mut source)?;
    source.rewind().map_err(|e| input.unreadable(&e))?;
    let broken = |e: calamine::XlsxError| {
        let next = "Open it in Excel and save it again, or save it as CSV.";
        Error::damaged(&input.label, None, format!("is not a readable .xlsx ({e})"), next)
    };
    let mut book = Xlsx::new(source).map_err(broken)?;
    for name in book.sheet_names() {
        // Charts and other sheets without cells are no error.
        let Ok(mut cells) = book.worksheet_cells_reader(&name) else { continue };
        let mut sheet = Sheet::default();
        while let Some(cell) = cells.next_cell().map_err(broken)? {
            let (row, column) = cell.get_position();
            sheet.put(row, column, cell.get_value()).map_err(|what| {
                let next = "Delete what does not belong to the table, or save it as CSV.";
                Error::damaged(&input.label, Some(u64::from(row) + 1), what, next)
            })?;
        }
        if sheet.widest >= 2 || sheet.rows >= 2 {
            return Ok(vec![worksheet(format!("{}!{name}", input.label), sheet.finish())]);
        }
    }
    Err(Error::damaged(&input.label, None, "has no worksheet with a table", "Put the table on a sheet."))
}

/// Counts what really comes out, since a zip's own sizes may lie.
fn check_size<R: Read + Seek>(input: &Input, source: &mut R) -> Result<(), Error> {
    let too_big = || {
        let what = format!("unpacks to over {} MiB", MAX_UNPACKED >> 20);
        Error::damaged(&input.label, None, what, "Save it as CSV: that has no such limit.")
    };
    source.rewind().map_err(|e| input.unreadable(&e))?;
    let mut archive = zip::ZipArchive::new(source).map_err(|e| input.unreadable(&e.into()))?;
    let mut total = 0;
    for index in 0..archive.len() {
        let mut part = archive.by_index(index).map_err(|e| input.unreadable(&e.into()))?;
        let mut limited = (&mut part).take(MAX_UNPACKED - total + 1);
        total += io::copy(&mut limited, &mut io::sink()).map_err(|e| input.unreadable(&e))?;
        if total > MAX_UNPACKED {
            return Err(too_big());
        }
    }
    Ok(())
}

#[derive(Default)]
struct Sheet {
    text: String,
    /// Row and column that come next.
    row: u32,
    column: u32,
    widest: u32,
    rows: u32,
}

impl Sheet {
    fn put(&mut self, row: u32, column: u32, value: &DataRef<'_>) -> Result<(), String> {
        if matches!(value, DataRef::Empty) {
            return Ok(());
        }
        if column as usize >= MAX_COLUMNS {
            return Err(format!("has more than {MAX_COLUMNS} columns"));
        }
        if row < self.row || (row == self.row && column < self.column) {
            return Err("its cells are out of order".to_owned());
        }
        if row.saturating_sub(self.row) > 100_000 {
            return Err("more than 100,000 empty rows".to_owned());
        }
        while self.row < row {
            self.text.push('\n');
            (self.row, self.column) = (self.row + 1, 0);
        }
        self.rows += u32::from(self.column == 0);
        while self.column < column {
            self.text.push(',');
            self.column += 1;
        }
        self.widest = self.widest.max(column + 1);
        let cell = shown(value);
        if cell.len() > MAX_RECORD {
            return Err("a cell is too long".to_owned());
        }
        quote(&mut self.text, &cell);
        Ok(())
    }

    fn finish(mut self) -> Vec<u8> {
        self.text.push('\n');
        self.text.into_bytes()
    }
}

fn quote(text: &mut String, cell: &str) {
    // A line break inside a cell would part line numbers from Excel's row numbers.
    let flat = cell.replace(['\r', '\n'], " ");
    match flat.contains([',', '"']) || flat.starts_with(char::is_whitespace) {
        true => {
            let _ = write!(text, "\"{}\"", flat.replace('"', "\"\""));
        }
        false => text.push_str(&flat),
    }
}

fn shown(value: &DataRef<'_>) -> String {
    match value {
        DataRef::Int(n) => n.to_string(),
        DataRef::Float(n) if n.fract() == 0.0 && n.abs() < 1e15 => format!("{n:.0}"),
        DataRef::Float(n) => n.to_string(),
        DataRef::String(text) => text.clone(),
        DataRef::SharedString(text) => (*text).to_owned(),
        DataRef::Bool(yes) => if *yes { "1" } else { "0" }.to_owned(),
        DataRef::DateTime(at) if at.is_datetime() => {
            let (y, mo, d, h, mi, s, _) = at.to_ymd_hms_milli();
            format!("{y:04}-{mo:02}-{d:02} {h:02}:{mi:02}:{s:02}")
        }
        DataRef::DateTime(at) => {
            let minutes = (at.as_f64() * 1_440.0).round() as i64;
            format!("{:02}:{:02}", minutes / 60, minutes % 60)
        }
        DataRef::DateTimeIso(text) | DataRef::DurationIso(text) => text.clone(),
        DataRef::Error(_) | DataRef::Empty => String::new(),
    }
}
