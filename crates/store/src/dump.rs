//! Everything the database holds, table by table, in one snapshot: for copies and for whoever takes
//! their data elsewhere. The same on both databases, down to the sums.

use crate::db::{Conn, Row};
use crate::{Error, Result, Store};
use std::borrow::Cow;
use xxhash_rust::xxh3::xxh3_128;

/// What a copy leaves out: steps are told beside it, workers and logins live in one place only, and
/// what was put back where is that place's own history.
const LEFT_OUT: [&str; 4] = ["logins", "migrations", "restores", "workers"];

/// What a column holds.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Debug)]
pub enum ColumnKind {
    Int,
    Real,
    Text,
}

/// A table as it is copied; columns by name.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Table {
    pub name: String,
    pub columns: Vec<(String, ColumnKind)>,
}

/// One value.
#[derive(Clone, PartialEq, Debug)]
pub enum Datum<'a> {
    Null,
    Int(i64),
    Real(f64),
    Text(Cow<'a, str>),
}

/// How much a table holds: the sum of its rows' hashes, whatever their order.
#[derive(Clone, Copy, Default, PartialEq, Eq, Debug)]
pub struct Sum {
    pub rows: u64,
    pub hash: u128,
}

/// What a copy is told, in order.
pub enum Dumped<'a> {
    Table(&'a Table),
    Row(&'a [Datum<'a>]),
    /// The table is at its end.
    End(&'a Table, Sum),
}

impl Sum {
    /// Counts one row in.
    pub fn add(&mut self, row: &[Datum<'_>], buffer: &mut Vec<u8>) {
        buffer.clear();
        for datum in row {
            match datum {
                Datum::Null => buffer.push(0),
                Datum::Int(n) => {
                    buffer.push(1);
                    buffer.extend_from_slice(&n.to_le_bytes());
                }
                Datum::Real(x) => {
                    buffer.push(2);
                    buffer.extend_from_slice(&x.to_bits().to_le_bytes());
                }
                Datum::Text(text) => {
                    buffer.push(3);
                    buffer.extend_from_slice(&(text.len() as u64).to_le_bytes());
                    buffer.extend_from_slice(text.as_bytes());
                }
            }
        }
        self.rows += 1;
        self.hash = self.hash.wrapping_add(xxh3_128(buffer));
    }
}

impl Store {
    /// Hands over every table and row as of one moment, while others go on writing.
    pub fn dump(&self, each: &mut dyn FnMut(Dumped<'_>) -> std::io::Result<()>) -> Result<()> {
        self.db.read(|conn| {
            for table in tables(conn)? {
                each(Dumped::Table(&table))?;
                let sum = rows(conn, &table, |row| Ok(each(Dumped::Row(row))?))?;
                each(Dumped::End(&table, sum))?;
            }
            Ok(())
        })
    }

    /// What every table holds, by name.
    pub fn sums(&self) -> Result<Vec<(String, Sum)>> {
        let mut sums = Vec::new();
        self.dump(&mut |dumped| {
            if let Dumped::End(table, sum) = dumped {
                sums.push((table.name.clone(), sum));
            }
            Ok(())
        })?;
        Ok(sums)
    }

    /// The steps that made the database what it is, in order.
    pub fn steps(&self) -> Result<Vec<String>> {
        self.db.read(|conn| conn.all("SELECT name FROM migrations ORDER BY name", &[], |row| row.text(0)))
    }
}

/// Every table that is copied, by name.
pub(crate) fn tables(conn: &mut Conn) -> Result<Vec<Table>> {
    let names = conn.all(
        match conn {
            Conn::Sqlite(_) => {
                "SELECT name FROM sqlite_master WHERE type = 'table' AND name NOT LIKE 'sqlite\\_%' ESCAPE '\\'"
            }
            Conn::Postgres(_) => {
                "SELECT table_name::text FROM information_schema.tables
                 WHERE table_schema = current_schema() AND table_type = 'BASE TABLE'"
            }
        },
        &[],
        |row| row.text(0),
    )?;
    let mut all = Vec::new();
    for name in names.into_iter().filter(|name| !LEFT_OUT.contains(&name.as_str())) {
        // A table's name comes from the schema, which is ours.
        let sql = match conn {
            Conn::Sqlite(_) => format!("SELECT name, type FROM pragma_table_info('{name}')"),
            Conn::Postgres(_) => format!(
                "SELECT column_name::text, data_type::text FROM information_schema.columns
                 WHERE table_schema = current_schema() AND table_name = '{name}'"
            ),
        };
        let mut columns = conn.all(&sql, &[], |row| Ok((row.text(0)?, kind(&row.text(1)?)?)))?;
        columns.sort();
        all.push(Table { name, columns });
    }
    all.sort_by(|a, b| a.name.cmp(&b.name));
    Ok(all)
}

fn kind(word: &str) -> Result<ColumnKind> {
    match word.to_ascii_lowercase().split(' ').next().unwrap_or_default() {
        "integer" | "bigint" => Ok(ColumnKind::Int),
        "double" | "real" => Ok(ColumnKind::Real),
        "text" => Ok(ColumnKind::Text),
        other => Err(Error::Content(format!("a column of kind {other}"))),
    }
}

/// Every row of a table, and what they sum up to.
fn rows(conn: &mut Conn, table: &Table, mut each: impl FnMut(&[Datum<'_>]) -> Result<()>) -> Result<Sum> {
    let names: Vec<&str> = table.columns.iter().map(|(name, _)| name.as_str()).collect();
    let sql = format!("SELECT {} FROM {}", names.join(", "), table.name);
    let (mut sum, mut buffer) = (Sum::default(), Vec::new());
    conn.each(&sql, &[], |row| {
        let mut values = Vec::with_capacity(table.columns.len());
        for (i, (_, kind)) in table.columns.iter().enumerate() {
            values.push(datum(row, i, *kind)?);
        }
        sum.add(&values, &mut buffer);
        each(&values)
    })?;
    Ok(sum)
}

fn datum<'a>(row: &'a Row<'_>, i: usize, kind: ColumnKind) -> Result<Datum<'a>> {
    Ok(match kind {
        ColumnKind::Int => row.opt_int(i)?.map_or(Datum::Null, Datum::Int),
        ColumnKind::Real => row.opt_real(i)?.map_or(Datum::Null, Datum::Real),
        // PostgreSQL knows no NUL in a text, so a copy holds none.
        ColumnKind::Text => {
            row.opt_str(i)?.map_or(Datum::Null, |text| Datum::Text(crate::db::without_nul(text)))
        }
    })
}
