//! What the shop makes better, and whom it tells.

use crate::db::params;
use crate::settings::next_id;
use crate::{Error, Result, Store};
use model::Day;

/// One thing to make better.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Improvement {
    pub id: i64,
    pub issue: String,
    /// The reason of those whom it drove away.
    pub reason: String,
    /// What they are told once it is done.
    pub message: String,
    pub by: String,
    /// Unix seconds.
    pub at: i64,
    /// The day it was done, and by whose word.
    pub fixed: Option<(Day, String)>,
    /// The campaign that tells them.
    pub campaign: Option<i64>,
}

impl Store {
    /// Writes one down; its number.
    pub fn add_improvement(
        &self,
        issue: &str,
        reason: &str,
        message: &str,
        by: &str,
        at: i64,
    ) -> Result<i64> {
        self.db.write_now(|conn| {
            let id = next_id(conn, "improvements")?;
            let sql = "INSERT INTO improvements (id, issue, reason, message, made_by, made_at) VALUES (?1, ?2, ?3, ?4, ?5, ?6)";
            conn.exec(sql, params![id, issue, reason, message, by, at])?;
            Ok(id)
        })
    }

    /// It is done since a day.
    pub fn fix_improvement(&self, id: i64, on: Day, by: &str) -> Result<()> {
        let sql = "UPDATE improvements SET fixed_on = ?2, fixed_by = ?3 WHERE id = ?1";
        match self.db.write_now(|conn| conn.exec(sql, params![id, on, by]))? {
            0 => Err(Error::Missing { what: "improvement", id }),
            _ => Ok(()),
        }
    }

    /// A campaign tells those whom it concerns.
    pub fn tell_improvement(&self, id: i64, campaign: i64) -> Result<()> {
        let sql = "UPDATE improvements SET campaign = ?2 WHERE id = ?1";
        self.db.write_now(|conn| conn.exec(sql, params![id, campaign]))?;
        Ok(())
    }

    /// All of them, the newest first.
    pub fn improvements(&self) -> Result<Vec<Improvement>> {
        let sql = "SELECT id, issue, reason, message, made_by, made_at, fixed_on, fixed_by, campaign FROM improvements ORDER BY id DESC";
        self.db.read(|conn| {
            conn.all(sql, &[], |row| {
                Ok(Improvement {
                    id: row.int(0)?,
                    issue: row.text(1)?,
                    reason: row.text(2)?,
                    message: row.text(3)?,
                    by: row.text(4)?,
                    at: row.int(5)?,
                    fixed: row.opt_day(6)?.zip(row.opt_text(7)?),
                    campaign: row.opt_int(8)?,
                })
            })
        })
    }
}
