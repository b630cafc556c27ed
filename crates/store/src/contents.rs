//! The library: what may be shown in letters, with whose it is and since when they allow it.

use crate::db::{Row, params};
use crate::{Error, Result, Store};
use model::{ContentKind, Day, Marking};

/// A piece of the library.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct NewContent {
    /// How letters name it: small letters, figures, `_`.
    pub word: String,
    pub kind: ContentKind,
    pub title: String,
    pub said: String,
    /// Whose it is; empty where nobody knows.
    pub holder: String,
    pub permitted_on: Option<Day>,
    /// The last day on which it may be shown.
    pub until: Option<Day>,
    pub marking: Marking,
    /// Where it stands; may be empty.
    pub link: String,
}

/// A piece as it is kept.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct StoredContent {
    pub id: i64,
    pub content: NewContent,
    /// Who keeps it, since when (Unix seconds).
    pub by: String,
    pub at: i64,
    /// Taken out of the library, Unix seconds.
    pub retired: Option<i64>,
}

impl Store {
    /// Keeps a piece, in place of an earlier one of its word; its number.
    pub fn save_content(&self, c: &NewContent, by: &str, at: i64) -> Result<i64> {
        if by.trim().is_empty() {
            return Err(Error::Refused("the library is kept by somebody with a name".to_owned()));
        }
        let sql = "INSERT INTO contents (word, kind, title, said, holder, permitted_on, until, advertising, link, made_by, made_at)
                   VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11)
                   ON CONFLICT (word) DO UPDATE SET kind = excluded.kind, title = excluded.title, said = excluded.said,
                   holder = excluded.holder, permitted_on = excluded.permitted_on, until = excluded.until,
                   advertising = excluded.advertising, link = excluded.link, made_by = excluded.made_by,
                   made_at = excluded.made_at, retired_at = NULL RETURNING id";
        let row = params![
            &c.word,
            i64::from(c.kind.code()),
            &c.title,
            &c.said,
            &c.holder,
            c.permitted_on,
            c.until,
            i64::from(c.marking.code()),
            &c.link,
            by,
            at
        ];
        self.db.write_now(|conn| Ok(conn.one(sql, row, |row| row.int(0))?.unwrap_or(0)))
    }

    /// Takes a piece out; letters that show it are warned of.
    pub fn retire_content(&self, word: &str, at: i64) -> Result<bool> {
        let sql = "UPDATE contents SET retired_at = ?2 WHERE word = ?1 AND retired_at IS NULL";
        self.db.write_now(|conn| Ok(conn.exec(sql, params![word, at])? > 0))
    }

    /// The whole library, by kind and word; what was taken out too.
    pub fn contents(&self) -> Result<Vec<StoredContent>> {
        let sql = "SELECT id, word, kind, title, said, holder, permitted_on, until, advertising, link, made_by, made_at, retired_at
                   FROM contents ORDER BY kind, word";
        self.db.read(|conn| conn.all(sql, &[], content))
    }
}

fn content(row: &Row<'_>) -> Result<StoredContent> {
    Ok(StoredContent {
        id: row.int(0)?,
        content: NewContent {
            word: row.text(1)?,
            kind: row.known(2, ContentKind::from_code)?,
            title: row.text(3)?,
            said: row.text(4)?,
            holder: row.text(5)?,
            permitted_on: row.opt_day(6)?,
            until: row.opt_day(7)?,
            marking: row.known(8, Marking::from_code)?,
            link: row.text(9)?,
        },
        by: row.text(10)?,
        at: row.int(11)?,
        retired: row.opt_int(12)?,
    })
}
