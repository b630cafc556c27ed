//! One connection: the same few verbs on either database.

use super::copy::read_ints;
use super::value::without_nul;
use super::{Row, V, copy};
use crate::{Error, Result};
use postgres::fallible_iterator::FallibleIterator;
use postgres::types::ToSql;
use std::collections::HashMap;

/// One connection to one of the two.
pub(crate) enum Conn {
    Sqlite(rusqlite::Connection),
    Postgres(Box<Pg>),
}

/// A PostgreSQL client with its prepared statements.
pub(crate) struct Pg {
    pub client: postgres::Client,
    statements: HashMap<String, postgres::Statement>,
}

impl Pg {
    pub fn new(client: postgres::Client) -> Box<Pg> {
        Box::new(Pg { client, statements: HashMap::new() })
    }

    fn prepared(&mut self, sql: &str) -> Result<postgres::Statement> {
        if let Some(statement) = self.statements.get(sql) {
            return Ok(statement.clone());
        }
        let statement = self.client.prepare(&dollars(sql))?;
        if self.statements.len() > 200 {
            self.statements.clear();
        }
        self.statements.insert(sql.to_owned(), statement.clone());
        Ok(statement)
    }
}

/// `?1` as PostgreSQL writes it: `$1`.
fn dollars(sql: &str) -> String {
    sql.replace('?', "$")
}

impl Conn {
    /// Runs one statement; returns how many rows it touched.
    pub fn exec(&mut self, sql: &str, params: &[V]) -> Result<u64> {
        match self {
            Conn::Sqlite(c) => {
                let mut statement = c.prepare_cached(sql)?;
                bind(&mut statement, params)?;
                Ok(statement.raw_execute()? as u64)
            }
            Conn::Postgres(pg) => {
                let statement = pg.prepared(sql)?;
                let params: Vec<_> = params.iter().map(|v| v as &(dyn ToSql + Sync)).collect();
                Ok(pg.client.execute(&statement, &params)?)
            }
        }
    }

    /// Several statements without parameters.
    pub fn batch(&mut self, sql: &str) -> Result<()> {
        match self {
            Conn::Sqlite(c) => c.execute_batch(sql)?,
            Conn::Postgres(pg) => pg.client.batch_execute(sql)?,
        }
        Ok(())
    }

