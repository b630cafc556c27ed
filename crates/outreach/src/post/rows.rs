//! CSV that opens right in a spreadsheet: UTF-8 with BOM, CRLF, no cell that runs as a formula.

use std::io::{self, Write};

/// Writes a header and rows.
pub(crate) fn write_rows<R: IntoIterator<Item = Vec<String>>>(
    header: &[&str],
    rows: R,
    out: &mut dyn Write,
) -> io::Result<()> {
    out.write_all(b"\xEF\xBB\xBF")?;
    let mut csv = csv::WriterBuilder::new().terminator(csv::Terminator::CRLF).from_writer(out);
    csv.write_record(header)?;
    for row in rows {
        csv.write_record(row.iter().map(|cell| inert(cell)))?;
    }
    csv.flush()
}

/// The cell with a quote in front where a spreadsheet would run it as a formula (CWE-1236).
fn inert(cell: &str) -> String {
    let risky = |c: char| matches!(c, '=' | '+' | '-' | '@' | '\t' | '\r' | '＝' | '＋' | '－' | '＠');
    let number = cell.parse::<f64>().is_ok();
    if !number && cell.starts_with(risky) { format!("'{cell}") } else { cell.to_owned() }
}
