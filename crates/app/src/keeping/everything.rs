//! Everything as tables that any program opens: for whoever takes their data elsewhere.

use super::copy::TableSum;
use super::seal::{Seal, Sealed};
use crate::export::inert;
use crate::{App, ExportFormat, ListQuery};
use anyhow::{Context, Result, ensure};
use std::fmt::Write as _;
use std::fs::{self, File};
use std::io::{self, BufWriter, Write};
use std::path::{Path, PathBuf};
use store::{ColumnKind, Datum, Dumped, Table};

/// No business of whoever reads tables: what passwords are checked against.
const LEFT_OUT: [(&str, &str); 1] = [("operators", "word")];

/// One file of it, sealed or not.
struct Out(Sealed<BufWriter<File>>);

impl Write for Out {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        self.0.write(bytes)
    }

    fn flush(&mut self) -> io::Result<()> {
        self.0.flush()
    }
}

impl App {
    /// Writes every table as CSV, the list of customers, their columns as Parquet, and a README into a
    /// folder that is empty or not there; returns what each table held.
    pub fn export_all(&self, folder: &Path, seal: &Seal, by: &str, english: bool) -> Result<Vec<TableSum>> {
        fs::create_dir_all(folder).with_context(|| format!("making {}", folder.display()))?;
        let empty =
            fs::read_dir(folder).with_context(|| format!("reading {}", folder.display()))?.next().is_none();
        ensure!(empty, "{} is not empty: name another folder", folder.display());
        let customers = self.judged()?.customers();
        self.note_access(by, "export", None, Some(customers), "")?;
        let tables = self.write_tables(folder, seal)?;
        for (name, format) in [
            ("customers.csv", ExportFormat::Csv { cp932: false }),
            ("customers.parquet", ExportFormat::Parquet),
        ] {
            let mut out = create(folder, name, seal)?;
            self.export(&ListQuery::default(), format, english, &mut out)?;
            close(out)?;
        }
        let mut out = create(folder, "README.md", &Seal::Open)?;
        out.write_all(readme(&tables).as_bytes())?;
        close(out)?;
        Ok(tables.into_iter().map(|(_, sum)| sum).collect())
    }

    fn write_tables(&self, folder: &Path, seal: &Seal) -> Result<Vec<(Table, TableSum)>> {
        let mut told = Vec::new();
        let mut at: Option<(csv::Writer<Out>, Vec<bool>)> = None;
        let wrong = |why: anyhow::Error| io::Error::other(format!("{why:#}"));
        self.inner.store.dump(&mut |dumped| {
            match dumped {
                Dumped::Table(table) => {
                    let mut out = create(folder, &format!("{}.csv", table.name), seal).map_err(wrong)?;
                    out.write_all(b"\xEF\xBB\xBF")?; // Excel reads UTF-8 only with it
                    let kept: Vec<bool> = table
                        .columns
                        .iter()
                        .map(|(column, _)| !LEFT_OUT.contains(&(table.name.as_str(), column.as_str())))
                        .collect();
                    let mut csv = csv::Writer::from_writer(out);
                    let names = table.columns.iter().zip(&kept).filter(|(_, kept)| **kept);
                    csv.write_record(names.map(|((name, _), _)| name))?;
                    at = Some((csv, kept));
                }
                Dumped::Row(row) => {
                    if let Some((csv, kept)) = &mut at {
                        let cells = row.iter().zip(kept).filter(|(_, kept)| **kept);
                        csv.write_record(cells.map(|(datum, _)| cell(datum)))?;
                    }
                }
                Dumped::End(table, sum) => {
                    if let Some((csv, _)) = at.take() {
                        let out = csv.into_inner().map_err(|e| io::Error::other(e.to_string()))?;
                        close(out).map_err(wrong)?;
                    }
                    told.push((table.clone(), TableSum::of(&table.name, &sum)));
                }
            }
            Ok(())
        })?;
        Ok(told)
    }
}

fn cell(datum: &Datum<'_>) -> String {
    match datum {
        Datum::Null => String::new(),
        Datum::Int(n) => n.to_string(),
        Datum::Real(x) => format!("{x:?}"),
        Datum::Text(text) => inert(text),
    }
}

fn create(folder: &Path, name: &str, seal: &Seal) -> Result<Out> {
    let mut path: PathBuf = folder.join(name);
    if !matches!(seal, Seal::Open) {
        path.as_mut_os_string().push(".age");
    }
    let file = super::backup::private(&path)?;
    Ok(Out(seal.close(BufWriter::new(file))?))
}

fn close(out: Out) -> Result<()> {
    let file = out.0.finish()?.into_inner().map_err(io::IntoInnerError::into_error)?;
    file.sync_all().context("writing to the disk")
}

/// What each table and column is, by the comments of the schema itself.
fn readme(tables: &[(Table, TableSum)]) -> String {
    let mut text = String::from(
        "# Mezame の全データ / everything Mezame keeps\n\n\
         各表はUTF-8(BOM付き)のCSVです。日付は1970-01-01からの日数、時刻はUnix秒、金額は百分の一単位です。\
         数式として動く文字で始まるセルには、先頭に ' を付けています。\n\n\
         Each table is a CSV file in UTF-8 with BOM. Days are days since 1970-01-01, times Unix seconds, amounts \
         hundredths of the currency. A cell that a spreadsheet would run as a formula has a ' in front.\n\n\
         `customers.csv` and `customers.parquet` are the list of customers as judged now, one row each.\n",
    );
    let comments = store::table_comments();
    for (table, sum) in tables {
        let about =
            comments.iter().find(|(name, _)| *name == table.name).map_or("", |(_, about)| about.as_str());
        // Writing to a text cannot fail.
        let _ = write!(
            text,
            "\n## {}.csv ({} rows)\n\n{about}\n\n| column | kind |\n|---|---|\n",
            table.name, sum.rows
        );
        for (column, kind) in &table.columns {
            let kind = match kind {
                ColumnKind::Int => "whole number",
                ColumnKind::Real => "number",
                ColumnKind::Text => "text",
            };
            if !LEFT_OUT.contains(&(table.name.as_str(), column.as_str())) {
                let _ = writeln!(text, "| {column} | {kind} |");
            }
        }
    }
    text
}
