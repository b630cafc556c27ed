//! What can go wrong with a whole file: what, where, and what to do next.

use std::path::PathBuf;

/// A file cannot be used. A single bad row is a `Reject`, never one of these.
#[derive(Debug, thiserror::Error)]
pub enum Error {
    /// The file could not be read from the disk.
    #[error("cannot read {path}: {source}. Check the path and the permissions.")]
    Io { path: PathBuf, source: std::io::Error },
    /// The bytes are not a table: binary, cut off, hostile, of two encodings.
    #[error("{file}{}: {what}. {next}", at(*.line))]
    Damaged { file: String, line: Option<u64>, what: String, next: String },
    /// A table, but of no known format.
    #[error(
        "{file}: no known format has these columns: {}. Make a column map with `mezame import --suggest-map {file} > map.toml`, look it over, and import with `--map map.toml`.",
        .headers.join(", ")
    )]
    UnknownFormat { file: String, headers: Vec<String> },
    /// A format or map was named, but the file lacks columns it needs.
    #[error("{file}: read as {format}, {what}. Columns there: {}. {next}", .headers.join(", "))]
    Columns { file: String, format: String, what: String, headers: Vec<String>, next: String },
    /// The column map itself is wrong.
    #[error("column map: {0}")]
    Map(String),
    /// More than half of the rows are bad.
    #[error(
        "{file}: refused, since {rejected} of {rows} rows are bad. Most of them ({count}): {reason} (column {column}, first in line {line}). If the column is another one, or written in another way, say so in a map (`mezame import --suggest-map`)."
    )]
    MostlyBad {
        file: String,
        rejected: u64,
        rows: u64,
        count: u64,
        reason: String,
        column: String,
        line: u64,
    },
}

impl Error {
    pub(crate) fn damaged(file: &str, line: Option<u64>, what: impl Into<String>, next: &str) -> Error {
        Error::Damaged { file: file.to_owned(), line, what: what.into(), next: next.to_owned() }
    }
}

fn at(line: Option<u64>) -> String {
    line.map(|n| format!(", line {n}")).unwrap_or_default()
}
