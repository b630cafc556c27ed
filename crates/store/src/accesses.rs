//! Who looked at or took out what about people, and when.

use crate::db::{Row, params};
use crate::{Result, Store};

/// One look, or one thing taken out.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Access {
    /// Unix seconds.
    pub at: i64,
    /// The operator.
    pub who: String,
    /// What was done, by app's word for it.
    pub act: String,
    /// Whose facts, where it was one customer's.
    pub customer: Option<i64>,
    /// How many people's, where it was a list.
    pub people: Option<i64>,
    /// The condition or the campaign: never a name or an address.
    pub what: String,
}

/// Which of them are asked for; what is empty or none asks for all.
#[derive(Clone, Default, PartialEq, Eq, Debug)]
pub struct AccessQuery {
    pub customer: Option<i64>,
    pub who: String,
    /// Unix seconds.
    pub since: i64,
    pub limit: usize,
    pub skip: usize,
}

impl Store {
    /// Remembers them.
    pub fn note_accesses(&self, accesses: &[Access]) -> Result<()> {
        self.db.write_beside(|conn| {
            for a in accesses {
                let sql = "INSERT INTO accesses (at, who, act, customer, people, what) VALUES (?1, ?2, ?3, ?4, ?5, ?6)";
                conn.exec(sql, params![a.at, &a.who, &a.act, a.customer, a.people, &a.what])?;
            }
            Ok(())
        })
    }

    /// What was looked at, the newest first.
    pub fn accesses(&self, ask: &AccessQuery) -> Result<Vec<Access>> {
        let columns = "at, who, act, customer, people, what";
        let rest = "at >= ?2 AND (who = ?3 OR ?3 = '') ORDER BY id DESC LIMIT ?4 OFFSET ?5";
        let (sql, customer) = match ask.customer {
            // Whoever they were before a merge: the customer of today's number.
            Some(customer) => (
                format!(
                    "SELECT {columns} FROM accesses WHERE customer IS NOT NULL AND customer IN
                     (SELECT id FROM records WHERE customer = ?1) AND {rest}"
                ),
                customer,
            ),
            None => {
                (format!("SELECT {columns} FROM accesses WHERE COALESCE(customer, 0) >= ?1 AND {rest}"), 0)
            }
        };
        self.db
            .read(|conn| conn.all(&sql, params![customer, ask.since, &ask.who, ask.limit, ask.skip], access))
    }

    /// Forgets what was noted before a moment; how many.
    pub fn forget_accesses(&self, before: i64) -> Result<u64> {
        self.db.write_now(|conn| conn.exec("DELETE FROM accesses WHERE at < ?1", params![before]))
    }
}

fn access(row: &Row<'_>) -> Result<Access> {
    Ok(Access {
        at: row.int(0)?,
        who: row.text(1)?,
        act: row.text(2)?,
        customer: row.opt_int(3)?,
        people: row.opt_int(4)?,
        what: row.text(5)?,
    })
}
