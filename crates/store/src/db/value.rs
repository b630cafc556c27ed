//! Values on their way in and rows on their way out, the same for both databases.

use crate::{Error, Result};
use model::Day;
use postgres::types::private::BytesMut;
use postgres::types::{IsNull, Type};
use std::borrow::Cow;

/// One bound value. Only BIGINT, TEXT and DOUBLE PRECISION exist here.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(crate) enum V<'a> {
    Int(Option<i64>),
    Text(Option<&'a str>),
    Real(Option<f64>),
}

impl postgres::types::ToSql for V<'_> {
    fn to_sql(
        &self,
        ty: &Type,
        out: &mut BytesMut,
    ) -> std::result::Result<IsNull, Box<dyn std::error::Error + Sync + Send>> {
        use postgres::types::ToSql;
        match self {
            V::Int(v) => ToSql::to_sql(v, ty, out),
            V::Text(v) => ToSql::to_sql(&v.map(without_nul), ty, out),
            V::Real(v) => ToSql::to_sql(v, ty, out),
        }
    }
    fn accepts(_: &Type) -> bool {
        true
    }
    fn to_sql_checked(
        &self,
        ty: &Type,
        out: &mut BytesMut,
    ) -> std::result::Result<IsNull, Box<dyn std::error::Error + Sync + Send>> {
        // The tables hold three types and the statements bind them: a slip shows in the first test.
        postgres::types::ToSql::to_sql(self, ty, out)
    }
}

/// PostgreSQL's TEXT takes every character but NUL.
pub(crate) fn without_nul(text: &str) -> Cow<'_, str> {
    if text.contains('\0') { Cow::Owned(text.replace('\0', "")) } else { Cow::Borrowed(text) }
}

impl rusqlite::ToSql for V<'_> {
    fn to_sql(&self) -> rusqlite::Result<rusqlite::types::ToSqlOutput<'_>> {
        match self {
            V::Int(v) => rusqlite::ToSql::to_sql(v),
            V::Text(v) => rusqlite::ToSql::to_sql(v),
            V::Real(v) => rusqlite::ToSql::to_sql(v),
        }
    }
}

impl From<i64> for V<'_> {
    fn from(v: i64) -> Self {
        V::Int(Some(v))
    }
}
impl From<Option<i64>> for V<'_> {
    fn from(v: Option<i64>) -> Self {
        V::Int(v)
    }
}
impl From<usize> for V<'_> {
    fn from(v: usize) -> Self {
        V::Int(Some(i64::try_from(v).unwrap_or(i64::MAX)))
    }
}
impl From<bool> for V<'_> {
    fn from(v: bool) -> Self {
        V::Int(Some(v.into()))
    }
}
impl From<Day> for V<'_> {
    fn from(v: Day) -> Self {
        V::Int(Some(v.0.into()))
    }
}
impl From<Option<Day>> for V<'_> {
    fn from(v: Option<Day>) -> Self {
        V::Int(v.map(|d| d.0.into()))
    }
}
impl<'a> From<&'a str> for V<'a> {
    fn from(v: &'a str) -> Self {
        V::Text(Some(v))
    }
}
impl<'a> From<&'a String> for V<'a> {
    fn from(v: &'a String) -> Self {
        V::Text(Some(v))
    }
}
impl<'a> From<Option<&'a str>> for V<'a> {
    fn from(v: Option<&'a str>) -> Self {
        V::Text(v)
    }
}
impl From<Option<f64>> for V<'_> {
    fn from(v: Option<f64>) -> Self {
        V::Real(v)
    }
}

/// `params![1, "a", None::<i64>]` as a slice of values.
macro_rules! params {
    ($($v:expr),* $(,)?) => { &[$($crate::db::V::from($v)),*] };
}
pub(crate) use params;

/// One row of an answer; columns count from 0.
pub(crate) enum Row<'a> {
    Sqlite(&'a rusqlite::Row<'a>),
    Postgres(&'a postgres::Row),
}

impl Row<'_> {
    pub fn int(&self, i: usize) -> Result<i64> {
        Ok(match self {
            Row::Sqlite(row) => row.get(i)?,
            Row::Postgres(row) => row.try_get(i)?,
        })
    }
    pub fn opt_int(&self, i: usize) -> Result<Option<i64>> {
        Ok(match self {
            Row::Sqlite(row) => row.get(i)?,
            Row::Postgres(row) => row.try_get(i)?,
        })
    }
    pub fn text(&self, i: usize) -> Result<String> {
        Ok(match self {
            Row::Sqlite(row) => row.get(i)?,
            Row::Postgres(row) => row.try_get(i)?,
        })
    }
    /// Without a copy.
    pub fn str(&self, i: usize) -> Result<&str> {
        Ok(match self {
            Row::Sqlite(row) => row.get_ref(i)?.as_str().map_err(rusqlite::Error::from)?,
            Row::Postgres(row) => row.try_get(i)?,
        })
    }
    /// The same, where it may be NULL.
    pub fn opt_str(&self, i: usize) -> Result<Option<&str>> {
        Ok(match self {
            Row::Sqlite(row) => row.get_ref(i)?.as_str_or_null().map_err(rusqlite::Error::from)?,
            Row::Postgres(row) => row.try_get(i)?,
        })
    }
    pub fn opt_text(&self, i: usize) -> Result<Option<String>> {
        Ok(match self {
            Row::Sqlite(row) => row.get(i)?,
            Row::Postgres(row) => row.try_get(i)?,
        })
    }
    pub fn opt_real(&self, i: usize) -> Result<Option<f64>> {
        Ok(match self {
            Row::Sqlite(row) => row.get(i)?,
            Row::Postgres(row) => row.try_get(i)?,
        })
    }
    pub fn bool(&self, i: usize) -> Result<bool> {
        Ok(self.int(i)? != 0)
    }
    pub fn day(&self, i: usize) -> Result<Day> {
        day(self.int(i)?)
    }
    pub fn opt_day(&self, i: usize) -> Result<Option<Day>> {
        self.opt_int(i)?.map(day).transpose()
    }
    /// A stored word or small number, through the type's own table of them.
    pub fn known<T>(&self, i: usize, from: impl Fn(u8) -> Option<T>) -> Result<T> {
        let code = self.int(i)?;
        u8::try_from(code)
            .ok()
            .and_then(from)
            .ok_or_else(|| Error::Content(format!("code {code} in column {i}")))
    }
}

fn day(number: i64) -> Result<Day> {
    i32::try_from(number).map(Day).map_err(|_| Error::Content(format!("day number {number}")))
}