    /// Hands over every row of an answer.
    pub fn each(
        &mut self,
        sql: &str,
        params: &[V],
        mut each: impl FnMut(&Row<'_>) -> Result<()>,
    ) -> Result<()> {
        match self {
            Conn::Sqlite(c) => {
                let mut statement = c.prepare_cached(sql)?;
                bind(&mut statement, params)?;
                let mut rows = statement.raw_query();
                while let Some(row) = rows.next()? {
                    each(&Row::Sqlite(row))?;
                }
            }
            Conn::Postgres(pg) => {
                let statement = pg.prepared(sql)?;
                let mut rows =
                    pg.client.query_raw(&statement, params.iter().map(|v| v as &(dyn ToSql + Sync)))?;
                while let Some(row) = rows.next()? {
                    each(&Row::Postgres(&row))?;
                }
            }
        }
        Ok(())
    }

    /// Every row, made into something.
    pub fn all<T>(
        &mut self,
        sql: &str,
        params: &[V],
        make: impl Fn(&Row<'_>) -> Result<T>,
    ) -> Result<Vec<T>> {
        let mut all = Vec::new();
        self.each(sql, params, |row| {
            all.push(make(row)?);
            Ok(())
        })?;
        Ok(all)
    }

    /// The first row, if there is one.
    pub fn one<T>(
        &mut self,
        sql: &str,
        params: &[V],
        make: impl Fn(&Row<'_>) -> Result<T>,
    ) -> Result<Option<T>> {
        let mut first = None;
        self.each(sql, params, |row| {
            if first.is_none() {
                first = Some(make(row)?);
            }
            Ok(())
        })?;
        Ok(first)
    }

    /// A single number, 0 where the answer is NULL or nothing.
    pub fn number(&mut self, sql: &str, params: &[V]) -> Result<i64> {
        Ok(self.one(sql, params, |row| row.opt_int(0))?.flatten().unwrap_or(0))
    }

    /// `sql` with `{ids}` replaced by lists of these numbers, some hundred at a time.
    pub fn each_of(
        &mut self,
        sql: &str,
        ids: &[i64],
        mut each: impl FnMut(&Row<'_>) -> Result<()>,
    ) -> Result<()> {
        for some in ids.chunks(500) {
            let list: Vec<String> = some.iter().map(i64::to_string).collect();
            let sql = sql.replace("{ids}", &list.join(","));
            match self {
                Conn::Sqlite(c) => {
                    let mut statement = c.prepare(&sql)?;
                    let mut rows = statement.raw_query();
                    while let Some(row) = rows.next()? {
                        each(&Row::Sqlite(row))?;
                    }
                }
                Conn::Postgres(pg) => {
                    for row in &pg.client.query(&sql, &[])? {
                        each(&Row::Postgres(row))?;
                    }
                }
            }
        }
        Ok(())
    }

    /// Runs `sql` with `{ids}` replaced, for its effect.
    pub fn exec_of(&mut self, sql: &str, ids: &[i64]) -> Result<()> {
        for some in ids.chunks(500) {
            let list: Vec<String> = some.iter().map(i64::to_string).collect();
            self.batch(&sql.replace("{ids}", &list.join(",")))?;
        }
        Ok(())
    }

    /// Reads a large answer of whole numbers as fast as the database gives it. `sql` takes no
    /// parameters.
    pub fn scan<const N: usize>(
        &mut self,
        sql: &str,
        mut each: impl FnMut(&[Option<i64>; N]) -> Result<()>,
    ) -> Result<()> {
        match self {
            Conn::Sqlite(c) => {
                let mut statement = c.prepare(sql)?;
                let mut rows = statement.raw_query();
                let mut values = [None; N];
                while let Some(row) = rows.next()? {
                    for (i, value) in values.iter_mut().enumerate() {
                        *value = row
                            .get_ref(i)?
                            .as_i64_or_null()
                            .map_err(|_| Error::Content(format!("column {i} of an answer")))?;
                    }
                    each(&values)?;
                }
                Ok(())
            }
            Conn::Postgres(pg) => {
                let copy = format!("COPY ({sql}) TO STDOUT (FORMAT binary)");
                read_ints(pg.client.copy_out(&copy)?, each)
            }
        }
    }

    /// Looks up many texts under one number (`number_column = number AND text_column = text`).
    /// `select` names columns of table `t`; `each` gets the place of the text in `texts`.
    pub fn lookup(
        &mut self,
        at: &Lookup,
        number: i64,
        texts: &[&str],
        mut each: impl FnMut(usize, &Row<'_>) -> Result<()>,
    ) -> Result<()> {
        let Lookup { table, number: n, text: t, select } = at;
        match self {
            Conn::Sqlite(c) => {
                let sql = format!("SELECT {select} FROM {table} t WHERE t.{n} = ?1 AND t.{t} = ?2");
                let mut statement = c.prepare_cached(&sql)?;
                for (place, text) in texts.iter().enumerate() {
                    bind(&mut statement, &[V::from(number), V::from(*text)])?;
                    let mut rows = statement.raw_query();
                    while let Some(row) = rows.next()? {
                        each(place, &Row::Sqlite(row))?;
                    }
                }
            }
            Conn::Postgres(pg) => {
                let sql = format!(
                    "SELECT {select}, k.place FROM unnest(?2::text[]) WITH ORDINALITY AS k(wanted, place) \
                     JOIN {table} t ON t.{n} = ?1 AND t.{t} = k.wanted"
                );
                let statement = pg.prepared(&sql)?;
                for (block, some) in texts.chunks(10_000).enumerate() {
                    let some: Vec<_> = some.iter().map(|text| without_nul(text)).collect();
                    for row in &pg.client.query(&statement, &[&number, &some])? {
                        let place: i64 = row.try_get(row.len() - 1)?;
                        each(block * 10_000 + place as usize - 1, &Row::Postgres(row))?;
                    }
                }
            }
        }
        Ok(())
    }

    /// Inserts many rows of equal width, given one after the other.
    pub fn insert_many(&mut self, table: &str, columns: &[&str], values: &[V]) -> Result<()> {
        if values.is_empty() {
            return Ok(());
        }
        match self {
            Conn::Sqlite(c) => {
                let holes: Vec<String> = (1..=columns.len()).map(|i| format!("?{i}")).collect();
                let sql = format!("INSERT INTO {table} ({}) VALUES ({})", columns.join(","), holes.join(","));
                let mut statement = c.prepare_cached(&sql)?;
                for row in values.chunks_exact(columns.len()) {
                    bind(&mut statement, row)?;
                    statement.raw_execute()?;
                }
            }
            Conn::Postgres(pg) => {
                let sql = format!("COPY {table} ({}) FROM STDIN (FORMAT binary)", columns.join(","));
                copy::write(pg.client.copy_in(&sql)?, columns.len(), values)?;
            }
        }
        Ok(())
    }
}

/// Where `Conn::lookup` looks.
pub(crate) struct Lookup {
    pub table: &'static str,
    pub number: &'static str,
    pub text: &'static str,
    pub select: &'static str,
}

fn bind(statement: &mut rusqlite::Statement<'_>, params: &[V]) -> Result<()> {
    for (i, value) in params.iter().enumerate() {
        statement.raw_bind_parameter(i + 1, value)?;
    }
    Ok(())
}
