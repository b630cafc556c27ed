//! A copy put back into an empty database: all of it, or nothing.

use crate::db::{Conn, V, params};
use crate::dump::{ColumnKind, Datum, Sum, Table, tables};
use crate::{Error, Result, Store};

/// Rows written at a time.
const CHUNK: usize = 2_000;

/// What a copy tells, in order.
pub enum Loaded {
    /// A table with its columns, in the order in which rows give them.
    Table(Table),
    Row(Vec<Datum<'static>>),
    /// The table is at its end, and held this.
    End(Sum),
}

impl Store {
    /// Whether nothing of a shop is in here, or it has no shape yet.
    pub fn is_blank(&self) -> Result<bool> {
        if self.pending_migrations()?.contains(&"0001_start".to_owned()) {
            return Ok(true);
        }
        self.db.read(|conn| {
            for table in ["records", "imports", "orders", "suppressions"] {
                if conn.number(&format!("SELECT COUNT(*) FROM (SELECT 1 FROM {table} LIMIT 1) t"), &[])? > 0 {
                    return Ok(false);
                }
            }
            Ok(true)
        })
    }

    /// Puts a copy back: makes the shape it was made from by `steps`, takes every row in one transaction,
    /// and runs the steps that came since. Until an operator says otherwise nothing is sent from here.
    /// `made`: when the copy was made, `at`: now; Unix seconds.
    ///
    /// # Errors
    /// `Refused` where this place is not empty, the copy is of a newer version, or a table does not sum
    /// up to what the copy says: nothing is kept then.
    pub fn reload(
        &self,
        steps: &[String],
        made: i64,
        at: i64,
        next: &mut dyn FnMut() -> std::io::Result<Option<Loaded>>,
    ) -> Result<u64> {
        if !self.is_blank()? {
            return Err(Error::Refused("the database is not empty: name an empty place".to_owned()));
        }
        self.migrate_by(steps)?;
        let rows = self.db.write(|conn| {
            let indexes = drop_indexes(conn)?;
            let known = tables(conn)?;
            for table in &known {
                conn.exec(&format!("DELETE FROM {}", table.name), &[])?;
            }
            let rows = take(conn, &known, next)?;
            for sql in &indexes {
                conn.batch(sql)?;
            }
            count_on(conn, &known)?;
            conn.exec("INSERT INTO restores (at, made) VALUES (?1, ?2)", params![at, made])?;
            Ok(rows)
        })?;
        self.migrate()?;
        self.db.maintain("PRAGMA optimize; PRAGMA wal_checkpoint(TRUNCATE);", "ANALYZE")?;
        Ok(rows)
    }

    /// When the copy was made that was put back into this place, where nobody has released it since.
    pub fn restored(&self) -> Result<Option<i64>> {
        let sql = "SELECT made FROM restores WHERE released IS NULL ORDER BY id DESC LIMIT 1";
        self.db.read(|conn| conn.one(sql, &[], |row| row.int(0)))
    }

