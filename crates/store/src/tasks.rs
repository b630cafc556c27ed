//! Next actions: what is to be done with a customer, by whom, by when.

use crate::db::{Conn, Row, params};
use crate::{Error, Result, Store};

/// A next action.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct NewTask {
    pub customer: i64,
    pub what: String,
    /// Unix seconds.
    pub due: i64,
    /// Who does it.
    pub owner: String,
}

/// A next action as it is kept.
#[derive(Clone, PartialEq, Debug)]
pub struct StoredTask {
    pub id: i64,
    /// Who they are now.
    pub person: i64,
    pub task: NewTask,
    /// The touch it came of.
    pub touch: Option<i64>,
    /// Who did it, and when.
    pub done: Option<(String, i64)>,
}

const TASK: &str = "k.id, r.customer, k.customer, k.what, k.due, k.owner, k.touch, k.done_by, k.done_at";

impl Store {
    /// Adds a next action by hand; its number.
    pub fn add_task(&self, task: &NewTask, by: &str, at: i64) -> Result<i64> {
        self.db.write_now(|conn| {
            let sql = "SELECT COUNT(*) FROM records WHERE id = ?1";
            if conn.number(sql, params![task.customer])? == 0 {
                return Err(Error::Missing { what: "customer", id: task.customer });
            }
            add_task(conn, task, None, by, at)
        })
    }

    /// Open next actions due before a moment, the longest due first; of an owner, or everybody's.
    pub fn tasks(&self, before: i64, owner: Option<&str>, limit: usize) -> Result<Vec<StoredTask>> {
        let sql = format!(
            "SELECT {TASK} FROM tasks k JOIN records r ON r.id = k.customer
             WHERE k.done_at IS NULL AND k.due < ?1 AND (k.owner = ?2 OR ?2 = '') ORDER BY k.due, k.id LIMIT ?3"
        );
        self.db.read(|conn| conn.all(&sql, params![before, owner.unwrap_or(""), limit], stored_task))
    }

    /// How many next actions are open and were due before a moment.
    pub fn count_tasks(&self, before: i64) -> Result<u64> {
        let sql = "SELECT COUNT(*) FROM tasks WHERE done_at IS NULL AND due < ?1";
        self.db.read(|conn| Ok(conn.number(sql, params![before])?.unsigned_abs()))
    }

    /// A next action is done.
    pub fn finish_task(&self, id: i64, by: &str, at: i64) -> Result<()> {
        let sql = "UPDATE tasks SET done_by = ?2, done_at = ?3 WHERE id = ?1 AND done_at IS NULL";
        match self.db.write_now(|conn| conn.exec(sql, params![id, by, at]))? {
            0 => Err(Error::Missing { what: "open task with the number", id }),
            _ => Ok(()),
        }
    }
}

/// Writes a next action down; `of` is the call it came of.
pub(crate) fn add_task(
    conn: &mut Conn,
    task: &NewTask,
    of: Option<(i64, u32)>,
    by: &str,
    at: i64,
) -> Result<i64> {
    let (touch, n) = (of.map(|(touch, _)| touch), of.map(|(_, n)| i64::from(n)));
    let sql = "INSERT INTO tasks (customer, what, due, owner, touch, made_n, made_by, made_at)
               VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8) RETURNING id";
    let row = params![task.customer, &task.what, task.due, &task.owner, touch, n, by, at];
    Ok(conn.one(sql, row, |row| row.int(0))?.unwrap_or(0))
}

fn stored_task(row: &Row<'_>) -> Result<StoredTask> {
    let task = NewTask { customer: row.int(2)?, what: row.text(3)?, due: row.int(4)?, owner: row.text(5)? };
    let done = row.opt_text(7)?.zip(row.opt_int(8)?);
    Ok(StoredTask { id: row.int(0)?, person: row.int(1)?, task, touch: row.opt_int(6)?, done })
}