    /// An operator has looked at what was sent since the copy was made.
    pub fn release_restored(&self, by: &str, at: i64) -> Result<()> {
        self.db.write_now(|conn| {
            let sql = "UPDATE restores SET released_by = ?1, released = ?2 WHERE released IS NULL";
            conn.exec(sql, params![by, at])?;
            Ok(())
        })
    }
}

fn take(
    conn: &mut Conn,
    known: &[Table],
    next: &mut dyn FnMut() -> std::io::Result<Option<Loaded>>,
) -> Result<u64> {
    let mut all = 0;
    let mut at: Option<(Table, Sum, Vec<Vec<Datum<'static>>>)> = None;
    let mut buffer = Vec::new();
    while let Some(loaded) = next()? {
        match (loaded, &mut at) {
            (Loaded::Table(table), None) => {
                let ours = known.iter().find(|t| t.name == table.name);
                if ours.is_none_or(|ours| *ours != table) {
                    return Err(torn(&format!("table {} is not as this version makes it", table.name)));
                }
                at = Some((table, Sum::default(), Vec::with_capacity(CHUNK)));
            }
            (Loaded::Row(row), Some((table, sum, rows))) if row.len() == table.columns.len() => {
                sum.add(&row, &mut buffer);
                rows.push(row);
                if rows.len() == CHUNK {
                    write(conn, table, rows)?;
                }
            }
            (Loaded::End(told), Some((table, sum, rows))) => {
                write(conn, table, rows)?;
                if told != *sum {
                    return Err(torn(&format!("table {} does not sum up to what the copy says", table.name)));
                }
                all += sum.rows;
                at = None;
            }
            _ => return Err(torn("its parts are out of order")),
        }
    }
    match at {
        None => Ok(all),
        Some((table, ..)) => Err(torn(&format!("it ends within table {}", table.name))),
    }
}

fn torn(what: &str) -> Error {
    Error::Refused(format!("the copy cannot be used: {what}"))
}

fn write(conn: &mut Conn, table: &Table, rows: &mut Vec<Vec<Datum<'static>>>) -> Result<()> {
    let columns: Vec<&str> = table.columns.iter().map(|(name, _)| name.as_str()).collect();
    let kinds = table.columns.iter().map(|(_, kind)| *kind).cycle();
    let mut values = Vec::with_capacity(rows.len() * columns.len());
    for (datum, kind) in rows.iter().flatten().zip(kinds) {
        values.push(match (datum, kind) {
            (Datum::Int(n), ColumnKind::Int) => V::Int(Some(*n)),
            (Datum::Real(x), ColumnKind::Real) => V::Real(Some(*x)),
            (Datum::Text(text), ColumnKind::Text) => V::Text(Some(text)),
            (Datum::Null, ColumnKind::Int) => V::Int(None),
            (Datum::Null, ColumnKind::Real) => V::Real(None),
            (Datum::Null, ColumnKind::Text) => V::Text(None),
            _ => return Err(torn(&format!("table {} holds a value of another kind", table.name))),
        });
    }
    conn.insert_many(&table.name, &columns, &values)?;
    rows.clear();
    Ok(())
}

/// Takes the indexes away that only make reading quicker; returns what makes them again.
fn drop_indexes(conn: &mut Conn) -> Result<Vec<String>> {
    let sql = match conn {
        Conn::Sqlite(_) => "SELECT name, sql FROM sqlite_master WHERE type = 'index' AND sql IS NOT NULL",
        Conn::Postgres(_) => {
            "SELECT i.indexname::text, i.indexdef FROM pg_indexes i
             WHERE i.schemaname = current_schema() AND NOT EXISTS (
               SELECT 1 FROM pg_constraint c JOIN pg_class k ON k.oid = c.conindid
               WHERE k.relname = i.indexname AND k.relnamespace = current_schema()::regnamespace)"
        }
    };
    let indexes = conn.all(sql, &[], |row| Ok((row.text(0)?, row.text(1)?)))?;
    for (name, _) in &indexes {
        conn.batch(&format!("DROP INDEX {name}"))?;
    }
    Ok(indexes.into_iter().map(|(_, sql)| sql).collect())
}

/// PostgreSQL counts its own numbers: they go on behind those that came with the copy.
fn count_on(conn: &mut Conn, tables: &[Table]) -> Result<()> {
    if matches!(conn, Conn::Sqlite(_)) {
        return Ok(());
    }
    let sql = "SELECT table_name::text FROM information_schema.columns
               WHERE table_schema = current_schema() AND is_identity = 'YES' AND column_name = 'id'";
    let counted = conn.all(sql, &[], |row| row.text(0))?;
    for name in counted.iter().filter(|name| tables.iter().any(|t| t.name == **name)) {
        conn.batch(&format!(
            "SELECT setval(pg_get_serial_sequence('{name}', 'id'), (SELECT COALESCE(MAX(id), 0) + 1 FROM {name}), false)"
        ))?;
    }
    Ok(())
}
